//! The content of the upgraded request on its way to the engine, and the credit that the engine returns for it.

use super::frame::{INITIAL_WINDOW, MAX_PAYLOAD};
use crate::Request;

/// Where the content is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Phase {
    /// There is none.
    None,
    /// It comes in.
    Given,
    /// The engine has reset stream 1: what comes in is dropped.
    Unwanted,
    /// All of it was given.
    Over,
}

/// Flow control of stream 1 and of the connection, from the peer's side of the engine (RFC 9113 section 5.2).
///
/// The peer never sent the content as HTTP/2: the credit that the engine returns for it is not the peer's.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Content {
    phase: Phase,
    /// The request does not say how much there is.
    is_chunked: bool,
    /// What is left of it that no frame was begun for, as far as is known.
    unframed: u64,
    /// What is still to come of the frame that was begun.
    pub(super) frame: u16,
    /// What the engine takes on stream 1 now. Whatever initial window its SETTINGS name holds from the peer's ACK on, which
    /// comes behind the content.
    stream: u32,
    /// What the engine takes on the connection now.
    connection: u32,
    /// What was given and not yet made good on the connection: there the engine takes less than the peer believes.
    owed: u32,
}

impl Content {
    pub(super) fn new(request: &Request<'_>) -> Content {
        let remaining = request.core.content.remaining();
        Content {
            phase: if request.is_content_pending() {
                Phase::Given
            } else {
                Phase::None
            },
            is_chunked: remaining.is_none(),
            unframed: remaining.unwrap_or_default(),
            frame: 0,
            stream: INITIAL_WINDOW,
            connection: INITIAL_WINDOW,
            owed: 0,
        }
    }

    /// Whether there never was any.
    pub(super) const fn is_none(&self) -> bool {
        matches!(self.phase, Phase::None)
    }

    pub(super) const fn is_coming(&self) -> bool {
        matches!(self.phase, Phase::Given)
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
        if self.is_chunked {
            self.unframed = at_hand as u64;
        }
        let wanted = u32::try_from(self.unframed).unwrap_or(u32::MAX);
        let room = self.connection.min(self.stream);
        let len = wanted.min(room).min(u32::from(MAX_PAYLOAD));
        self.unframed -= u64::from(len);
        self.stream -= len;
        self.connection -= len;
        self.owed = self.owed.saturating_add(len);
        self.frame = u16::try_from(len).unwrap_or(MAX_PAYLOAD);
        self.frame > 0
    }

    /// As much of `run` as belongs into the frame that was begun: it goes to the engine.
    pub(super) fn fill_frame(&mut self, len: usize) -> usize {
        let len = len.min(usize::from(self.frame));
        // No more than the frame is long.
        self.frame -= u16::try_from(len).unwrap_or_default();
        len
    }

    /// Whether a frame was begun and not ended.
    pub(super) const fn is_inside_frame(&self) -> bool {
        self.frame > 0
    }

    /// Whether that was the end, of which the engine must be told.
    pub(super) const fn end(&mut self) -> bool {
        let is_news = self.is_coming();
        if !self.is_none() {
            self.phase = Phase::Over;
        }
        is_news
    }

    /// The engine has reset stream 1.
    pub(super) const fn reset(&mut self) {
        if self.is_coming() {
            self.phase = Phase::Unwanted;
        }
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
        if len > self.connection.saturating_add(self.owed) {
            return true;
        }
        let is_room = len <= self.connection;
        if is_room {
            self.connection -= len;
        }
        is_room
    }
}
