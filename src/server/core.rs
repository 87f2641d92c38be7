//! The machine behind [`Server`](super::Server), one for all kinds of storage.

use super::Action;
use super::state::{self, Event, State};
use crate::allow::Allow;
use crate::content::Content;
use crate::head::Head;
use crate::message::Request;
use crate::policy::Policy;
use crate::request::{Facts, Flags};
use crate::span::Span;
use crate::{Error, Misuse, Protocol, Status};

/// In this order, for a Cortex-M reaches octets near the start with shorter instructions.
#[repr(C)]
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Core<'p> {
    pub(super) state: State,
    pub(super) error: Option<Error>,
    /// The connection is inside TLS.
    pub(crate) secure: bool,
    /// No request came before on this connection.
    first: bool,
    /// Bytes of the peer lie behind the request.
    pub(super) early: bool,
    /// More than the head of this request was taken, or something was sent.
    pub(super) touched: bool,
    /// The status of the refusal.
    pub(super) status: Status,
    /// Entries of the policy that the refusal lists in Upgrade.
    pub(super) required: u16,
    /// The bit of the entry of the policy that was accepted.
    pub(super) chosen: u16,
    pub(crate) facts: Facts,
    pub(crate) head: Head,
    pub(crate) policy: &'p Policy<'p>,
    /// The subprotocol that the application chose, in the head.
    pub(crate) subprotocol: Span,
    /// Content that was skipped, of this request.
    pub(super) skipped: u32,
    pub(crate) content: Content,
}

impl<'p> Core<'p> {
    /// One copy of it, for all sizes of the storage, where flash is scarce.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) const fn new(policy: &'p Policy<'p>) -> Core<'p> {
        Core {
            policy,
            head: Head::new(),
            content: Content::NONE,
            facts: Facts::NONE,
            skipped: 0,
            subprotocol: Span::new(0, 0),
            status: Status::BAD_REQUEST,
            required: 0,
            chosen: 0,
            state: State::Head,
            error: None,
            secure: false,
            first: true,
            early: false,
            touched: false,
        }
    }

    pub(super) fn action<'a>(&'a self, storage: &'a [u8]) -> Action<'a> {
        if self.state == State::Head {
            Action::Receive
        } else {
            self.action_behind_head(storage)
        }
    }

    /// Apart, for what is asked before every read of a head needs none of it.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn action_behind_head<'a>(&'a self, storage: &'a [u8]) -> Action<'a> {
        if let Some(status) = self.due() {
            return Action::Send(status);
        }
        match self.state {
            State::Decide => Action::Decide(self.request(storage)),
            State::Respond => Action::Respond(self.request(storage)),
            State::Tls | State::Switched => Action::Switch(self.chosen(), self.request(storage)),
            State::Closed => Action::Close(self.error),
            _ => Action::Receive,
        }
    }

    /// The status of the message that is due.
    pub(super) fn due(&self) -> Option<Status> {
        match self.state {
            State::AcceptContinue | State::RespondContinue => Some(Status::CONTINUE),
            State::Accept if matches!(self.chosen(), Protocol::Tunnel) => Some(Status::OK),
            State::Accept => Some(Status::SWITCHING_PROTOCOLS),
            State::Refuse | State::RefuseClose => Some(self.status),
            _ => None,
        }
    }

    pub(super) const fn request<'a>(&'a self, storage: &'a [u8]) -> Request<'a> {
        Request {
            storage,
            core: self,
        }
    }

    /// The request, where there is one whose head was read.
    pub(super) fn request_in_hand<'a>(&'a self, storage: &'a [u8]) -> Option<Request<'a>> {
        (self.facts.method_end > 0).then(|| self.request(storage))
    }

    pub(super) fn chosen(&self) -> Protocol<'p> {
        self.chosen_entry().protocol
    }

    /// Only an entry of the policy is ever chosen.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn chosen_entry(&self) -> &Allow<'p> {
        let entry = self.policy.first_of(self.chosen);
        entry.unwrap_or(&Allow::WEBSOCKET)
    }

    pub(super) const fn head_len(&self) -> usize {
        self.head.len()
    }

    /// Whether nothing but the head of this request was taken, and nothing sent.
    pub(super) fn is_untouched(&self) -> bool {
        matches!(self.state, State::Decide | State::Respond) && !self.touched
    }

    /// Moves to the next state. An event that has no place changes nothing; the verbs look at the state before.
    pub(super) fn fire(&mut self, event: Event) {
        let Some(next) = state::next(self.state, event) else {
            return;
        };
        self.state = next;
        if next == State::Head {
            self.begin();
        }
    }

    /// The next request starts with nothing of the last (RFC 9110 section 7.8: an offer is for one request). Content has
    /// ended, or there was none; a decision or a fault comes before whatever reads the answer.
    fn begin(&mut self) {
        (self.head, self.facts) = (Head::new(), Facts::NONE);
        (self.first, self.early, self.touched) = (false, false, false);
    }

    pub(super) const fn is_first(&self) -> bool {
        self.first
    }

    /// The peer broke a rule and is answered, if that is still possible.
    pub(super) fn fault(&mut self, error: Error) {
        self.error = Some(error);
        match self.state {
            State::SkipContent => self.fire(Event::Abort),
            // The refusal stays what the application made it.
            State::RefuseContent => self.fire(Event::RefusedForGood),
            _ => {
                (self.status, self.required) = (error.status(), 0);
                self.fire(Event::Fault);
            }
        }
    }

    pub(super) fn abort(&mut self, error: Error) {
        self.error = Some(error);
        self.fire(Event::Abort);
    }

    pub(super) fn timeout(&mut self) {
        match self.state {
            state if state.is_terminal() => {}
            State::Head if self.head.is_empty() => self.abort(Error::Timeout),
            State::Head | State::AcceptContent | State::RespondContent | State::RefuseContent => {
                self.fault(Error::Timeout);
            }
            _ => self.abort(Error::Timeout),
        }
    }

    pub(super) fn tls_established(&mut self) -> Result<(), Misuse> {
        if self.state != State::Tls {
            return Err(Misuse::OutOfTurn);
        }
        // What was read of the peer before is of the TLS layer.
        (self.secure, self.early) = (true, false);
        // The offer was taken up: it is no reason any more to close behind the answer.
        self.facts.offered = 0;
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

    /// Whether the connection must end behind an answer that is no switch: content will not come or is too much, or bytes
    /// lie behind an upgrade that was asked for, or CONNECT, and not taken up (RFC 9931 sections 5 and 8), or HTTP/2 comes.
    pub(super) fn must_close(&self, asks: bool) -> bool {
        let flags = self.facts.flags;
        if !flags.persist() || flags.has(Flags::PREFACE) {
            return true;
        }
        if self.content.exceeds(self.policy.skip_limit) {
            return true;
        }
        if flags.has(Flags::EXPECT_CONTINUE) && !self.content.is_complete() {
            return true;
        }
        (flags.has(Flags::CONNECT) || (self.early && asks)) && !self.policy.keep_after_refusal
    }
}

/// What a connection costs beside its storage, where memory is scarce.
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<Core<'_>>() <= 96);
