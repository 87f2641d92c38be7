//! Masking (RFC 6455 section 5.3): octet `i` of a payload is combined with octet `i mod 4` of the key.

use crate::write;
use core::mem;

const WORD: usize = size_of::<usize>();

/// Octets that are combined at a time where vectors can be had.
const BLOCK: usize = 4 * WORD;

/// Masks or unmasks `bytes`, which begin where `key` begins, and gives the key for what follows. Its first octet is the low one.
#[inline]
pub(super) fn mask(bytes: &mut [u8], key: u32) -> u32 {
    if cfg!(target_pointer_width = "64") {
        let count = bytes.len();
        mask_blocks(bytes, key.to_le_bytes());
        u32::from_le_bytes(advance(key.to_le_bytes(), count))
    } else {
        mask_words(bytes, key.to_le_bytes())
    }
}

/// Copies `from` to a place of its length, masked or unmasked.
#[inline]
pub(super) fn copy(to: &mut [u8], from: &[u8], key: [u8; 4]) {
    if cfg!(target_pointer_width = "64") {
        copy_blocks(to, from, key);
    } else {
        write::copy_long(to, from);
        mask_words(to, key);
    }
}

/// The end of what fills no block is combined as a block too, before the others change what they share with it.
#[inline]
fn mask_blocks(bytes: &mut [u8], key: [u8; 4]) {
    let Some(end) = bytes.last_chunk::<BLOCK>() else {
        mask_words(bytes, key);
        return;
    };
    // Whole blocks hold the key a whole number of times.
    let end = combine(*end, advance(key, bytes.len()));
    each(bytes, |block: [u8; BLOCK]| combine(block, key));
    if let Some(place) = bytes.last_chunk_mut() {
        *place = end;
    }
}

#[inline]
fn copy_blocks(to: &mut [u8], from: &[u8], key: [u8; 4]) {
    let Some(end) = from.last_chunk::<BLOCK>() else {
        write::copy(to, from);
        mask_words(to, key);
        return;
    };
    for (to, from) in to.chunks_exact_mut(BLOCK).zip(from.chunks_exact(BLOCK)) {
        if let (Some(to), Some(from)) = (to.first_chunk_mut::<BLOCK>(), from.first_chunk()) {
            *to = combine(*from, key);
        }
    }
    if let Some(place) = to.last_chunk_mut() {
        *place = combine(*end, advance(key, from.len()));
    }
}

#[inline]
fn mask_words(mut bytes: &mut [u8], key: [u8; 4]) -> u32 {
    while bytes.len() >= WORD {
        let Some((octets, rest)) = mem::take(&mut bytes).split_first_chunk_mut() else {
            break;
        };
        *octets = xor(*octets, key);
        bytes = rest;
    }
    let mut key = u32::from_le_bytes(key);
    for byte in bytes {
        *byte ^= key.to_le_bytes()[0];
        key = key.rotate_right(8);
    }
    key
}

#[inline(always)]
fn combine(mut octets: [u8; BLOCK], key: [u8; 4]) -> [u8; BLOCK] {
    each(&mut octets, |octets| xor(octets, key));
    octets
}

/// A word of the machine, in its own byte order, so that no byte is moved.
#[inline(always)]
fn xor(octets: [u8; WORD], key: [u8; 4]) -> [u8; WORD] {
    let word = u32::from_ne_bytes(key) as usize * (usize::MAX / u32::MAX as usize);
    (usize::from_ne_bytes(octets) ^ word).to_ne_bytes()
}

/// Changes every `N` bytes and gives the remainder.
#[inline(always)]
fn each<const N: usize>(bytes: &mut [u8], change: impl Fn([u8; N]) -> [u8; N]) -> &mut [u8] {
    let mut chunks = bytes.chunks_exact_mut(N);
    for chunk in &mut chunks {
        if let Ok(chunk) = <&mut [u8; N]>::try_from(chunk) {
            *chunk = change(*chunk);
        }
    }
    chunks.into_remainder()
}

/// The key for what follows `count` bytes.
#[inline]
pub(super) fn advance(key: [u8; 4], count: usize) -> [u8; 4] {
    let octets = u32::from(count.to_le_bytes()[0]);
    u32::from_le_bytes(key)
        .rotate_right(8 * octets)
        .to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_the_byte(bytes: &mut [u8], key: [u8; 4]) {
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte ^= key[i % 4];
        }
    }

    #[test]
    fn r6455_42_words_give_what_bytes_give_at_every_alignment_and_length() {
        let key = [0x37, 0xfa, 0x21, 0x3d];
        for start in 0..=2 * WORD {
            for len in 0..=3 * BLOCK {
                let mut fast: [u8; 2 * WORD + 3 * BLOCK] =
                    core::array::from_fn(|i| i.to_le_bytes()[0] ^ 0x5a);
                let mut slow = fast;
                mask(&mut fast[start..start + len], u32::from_le_bytes(key));
                by_the_byte(&mut slow[start..start + len], key);
                assert_eq!(fast, slow, "start {start}, length {len}");
            }
        }
    }

    #[test]
    fn r6455_42_a_copy_is_masked_like_what_it_is_of() {
        let key = [0x37, 0xfa, 0x21, 0x3d];
        for len in 0..=3 * BLOCK {
            let payload: [u8; 3 * BLOCK] = core::array::from_fn(|i| i.to_le_bytes()[0] ^ 0x5a);
            let (mut copied, mut slow) = ([0; 3 * BLOCK], payload);
            copy(&mut copied[..len], &payload[..len], key);
            by_the_byte(&mut slow[..len], key);
            assert_eq!(copied[..len], slow[..len], "length {len}");
            assert_eq!(copied[len..], [0; 3 * BLOCK][len..], "length {len}");
        }
    }

    #[test]
    fn r6455_42_the_key_goes_on_from_every_offset() {
        let key = [1, 2, 4, 8];
        for cut in 0..=40 {
            let mut pieces = [0x55; 40];
            let mut whole = pieces;
            let (left, right) = pieces.split_at_mut(cut);
            let next = mask(left, u32::from_le_bytes(key));
            mask(right, next);
            by_the_byte(&mut whole, key);
            assert_eq!(pieces, whole, "cut at {cut}");
        }
    }
}
