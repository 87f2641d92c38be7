//! The grammar of field values that several fields share: tokens, lists, authorities, numbers.

/// The most members that the lists of one request or response may have, empty ones included (RFC 9110 section 5.6.1).
pub const MAX_LIST_MEMBERS: usize = 100;

/// Whether that octet may stand in a token (RFC 9110 section 5.6.2).
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    is_in(byte, TOKEN)
}

/// What an octet may be part of, a bit each, looked up in [`CLASSES`].
const TOKEN: u8 = 1;
/// `reg-name` without its percent-encoded octets.
const REG_NAME: u8 = 1 << 1;
/// The digits of base64.
const BASE64: u8 = 1 << 2;
/// A request target.
const TARGET: u8 = 1 << 3;

/// What separates nothing: a target before it is judged.
const TARGET_LIKE: u8 = 1 << 4;

/// One look instead of a chain of comparisons: heads are judged octet by octet.
static CLASSES: [u8; 256] = classes();

const fn is_in(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        let alphanumeric = byte.is_ascii_alphanumeric();
        let mut class = 0;
        if alphanumeric
            || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
        {
            class |= TOKEN;
        }
        // No comma: a comma in Host is the mark of two joined Host lines.
        if alphanumeric
            || matches!(
                byte,
                b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&'..=b'+' | b';' | b'='
            )
        {
            class |= REG_NAME;
        }
        if alphanumeric || matches!(byte, b'+' | b'/') {
            class |= BASE64;
        }
        // No fragment (RFC 9112 section 3.2).
        if byte.is_ascii_graphic() && byte != b'#' {
            class |= TARGET;
        }
        if byte > b' ' && byte != 0x7f {
            class |= TARGET_LIKE;
        }
        classes[byte as usize] = class;
        if byte == u8::MAX {
            return classes;
        }
        byte += 1;
    }
}

/// How many octets from the first on are of that class: four at a time, for most are.
#[inline(never)]
fn leading(bytes: &[u8], class: u8) -> usize {
    let mut len = 0;
    for group in bytes.chunks_exact(4) {
        let common = group
            .iter()
            .fold(class, |common, &byte| common & CLASSES[byte as usize]);
        if common == 0 {
            break;
        }
        len += group.len();
    }
    for byte in bytes.get(len..).unwrap_or_default() {
        if !is_in(*byte, class) {
            break;
        }
        len += 1;
    }
    len
}

/// How long the token is that those octets start with; 0 if they start with none.
pub(crate) fn token_len(bytes: &[u8]) -> usize {
    leading(bytes, TOKEN)
}

/// How many octets a request-line has there for its target, good or bad.
pub(crate) fn target_len(bytes: &[u8]) -> usize {
    leading(bytes, TARGET_LIKE)
}

/// How many octets from the first on may stand in a request target (RFC 9112 section 3.2).
pub(crate) fn good_target_len(bytes: &[u8]) -> usize {
    leading(bytes, TARGET)
}

/// Whether those octets may stand in a request target.
pub(crate) fn is_target(bytes: &[u8]) -> bool {
    good_target_len(bytes) == bytes.len()
}

/// Whether those octets are digits of base64 (RFC 4648 section 4).
pub(crate) fn is_base64(bytes: &[u8]) -> bool {
    let class = |class, &byte: &u8| class & CLASSES[byte as usize];
    bytes.iter().fold(BASE64, class) != 0
}

/// Whether those octets are a token (RFC 9110 section 5.6.2).
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && token_len(bytes) == bytes.len()
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

/// Whether two names are equal without regard to case. `lower` is in lower case, and mostly known when this is compiled.
///
/// Compares words, the last one overlapping. Exact for octets of a field value: no two of them fall together under
/// `| 0x20` with a lower-case letter, a digit or `-` but the two cases of a letter.
#[cfg(target_pointer_width = "64")]
#[inline(always)]
pub(crate) fn same_name(name: &[u8], lower: &[u8]) -> bool {
    name.len() == lower.len()
        && match lower.len() {
            0..4 => name.iter().zip(lower).all(|(a, b)| a | 0x20 == b | 0x20),
            4..8 => {
                is_same_half(name.first_chunk(), lower.first_chunk())
                    && is_same_half(name.last_chunk(), lower.last_chunk())
            }
            _ => {
                let words = name.chunks_exact(8).zip(lower.chunks_exact(8));
                words
                    .into_iter()
                    .all(|(a, b)| is_same_word(a.first_chunk(), b.first_chunk()))
                    && is_same_word(name.last_chunk(), lower.last_chunk())
            }
        }
}

/// As above, where flash is short.
#[cfg(not(target_pointer_width = "64"))]
#[inline(never)]
pub(crate) fn same_name(name: &[u8], lower: &[u8]) -> bool {
    name.eq_ignore_ascii_case(lower)
}

#[cfg(target_pointer_width = "64")]
#[inline(always)]
fn is_same_word(a: Option<&[u8; 8]>, b: Option<&[u8; 8]>) -> bool {
    const CASE: u64 = 0x2020_2020_2020_2020;
    a.map(|a| u64::from_ne_bytes(*a) | CASE) == b.map(|b| u64::from_ne_bytes(*b) | CASE)
}

#[cfg(target_pointer_width = "64")]
#[inline(always)]
fn is_same_half(a: Option<&[u8; 4]>, b: Option<&[u8; 4]>) -> bool {
    const CASE: u32 = 0x2020_2020;
    a.map(|a| u32::from_ne_bytes(*a) | CASE) == b.map(|b| u32::from_ne_bytes(*b) | CASE)
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

/// The two sides of the first `separator`.
pub(crate) fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|&byte| byte == separator)?;
    let (before, rest) = bytes.split_at_checked(at)?;
    Some((before, rest.split_first()?.1))
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
