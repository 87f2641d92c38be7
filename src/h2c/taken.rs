//! What came of a piece of input.

/// What a bridge took, and what of it goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Taken<'a> {
    /// How many bytes of the input were taken. 0 of some: none before the other side has moved. While
    /// that lasts, look for the end of the connection too, or set a deadline: a peer may go while its bytes are held back.
    pub used: usize,
    /// What goes on, in this order; either may be empty. The second is a part of the input.
    pub parts: [&'a [u8]; 2],
}

impl Taken<'_> {
    pub(super) const NOTHING: Taken<'static> = Taken {
        used: 0,
        parts: [&[], &[]],
    };
}

/// How far one call has come in its input.
pub(super) struct Progress<'a> {
    pub(super) input: &'a [u8],
    pub(super) used: usize,
    /// Where the run that passes starts; it ends at `used`.
    pub(super) start: usize,
    /// How many of the octets that are held pass before the run.
    pub(super) released: usize,
}

impl<'a> Progress<'a> {
    pub(super) const fn new(input: &'a [u8]) -> Progress<'a> {
        Progress {
            input,
            used: 0,
            start: 0,
            released: 0,
        }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.input.get(self.used..).unwrap_or_default()
    }

    pub(super) const fn has_run(&self) -> bool {
        self.used > self.start
    }

    /// What came of it, behind octets that are held.
    pub(super) fn taken(&self, held: &'a [u8]) -> Taken<'a> {
        let run = self.input.get(..self.used).unwrap_or(self.input);
        Taken {
            used: self.used,
            parts: [
                held.get(..self.released).unwrap_or(held),
                run.get(self.start..).unwrap_or(run),
            ],
        }
    }
}
