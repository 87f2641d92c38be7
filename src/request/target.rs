//! The request target and the authority that it may name (RFC 9112 sections 3.2 and 3.3).

use super::Flags;
use crate::Error;
use crate::authority::{is_authority, port};
use crate::fields::same_name;
use crate::octets::{SCHEME, are_same};
use crate::scan::Scan;

/// Reads the target, of octets that may stand in one: one of the four forms, the one that goes with the method. What it and
/// the method are, in flags; `authority` becomes the one that it names, if it does.
pub(super) fn read<'h>(
    method: &[u8],
    target: &'h [u8],
    authority: &mut &'h [u8],
) -> Result<Flags, Error> {
    if are_same(method, b"CONNECT") {
        *authority = target;
        return connect(target);
    }
    if are_same(method, b"OPTIONS") && target == b"*" {
        return Ok(Flags::ASTERISK);
    }
    let mut flags = if target.starts_with(b"/") {
        Flags::NONE
    } else {
        read_absolute(target, authority)?
    };
    if are_same(method, b"GET") {
        flags.insert(Flags::GET);
    }
    Ok(flags)
}

/// `host ":" port`, both there, and a port that can be connected to (RFC 9110 section 9.3.6).
fn connect(authority: &[u8]) -> Result<Flags, Error> {
    match port(authority) {
        Ok(Some(1..)) if !authority.starts_with(b":") => Ok(Flags::CONNECT),
        _ => Err(Error::BadTarget),
    }
}

/// `scheme "://" authority path-abempty` (RFC 9110 section 4.2).
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
fn read_absolute<'h>(target: &'h [u8], authority: &mut &'h [u8]) -> Result<Flags, Error> {
    let mut scan = Scan::new(target);
    let scheme = scan.take(SCHEME);
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic);
    if !(is_scheme && scan.eat(b':') && scan.eat(b'/') && scan.eat(b'/')) {
        return Err(Error::BadTarget);
    }
    let end = scan
        .rest
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?'));
    *authority = scan
        .rest
        .get(..end.unwrap_or(scan.rest.len()))
        .unwrap_or_default();
    if authority.is_empty() || !is_authority(authority) {
        return Err(Error::BadHost);
    }
    Ok(if same_name(scheme, b"http") {
        Flags::NONE
    } else if same_name(scheme, b"https") {
        Flags::OTHER_SCHEME
    } else {
        Flags::FOREIGN
    })
}
