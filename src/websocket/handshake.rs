//! The server's half of the opening handshake (RFC 6455 section 4.2).

use super::sha1;
use crate::Status;
use crate::fields::{members, small_number};
use crate::octets::{BASE64, are, is_token};
use crate::request::Once;

/// The version of RFC 6455, the only one.
pub const VERSION: &str = "13";

/// The length of a Sec-WebSocket-Key: 16 octets in base64.
pub(crate) const KEY_LEN: usize = 24;

/// The length of a Sec-WebSocket-Accept: 20 octets in base64.
pub(crate) const ACCEPT_LEN: usize = 28;

/// What both sides append to the key (RFC 6455 section 1.3).
const GUID: &[u8; 36] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Why a request that asks for WebSocket is no opening handshake (RFC 6455 section 4.2.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum HandshakeError {
    /// The method is not GET.
    // No rule broken is 0 then, which takes less code to look for.
    Method = 1,
    /// The target is neither a path nor an absolute `http` or `https` URI.
    Target,
    /// Sec-WebSocket-Version is missing, repeated or no number from 0 to 255.
    BadVersion,
    /// Sec-WebSocket-Version is not 13.
    UnsupportedVersion,
    /// Sec-WebSocket-Key is missing, repeated or not 16 octets in base64.
    Key,
    /// Sec-WebSocket-Protocol is no list of tokens.
    Subprotocols,
    /// Sec-WebSocket-Extensions breaks its grammar.
    Extensions,
    /// The policy does not allow that Origin.
    Origin,
}

impl HandshakeError {
    /// The status that answers it.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            HandshakeError::Method => Status::METHOD_NOT_ALLOWED,
            HandshakeError::UnsupportedVersion => Status::UPGRADE_REQUIRED,
            HandshakeError::Origin => Status::FORBIDDEN,
            _ => Status::BAD_REQUEST,
        }
    }
}

impl core::fmt::Display for HandshakeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            HandshakeError::Method => "the method is not GET",
            HandshakeError::Target => "the target is no http or https URI",
            HandshakeError::BadVersion => "Sec-WebSocket-Version is not one number",
            HandshakeError::UnsupportedVersion => "Sec-WebSocket-Version is not 13",
            HandshakeError::Key => "Sec-WebSocket-Key is not 16 octets in base64",
            HandshakeError::Subprotocols => "Sec-WebSocket-Protocol is no list of tokens",
            HandshakeError::Extensions => "Sec-WebSocket-Extensions breaks its grammar",
            HandshakeError::Origin => "the policy does not allow that Origin",
        })
    }
}

impl core::error::Error for HandshakeError {}

/// The first rule of RFC 6455 section 4.2.1 that these fields break.
pub(crate) fn error(key: Once<'_>, version: Once<'_>) -> Option<HandshakeError> {
    match version.one().and_then(version_number) {
        Some(13) => {}
        Some(_) => return Some(HandshakeError::UnsupportedVersion),
        None => return Some(HandshakeError::BadVersion),
    }
    match key {
        Once::One(key) if is_key(key) => None,
        _ => Some(HandshakeError::Key),
    }
}

/// Whether that is a list of subprotocols.
pub(crate) fn are_subprotocols(value: &[u8]) -> bool {
    members(value).all(is_token)
}

/// 16 octets in padded base64. The pad bits are not looked at: the RFC's own sample sets them (erratum 3150).
fn is_key(key: &[u8]) -> bool {
    match key {
        [digits @ .., b'=', b'='] => digits.len() == KEY_LEN - 2 && are(digits, BASE64),
        _ => false,
    }
}

/// A number from 0 to 255 without a leading zero (RFC 6455 section 4.3).
fn version_number(value: &[u8]) -> Option<u16> {
    match value {
        [_] | [b'1'..=b'9', ..] => small_number(value).filter(|&number| number <= 255),
        _ => None,
    }
}

/// Sec-WebSocket-Accept for that key (RFC 6455 section 4.2.2).
///
/// ```
/// let accept = http_upgrade::websocket::accept_key(b"dGhlIHNhbXBsZSBub25jZQ==");
/// assert_eq!(&accept, b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
/// ```
#[must_use]
#[cfg_attr(target_pointer_width = "64", inline(never))]
pub fn accept_key(key: &[u8; KEY_LEN]) -> [u8; ACCEPT_LEN] {
    let mut accept = [0; ACCEPT_LEN];
    base64(&sha1::hash(key, GUID), &mut accept);
    accept
}

/// Writes octets in base64 (RFC 4648 section 4) into a text of just that length, four characters for three octets.
/// `base64ct` takes longer, to hide what is no secret here.
pub(crate) fn base64(octets: &[u8], text: &mut [u8]) {
    let mut written = 0;
    // Whole groups at a time where flash is not short.
    if cfg!(target_pointer_width = "64") {
        for (group, digits) in octets.chunks_exact(3).zip(text.chunks_exact_mut(4)) {
            let bits = group
                .iter()
                .fold(0, |bits, &octet| bits << 8 | u32::from(octet));
            for (digit, shift) in digits.iter_mut().zip([18, 12, 6, 0]) {
                *digit = base64_digit(bits >> shift);
            }
            written += digits.len();
        }
    }
    let octet = |at| u32::from(octets.get(at).copied().unwrap_or_default());
    for (at, digit) in text.iter_mut().enumerate().skip(written) {
        let bit = at * 6;
        let start = bit / 8;
        let bits = octet(start) << 8 | octet(start + 1);
        *digit = if start < octets.len() {
            base64_digit(bits >> (10 - bit % 8))
        } else {
            b'='
        };
    }
}

/// The digit of the six low bits: from a table, or where flash is short from the ranges that it is made of.
#[allow(clippy::cast_possible_truncation)]
fn base64_digit(bits: u32) -> u8 {
    let bits = bits as u8 & 0x3f;
    if cfg!(target_pointer_width = "64") {
        DIGITS[bits as usize]
    } else {
        digit_of_range(bits)
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn digit_of_range(bits: u8) -> u8 {
    match bits {
        0..26 => b'A' + bits,
        26..52 => b'a' + (bits - 26),
        52..62 => b'0' + (bits - 52),
        62 => b'+',
        _ => b'/',
    }
}

#[cfg(test)]
mod tests {
    use super::{DIGITS, digit_of_range};

    #[test]
    fn the_digits_of_the_ranges_are_those_of_the_table() {
        for (bits, digit) in (0..).zip(DIGITS) {
            assert_eq!(digit_of_range(bits), *digit);
        }
    }
}
