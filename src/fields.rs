//! The grammar of field values that several fields share: names, lists, numbers.

use crate::scan::Scan;

/// The most members that the lists of one request or response may have, empty ones included (RFC 9110 section 5.6.1).
pub const MAX_LIST_MEMBERS: usize = 100;

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
#[inline(always)]
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

/// Whether a name starts with `lower`, without regard to case.
pub(crate) fn starts_with_name(name: &[u8], lower: &[u8]) -> bool {
    name.get(..lower.len())
        .is_some_and(|start| same_name(start, lower))
}

/// The members of a list, trimmed, empty ones left out (RFC 9110 section 5.6.1). Commas inside quotes are not known here:
/// for lists whose members are tokens.
#[derive(Clone)]
pub(crate) struct Members<'a> {
    rest: Option<&'a [u8]>,
}

pub(crate) const fn members(value: &[u8]) -> Members<'_> {
    Members { rest: Some(value) }
}

impl<'a> Iterator for Members<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        while let Some(member) = take_member(&mut self.rest) {
            if !member.is_empty() {
                return Some(member);
            }
        }
        None
    }
}

/// The first member of a list, trimmed and perhaps empty; what stands behind its comma is left, if there is one.
pub(crate) fn take_member<'a>(list: &mut Option<&'a [u8]>) -> Option<&'a [u8]> {
    if cfg!(target_pointer_width = "64") {
        let whole = (*list)?;
        let parts = split_once(whole, b',');
        *list = parts.map(|(_, more)| more);
        return Some(trim(parts.map_or(whole, |(first, _)| first)));
    }
    let mut scan = Scan::new((*list)?);
    let first = scan.until(b',');
    *list = first.map(|_| scan.rest);
    Some(trim(first.unwrap_or(scan.rest)))
}

/// The number that those digits write: no sign, no space, no overflow (RFC 9110 section 8.6).
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    // In halves: a checked multiplication of 64 bits is dear where words have 32.
    let (mut high, mut low) = (0_u32, 0_u32);
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        let low_sum = u64::from(low) * 10 + u64::from(digit);
        let high_sum = u64::from(high) * 10 + (low_sum >> 32);
        if digit > 9 || high_sum > u64::from(u32::MAX) {
            return None;
        }
        (high, low) = (high_sum as u32, low_sum as u32);
    }
    (!digits.is_empty()).then_some(u64::from(high) << 32 | u64::from(low))
}

/// The number that those digits write, if it fits in 16 bits; 0 for none.
pub(crate) fn small_number(digits: &[u8]) -> Option<u16> {
    let mut sum = 0_u32;
    for digit in digits {
        let digit = u32::from(digit.wrapping_sub(b'0'));
        if digit > 9 || sum > u32::from(u16::MAX) {
            return None;
        }
        sum = sum * 10 + digit;
    }
    u16::try_from(sum).ok()
}

/// The two sides of the first `separator`.
pub(crate) fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    if cfg!(target_pointer_width = "64") {
        let at = bytes.iter().position(|&byte| byte == separator)?;
        let (before, rest) = bytes.split_at_checked(at)?;
        return Some((before, rest.split_first()?.1));
    }
    let mut scan = Scan::new(bytes);
    let before = scan.until(separator)?;
    Some((before, scan.rest))
}
