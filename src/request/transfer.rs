//! How the content of a request is delimited: Content-Length and Transfer-Encoding (RFC 9112 section 6).

use crate::Error;
use crate::content::Framing;
use crate::fields::{members, number, same_name};
use crate::octets::TOKEN;
use crate::scan::Scan;

/// What the lines of both fields say together.
#[derive(Clone, Copy, Default)]
pub(crate) struct Transfer {
    length: u64,
    /// What has come so far, a bit each: [`LENGTH`], [`UNKNOWN`], [`CHUNKED`], [`BAD`].
    seen: u8,
}

/// A transfer coding that is not `chunked`, which alone can be read.
const UNKNOWN: u8 = 1;
const CHUNKED: u8 = 1 << 1;
/// No coding in a value, or one that is no coding, or something behind `chunked`.
const BAD: u8 = 1 << 2;
/// Content-Length.
const LENGTH: u8 = 1 << 3;
const UNKNOWN_CHUNKED: u8 = UNKNOWN | CHUNKED;

impl Transfer {
    pub(crate) fn content_length(&mut self, value: &[u8]) -> Result<(), Error> {
        match number(value) {
            Some(length) if self.seen & LENGTH == 0 => {
                self.length = length;
                self.seen |= LENGTH;
                Ok(())
            }
            _ => Err(Error::BadContentLength),
        }
    }

    pub(crate) fn transfer_encoding(&mut self, value: &[u8]) {
        let mut is_empty = true;
        for member in members(value) {
            is_empty = false;
            self.seen |= if self.seen & CHUNKED == 0 {
                coding(member)
            } else {
                BAD
            };
        }
        if is_empty {
            self.seen |= BAD;
        }
    }

    /// Whether a request can have such framing (RFC 9112 section 6.3).
    pub(super) fn check(self, is_http10: bool) -> Result<(), Error> {
        match self.seen {
            0 | LENGTH => Ok(()),
            CHUNKED if !is_http10 => Ok(()),
            UNKNOWN_CHUNKED if !is_http10 => Err(Error::UnknownTransferCoding),
            _ => Err(Error::BadTransferEncoding),
        }
    }

    /// That framing, then.
    pub(super) fn of_request(self) -> Framing {
        if self.seen == CHUNKED {
            Framing::Chunked
        } else {
            self.counted()
        }
    }

    /// The framing of a response that has content, and whether Content-Length stands beside Transfer-Encoding
    /// (RFC 9112 section 6.3).
    pub(crate) fn of_response(self) -> Result<(Framing, bool), Error> {
        let framing = match self.seen & !LENGTH {
            CHUNKED | UNKNOWN_CHUNKED => Framing::Chunked,
            0 if self.seen == LENGTH => self.counted(),
            UNKNOWN | 0 => Framing::UntilClose,
            _ => return Err(Error::BadTransferEncoding),
        };
        Ok((framing, self.seen & LENGTH != 0))
    }

    const fn counted(self) -> Framing {
        match self.length {
            0 => Framing::None,
            length => Framing::Length(length),
        }
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
