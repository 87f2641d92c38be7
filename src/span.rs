//! A place in the lent storage, kept as two numbers so that the machine borrows nothing from itself.

/// `len` bytes from `start` on.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Span {
    start: u32,
    len: u32,
}

impl Span {
    pub(crate) const fn new(start: usize, len: usize) -> Span {
        Span {
            start: narrow(start),
            len: narrow(len),
        }
    }

    /// Where `part`, a slice of `whole`, lies in it.
    pub(crate) fn within(whole: &[u8], part: &[u8]) -> Span {
        Span::new(
            (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize),
            part.len(),
        )
    }

    /// The bytes themselves.
    pub(crate) fn of(self, whole: &[u8]) -> &[u8] {
        let (start, len) = (self.start as usize, self.len as usize);
        whole
            .get(start..)
            .and_then(|tail| tail.get(..len))
            .unwrap_or_default()
    }

    pub(crate) const fn start(self) -> usize {
        self.start as usize
    }

    pub(crate) const fn end(self) -> usize {
        self.start as usize + self.len as usize
    }
}

/// Heads are shorter than 4 GiB: the storage of [`Server`](crate::Server) and its like is used up to that length.
#[allow(clippy::cast_possible_truncation)]
pub(crate) const fn narrow(value: usize) -> u32 {
    if value > u32::MAX as usize {
        u32::MAX
    } else {
        value as u32
    }
}

/// The text of octets that were checked to be ASCII; `""` for anything else.
pub(crate) fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}
