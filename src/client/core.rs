//! The machine behind [`Client`](super::Client), one for all kinds of storage.

use super::request::{RequestContent, UpgradeRequest};
use super::response::Response;
use super::state::{self, Event, State};
use super::{Action, offer::Offer};
use crate::content::{Content, Framing};
use crate::head::Head;
use crate::request::Flags;
use crate::websocket::handshake::KEY_LEN;
use crate::write::Writer;
use crate::{Error, Misuse, Protocol};

/// A WebSocket key: no secret, but no business of a log.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key<'r>(&'r [u8; KEY_LEN]);

impl ::core::fmt::Debug for Key<'_> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.write_str("Key")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Key<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Key");
    }
}

/// Where the way into mandatory TLS has got to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum Probe {
    /// There is none, or it is done.
    None,
    /// `OPTIONS *` in clear text.
    Clear,
    /// Its answer, inside TLS.
    Inside,
}

#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Core<'r> {
    pub(super) request: &'r UpgradeRequest<'r>,
    /// The last WebSocket key that went out before this request.
    last_key: Option<Key<'r>>,
    pub(super) head: Head,
    pub(super) content: Content,
    pub(super) framing: Framing,
    /// Content of the request that is still to be sent.
    to_send: u64,
    /// The status code as it came: three digits.
    pub(super) code: u16,
    pub(super) flags: Flags,
    /// The offer that the server took up.
    pub(super) chosen: u32,
    pub(super) interims: u8,
    pub(super) skipped: u32,
    pub(super) state: State,
    pub(super) probe: Probe,
    pub(super) error: Option<Error>,
    /// The connection is inside TLS.
    pub(super) secure: bool,
    /// The offer was taken up: the response comes inside TLS.
    pub(super) spent: bool,
    /// The connection outlives the response.
    pub(super) reusable: bool,
}

