//! The bridge of a server: [`ServerBridge`].

use super::content::Content;
use super::frame::{
    self, DATA, END_STREAM, Header, LOW_31, PREFACE, RST_STREAM, SETTINGS, STREAM_1, WINDOW_UPDATE,
};
use super::judge::{Judge, Verdict};
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
    facts: Facts,
}

/// What one direction needs to know of the other.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Facts {
    content: Content,
    /// Octets of the preface that have come; [`BROKEN`] where it is none.
    preface: u8,
    /// The peer has sent SETTINGS.
    peer_began: bool,
    /// The engine has acknowledged the settings of the HTTP2-Settings field.
    acknowledged: bool,
}

const BROKEN: u8 = u8::MAX;

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
        let has_content = request.is_content_pending();
        prologue::write(request, settings, has_content, &mut engine);
        Ok(ServerBridge {
            to_engine: Walk::new(),
            to_peer: Walk::new(),
            facts: Facts {
                content: Content::new(request),
                preface: 0,
                peer_began: false,
                acknowledged: false,
            },
        })
    }

    /// Takes a run of the request's content ([`Server::receive_content`](crate::Server::receive_content)), as much of it as
    /// the engine has window for: the parts go to the engine, as DATA. When it takes nothing, what the engine writes
    /// must first come through [`ServerBridge::send`].
    ///
    /// Where the request tells the length of its content, frames are as long as the windows allow, however short the runs.
    /// Of chunked content each run is a frame: better join small ones, as engines take many small frames for an attack.
    ///
    /// After the engine has reset stream 1, content is taken and dropped.
    pub fn content<'a>(&'a mut self, run: &'a [u8]) -> Taken<'a> {
        let content = &mut self.facts.content;
        if content.is_inside_frame() {
            return Taken::passed(content.fill_frame(run));
        }
        if !content.is_coming() {
            return Taken::dropped(run);
        }
        if run.is_empty() {
            return Taken::NOTHING;
        }
        match content.begin_frame(run.len()) {
            0 => Taken::NOTHING,
            len => self
                .to_engine
                .insert(frame::header(DATA, 0, len.into()), content.fill_frame(run)),
        }
    }

    /// The content has ended: the parts go to the engine. Without content there are none. The time for this is before the
    /// 101.
    pub fn end_content(&mut self) -> Taken<'_> {
        if self.facts.content.end() {
            self.to_engine
                .insert(frame::header(DATA, END_STREAM, 0), &[])
        } else {
            Taken::NOTHING
        }
    }

    /// Takes bytes of the peer, those behind the request: the parts go to the engine.
    ///
    /// # Errors
    ///
    /// [`BridgeError`]: the connection ends, with or without GOAWAY (RFC 7540 section 3.5).
    pub fn receive<'a>(&'a mut self, input: &'a [u8]) -> Result<Taken<'a>, BridgeError> {
        let (begun, input) = self.facts.read_preface(input)?;
        let mut judge = OfPeer {
            facts: &mut self.facts,
            is_faulty: false,
        };
        let mut taken = self.to_engine.take(input, &mut judge);
        taken.used += begun;
        if judge.is_faulty {
            return Err(BridgeError::SettingsNotFirst);
        }
        Ok(taken)
    }

    /// Takes bytes of the engine: the parts go to the peer, but not before the 101. Until then whoever calls keeps them:
    /// SETTINGS, and what of the response is early.
    pub fn send<'a>(&'a mut self, output: &'a [u8]) -> Taken<'a> {
        self.to_peer.take(output, &mut OfEngine(&mut self.facts))
    }
}

impl Facts {
    /// Takes octets of the preface, and says how many, and what is behind them.
    fn read_preface<'i>(&mut self, input: &'i [u8]) -> Result<(usize, &'i [u8]), BridgeError> {
        let expected = PREFACE
            .get(usize::from(self.preface)..)
            .ok_or(BridgeError::BadPreface)?;
        let len = expected.len().min(input.len());
        let (preface, rest) = input.split_at_checked(len).unwrap_or((input, &[]));
        if expected.starts_with(preface) {
            let begun = u8::try_from(len).unwrap_or_default(); // at most 24
            self.preface = self.preface.saturating_add(begun);
            Ok((len, rest))
        } else {
            self.preface = BROKEN;
            Err(BridgeError::BadPreface)
        }
    }
}

/// Frames on their way to the engine.
struct OfPeer<'f> {
    facts: &'f mut Facts,
    is_faulty: bool,
}

impl Judge for OfPeer<'_> {
    fn frame(&mut self, header: &Header) -> Verdict {
        let facts = &mut *self.facts;
        if !facts.peer_began {
            // The engine has had SETTINGS and would not miss these.
            self.is_faulty = header.kind != SETTINGS || header.is_ack();
            if self.is_faulty {
                return Verdict::Wait;
            }
            facts.peer_began = true;
        }
        match header.kind {
            _ if facts.content.is_settled() => Verdict::Open,
            // The peer does not know of the content that the engine still holds.
            DATA if !facts.content.admit(header.len) => Verdict::Wait,
            _ => Verdict::Pass,
        }
    }
}

/// Frames on their way to the peer.
struct OfEngine<'f>(&'f mut Facts);

impl Judge for OfEngine<'_> {
    fn frame(&mut self, header: &Header) -> Verdict {
        let OfEngine(facts) = self;
        match header.kind {
            // To the peer, the 101 was that acknowledgement (RFC 7540 section 3.2.1).
            SETTINGS if header.is_ack() && !facts.acknowledged => {
                facts.acknowledged = true;
                return Verdict::Swallow;
            }
            _ if facts.acknowledged && facts.content.is_none() => return Verdict::Open,
            WINDOW_UPDATE if header.len == 4 && header.stream() <= STREAM_1 => {
                return Verdict::Weigh;
            }
            RST_STREAM if header.stream() == STREAM_1 => facts.content.reset(),
            _ => {}
        }
        Verdict::Pass
    }

    fn weigh(&mut self, header: &Header, increment: u32) -> u32 {
        let content = &mut self.0.content;
        let increment = increment & LOW_31;
        if header.stream() == 0 {
            content.widen_connection(increment)
        } else {
            content.widen_stream(increment);
            0
        }
    }
}

/// What a connection costs where memory is scarce.
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<ServerBridge>() <= 72);
