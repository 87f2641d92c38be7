//! `host [":" port]` (RFC 9110 section 7.2, RFC 3986 section 3.2).

use crate::fields::split_once;
use crate::octets::{REG_NAME, is_in, leading};

/// Whether those octets are `uri-host [":" port]` (RFC 9110 section 7.2); the empty authority is one.
pub(crate) fn is_authority(bytes: &[u8]) -> bool {
    let port = match bytes {
        [b'[', rest @ ..] => match split_once(rest, b']') {
            Some((literal, port)) if is_ip_literal(literal) => port,
            _ => return false,
        },
        _ => behind_reg_name(bytes),
    };
    match port {
        [] => true,
        [b':', digits @ ..] => port_number(digits) != Err(()),
        _ => false,
    }
}

/// The port behind the colon: `Ok(None)` when empty, an error when it is no port.
pub(crate) fn port_number(digits: &[u8]) -> Result<Option<u16>, ()> {
    // Five digits fit in 32 bits.
    let number = (digits.len() <= 5).then_some(()).and_then(|()| {
        digits.iter().try_fold(0_u32, |sum, digit| {
            let digit = digit.wrapping_sub(b'0');
            (digit < 10).then(|| sum * 10 + u32::from(digit))
        })
    });
    match number.map(u16::try_from) {
        Some(Ok(_)) if digits.is_empty() => Ok(None),
        Some(Ok(port)) => Ok(Some(port)),
        _ => Err(()),
    }
}

/// An IPv6 address or `IPvFuture` between the brackets (RFC 3986 section 3.2.2); how its groups are counted is left to
/// whoever connects to it.
fn is_ip_literal(bytes: &[u8]) -> bool {
    match bytes {
        [b'v' | b'V', rest @ ..] => {
            !rest.is_empty()
                && rest
                    .iter()
                    .all(|&byte| byte == b':' || is_in(byte, REG_NAME))
        }
        _ => {
            bytes.len() >= 2
                && bytes
                    .iter()
                    .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        }
    }
}

/// What follows the unreserved octets, sub-delimiters and percent-encoded octets at the start (RFC 3986 section 3.2.2).
fn behind_reg_name(mut bytes: &[u8]) -> &[u8] {
    loop {
        bytes = match bytes.get(leading(bytes, REG_NAME)..) {
            Some([b'%', a, b, rest @ ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => rest,
            rest => return rest.unwrap_or_default(),
        };
    }
}
