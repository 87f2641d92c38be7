//! The content of the upgraded request on its way to the engine, and the credit that the engine returns for it.

use super::frame::{INITIAL_WINDOW, MAX_PAYLOAD};
use crate::span::narrow;

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
    /// The least initial window that the engine has named. Larger ones than at first hold from the peer's ACK on, when the
    /// content is over.
    initial: u32,
    /// What the engine takes on stream 1 now. Less than nothing where it made the initial window smaller.
    stream: i64,
    /// What the engine takes on the connection now.
    connection: u32,
    /// What was given and not yet made good on the connection: there the engine takes less than the peer believes.
    owed: u32,
}

impl Content {
    pub(super) const fn new(is_pending: bool) -> Content {
        Content {
            phase: if is_pending {
                Phase::Given
            } else {
                Phase::None
            },
            initial: INITIAL_WINDOW,
            stream: INITIAL_WINDOW as i64,
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

    /// How many octets the engine takes in one frame.
    pub(super) fn window(&self) -> usize {
        let stream = usize::try_from(self.stream).unwrap_or_default();
        stream.min(self.connection as usize).min(MAX_PAYLOAD)
    }

    /// So many octets went to the engine: no more than the window.
    pub(super) fn give(&mut self, octets: usize) {
        let octets = narrow(octets);
        self.stream = self.stream.saturating_sub(i64::from(octets));
        self.connection = self.connection.saturating_sub(octets);
        self.owed = self.owed.saturating_add(octets);
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

    /// The engine names an initial window.
    pub(super) fn set_initial(&mut self, window: u32) {
        if window < self.initial {
            self.stream -= i64::from(self.initial - window);
            self.initial = window;
        }
    }

    /// The engine takes more on stream 1.
    pub(super) fn widen_stream(&mut self, increment: u32) {
        self.stream = self.stream.saturating_add(i64::from(increment));
    }

    /// The engine takes more on the connection: how much of that is the peer's.
    pub(super) fn widen_connection(&mut self, increment: u32) -> u32 {
        self.connection = self.connection.saturating_add(increment);
        let made_good = increment.min(self.owed);
        self.owed -= made_good;
        increment - made_good
    }

    /// Whether the engine takes DATA of that length that the peer sends. If so, it counts.
    pub(super) const fn admit(&mut self, len: u32) -> bool {
        let is_room = len <= self.connection;
        if is_room {
            self.connection -= len;
        }
        is_room
    }
}
