//! The request-line (RFC 9112 section 3).

use super::{Facts, Flags};
use crate::Error;
use crate::octets::{TARGET, TOKEN};
use crate::scan::Scan;
use crate::span::narrow;

/// Reads the first `len` bytes of `head`. What `httparse` would do with a request-line is less than what is judged here
/// anyway: the version, for a higher minor version is served as 1.1 (RFC 9110 section 6.2), and the target.
pub(super) fn read(head: &[u8], len: usize, facts: &mut Facts) -> Result<(), Error> {
    let line = head.get(..len).unwrap_or_default();
    let mut scan = Scan::new(line);
    let is_get = cfg!(target_pointer_width = "64") && line.starts_with(b"GET ");
    let method_end = if is_get {
        scan.skip(3)
    } else {
        scan.take(TOKEN)
    }
    .len();
    // The start of HTTP/2 is no method of HTTP/1 (RFC 7540 section 11.6).
    let is_method = method_end > 0 && scan.eat(b' ');
    scan.take(TARGET);
    let has_good_target = scan.rest.first() == Some(&b' ');
    while !scan.eat(b' ') {
        match scan.rest {
            [first, rest @ ..] if *first > b' ' && *first != 0x7f => scan.rest = rest,
            _ => return Err(Error::BadRequestLine),
        }
    }
    let target_end = len.saturating_sub(scan.rest.len() + 1);
    if !is_method || target_end == method_end + 1 {
        return Err(Error::BadRequestLine);
    }
    let is_http10 = version(scan.rest)?;
    if line.starts_with(b"PRI ") {
        return Err(Error::BadRequestLine);
    }
    if !has_good_target {
        return Err(Error::BadTarget);
    }
    facts.method_end = narrow(method_end);
    facts.target_end = narrow(target_end);
    if is_http10 {
        facts.flags.insert(Flags::HTTP10);
    }
    Ok(())
}

/// Whether that is HTTP/1.0, if it is a version with its line end at all (RFC 9112 section 2.3).
fn version(bytes: &[u8]) -> Result<bool, Error> {
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
