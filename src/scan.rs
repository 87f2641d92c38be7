//! Goes through octets from the first on.

use crate::octets::leading;

/// Octets that are left to read.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Scan<'a> {
    pub(crate) const fn new(octets: &'a [u8]) -> Scan<'a> {
        Scan { rest: octets }
    }

    /// Goes behind those that are of that class, and gives them.
    pub(crate) fn take(&mut self, class: u8) -> &'a [u8] {
        self.skip(leading(self.rest, class))
    }

    /// Goes behind so many, and gives them.
    pub(crate) fn skip(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or_default();
        self.rest = rest;
        taken
    }

    /// Goes behind that octet, if it is the first.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) const fn eat(&mut self, octet: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == octet => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Goes behind the next such octet, and gives what comes before it.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn until(&mut self, octet: u8) -> Option<&'a [u8]> {
        let len = self.rest.iter().position(|&other| other == octet)?;
        let (before, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest.get(1..)?;
        Some(before)
    }

    /// Goes behind SP and HTAB.
    pub(crate) const fn skip_space(&mut self) {
        while self.eat(b' ') || self.eat(b'\t') {}
    }
}
