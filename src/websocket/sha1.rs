//! SHA-1 (RFC 3174), for Sec-WebSocket-Accept alone: it keeps no secret there.

use crate::write::copy;

/// The octets of what is hashed: a key and the GUID.
const MESSAGE: usize = 60;

/// The same in bits.
const BITS: u16 = 480;

/// The octets of a block.
const BLOCK: usize = 64;

/// The hash of both, one behind the other, 60 octets: by `sha1_smol`, which is faster, or where flash is short in a sixth of
/// its code, of which none panics.
#[inline]
pub(super) fn hash(key: &[u8; 24], guid: &[u8; 36]) -> [u8; 20] {
    if cfg!(target_pointer_width = "64") {
        let mut message = [0; MESSAGE];
        if let Some(start) = message.first_chunk_mut() {
            *start = *key;
        }
        if let Some(end) = message.last_chunk_mut() {
            *end = *guid;
        }
        let mut sha1 = sha1_smol::Sha1::new();
        sha1.update(&message);
        sha1.digest().bytes()
    } else {
        let mut block = [0; BLOCK];
        copy(&mut block, key);
        copy(block.get_mut(key.len()..).unwrap_or_default(), guid);
        // A 1 bit ends the message (RFC 3174 section 4).
        block[MESSAGE] = 0x80;
        hash_small(&mut block)
    }
}

/// The hash of a message that fills the block with its end; its length in bits ends another.
fn hash_small(block: &mut [u8; BLOCK]) -> [u8; 20] {
    let mut state = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    process(&mut state, block);
    *block = [0; BLOCK];
    if let Some(end) = block.last_chunk_mut() {
        *end = BITS.to_be_bytes();
    }
    process(&mut state, block);
    let mut hash = [0; 20];
    for (octets, word) in hash.chunks_exact_mut(4).zip(state) {
        if let Some(octets) = octets.first_chunk_mut() {
            *octets = word.to_be_bytes();
        }
    }
    hash
}

/// Hashes a block (RFC 3174 section 6.1).
#[inline(never)]
fn process(state: &mut [u32; 5], block: &[u8; BLOCK]) {
    let mut words = [0; 80];
    for (word, octets) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = octets
            .iter()
            .fold(0, |word, octet| word << 8 | u32::from(*octet));
    }
    for at in BLOCK / 4..words.len() {
        let mixed = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16];
        words[at] = mixed.rotate_left(1);
    }
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    for (quarter, words) in words.chunks_exact(20).enumerate() {
        for word in words {
            let (mixed, constant) = match quarter {
                0 => (d ^ (b & (c ^ d)), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (d & (b | c)), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e);
            (e, d, c, b) = (d, c, b.rotate_left(30), a);
            a = sum.wrapping_add(constant).wrapping_add(*word);
        }
    }
    for (word, more) in state.iter_mut().zip([a, b, c, d, e]) {
        *word = word.wrapping_add(more);
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, MESSAGE, hash_small};

    fn hash(message: &[u8; MESSAGE]) -> [u8; 20] {
        let mut block = [0; BLOCK];
        block[..MESSAGE].copy_from_slice(message);
        block[MESSAGE] = 0x80;
        hash_small(&mut block)
    }

    #[test]
    fn hashes_as_sha1_smol_does() {
        let mut message = [0; MESSAGE];
        let mut random = 0x9e37_79b9_u32;
        for _ in 0..2000 {
            for octet in &mut message {
                random ^= random << 13;
                random ^= random >> 17;
                random ^= random << 5;
                *octet = random.to_be_bytes()[0];
            }
            let theirs = sha1_smol::Sha1::from(message).digest().bytes();
            assert_eq!(hash(&message), theirs);
        }
    }

    /// Of the key in RFC 6455 section 1.3.
    #[test]
    fn hashes_the_sample_of_the_rfc() {
        let message = b"dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        let expected = [
            0xb3, 0x7a, 0x4f, 0x2c, 0xc0, 0x62, 0x4f, 0x16, 0x90, 0xf6, 0x46, 0x06, 0xcf, 0x38,
            0x59, 0x45, 0xb2, 0xbe, 0xc4, 0xea,
        ];
        assert_eq!(hash(message), expected);
    }
}
