//! A borrowed view of a response, and what its head says (RFC 9112 section 4).

use crate::content::Framing;
use crate::message::Fields;
use crate::request::{Flags, Once, Transfer};
use crate::websocket::{Extension, extensions};
use crate::{Error, MAX_LIST_MEMBERS, Status};

/// Whether the next request can go out on the same connection (RFC 9112 section 9.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Retry {
    /// On the same connection, when the content of the response was read.
    SameConnection,
    /// Only on another.
    NewConnection,
}

/// A response whose head is complete: a view of the lent storage.
#[derive(Clone, Copy)]
pub struct Response<'a> {
    pub(super) head: &'a [u8],
    pub(super) start_line: usize,
    pub(super) code: u16,
    pub(super) framing: Framing,
    pub(super) content_complete: bool,
    pub(super) reusable: bool,
}

impl<'a> Response<'a> {
    /// The status. A code outside 100 to 599 is read as 500 (RFC 9110 section 15).
    #[must_use]
    pub const fn status(&self) -> Status {
        match Status::new(self.code) {
            Some(status) => status,
            None => Status::INTERNAL_SERVER_ERROR,
        }
    }

    /// The code as it came, three digits.
    #[must_use]
    pub const fn code(&self) -> u16 {
        self.code
    }

    /// All field lines, in their order.
    #[must_use]
    pub fn fields(&self) -> Fields<'a> {
        Fields {
            rest: self.head.get(self.start_line..).unwrap_or_default(),
        }
    }

    /// The value of the first line of that field, the name in any case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'a [u8]> {
        self.fields().get(name)
    }

    /// The members of all lines of a field that is a list of tokens, joined in their order (RFC 9110 section 5.6.1).
    pub fn list(&self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.fields().list(name)
    }

    /// The fields that end at this connection: Connection, what it names, and those that always do
    /// (RFC 9110 section 7.6.1).
    pub fn hop_by_hop_fields(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.fields().hop_by_hop(true)
    }

    /// The fields that a proxy passes on.
    pub fn end_to_end_fields(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.fields().hop_by_hop(false)
    }

    /// What the server could switch to, as Upgrade says: what it requires with a 426, an advertisement otherwise
    /// (RFC 9110 section 7.8). `HTTP/1.1` is left out: behind TLS it is what goes on inside, and no way to go on in clear text
    /// (RFC 2817 section 4.2).
    pub fn upgrades(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.list("upgrade")
            .filter(|member| !member.eq_ignore_ascii_case("http/1.1"))
    }

    /// Whether it is a 426 that does not say what it requires: a proxy has taken that away. A tunnel through the proxy, with
    /// CONNECT, leads to the server itself (RFC 2817 section 5.1).
    #[must_use]
    pub fn needs_tunnel(&self) -> bool {
        self.code == 426 && self.upgrades().next().is_none()
    }

    /// The subprotocol that the server chose (RFC 6455 section 4.2.2).
    #[must_use]
    pub fn subprotocol(&self) -> Option<&'a str> {
        self.list("sec-websocket-protocol").next()
    }

    /// The extensions that the server accepted, in the order in which they apply (RFC 6455 section 9.1).
    pub fn extensions(&self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        self.fields()
            .values("sec-websocket-extensions")
            .flat_map(extensions::all)
    }

    /// The whole head as it came, but for folded lines: each fold is spaces (RFC 9112 section 5.2).
    #[must_use]
    pub const fn head(&self) -> &'a [u8] {
        self.head
    }

    /// How the content is delimited (RFC 9112 section 6.3).
    #[must_use]
    pub const fn framing(&self) -> Framing {
        self.framing
    }

    /// Whether content is still to come.
    #[must_use]
    pub const fn is_content_pending(&self) -> bool {
        !self.content_complete
    }

    /// Where the next request can go out.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        if self.reusable {
            Retry::SameConnection
        } else {
            Retry::NewConnection
        }
    }
}

