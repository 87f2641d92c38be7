//! Groups of base64url (RFC 4648 section 5).

use base64ct::{Base64UrlUnpadded, Encoding};

/// The characters of a group: six octets.
pub(super) const CHARACTERS: usize = 8;

/// What [`bits`] says of a group that is none: more than 48 bits can be.
pub(super) const STRAY: u64 = u64::MAX;

/// The 48 bits of a group, by `base64ct`, or where flash is short in less code: constant time hides no secret here.
#[inline]
pub(super) fn bits(group: &[u8]) -> u64 {
    if cfg!(target_pointer_width = "64") {
        by_base64ct(group)
    } else {
        small(group)
    }
}

/// In an array, whose length folds the checks of `base64ct` away, and its panics.
#[inline(never)]
fn by_base64ct(group: &[u8]) -> u64 {
    let mut group: [u8; CHARACTERS] = group.first_chunk().copied().unwrap_or_default();
    // `decode` would encode what it has decoded once more, to compare bits that no whole group leaves over.
    match Base64UrlUnpadded::decode_in_place(&mut group) {
        Ok(&[a, b, c, d, e, f]) => u64::from_be_bytes([0, 0, a, b, c, d, e, f]),
        _ => STRAY,
    }
}

#[inline(never)]
fn small(group: &[u8]) -> u64 {
    let mut bits = 0;
    for character in group {
        let digit = match *character {
            upper @ b'A'..=b'Z' => upper - b'A',
            lower @ b'a'..=b'z' => lower - (b'a' - 26),
            digit @ b'0'..=b'9' => digit + (52 - b'0'),
            b'-' => 62,
            b'_' => 63,
            _ => return STRAY,
        };
        bits = bits << 6 | u64::from(digit);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::{CHARACTERS, by_base64ct, small};

    /// Every octet in every place, and groups of digits at random.
    #[test]
    fn decodes_as_base64ct_does() {
        let alike = |group: &[u8; CHARACTERS]| {
            assert_eq!(small(group), by_base64ct(group), "{}", group.escape_ascii());
        };
        for place in 0..CHARACTERS {
            for octet in 0..=u8::MAX {
                let mut group = *b"AJkAZ09_";
                group[place] = octet;
                alike(&group);
            }
        }
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut random = 0x9e37_79b9_u32;
        for _ in 0..5000 {
            let group = core::array::from_fn(|_| {
                random ^= random << 13;
                random ^= random >> 17;
                random ^= random << 5;
                digits[random as usize % digits.len()]
            });
            alike(&group);
        }
    }

    #[test]
    fn the_first_character_is_the_highest() {
        assert_eq!(small(b"AAMAAABk"), 3 << 32 | 0x64);
        assert_eq!(small(b"--______"), 0xfbef_ffff_ffff);
        assert_eq!(small(b"AAMAAAB="), super::STRAY);
    }
}
