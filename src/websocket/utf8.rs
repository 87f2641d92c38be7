//! UTF-8 that arrives in pieces (RFC 6455 section 8.1): whole pieces go through `core::str::from_utf8`, and only a
//! character that a piece cuts in two is carried.

use core::str;

/// The first bytes of a character whose last bytes have not come yet, or all of them once they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    bytes: [u8; 4],
    len: u8,
}

impl Cut {
    pub(super) const NONE: Self = Self {
        bytes: [0; 4],
        len: 0,
    };

    #[inline]
    pub(super) const fn is_empty(self) -> bool {
        self.len == 0
    }

    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&[])
    }

    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(self.bytes()).unwrap_or("")
    }

    /// Of so many bytes, those that go on with the character; all of them if none is cut.
    #[inline]
    pub(super) fn trim(self, count: usize) -> usize {
        if self.len == 0 {
            return count;
        }
        count.min(self.bytes[0].leading_ones() as usize - usize::from(self.len))
    }

    /// Adds bytes and says what has become of the character.
    #[cold]
    #[inline(never)]
    pub(super) fn join(&mut self, bytes: &[u8]) -> Joined {
        for byte in bytes {
            if let Some(place) = self.bytes.get_mut(usize::from(self.len)) {
                *place = *byte;
                self.len += 1;
            }
        }
        match str::from_utf8(self.bytes()) {
            Ok(_) => Joined::Whole,
            Err(error) if error.error_len().is_none() => Joined::Cut,
            Err(_) => Joined::Invalid,
        }
    }
}

/// What more bytes have made of a cut character.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Joined {
    /// The character is whole.
    Whole,
    /// It is still cut.
    Cut,
    /// No character begins like this.
    Invalid,
}

/// Where the character begins that the end of `bytes` cuts, or their length if the end cuts none.
///
/// It looks at the last three bytes only and does not say that they are right.
#[inline]
pub(super) fn boundary(bytes: &[u8]) -> usize {
    let mut whole = bytes.len();
    for byte in bytes.iter().rev().take(3) {
        whole -= 1;
        match byte.leading_ones() as usize {
            0 => break,
            bytes_of_character if bytes_of_character > bytes.len() - whole => return whole,
            _ => {}
        }
    }
    bytes.len()
}

/// How many of `bytes`, which are not UTF-8, stand behind the first that shows it.
#[cold]
pub(super) fn behind(bytes: &[u8]) -> usize {
    let Err(error) = str::from_utf8(bytes) else {
        return 0;
    };
    let bad = bytes.get(error.valid_up_to()..).unwrap_or(&[]);
    let shown = match (error.error_len(), bad.first()) {
        // What can begin a character is wrong with the byte behind it.
        (Some(len), Some(0xc2..=0xf4)) => len + 1,
        (Some(len), _) => len,
        (None, _) => bad.len(),
    };
    bad.len() - shown
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
            while !cut.is_empty() && !piece.is_empty() {
                let (tail, rest) = piece.split_at(cut.trim(piece.len()));
                piece = rest;
                match cut.join(tail) {
                    Joined::Whole => {
                        text.push_str(cut.as_str());
                        cut = Cut::NONE;
                    }
                    Joined::Cut => {}
                    Joined::Invalid => return None,
                }
            }
            let (whole, tail) = piece.split_at(boundary(piece));
            text.push_str(str::from_utf8(whole).ok()?);
            if !tail.is_empty() && cut.join(tail) != Joined::Cut {
                return None;
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
