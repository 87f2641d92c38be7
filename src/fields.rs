//! The grammar of field values that several fields share: tokens, lists, authorities, numbers.

/// The most members that the lists of one request or response may have, empty ones included (RFC 9110 section 5.6.1).
pub const MAX_LIST_MEMBERS: usize = 100;

/// Whether that octet may stand in a token (RFC 9110 section 5.6.2).
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    matches!(byte,
        b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
}

/// Whether those octets are a token (RFC 9110 section 5.6.2).
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| is_token_byte(byte))
}

/// Whether that octet may stand in a field value (RFC 9110 section 5.5).
pub(crate) const fn is_value_byte(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}

/// Without the SP and HTAB at both ends (RFC 9110 section 5.6.3).
pub(crate) const fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// Whether two names are equal without regard to case. `lower` is in lower case.
///
/// Compares a word at a time. Exact for a `name` of token octets, the only ones that fall together under `| 0x20` with a
/// lower-case letter, a digit or `-` being the same letter, digit or `-`.
#[inline]
pub(crate) fn same_name(name: &[u8], lower: &[u8]) -> bool {
    const CASE: u64 = 0x2020_2020_2020_2020;
    if name.len() != lower.len() {
        return false;
    }
    let (mut name, mut lower) = (name, lower);
    while let (Some((a, name_rest)), Some((b, lower_rest))) =
        (name.split_first_chunk(), lower.split_first_chunk())
    {
        if u64::from_ne_bytes(*a) | CASE != u64::from_ne_bytes(*b) | CASE {
            return false;
        }
        (name, lower) = (name_rest, lower_rest);
    }
    name.iter().zip(lower).all(|(a, b)| a | 0x20 == b | 0x20)
}

/// The members of a list, trimmed, empty ones left out (RFC 9110 section 5.6.1). Commas inside quotes are not known here:
/// for lists whose members are tokens.
pub(crate) fn members(value: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    value
        .split(|&byte| byte == b',')
        .map(trim)
        .filter(|member| !member.is_empty())
}

/// The number that those digits write: no sign, no space, no overflow (RFC 9110 section 8.6).
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, &digit| {
        let digit = digit.is_ascii_digit().then_some(digit & 0x0f)?;
        sum.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// Whether those octets are `uri-host [":" port]` (RFC 9110 section 7.2); the empty authority is one.
pub(crate) fn is_authority(bytes: &[u8]) -> bool {
    let port = match bytes {
        [b'[', rest @ ..] => match split_once(rest, b']') {
            Some((literal, port)) if is_ip_literal(literal) => port,
            _ => return false,
        },
        _ => {
            let end = bytes
                .iter()
                .position(|&byte| byte == b':')
                .unwrap_or(bytes.len());
            let Some((name, port)) = bytes.split_at_checked(end) else {
                return false;
            };
            if !is_reg_name(name) {
                return false;
            }
            port
        }
    };
    matches!(port, []) || matches!(port, [b':', digits @ ..] if port_number(digits) != Err(()))
}

/// The port behind the colon: `Ok(None)` when empty, an error when it is no port.
pub(crate) fn port_number(digits: &[u8]) -> Result<Option<u16>, ()> {
    if digits.is_empty() {
        return Ok(None);
    }
    number(digits)
        .and_then(|port| u16::try_from(port).ok())
        .map(Some)
        .ok_or(())
}

/// The two sides of the first `separator`.
pub(crate) fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|&byte| byte == separator)?;
    let (before, rest) = bytes.split_at_checked(at)?;
    Some((before, rest.split_first()?.1))
}

/// An IPv6 address or IPvFuture between the brackets (RFC 3986 section 3.2.2); how its groups are counted is left to
/// whoever connects to it.
fn is_ip_literal(bytes: &[u8]) -> bool {
    match bytes {
        [b'v' | b'V', rest @ ..] => {
            !rest.is_empty()
                && rest
                    .iter()
                    .all(|&byte| byte == b':' || is_reg_name(&[byte]))
        }
        _ => {
            bytes.len() >= 2
                && bytes
                    .iter()
                    .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        }
    }
}

/// Unreserved octets, sub-delimiters and percent-encoded octets (RFC 3986 section 3.2.2), but no comma: a comma in Host is
/// the mark of two joined Host lines.
fn is_reg_name(mut bytes: &[u8]) -> bool {
    loop {
        bytes = match bytes {
            [] => return true,
            [b'%', a, b, rest @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => rest,
            [b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z', rest @ ..] => rest,
            [
                b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+'
                | b';' | b'=',
                rest @ ..,
            ] => rest,
            _ => return false,
        };
    }
}
