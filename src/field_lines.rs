//! The field lines of a finished head, read as they are asked for: [`Fields`].

use crate::fields::{members, same_name, split_member, split_once, trim};
use crate::request::Flags;
use crate::span::text;

/// The field lines of a finished head: name as written, value without the whitespace around it.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.next_octets()?;
        Some((text(name), value))
    }
}

impl<'a> Fields<'a> {
    /// The value of the first line of that field, the name in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.into_iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The values of all lines of that field, in their order.
    pub fn values(&self, name: &'a str) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.into_iter()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The members of all lines of a field that is a list of tokens, joined in their order (RFC 9110 section 5.6.1).
    pub fn list(&self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        let members = self.values(name).flat_map(members);
        members.filter_map(|member| core::str::from_utf8(member).ok())
    }

    /// The first member of that list which is the one: without the iterators above, which take more flash.
    pub(crate) fn find_member(
        mut self,
        name: &[u8],
        is_it: &dyn Fn(&[u8]) -> bool,
    ) -> Option<&'a [u8]> {
        while let Some((found, value)) = self.next_octets() {
            let mut rest = if same_name(found, name) {
                Some(value)
            } else {
                None
            };
            while let Some(members) = rest {
                let (member, more) = split_member(members);
                if !member.is_empty() && is_it(member) {
                    return Some(member);
                }
                rest = more;
            }
        }
        None
    }

    fn next_octets(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        let (line, rest) = split_once(self.rest, b'\n')?;
        let (name, value) = split_once(line, b':')?;
        self.rest = rest;
        Some((name, trim(value.strip_suffix(b"\r").unwrap_or(value))))
    }

    /// Those that end at this connection, or those that do not (RFC 9110 section 7.6.1).
    pub(crate) fn hop_by_hop(
        self,
        wanted: bool,
    ) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.filter(move |(name, _)| self.is_hop_by_hop(name) == wanted)
    }

    /// Connection cannot take away what is never hop-by-hop: a request without Host or its length is another one.
    fn is_hop_by_hop(&self, name: &str) -> bool {
        let mut kind = Flags::NONE;
        kind.connection_option(name.as_bytes());
        HOP_BY_HOP
            .iter()
            .any(|known| same_name(name.as_bytes(), known))
            || (!kind.has(Flags::NOT_HOP_BY_HOP)
                && self
                    .list("connection")
                    .any(|option| option.eq_ignore_ascii_case(name)))
    }
}

impl core::fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.map(|(name, _)| name)).finish()
    }
}

/// The fields that end at one connection whether Connection names them or not (RFC 9110 section 7.6.1, RFC 7540 section
/// 3.2.1).
const HOP_BY_HOP: &[&[u8]] = &[
    b"connection",
    b"upgrade",
    b"http2-settings",
    b"keep-alive",
    b"proxy-connection",
    b"te",
    b"transfer-encoding",
];
