//! `host [":" port]` (RFC 9110 section 7.2, RFC 3986 section 3.2).

use crate::fields::small_number;
use crate::octets::{HEX, IP_FUTURE, IP_V6, REG_NAME, leading};

/// Whether those octets are `uri-host [":" port]` (RFC 9110 section 7.2); the empty authority is one.
pub(crate) fn is_authority(bytes: &[u8]) -> bool {
    port(bytes).is_ok()
}

/// The port of an authority: `Ok(None)` when there is none or an empty one, an error when that is no authority.
#[inline(never)]
pub(crate) fn port(authority: &[u8]) -> Result<Option<u16>, ()> {
    let behind_host = match authority {
        [b'[', literal @ ..] => behind_ip_literal(literal),
        _ => behind_reg_name(authority),
    };
    match behind_host {
        [] => Ok(None),
        [b':', digits @ ..] => port_number(digits),
        _ => Err(()),
    }
}

/// The port behind the colon: `Ok(None)` when empty, an error when it is no port.
pub(crate) fn port_number(digits: &[u8]) -> Result<Option<u16>, ()> {
    match digits {
        [] => Ok(None),
        [_, _, _, _, _, _, ..] => Err(()),
        _ => small_number(digits).map(Some).ok_or(()),
    }
}

/// What follows the closing bracket of an IPv6 address or `IPvFuture` (RFC 3986 section 3.2.2), or what cannot follow it.
/// How the groups are counted is left to whoever connects to it.
fn behind_ip_literal(bytes: &[u8]) -> &[u8] {
    let class = match bytes {
        [b'v' | b'V', ..] => IP_FUTURE,
        _ => IP_V6,
    };
    let len = leading(bytes, class);
    match bytes.get(len..) {
        Some([b']', rest @ ..]) if len >= 2 => rest,
        _ => b"[",
    }
}

/// What follows the unreserved octets, sub-delimiters and percent-encoded octets at the start (RFC 3986 section 3.2.2).
fn behind_reg_name(mut bytes: &[u8]) -> &[u8] {
    loop {
        bytes = match bytes.get(leading(bytes, REG_NAME)..) {
            Some([b'%', rest @ ..]) if leading(rest, HEX) >= 2 => rest,
            rest => return rest.unwrap_or_default(),
        };
    }
}
