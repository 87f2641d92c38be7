//! The bridge of a server: [`ServerBridge`].

use super::content::Content;
use super::frame::{
    ACK, DATA, END_STREAM, Header, INCREMENT_LEN, LOW_31, PREFACE, RST_STREAM, SETTINGS, STREAM_1,
    WINDOW_UPDATE,
};
use super::judge::{Judge, Verdict, Way};
use super::walk::Walk;
use super::{BridgeError, Taken, prologue};
use crate::{Misuse, Protocol, Request};

/// Stands between a connection that was upgraded to h2c and an HTTP/2 engine for servers, to which the connection then
/// looks as if the client had begun with HTTP/2.
///
/// See the [module](super) for both directions in a loop.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ServerBridge {
    to_engine: Walk,
    to_peer: Walk,
    content: Content,
}

impl ServerBridge {
    /// Gives `engine` the start of the connection: the preface, the settings of the HTTP2-Settings field, and the request
    /// as HEADERS of stream 1. The field lines are those of [`Request::end_to_end_fields`] without Host and Expect.
    ///
    /// The time for this is behind [`Server::decide`](crate::Server::decide), before content is received. A request without
    /// content can as well wait for the switch; content that came before the bridge does not reach the engine.
    ///
    /// Where there is content, leave the engine's `MAX_FRAME_SIZE` at 16 384: a larger frame of the peer may have to wait
    /// for credit that an engine gives only at half its window.
    ///
    /// # Errors
    ///
    /// [`Misuse::NotOffered`] for a request that does not offer h2c: `engine` was not called.
    pub fn start(
        request: &Request<'_>,
        mut engine: impl FnMut(&[u8]),
    ) -> Result<ServerBridge, Misuse> {
        let settings = request.field("http2-settings");
        let (true, Some(settings)) = (request.offers(Protocol::H2c), settings) else {
            return Err(Misuse::NotOffered);
        };
        let content = Content::new(request);
        prologue::write(request, settings, content.is_coming(), &mut engine);
        Ok(ServerBridge {
            to_engine: Walk::new(PREFACE, Verdict::Swallow),
            to_peer: Walk::new(&[], Verdict::Pass),
            content,
        })
    }

    /// Takes a run of the request's content ([`Server::receive_content`](crate::Server::receive_content)), as much of it as
    /// the engine has window for: the parts go to the engine, as DATA. When it takes nothing, what the engine writes
    /// must first come through [`ServerBridge::send`].
    ///
    /// Where the request tells the length of its content, frames are as long as the windows allow, however short the runs.
    /// Of chunked content each run is a frame: better join small ones, as engines take many small frames for an attack.
    /// What was not taken of a run comes first in the next.
    ///
    /// After the engine has reset stream 1, content is taken and dropped.
    pub fn content<'a>(&'a mut self, run: &'a [u8]) -> Taken<'a> {
        let content = &mut self.content;
        if !content.is_inside_frame() && !content.is_coming() {
            return Taken {
                used: run.len(),
                parts: [&[], &[]],
            };
        }
        let header = if !content.is_inside_frame() && content.begin_frame(run.len()) {
            self.to_engine.insert(0, content.frame.into())
        } else {
            &[]
        };
        let run = run.get(..content.fill_frame(run.len())).unwrap_or(run);
        Taken {
            used: run.len(),
            parts: [header, run],
        }
    }

    /// The content has ended: the parts go to the engine. Without content there are none. The time for this is before the
    /// 101.
    pub fn end_content(&mut self) -> Taken<'_> {
        let header = if self.content.end() {
            self.to_engine.insert(END_STREAM, 0)
        } else {
            &[]
        };
        Taken {
            used: 0,
            parts: [header, &[]],
        }
    }

    /// Takes bytes of the peer, those behind the request: the parts go to the engine.
    ///
    /// # Errors
    ///
    /// [`BridgeError`]: the connection ends, with or without GOAWAY (RFC 7540 section 3.5).
    pub fn receive<'a>(&'a mut self, input: &'a [u8]) -> Result<Taken<'a>, BridgeError> {
        if !self.to_engine.is_preface(input) {
            return Err(BridgeError::BadPreface);
        }
        let taken = self.to_engine.take(Way::ToEngine, &mut self.content, input);
        if self.content.is_faulty {
            return Err(BridgeError::SettingsNotFirst);
        }
        Ok(taken)
    }

    /// Takes bytes of the engine: the parts go to the peer, but not before the 101. Until then whoever calls keeps them:
    /// SETTINGS, and what of the response is early.
    pub fn send<'a>(&'a mut self, output: &'a [u8]) -> Taken<'a> {
        self.to_peer.take(Way::ToPeer, &mut self.content, output)
    }
}

impl Judge for Content {
    // Called where speed counts, as the loop of the walk would keep all of this in registers.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn frame(&mut self, way: Way, header: Header<'_>) -> Verdict {
        match way {
            Way::ToEngine => self.of_peer(header),
            Way::ToPeer => self.of_engine(header),
        }
    }

    #[inline(never)]
    fn weigh(&mut self, stream: u32, increment: u32) -> u32 {
        let (stream, increment) = (stream & LOW_31, increment & LOW_31);
        if stream == 0 {
            self.widen_connection(increment)
        } else {
            self.widen_stream(increment);
            0
        }
    }
}

impl Content {
    fn of_peer(&mut self, header: Header<'_>) -> Verdict {
        let kind = header.kind();
        if !self.began {
            // The engine has had SETTINGS and would not miss these.
            self.is_faulty = kind != SETTINGS || header.has(ACK);
            if self.is_faulty {
                return Verdict::Wait;
            }
            self.began = true;
        }
        match kind {
            _ if self.is_settled() => Verdict::Open,
            // The peer does not know of the content that the engine still holds.
            DATA if !self.admit(header.len()) => Verdict::Wait,
            _ => Verdict::Pass,
        }
    }

    fn of_engine(&mut self, header: Header<'_>) -> Verdict {
        match header.kind() {
            // To the peer, the 101 was that acknowledgement (RFC 7540 section 3.2.1).
            SETTINGS if header.has(ACK) && !self.acknowledged => {
                self.acknowledged = true;
                return Verdict::Swallow;
            }
            _ if self.acknowledged && self.is_none() => return Verdict::Open,
            WINDOW_UPDATE if header.len() == UPDATE && header.stream() <= STREAM_1 => {
                return Verdict::Weigh;
            }
            RST_STREAM if header.stream() == STREAM_1 => {
                self.end();
            }
            _ => {}
        }
        Verdict::Pass
    }
}

/// The length of a `WINDOW_UPDATE` that is one.
const UPDATE: u32 = INCREMENT_LEN as u32;

/// What a connection costs where memory is scarce.
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<ServerBridge>() <= 64);
