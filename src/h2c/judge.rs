//! Who decides about frames, and what can become of them.

use super::frame::Header;

/// What becomes of a frame.
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

/// Decides about the frames of one direction.
pub(super) trait Judge {
    /// Asked again for the same frame after [`Verdict::Wait`], and perhaps after [`Verdict::Weigh`].
    fn frame(&mut self, header: &Header) -> Verdict;

    /// What is left of the increment of a `WINDOW_UPDATE`, given with its reserved bit; at 0 the frame is swallowed.
    fn weigh(&mut self, _header: &Header, increment: u32) -> u32 {
        increment
    }
}
