//! Who decides about frames, and what can become of them.

use super::frame::Header;

/// What becomes of a frame, or of other octets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum Verdict {
    Pass,
    Swallow,
    /// Its increment decides: for a payload of four octets.
    Weigh,
    /// It stays where it is for now, and so does everything behind it.
    Wait,
    /// It and everything behind it pass, unseen.
    Open,
}

/// Where frames go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Way {
    ToEngine,
    ToPeer,
}

/// Decides about the frames of both directions.
pub(super) trait Judge {
    /// Asked again for the same frame after [`Verdict::Wait`].
    fn frame(&mut self, way: Way, header: Header<'_>) -> Verdict;

    /// What is left of the increment of a `WINDOW_UPDATE` of that stream, at 0 the frame is swallowed.
    fn weigh(&mut self, _stream: u32, increment: u32) -> u32 {
        increment
    }
}