impl<'r> Core<'r> {
    pub(super) fn new(request: &'r UpgradeRequest<'r>, secure: bool) -> Result<Core<'r>, Misuse> {
        request.check(secure)?;
        let needs_probe = !secure && request.mandatory_tls.is_some();
        Ok(Core {
            request,
            last_key: None,
            head: Head::new(),
            content: Content::NONE,
            framing: Framing::None,
            to_send: request.content_len(),
            code: 0,
            flags: Flags::NONE,
            chosen: 0,
            interims: 0,
            skipped: 0,
            state: State::Send,
            probe: if needs_probe {
                Probe::Clear
            } else {
                Probe::None
            },
            error: None,
            secure,
            spent: false,
            reusable: true,
        })
    }

    pub(super) fn action<'a>(&'a self, storage: &'a [u8]) -> Action<'a> {
        match self.state {
            State::Send => Action::Send,
            State::SendContent if matches!(self.request.content, RequestContent::Whole(_)) => {
                Action::Send
            }
            State::SendContent => Action::SendContent(self.to_send),
            State::AwaitContinue | State::Await | State::ProbeContent | State::Content => {
                Action::Receive
            }
            State::EarlyInterim | State::ContinueInterim | State::LateInterim | State::Interim => {
                Action::Interim(self.response(storage))
            }
            State::Tls => Action::Switch(Protocol::Tls, self.response(storage)),
            State::Switched => Action::Switch(self.chosen(), self.response(storage)),
            State::Response => Action::Response(self.response(storage)),
            State::Closed => Action::Close(self.error),
        }
    }

    pub(super) fn response<'a>(&self, storage: &'a [u8]) -> Response<'a> {
        Response {
            head: storage.get(..self.head.len()).unwrap_or_default(),
            start_line: self.head.start_line(),
            code: self.code,
            framing: self.framing,
            content_complete: self.content.is_complete(),
            reusable: self.reusable,
        }
    }

    fn chosen(&self) -> Protocol<'r> {
        // Without an offer only a tunnel is ever opened.
        self.request
            .offers
            .get(self.chosen as usize)
            .map_or(Protocol::Tunnel, Offer::protocol)
    }

    /// Moves to the next state. An event that has no place changes nothing; the verbs look at the state before.
    pub(super) fn fire(&mut self, event: Event) {
        if let Some(next) = state::next(self.state, event) {
            self.state = next;
        }
    }

    pub(super) fn abort(&mut self, error: Error) {
        self.error = Some(error);
        self.fire(Event::Abort);
    }

    pub(super) fn send(&mut self, out: &mut [u8]) -> Result<usize, Misuse> {
        let mut writer = Writer::new(out);
        let (content, is_whole) = match self.request.content {
            RequestContent::Whole(content) => (content, true),
            _ => (&[][..], false),
        };
        let event = match (self.state, self.probe) {
            (State::Send, Probe::Clear) => {
                self.request.write_probe(&mut writer);
                Event::Sent
            }
            (State::Send, _) => {
                self.request.write_head(&mut writer);
                match (self.request.expect_continue, is_whole || self.to_send == 0) {
                    (true, _) => Event::SentWithExpect,
                    (false, false) => Event::SentWithContent,
                    (false, true) => {
                        writer.bytes(content);
                        Event::Sent
                    }
                }
            }
            (State::SendContent, _) if is_whole => {
                writer.bytes(content);
                Event::ContentSent
            }
            _ => return Err(Misuse::OutOfTurn),
        };
        let len = writer.finish()?;
        self.fire(event);
        Ok(len)
    }

    pub(super) fn content_sent(&mut self, bytes: u64) -> Result<(), Misuse> {
        if self.state != State::SendContent
            || matches!(self.request.content, RequestContent::Whole(_))
        {
            return Err(Misuse::OutOfTurn);
        }
        self.to_send = self
            .to_send
            .checked_sub(bytes)
            .ok_or(Misuse::TooMuchContent)?;
        if self.to_send == 0 {
            self.fire(Event::ContentSent);
        }
        Ok(())
    }

    pub(super) fn proceed(&mut self) -> Result<(), Misuse> {
        if !self.state.is_interim() {
            return Err(Misuse::OutOfTurn);
        }
        self.head = Head::new();
        self.fire(Event::Proceeded);
        Ok(())
    }

    pub(super) fn want_content(&mut self) -> Result<(), Misuse> {
        match (self.state, self.content.is_complete()) {
            (State::Response, true) => {}
            (State::Response, false) => self.fire(Event::WantedContent),
            _ => return Err(Misuse::OutOfTurn),
        }
        Ok(())
    }

    pub(super) fn retry(&mut self, request: &'r UpgradeRequest<'r>) -> Result<(), Misuse> {
        match self.state {
            State::Response if !self.content.is_complete() => return Err(Misuse::ContentPending),
            State::Response if !self.reusable => return Err(Misuse::NotReusable),
            State::Response => {}
            _ => return Err(Misuse::OutOfTurn),
        }
        let last_key = self.request.key().map(Key).or(self.last_key);
        if last_key.is_some() && request.key().map(Key) == last_key {
            return Err(Misuse::KeyReused);
        }
        let next = Core::new(request, self.secure)?;
        self.fire(Event::Retried);
        *self = Core {
            state: self.state,
            last_key,
            ..next
        };
        Ok(())
    }

    pub(super) fn tls_established(&mut self) -> Result<(), Misuse> {
        if self.state != State::Tls {
            return Err(Misuse::OutOfTurn);
        }
        self.secure = true;
        self.head = Head::new();
        match self.probe {
            Probe::Clear => self.probe = Probe::Inside,
            _ => self.spent = true,
        }
        self.fire(Event::TlsEstablished);
        Ok(())
    }

    pub(super) fn tls_failed(&mut self) -> Result<(), Misuse> {
        if self.state != State::Tls {
            return Err(Misuse::OutOfTurn);
        }
        self.abort(Error::TlsFailed);
        Ok(())
    }

    pub(super) fn timeout(&mut self) {
        match self.state {
            state if state.is_terminal() => {}
            State::AwaitContinue if self.head.is_empty() => self.fire(Event::Impatient),
            _ => self.abort(Error::Timeout),
        }
    }

    /// The OPTIONS that led into TLS is answered: the request itself is next, if the connection lives.
    pub(super) fn probe_complete(&mut self, is_surplus: bool) {
        if !self.reusable {
            return self.abort(Error::ClosedBeforeRequest);
        }
        if is_surplus {
            return self.abort(Error::Unsolicited);
        }
        self.fire(match (self.state, self.content.is_complete()) {
            (State::ProbeContent, _) => Event::ContentComplete,
            (_, true) => Event::ProbeComplete,
            (_, false) => Event::ProbeCompleteWithContent,
        });
        if self.state == State::Send {
            (self.head, self.probe, self.interims) = (Head::new(), Probe::None, 0);
        }
    }
}

/// What a connection costs beside its storage, where memory is scarce.
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<Core<'_>>() <= 96);
