//! How the content of a request is delimited: Content-Length and Transfer-Encoding (RFC 9112 section 6).

use crate::Error;
use crate::content::Framing;
use crate::fields::{members, number, same_name};
use crate::octets::TOKEN;
use crate::scan::Scan;

/// What the lines of both fields say together.
#[derive(Clone, Copy, Default)]
pub(crate) struct Transfer {
    length: Option<u64>,
    /// The transfer codings so far, a bit each: [`UNKNOWN`], [`CHUNKED`], [`BAD`].
    codings: u8,
}

/// One that is not `chunked`, which alone can be read.
const UNKNOWN: u8 = 1;
const CHUNKED: u8 = 1 << 1;
/// No coding in the value, or one that is no coding, or something behind `chunked`.
const BAD: u8 = 1 << 2;
const UNKNOWN_CHUNKED: u8 = UNKNOWN | CHUNKED;

impl Transfer {
    pub(crate) fn content_length(&mut self, value: &[u8]) -> Result<(), Error> {
        match (self.length, number(value)) {
            (None, Some(length)) => self.length = Some(length),
            _ => return Err(Error::BadContentLength),
        }
        Ok(())
    }

    pub(crate) fn transfer_encoding(&mut self, value: &[u8]) {
        let mut is_empty = true;
        for member in members(value) {
            is_empty = false;
            self.codings |= if self.codings & CHUNKED == 0 {
                coding(member)
            } else {
                BAD
            };
        }
        if is_empty {
            self.codings = BAD;
        }
    }

    /// The framing of a request (RFC 9112 section 6.3).
    pub(super) fn of_request(self, is_http10: bool) -> Result<Framing, Error> {
        match (self.codings, self.length) {
            (0, None | Some(0)) => Ok(Framing::None),
            (0, Some(length)) => Ok(Framing::Length(length)),
            (CHUNKED, None) if !is_http10 => Ok(Framing::Chunked),
            (UNKNOWN_CHUNKED, None) if !is_http10 => Err(Error::UnknownTransferCoding),
            _ => Err(Error::BadTransferEncoding),
        }
    }

    /// The framing of a response that has content, and whether Content-Length stands beside Transfer-Encoding
    /// (RFC 9112 section 6.3).
    pub(crate) fn of_response(self) -> Result<(Framing, bool), Error> {
        let framing = match (self.codings, self.length) {
            (CHUNKED | UNKNOWN_CHUNKED, _) => Framing::Chunked,
            (UNKNOWN, _) | (0, None) => Framing::UntilClose,
            (0, Some(0)) => Framing::None,
            (0, Some(length)) => Framing::Length(length),
            _ => return Err(Error::BadTransferEncoding),
        };
        Ok((framing, self.length.is_some()))
    }
}

/// What that member is: `token *( OWS ";" ... )` (RFC 9112 section 7).
fn coding(member: &[u8]) -> u8 {
    let mut scan = Scan::new(member);
    let name = scan.take(TOKEN);
    match (same_name(name, b"chunked"), scan.rest) {
        (true, []) => CHUNKED,
        (false, [] | [b';' | b' ' | b'\t', ..]) if !name.is_empty() => UNKNOWN,
        _ => BAD,
    }
}
