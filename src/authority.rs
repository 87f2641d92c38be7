//! `host [":" port]` (RFC 9110 section 7.2, RFC 3986 section 3.2).

use crate::fields::small_number;
use crate::octets::{HEX, IP_FUTURE, IP_V6, REG_NAME, leading};
use crate::scan::Scan;

/// Whether those octets are `uri-host [":" port]` (RFC 9110 section 7.2); the empty authority is one.
pub(crate) fn is_authority(bytes: &[u8]) -> bool {
    port(bytes).is_ok()
}

/// The port of an authority: `Ok(None)` when there is none or an empty one, an error when that is no authority.
#[inline(never)]
pub(crate) fn port(authority: &[u8]) -> Result<Option<u16>, ()> {
    let mut scan = Scan::new(authority);
    let is_host = if scan.eat(b'[') {
        skip_ip_literal(&mut scan)
    } else {
        skip_reg_name(&mut scan)
    };
    match scan.rest {
        [] if is_host => Ok(None),
        [b':', digits @ ..] if is_host => port_number(digits),
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

/// Goes behind an IPv6 address or `IPvFuture` and its closing bracket (RFC 3986 section 3.2.2), if that is one. How the
/// groups are counted is left to whoever connects to it.
fn skip_ip_literal(scan: &mut Scan<'_>) -> bool {
    let class = match scan.rest {
        [b'v' | b'V', ..] => IP_FUTURE,
        _ => IP_V6,
    };
    scan.take(class).len() >= 2 && scan.eat(b']')
}

/// Goes behind unreserved octets, sub-delimiters and percent-encoded octets (RFC 3986 section 3.2.2), if they are.
fn skip_reg_name(scan: &mut Scan<'_>) -> bool {
    loop {
        scan.take(REG_NAME);
        if !scan.eat(b'%') {
            return true;
        }
        if leading(scan.rest, HEX) < 2 {
            return false;
        }
    }
}
