//! The request-line (RFC 9112 section 3).

use crate::Error;
use crate::span::narrow;

/// What the request-line says.
#[derive(Clone, Copy)]
pub(super) struct RequestLine {
    pub(super) method_end: u32,
    pub(super) target_end: u32,
    /// HTTP/1.0, the one version that knows no Upgrade.
    pub(super) is_http10: bool,
}

/// Reads the first `len` bytes of `head`. `httparse` knows the method and the target; the version is read here, for a
/// higher minor version is served as 1.1 (RFC 9110 section 6.2).
pub(super) fn read(head: &[u8], len: usize) -> Result<RequestLine, Error> {
    let line = head.get(..len).unwrap_or_default();
    let mut request = httparse::Request::new(&mut []);
    // Whatever comes behind the target is judged below.
    let _ = request.parse(line);
    let (Some(method), Some(target)) = (request.method, request.path) else {
        return Err(Error::BadRequestLine);
    };
    let target_end = method.len() + 1 + target.len();
    let is_http10 = version(line.get(target_end + 1..).unwrap_or_default())?;
    // The start of HTTP/2 is no method of HTTP/1 (RFC 7540 section 11.6).
    if method == "PRI" {
        return Err(Error::BadRequestLine);
    }
    Ok(RequestLine {
        method_end: narrow(method.len()),
        target_end: narrow(target_end),
        is_http10,
    })
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
