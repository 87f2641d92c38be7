//! The content of the upgraded request on its way to the engine, and the credit that the engine returns for it.

use super::frame::{INITIAL_WINDOW, MAX_PAYLOAD};
use crate::Request;
use crate::span::narrow;

/// Flow control of stream 1 and of the connection, from the peer's side of the engine (RFC 9113 section 5.2).
///
/// The peer never sent the content as HTTP/2: the credit that the engine returns for it is not the peer's.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Content {
    /// There is some, or there was.
    exists: bool,
    /// It comes in. Behind that, all of it was given, or the engine has reset stream 1: what still comes in is dropped.
    is_coming: bool,
    /// The peer has sent SETTINGS.
    pub(super) began: bool,
    /// The engine has acknowledged the settings of the HTTP2-Settings field.
    pub(super) acknowledged: bool,
    /// The peer did not begin with SETTINGS.
    pub(super) is_faulty: bool,
    /// What is left of it that no frame was begun for, as far as is known: of what was at hand, where the request does not say
    /// how much there is, or says more than can be counted here.
    unframed: usize,
    /// What is still to come of the frame that was begun.
    pub(super) frame: u16,
    /// What the engine takes on stream 1 now. Whatever initial window its SETTINGS name holds from the peer's ACK on, which
    /// comes behind the content.
    stream: u32,
    /// What the engine takes on the connection now.
    connection: u32,
    /// What was given and not yet made good on the connection: there the engine takes less than the peer believes. Both
    /// together never outgrow 32 bits, as octets go from one to the other, and credit first makes good.
    owed: u32,
}

impl Content {
    pub(super) fn new(request: &Request<'_>) -> Content {
        let remaining = request.core.content.remaining();
        Content {
            exists: request.is_content_pending(),
            is_coming: request.is_content_pending(),
            began: false,
            acknowledged: false,
            is_faulty: false,
            unframed: usize::try_from(remaining.unwrap_or_default()).unwrap_or(usize::MAX),
            frame: 0,
            stream: INITIAL_WINDOW,
            connection: INITIAL_WINDOW,
            owed: 0,
        }
    }

    /// Whether there never was any.
    pub(super) const fn is_none(&self) -> bool {
        !self.exists
    }

    pub(super) const fn is_coming(&self) -> bool {
        self.is_coming
    }

    /// Whether the engine takes on the connection what the peer believes, from now on.
    pub(super) const fn is_settled(&self) -> bool {
        !self.is_coming() && self.owed == 0
    }

    /// Begins a frame for content of which `at_hand` octets are there, and says whether the engine takes one now. It may be
    /// longer than what is there, so that small pieces do not make small frames: engines take many of those for an attack.
    pub(super) fn begin_frame(&mut self, at_hand: usize) -> bool {
        if at_hand == 0 {
            return false;
        }
        if self.unframed == 0 {
            self.unframed = at_hand;
        }
        let room = self.connection.min(self.stream).min(MAX_PAYLOAD.into());
        let len = narrow(self.unframed).min(room);
        self.unframed -= len as usize;
        self.stream -= len;
        self.connection -= len;
        self.owed += len;
        self.frame = u16::try_from(len).unwrap_or(MAX_PAYLOAD);
        len > 0
    }

    /// As much of `run` as belongs into the frame that was begun: it goes to the engine.
    pub(super) fn fill_frame(&mut self, len: usize) -> usize {
        let len = len.min(self.frame.into());
        // No more than the frame is long.
        self.frame -= u16::try_from(len).unwrap_or_default();
        len
    }

    /// Whether a frame was begun and not ended.
    pub(super) const fn is_inside_frame(&self) -> bool {
        self.frame > 0
    }

    /// No more of it goes to the engine: it has ended, or the engine has reset stream 1. Says whether that is news.
    pub(super) const fn end(&mut self) -> bool {
        core::mem::replace(&mut self.is_coming, false)
    }

    /// The engine takes more on stream 1.
    pub(super) fn widen_stream(&mut self, increment: u32) {
        self.stream = self.stream.saturating_add(increment);
    }

    /// The engine takes more on the connection: how much of that is the peer's.
    pub(super) fn widen_connection(&mut self, increment: u32) -> u32 {
        self.connection = self.connection.saturating_add(increment);
        let made_good = increment.min(self.owed);
        self.owed -= made_good;
        increment - made_good
    }

    /// Whether the engine takes DATA of that length that the peer sends. If so, it counts. More than the peer itself can
    /// believe is for the engine to refuse.
    pub(super) const fn admit(&mut self, len: u32) -> bool {
        match self.connection.checked_sub(len) {
            Some(rest) => {
                self.connection = rest;
                true
            }
            None => len > self.connection + self.owed,
        }
    }
}
