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

impl<'a> Taken<'a> {
    pub(super) const NOTHING: Taken<'static> = Taken {
        used: 0,
        parts: [&[], &[]],
    };

    pub(super) const fn passed(input: &'a [u8]) -> Taken<'a> {
        Taken {
            used: input.len(),
            parts: [&[], input],
        }
    }

    pub(super) const fn dropped(input: &[u8]) -> Taken<'a> {
        Taken {
            used: input.len(),
            parts: [&[], &[]],
        }
    }
}

/// How far one call has come in its input.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) used: usize,
    /// Where the run that passes starts; it ends at `used`.
    pub(super) start: usize,
    /// How many of the octets that are held pass before the run.
    pub(super) released: usize,
}

impl Progress {
    pub(super) const fn has_run(&self) -> bool {
        self.used > self.start
    }

    /// Over octets in front of the run.
    pub(super) const fn skip(&mut self, octets: usize) {
        self.used += octets;
        self.start = self.used;
    }
}
