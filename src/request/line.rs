//! The request-line (RFC 9112 section 3).

use crate::Error;
use crate::octets::{good_target_len, target_len, token_len};
use crate::span::narrow;

/// What the request-line says.
#[derive(Clone, Copy)]
pub(super) struct RequestLine {
    pub(super) method_end: u32,
    pub(super) target_end: u32,
    /// Every octet of the target may stand in one.
    pub(super) has_good_target: bool,
    /// HTTP/1.0, the one version that knows no Upgrade.
    pub(super) is_http10: bool,
}

/// Reads the first `len` bytes of `head`. What `httparse` would do with a request-line is less than what is judged here
/// anyway: the version, for a higher minor version is served as 1.1 (RFC 9110 section 6.2), and the target.
pub(super) fn read(head: &[u8], len: usize) -> Result<RequestLine, Error> {
    let line = head.get(..len).unwrap_or_default();
    let method_len = if line.starts_with(b"GET ") {
        3
    } else {
        token_len(line)
    };
    let method_end = word_end(line, method_len)?;
    let behind = line.get(method_end + 1..).unwrap_or_default();
    let good = word_end(behind, good_target_len(behind));
    let target_end = good.or_else(|_| bad_target_end(behind))?;
    let is_http10 = version(behind.get(target_end + 1..).unwrap_or_default())?;
    // The start of HTTP/2 is no method of HTTP/1 (RFC 7540 section 11.6).
    if line.get(..method_end) == Some(b"PRI") {
        return Err(Error::BadRequestLine);
    }
    Ok(RequestLine {
        method_end: narrow(method_end),
        target_end: narrow(method_end + 1 + target_end),
        has_good_target: good.is_ok(),
        is_http10,
    })
}

/// The end of a target that is none.
fn bad_target_end(behind: &[u8]) -> Result<usize, Error> {
    word_end(behind, target_len(behind))
}

/// The end of the word of that length that `bytes` start with, if a single SP follows it.
fn word_end(bytes: &[u8], len: usize) -> Result<usize, Error> {
    if len > 0 && bytes.get(len) == Some(&b' ') {
        Ok(len)
    } else {
        Err(Error::BadRequestLine)
    }
}

/// Whether that is HTTP/1.0, if it is a version with its line end at all (RFC 9112 section 2.3).
fn version(bytes: &[u8]) -> Result<bool, Error> {
    match bytes {
        b"HTTP/1.1\r\n" => Ok(false),
        [
            b'H',
            b'T',
            b'T',
            b'P',
            b'/',
            major,
            b'.',
            minor,
            b'\r',
            b'\n',
        ]
        | [b'H', b'T', b'T', b'P', b'/', major, b'.', minor, b'\n']
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            if *major == b'1' {
                Ok(*minor == b'0')
            } else {
                Err(Error::UnsupportedVersion)
            }
        }
        _ => Err(Error::BadVersion),
    }
}
