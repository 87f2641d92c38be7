//! The bridge of a client: [`ClientBridge`].

use super::frame::{
    self, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADER_TABLE_SIZE, HEADERS, Header, PREFACE,
    SETTING_LEN, SETTINGS, STREAM_1,
};
use super::judge::{Judge, Verdict, Way};
use super::walk::Walk;
use super::{BridgeError, Taken};

/// Stands between a connection that was upgraded to h2c and an HTTP/2 engine for clients, to which the connection then looks
/// as if it had begun with HTTP/2.
///
/// The engine is given the request that was upgraded once more, without content, as its first. It takes the response on
/// stream 1 for the answer; the peer never sees that request again.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ClientBridge {
    to_engine: Walk,
    to_peer: Walk,
    facts: Facts,
}

#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Facts {
    request: Request,
    /// The engine has acknowledged the settings that the bridge gave it.
    acknowledged: bool,
    /// The peer did not begin with SETTINGS.
    is_faulty: bool,
}

/// What the engine has written of the request that the peer has as HTTP/1.1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Request {
    /// Nothing.
    Awaited,
    /// A header block that goes on in CONTINUATION.
    Block { last: bool },
    /// Its header block; content or trailers go on.
    Open,
    /// All.
    Ended,
}

impl Request {
    /// What it is behind that frame of stream 1; `None` where the frame is no part of it.
    const fn behind(self, frame: Header<'_>) -> Option<Request> {
        let last = match (self, frame.kind()) {
            (Request::Awaited | Request::Open, HEADERS) => frame.has(END_STREAM),
            (Request::Block { last }, CONTINUATION) => last,
            (Request::Open, DATA) if frame.has(END_STREAM) => return Some(Request::Ended),
            (Request::Open, DATA) => return Some(Request::Open),
            _ => return None,
        };
        Some(match (frame.has(END_HEADERS), last) {
            (false, last) => Request::Block { last },
            (true, false) => Request::Open,
            (true, true) => Request::Ended,
        })
    }

    /// Whether the engine waits for a response.
    const fn is_made(self) -> bool {
        matches!(self, Request::Open | Request::Ended)
    }
}

impl ClientBridge {
    /// Gives `engine` the first bytes of the peer: settings that let it send field lines without a dynamic table, as the peer
    /// will not see the first of them.
    ///
    /// The time for this is the switch ([`Action::Switch`](crate::client::Action::Switch)).
    #[must_use]
    pub fn start(mut engine: impl FnMut(&[u8])) -> ClientBridge {
        engine(&frame::header(SETTINGS, 0, SETTING_LEN));
        engine(&HEADER_TABLE_SIZE.to_be_bytes());
        engine(&0_u32.to_be_bytes());
        ClientBridge {
            to_engine: Walk::new(&[], Verdict::Pass),
            to_peer: Walk::new(PREFACE, Verdict::Pass),
            facts: Facts {
                request: Request::Awaited,
                acknowledged: false,
                is_faulty: false,
            },
        }
    }

    /// Takes bytes of the peer, those behind the 101: the parts go to the engine. It takes none before the engine has
    /// written its request, as it knows of no stream 1 until then.
    ///
    /// # Errors
    ///
    /// [`BridgeError::SettingsNotFirst`]: the connection ends, with or without GOAWAY (RFC 7540 section 3.5).
    pub fn receive<'a>(&'a mut self, input: &'a [u8]) -> Result<Taken<'a>, BridgeError> {
        if !self.facts.request.is_made() {
            return Ok(Taken::NOTHING);
        }
        let taken = self.to_engine.take(Way::ToEngine, &mut self.facts, input);
        if self.facts.is_faulty {
            return Err(BridgeError::SettingsNotFirst);
        }
        Ok(taken)
    }

    /// Takes bytes of the engine: the parts go to the peer.
    pub fn send<'a>(&'a mut self, output: &'a [u8]) -> Taken<'a> {
        self.to_peer.take(Way::ToPeer, &mut self.facts, output)
    }
}

impl Judge for Facts {
    fn frame(&mut self, way: Way, header: Header<'_>) -> Verdict {
        match way {
            Way::ToEngine => self.of_peer(header),
            Way::ToPeer => self.of_engine(header),
        }
    }
}

impl Facts {
    /// Only the first is judged: the engine has had SETTINGS and would not miss these.
    fn of_peer(&mut self, header: Header<'_>) -> Verdict {
        self.is_faulty = header.kind() != SETTINGS || header.is_ack();
        if self.is_faulty {
            Verdict::Wait
        } else {
            Verdict::Open
        }
    }

    fn of_engine(&mut self, header: Header<'_>) -> Verdict {
        if header.is_ack() && !self.acknowledged {
            self.acknowledged = true;
            return Verdict::Swallow;
        }
        let behind = match header.stream() {
            STREAM_1 => self.request.behind(header),
            _ => None,
        };
        if let Some(request) = behind {
            self.request = request;
            return Verdict::Swallow;
        }
        if self.acknowledged && self.request == Request::Ended {
            return Verdict::Open;
        }
        Verdict::Pass
    }
}

/// What a connection costs where memory is scarce.
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<ClientBridge>() <= 44);
