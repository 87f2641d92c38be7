//! The request target and the authority that it or Host names (RFC 9112 sections 3.2 and 3.3).

use crate::Error;
use crate::authority::{is_authority, port_number};
use crate::fields::{same_name, split_once};

/// The form of a target.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form<'h> {
    /// `/path?query`
    Origin,
    /// `http://authority/path`
    Absolute(&'h [u8]),
    /// `https://authority/path`
    Secure(&'h [u8]),
    /// `scheme://authority/path` of another scheme.
    Foreign(&'h [u8]),
    /// `host:port`, of CONNECT.
    Authority(&'h [u8]),
    /// `*`, of OPTIONS.
    Asterisk,
}

/// Reads the target, of octets that may stand in one: one of the four forms, the one that goes with the method.
pub(super) fn read<'h>(method: &[u8], target: &'h [u8]) -> Result<Form<'h>, Error> {
    match (method, target) {
        (b"CONNECT", authority) => connect(authority),
        (b"OPTIONS", b"*") => Ok(Form::Asterisk),
        (_, [b'/', ..]) => Ok(Form::Origin),
        (_, absolute) => read_absolute(absolute),
    }
}

/// `host ":" port`, both there, and a port that can be connected to (RFC 9110 section 9.3.6).
fn connect(authority: &[u8]) -> Result<Form<'_>, Error> {
    let colon = authority
        .iter()
        .rposition(|&byte| byte == b':')
        .ok_or(Error::BadTarget)?;
    let port = authority.get(colon + 1..).unwrap_or_default();
    match port_number(port) {
        Ok(Some(1..)) if colon > 0 && is_authority(authority) => Ok(Form::Authority(authority)),
        _ => Err(Error::BadTarget),
    }
}

/// `scheme "://" authority path-abempty` (RFC 9110 section 4.2).
fn read_absolute(target: &[u8]) -> Result<Form<'_>, Error> {
    let (scheme, rest) = split_once(target, b':').ok_or(Error::BadTarget)?;
    let rest = rest.strip_prefix(b"//").ok_or(Error::BadTarget)?;
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?'))
        .unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !is_scheme {
        return Err(Error::BadTarget);
    }
    if authority.is_empty() || !is_authority(authority) {
        return Err(Error::BadHost);
    }
    Ok(if same_name(scheme, b"http") {
        Form::Absolute(authority)
    } else if same_name(scheme, b"https") {
        Form::Secure(authority)
    } else {
        Form::Foreign(authority)
    })
}
