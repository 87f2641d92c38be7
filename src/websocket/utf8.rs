//! UTF-8 that arrives in pieces (RFC 6455 section 8.1): whole pieces go through `core::str::from_utf8`, and only a
//! character that a piece cuts in two is carried.

use core::str;

/// The first bytes of a character whose last bytes have not come yet: at most three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    bytes: [u8; 3],
    len: u8,
}

/// The bytes of one character whose parts came in different pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Character {
    bytes: [u8; 4],
    len: u8,
}

impl Character {
    pub(super) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.len));
        bytes.map_or("", |bytes| str::from_utf8(bytes).unwrap_or(""))
    }
}

/// What one more byte made of a cut character.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Joined {
    /// The character is whole.
    Whole(Character),
    /// It is still cut.
    Cut,
    /// No character begins like this.
    Invalid,
}

impl Cut {
    pub(super) const NONE: Self = Self {
        bytes: [0; 3],
        len: 0,
    };

    #[inline]
    pub(super) const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Adds one byte.
    pub(super) fn push(&mut self, byte: u8) -> Joined {
        let [a, b, c] = self.bytes;
        let (bytes, len) = match self.len {
            0 => ([byte, 0, 0, 0], 1),
            1 => ([a, byte, 0, 0], 2),
            2 => ([a, b, byte, 0], 3),
            _ => ([a, b, c, byte], 4),
        };
        match bytes.get(..usize::from(len)).map(str::from_utf8) {
            Some(Ok(_)) => {
                *self = Self::NONE;
                Joined::Whole(Character { bytes, len })
            }
            Some(Err(error)) if error.error_len().is_none() => {
                let [a, b, c, _] = bytes;
                let bytes = [a, b, c];
                *self = Self { bytes, len };
                Joined::Cut
            }
            _ => Joined::Invalid,
        }
    }
}

/// Where the character begins that the end of `bytes` cuts, or their length if the end cuts none.
///
/// It looks at the last three bytes only and does not say that they are right.
#[inline]
pub(super) fn boundary(bytes: &[u8]) -> usize {
    let len = bytes.len();
    let from_the_end = bytes.iter().rev().take(3);
    for (after, byte) in from_the_end.enumerate() {
        let takes = match byte {
            0x00..=0x7f => return len,
            0x80..=0xbf => continue,
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xff => 4,
        };
        return if takes > after + 1 {
            len - after - 1
        } else {
            len
        };
    }
    len
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::{string::String, vec::Vec};

    /// The text that the pieces of `bytes`, cut at `cuts`, give; or none if they are not UTF-8.
    fn joined(bytes: &[u8], cuts: &[usize]) -> Option<String> {
        let (mut text, mut cut, mut from) = (String::new(), Cut::NONE, 0);
        for to in cuts.iter().copied().chain([bytes.len()]) {
            let mut piece = &bytes[from..to];
            while let (false, Some((first, rest))) = (cut.is_empty(), piece.split_first()) {
                piece = rest;
                match cut.push(*first) {
                    Joined::Whole(character) => text.push_str(character.as_str()),
                    Joined::Cut => {}
                    Joined::Invalid => return None,
                }
            }
            let (whole, tail) = piece.split_at(boundary(piece));
            text.push_str(str::from_utf8(whole).ok()?);
            for byte in tail {
                if cut.push(*byte) != Joined::Cut {
                    return None;
                }
            }
            from = to;
        }
        cut.is_empty().then_some(text)
    }

    fn agrees(bytes: &[u8]) {
        let expected = str::from_utf8(bytes).ok();
        for a in 0..=bytes.len() {
            for b in a..=bytes.len() {
                let got = joined(bytes, &[a, b]);
                assert_eq!(got.as_deref(), expected, "{bytes:x?} cut at {a} and {b}");
            }
        }
        let everywhere: Vec<usize> = (0..=bytes.len()).collect();
        assert_eq!(joined(bytes, &everywhere).as_deref(), expected);
    }

    #[test]
    fn r6455_49_every_pair_of_bytes_behind_every_lead() {
        for lead in [
            0x41, 0x80, 0xc1, 0xc3, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff,
        ] {
            for a in (0..=0xff).step_by(3) {
                for b in [
                    0x00, 0x28, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xe2, 0xff,
                ] {
                    agrees(&[lead, a, b, 0x80]);
                }
            }
        }
    }

    #[test]
    fn r6455_49_adversarial_strings() {
        for bytes in [
            "\u{0}\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}".as_bytes(),
            "κόσμε \u{1f600} ok".as_bytes(),
            b"\xc3\x28",
            b"\xed\xa0\x80",
            b"\xc0\xaf",
            b"\xf4\x90\x80\x80",
            b"\xe2\x82",
            b"a\xf0\x9f\x98",
            b"\xe2\x82\xc3\xa9",
            b"\xf0\x9f\xe2\x82\xac",
        ] {
            agrees(bytes);
        }
    }

    #[test]
    fn r6455_49_random_strings() {
        let mut seed: u32 = 1;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 16
        };
        for round in 0..2000 {
            let mut text = String::new();
            for _ in 0..4 {
                let code = random() << 8 | random() & 0xff;
                text.extend(char::from_u32(code >> (random() % 17) & 0x001f_ffff));
            }
            let mut bytes = text.into_bytes();
            if round % 2 == 1 && !bytes.is_empty() {
                let at = random() as usize % bytes.len();
                bytes[at] = (random() & 0xff) as u8;
            }
            agrees(&bytes);
        }
    }
}
