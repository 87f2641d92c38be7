//! The field lines of a finished head, read as they are asked for: [`Fields`].

use crate::fields::{Members, members, same_name, trim};
use crate::names::Name;
use crate::request::Flags;
use crate::scan::Scan;
use crate::span::text;

/// The field lines of a finished head: name as written, value without the whitespace around it.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.next_line().map(|(name, value)| (text(name), value))
    }
}

impl<'a> Fields<'a> {
    /// The next line, its name in octets.
    pub(crate) fn next_line(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        // Each line of a finished head has its colon.
        let mut scan = Scan::new(self.rest);
        let (name, value) = (scan.until(b':')?, scan.until(b'\n')?);
        self.rest = scan.rest;
        Some((name, trim(value.strip_suffix(b"\r").unwrap_or(value))))
    }

    /// The value of the first line of that field, the name in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        let mut rest = *self;
        rest.next_of(name)
    }

    /// The values of all lines of that field, in their order.
    pub fn values(&self, name: &'a str) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = *self;
        core::iter::from_fn(move || rest.next_of(name))
    }

    /// The members of all lines of a field that is a list of tokens, joined in their order (RFC 9110 section 5.6.1).
    pub fn list(&self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        let (mut rest, mut line) = (*self, members(b""));
        core::iter::from_fn(move || {
            loop {
                let member = rest.next_member(name, &mut line)?;
                if let Ok(member) = core::str::from_utf8(member) {
                    return Some(member);
                }
            }
        })
    }

    /// The next member of the list: of those that are left of the line before, or of the next line.
    #[inline(never)]
    fn next_member(&mut self, name: &str, line: &mut Members<'a>) -> Option<&'a [u8]> {
        loop {
            if let Some(member) = line.next() {
                return Some(member);
            }
            *line = members(self.next_of(name)?);
        }
    }

    /// The value of the next line of that field, the name in any case.
    #[inline(never)]
    fn next_of(&mut self, name: &str) -> Option<&'a [u8]> {
        loop {
            let (found, value) = self.next_line()?;
            if found.eq_ignore_ascii_case(name.as_bytes()) {
                return Some(value);
            }
        }
    }

    /// The first member of that list which is the same as `wanted`.
    pub(crate) fn find_member(
        mut self,
        name: &str,
        wanted: &[u8],
        is_same: fn(&[u8], &[u8]) -> bool,
    ) -> Option<&'a [u8]> {
        while let Some(value) = self.next_of(name) {
            for member in members(value) {
                if is_same(member, wanted) {
                    return Some(member);
                }
            }
        }
        None
    }

    /// Those that end at this connection, or those that do not (RFC 9110 section 7.6.1).
    pub(crate) fn hop_by_hop(
        self,
        wanted: bool,
    ) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.filter(move |(name, _)| self.is_hop_by_hop(name.as_bytes()) == wanted)
    }

    /// Whether it ends at one connection: whether Connection names it or not (RFC 9110 section 7.6.1, RFC 7540 section
    /// 3.2.1), or because Connection does, which cannot take away what is never hop-by-hop: a request without Host or its
    /// length is another one.
    pub(crate) fn is_hop_by_hop(self, name: &[u8]) -> bool {
        match Name::of(name) {
            Name::CONNECTION
            | Name::UPGRADE
            | Name::HTTP2_SETTINGS
            | Name::KEEP_ALIVE
            | Name::TRANSFER_ENCODING => return true,
            _ if same_name(name, b"proxy-connection") || same_name(name, b"te") => return true,
            _ => {}
        }
        let mut kind = Flags::NONE;
        kind.connection_option(name);
        let is_same = <[u8]>::eq_ignore_ascii_case;
        !kind.has(Flags::NOT_HOP_BY_HOP) && self.find_member("connection", name, is_same).is_some()
    }
}

impl core::fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.map(|(name, _)| name)).finish()
    }
}
