//! The request-line (RFC 9112 section 3).

use super::{Facts, Flags};
use crate::Error;
use crate::octets::{TARGET, are_same, is_target, is_token};
use crate::scan::Scan;
use crate::span::narrow;

/// Reads the first `len` bytes of `head`. What `httparse` would do with a request-line is less than what is judged here
/// anyway: the version, for a higher minor version is served as 1.1 (RFC 9110 section 6.2), and the target.
pub(super) fn read(head: &[u8], len: usize, facts: &mut Facts) -> Result<(), Error> {
    let mut scan = Scan::new(head.get(..len).unwrap_or_default());
    let method = scan.until(b' ').ok_or(Error::BadRequestLine)?;
    let good_target = good_target_of(&mut scan);
    let target = good_target
        .or_else(|| scan.until(b' '))
        .ok_or(Error::BadRequestLine)?;
    // The most frequent one, where speed counts.
    let is_get = cfg!(target_pointer_width = "64") && method == b"GET";
    if !(is_get || is_token(method)) || target.is_empty() {
        return Err(Error::BadRequestLine);
    }
    if is_http10(scan.rest)? {
        facts.flags.insert(Flags::HTTP10);
    }
    // The start of HTTP/2 is no method of HTTP/1 (RFC 7540 section 11.6).
    if !is_get && are_same(method, b"PRI") {
        return Err(Error::BadRequestLine);
    }
    if good_target.is_none() && !is_target(target) {
        return Err(Error::BadTarget);
    }
    facts.method_end = narrow(method.len());
    facts.target_end = narrow(method.len() + 1 + target.len());
    Ok(())
}

/// What comes before the next space, if it is of octets that may stand in a target, and where speed counts: it is found so in
/// one go.
fn good_target_of<'h>(scan: &mut Scan<'h>) -> Option<&'h [u8]> {
    let mut ahead = *scan;
    if cfg!(not(target_pointer_width = "64")) {
        return None;
    }
    let target = ahead.take(TARGET);
    ahead.eat(b' ').then(|| {
        *scan = ahead;
        target
    })
}

/// Whether that is HTTP/1.0, if it is a version with its line end at all (RFC 9112 section 2.3).
fn is_http10(bytes: &[u8]) -> Result<bool, Error> {
    if cfg!(target_pointer_width = "64") && bytes == b"HTTP/1.1\r\n" {
        return Ok(false);
    }
    match bytes.split_first_chunk() {
        Some((
            [
                b'H',
                b'T',
                b'T',
                b'P',
                b'/',
                major @ b'0'..=b'9',
                b'.',
                minor @ b'0'..=b'9',
            ],
            [b'\n'] | [b'\r', b'\n'],
        )) => match major {
            b'1' => Ok(*minor == b'0'),
            _ => Err(Error::UnsupportedVersion),
        },
        _ => Err(Error::BadVersion),
    }
}
