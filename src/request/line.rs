//! The request-line (RFC 9112 section 3).

use crate::Error;
use crate::octets::{TARGET, leading, token_len};
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
    let is_get = cfg!(target_pointer_width = "64") && line.starts_with(b"GET ");
    let method_end = if is_get { 3 } else { token_len(line) };
    let behind = behind_word(line, method_end)?;
    let good = leading(behind, TARGET);
    let has_good_target = behind.get(good) == Some(&b' ');
    let target_len = if has_good_target {
        good
    } else {
        bad_target_len(behind)
    };
    let is_http10 = version(behind_word(behind, target_len)?)?;
    // The start of HTTP/2 is no method of HTTP/1 (RFC 7540 section 11.6).
    if line.starts_with(b"PRI ") {
        return Err(Error::BadRequestLine);
    }
    Ok(RequestLine {
        method_end: narrow(method_end),
        target_end: narrow(method_end + 1 + target_len),
        has_good_target,
        is_http10,
    })
}

/// The length of a target that is none.
fn bad_target_len(bytes: &[u8]) -> usize {
    let is_end = |&byte: &u8| byte <= b' ' || byte == 0x7f;
    bytes.iter().position(is_end).unwrap_or_default()
}

/// What follows a word of that length and the single SP behind it.
fn behind_word(bytes: &[u8], len: usize) -> Result<&[u8], Error> {
    match bytes.get(len..) {
        Some([b' ', behind @ ..]) if len > 0 => Ok(behind),
        _ => Err(Error::BadRequestLine),
    }
}

/// Whether that is HTTP/1.0, if it is a version with its line end at all (RFC 9112 section 2.3).
fn version(bytes: &[u8]) -> Result<bool, Error> {
    if cfg!(target_pointer_width = "64") && bytes == b"HTTP/1.1\r\n" {
        return Ok(false);
    }
    let is_version = is_like(bytes, b"HTTP/0.0\r\n") || is_like(bytes, b"HTTP/0.0\n");
    match bytes.get(5..8) {
        Some([b'1', _, minor]) if is_version => Ok(*minor == b'0'),
        _ if is_version => Err(Error::UnsupportedVersion),
        _ => Err(Error::BadVersion),
    }
}

/// Whether that is the pattern, with any digit where it has a 0.
fn is_like(bytes: &[u8], pattern: &[u8]) -> bool {
    let fits = |(&byte, &pattern): (&u8, &u8)| {
        byte == pattern || (pattern == b'0' && byte.is_ascii_digit())
    };
    bytes.len() == pattern.len() && bytes.iter().zip(pattern).all(fits)
}
