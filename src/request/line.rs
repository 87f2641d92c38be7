//! The request-line (RFC 9112 section 3).

use crate::Error;
use crate::fields::{is_target_like, is_token_byte};
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
    let method_end = word_end(line, is_token_byte)?;
    let behind = line.get(method_end + 1..).unwrap_or_default();
    let target_len = word_end(behind, is_target_like)?;
    let target = behind.get(..target_len).unwrap_or_default();
    if !target.is_ascii() && core::str::from_utf8(target).is_err() {
        return Err(Error::BadRequestLine);
    }
    Ok(RequestLine {
        method_end: narrow(method_end),
        target_end: narrow(method_end + 1 + target_len),
        is_http10: version(behind.get(target_len + 1..).unwrap_or_default())?,
    })
}

/// Where a word of such octets ends in a single SP.
fn word_end(bytes: &[u8], is_part: impl Fn(u8) -> bool) -> Result<usize, Error> {
    match bytes.iter().position(|&byte| !is_part(byte)) {
        Some(end) if end > 0 && bytes.get(end) == Some(&b' ') => Ok(end),
        _ => Err(Error::BadRequestLine),
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