impl core::fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response")
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// The code: field values may be secrets.
#[cfg(feature = "defmt")]
impl defmt::Format for Response<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=u16}", self.code);
    }
}

/// The status-line: the code, and whether the version is HTTP/1.0. That of most switches is known at a glance.
pub(super) fn read_status_line(line: &[u8], lenient: bool) -> Result<(u16, bool), Error> {
    if line == b"HTTP/1.1 101 Switching Protocols\r\n" {
        return Ok((101, false));
    }
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (version, rest) = line.split_at_checked(8).ok_or(Error::BadStatusLine)?;
    let is_http10 = match version {
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit() => {
            *minor == b'0'
        }
        [
            b'H',
            b'T',
            b'T',
            b'P',
            b'/',
            b'0' | b'2'..=b'9',
            b'.',
            b'0'..=b'9',
        ] => return Err(Error::UnsupportedVersion),
        _ => return Err(Error::BadStatusLine),
    };
    let code = match rest {
        [b' ', code @ .., b' '] if code.len() == 3 => code,
        [b' ', a, b, c, b' ', reason @ ..]
            if reason
                .iter()
                .all(|&byte| crate::fields::is_value_byte(byte)) =>
        {
            &[*a, *b, *c]
        }
        [b' ', code @ ..] if code.len() == 3 && lenient => code,
        _ => return Err(Error::BadStatusLine),
    };
    crate::fields::number(code)
        .and_then(|code| u16::try_from(code).ok())
        .map(|code| (code, is_http10))
        .ok_or(Error::BadStatusLine)
}

/// What the field lines of a response say.
pub(super) struct Facts<'h> {
    pub(super) flags: Flags,
    pub(super) transfer: Transfer,
    pub(super) bad_framing: Option<Error>,
    pub(super) accept: Once<'h>,
    pub(super) subprotocol: Once<'h>,
    pub(super) upgrade: Once<'h>,
    pub(super) has_extensions: bool,
    list_members: usize,
}

impl<'h> Facts<'h> {
    pub(super) fn new(is_http10: bool) -> Facts<'h> {
        let mut flags = Flags::NONE;
        if is_http10 {
            flags.insert(Flags::HTTP10);
        }
        let (accept, subprotocol, upgrade) = (Once::Missing, Once::Missing, Once::Missing);
        Facts {
            flags,
            transfer: Transfer::default(),
            bad_framing: None,
            accept,
            subprotocol,
            upgrade,
            has_extensions: false,
            list_members: 0,
        }
    }

    pub(super) fn field(&mut self, name: &[u8], value: &'h [u8]) -> Result<(), Error> {
        use crate::fields::{members, same_name};
        let is = |known: &[u8]| same_name(name, known);
        match name.len() {
            7 if is(b"upgrade") => {
                self.upgrade.add(value);
                return self.count_members(value);
            }
            10 if is(b"connection") => {
                members(value).for_each(|option| self.flags.connection_option(option));
                return self.count_members(value);
            }
            14 if is(b"content-length") => {
                self.bad_framing = self
                    .bad_framing
                    .or(self.transfer.content_length(value).err());
            }
            17 if is(b"transfer-encoding") => self.transfer.transfer_encoding(value),
            20 if is(b"sec-websocket-accept") => self.accept.add(value),
            22 if is(b"sec-websocket-protocol") => self.subprotocol.add(value),
            24 if is(b"sec-websocket-extensions") => self.has_extensions = true,
            _ => {}
        }
        Ok(())
    }

    /// Up to the limit for all lists together, empty members included (RFC 9110 section 5.6.1).
    fn count_members(&mut self, value: &[u8]) -> Result<(), Error> {
        let commas = value.iter().map(|&byte| usize::from(byte == b','));
        self.list_members += 1 + commas.sum::<usize>();
        if self.list_members > MAX_LIST_MEMBERS {
            Err(Error::ListTooLong)
        } else {
            Ok(())
        }
    }
}
