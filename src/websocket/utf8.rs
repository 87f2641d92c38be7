//! UTF-8 that arrives in pieces (RFC 6455 section 8.1): whole pieces go through `core::str::from_utf8`, or octet by octet where
//! flash is short, and only a character that a piece cuts in two is carried.

use core::str;

/// The first bytes of a character whose last bytes have not come yet.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    bytes: [u8; 4],
    len: u8,
}

/// A character that was cut and is whole, and behind it what is no UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Joined([u8; 4]);

impl Cut {
    pub(super) const NONE: Self = Self {
        bytes: [0; 4],
        len: 0,
    };

    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The text at the front of `bytes`, if none is cut.
    #[inline]
    pub(super) fn front<'b>(&self, bytes: &'b [u8]) -> Checked<'b> {
        if self.len > 0 {
            return Checked::default();
        }
        front(bytes)
    }

    /// Of so many bytes, those that go on with the character; all of them if none is cut.
    #[inline]
    pub(super) fn trim(&self, count: usize) -> usize {
        if self.is_empty() {
            return count;
        }
        count.min(length(self.bytes) - usize::from(self.len))
    }

    /// Adds the bytes from `at` on, which are of the character, until it is whole, and gives it then. If no character begins
    /// like this, the error is how many bytes stand behind the first that shows it.
    #[inline]
    pub(super) fn join(&mut self, bytes: &[u8], at: usize) -> Result<Option<Joined>, usize> {
        if cfg!(target_pointer_width = "64") && at == bytes.len() {
            Ok(None)
        } else {
            self.join_some(bytes, at)
        }
    }

    #[cfg_attr(target_pointer_width = "64", cold)]
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn join_some(&mut self, bytes: &[u8], mut at: usize) -> Result<Option<Joined>, usize> {
        while let Some(byte) = bytes.get(at) {
            at += 1;
            let behind = bytes.len() - at;
            match self.step(*byte) {
                Ok(true) => return Ok(Some(Joined(self.bytes))),
                Ok(false) => {}
                Err(()) => return Err(behind),
            }
        }
        Ok(None)
    }

    /// Goes on with that byte, and says whether the character is whole with it; an error if none begins like this.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn step(&mut self, byte: u8) -> Result<bool, ()> {
        // The Unicode Standard, table 3-7.
        let (low, high) = match (self.len, self.bytes[0]) {
            (0, _) if byte.is_ascii() => (0, 0x7f),
            (0, _) => (0xc2, 0xf4),
            (1, 0xe0) => (0xa0, 0xbf),
            (1, 0xed) => (0x80, 0x9f),
            (1, 0xf0) => (0x90, 0xbf),
            (1, 0xf4) => (0x80, 0x8f),
            _ => (0x80, 0xbf),
        };
        if byte < low || byte > high {
            return Err(());
        }
        if let Some(place) = self.bytes.get_mut(usize::from(self.len)) {
            *place = byte;
        }
        self.len += 1;
        let is_whole = usize::from(self.len) == length(self.bytes);
        if is_whole {
            self.len = 0;
        }
        Ok(is_whole)
    }
}

impl Joined {
    #[inline]
    pub(super) fn checked(&self) -> Checked<'_> {
        front(self.0.get(..length(self.0)).unwrap_or_default())
    }
}

/// The bytes of a character that begins like this.
#[inline]
fn length([first, ..]: [u8; 4]) -> usize {
    (first.leading_ones() as usize).max(1)
}

/// What is known to be UTF-8: a `str`, or where flash is short octets that become one when that is asked for, for `core` takes
/// 620 bytes to check them.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Checked<'b>(&'b Known);

#[cfg(target_pointer_width = "64")]
type Known = str;
#[cfg(not(target_pointer_width = "64"))]
type Known = [u8];

impl<'b> Checked<'b> {
    #[inline]
    pub(super) fn as_bytes(self) -> &'b [u8] {
        self.0.as_ref()
    }

    #[inline]
    pub(super) fn as_str(self) -> &'b str {
        #[cfg(target_pointer_width = "64")]
        return self.0;
        #[cfg(not(target_pointer_width = "64"))]
        str::from_utf8(self.0).unwrap_or_default()
    }
}

/// The text at the front of `bytes`.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(super) fn front(bytes: &[u8]) -> Checked<'_> {
    let mut front = bytes.get(..boundary(bytes)).unwrap_or_default();
    loop {
        match str::from_utf8(front) {
            Ok(text) => return Checked(text),
            Err(error) => front = front.get(..error.valid_up_to()).unwrap_or_default(),
        }
    }
}

/// The text at the front of `bytes`.
#[cfg(not(target_pointer_width = "64"))]
pub(super) fn front(bytes: &[u8]) -> Checked<'_> {
    Checked(bytes.get(..whole(bytes)).unwrap_or_default())
}

/// How many bytes at the front of `bytes` are whole characters: a word at a time where all of it is ASCII.
#[cfg(any(test, not(target_pointer_width = "64")))]
#[inline(never)]
fn whole(bytes: &[u8]) -> usize {
    const ASCII: u32 = 0x8080_8080;
    let (mut cut, mut rest, mut behind) = (Cut::NONE, bytes, bytes);
    loop {
        rest = match rest {
            [a, b, c, d, rest @ ..]
                if cut.is_empty() && u32::from_ne_bytes([*a, *b, *c, *d]) & ASCII == 0 =>
            {
                rest
            }
            [byte, rest @ ..] if cut.step(*byte).is_ok() => rest,
            _ => return bytes.len() - behind.len(),
        };
        if cut.is_empty() {
            behind = rest;
        }
    }
}

/// Where the character begins that the end of `bytes` cuts, or their length if the end cuts none.
///
/// It looks at the last three bytes only and does not say that they are right. With it no piece that is right is looked at
/// twice.
#[cfg(target_pointer_width = "64")]
#[inline]
fn boundary(bytes: &[u8]) -> usize {
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
            if !cut.is_empty() {
                let (more, rest) = piece.split_at(cut.trim(piece.len()));
                piece = rest;
                match cut.join(more, 0) {
                    Ok(None) => {}
                    Ok(Some(character)) => text.push_str(character.checked().as_str()),
                    Err(_) => return None,
                }
            }
            let whole = cut.front(piece);
            text.push_str(whole.as_str());
            if cut.join(piece, whole.as_bytes().len()).is_err() {
                return None;
            }
            from = to;
        }
        cut.is_empty().then_some(text)
    }

    fn agrees(bytes: &[u8]) {
        let valid = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        assert_eq!(whole(bytes), valid, "{bytes:x?}");
        assert_eq!(front(bytes).as_bytes(), &bytes[..valid]);
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
            "plain, \u{e9}plain \u{20ac}plain\u{1f600}plain again".as_bytes(),
            b"plain plain\xc3plain",
            b"plain plai\x80n plain",
            b"\x80\x80\x80\x80",
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
