//! What the head of a response says (RFC 9112 sections 4 and 5).

use crate::fields::{members, number, same_name};
use crate::octets::is_value_byte;
use crate::request::{Flags, Once, Transfer};
use crate::{Error, MAX_LIST_MEMBERS};

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
        [b' ', a, b, c, b' ', reason @ ..] if reason.iter().all(|&byte| is_value_byte(byte)) => {
            &[*a, *b, *c]
        }
        [b' ', code @ ..] if code.len() == 3 && lenient => code,
        _ => return Err(Error::BadStatusLine),
    };
    number(code)
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
