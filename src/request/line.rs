//! The request-line (RFC 9112 section 3).

use crate::Error;
use crate::fields::{target_len, token_len};
use crate::span::narrow;

/// What the request-line says.
#[derive(Clone, Copy)]
pub(super) struct RequestLine {
    pub(super) method_end: u32,
    pub(super) target_end: u32,
    /// HTTP/1.0, the one version that knows no Upgrade.
    pub(super) is_http10: bool,
}

/// Reads the first `len` bytes of `head`. What `httparse` would do with a request-line is less than what is judged here
/// anyway: the version, for a higher minor version is served as 1.1 (RFC 9110 section 6.2), and the target.
pub(super) fn read(head: &[u8], len: usize) -> Result<RequestLine, Error> {
    let line = head.get(..len).unwrap_or_default();
    let method_end = word_end(line, token_len(line))?;
    let behind = line.get(method_end + 1..).unwrap_or_default();
    let target_end = word_end(behind, target_len(behind))?;
    let target = behind.get(..target_end).unwrap_or_default();
    if !target.is_ascii() && core::str::from_utf8(target).is_err() {
        return Err(Error::BadRequestLine);
    }
    let is_http10 = version(behind.get(target_end + 1..).unwrap_or_default())?;
    // The start of HTTP/2 is no method of HTTP/1 (RFC 7540 section 11.6).
    if line.get(..method_end) == Some(b"PRI") {
        return Err(Error::BadRequestLine);
    }
    Ok(RequestLine {
        method_end: narrow(method_end),
        target_end: narrow(method_end + 1 + target_end),
        is_http10,
    })
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
