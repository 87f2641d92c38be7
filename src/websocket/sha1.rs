//! SHA-1 (RFC 3174), for Sec-WebSocket-Accept alone: it keeps no secret there.

/// The octets of what is hashed: a key and the GUID.
const MESSAGE: usize = 60;

/// The same in bits.
const BITS: u32 = 480;

/// The words of a block.
const WORDS: usize = 16;

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
        hash_small(key, guid)
    }
}

/// The hash in 16 words of schedule (RFC 3174 section 6.2): a message that fills a block but for its end, which is a 1 bit
/// (section 4), and a block with nothing but the length.
#[allow(clippy::cast_possible_truncation)] // The lowest octet of a word is meant.
fn hash_small(key: &[u8; 24], guid: &[u8; 36]) -> [u8; 20] {
    let mut words = [0; WORDS];
    load(&mut words, key);
    load(words.get_mut(key.len() / 4..).unwrap_or_default(), guid);
    words[WORDS - 1] = 1 << 31;
    let mut state = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    process(&mut state, &mut words);
    words = [0; WORDS];
    words[WORDS - 1] = BITS;
    process(&mut state, &mut words);
    let mut hash = [0; 20];
    for (at, octet) in hash.iter_mut().enumerate() {
        *octet = state[at / 4].rotate_left(at as u32 * 8 + 8) as u8;
    }
    hash
}

/// Four octets a word, the first the highest.
#[inline(never)]
fn load(words: &mut [u32], octets: &[u8]) {
    for (word, octets) in words.iter_mut().zip(octets.chunks_exact(4)) {
        *word = octets
            .first_chunk()
            .map_or(0, |octets| u32::from_be_bytes(*octets));
    }
}

/// Hashes a block (RFC 3174 section 6.2).
#[inline(never)]
fn process(state: &mut [u32; 5], words: &mut [u32; WORDS]) {
    const CONSTANTS: [u32; 4] = [0x5a82_7999, 0x6ed9_eba1, 0x8f1b_bcdc, 0xca62_c1d6];
    let mut now = *state;
    for round in 0..80 {
        let [a, b, c, d, e] = now;
        let mixed = match round / 20 {
            0 => d ^ (b & (c ^ d)),
            2 => (b & c) | (d & (b | c)),
            _ => b ^ c ^ d,
        };
        let word = words[round % WORDS];
        let sum = a
            .rotate_left(5)
            .wrapping_add(mixed)
            .wrapping_add(e)
            .wrapping_add(CONSTANTS[round / 20])
            .wrapping_add(word);
        now = [sum, a, b.rotate_left(30), c, d];
        // The word of 16 rounds on.
        let later = |rounds| words[(round + rounds) % WORDS];
        words[round % WORDS] = (word ^ later(2) ^ later(8) ^ later(13)).rotate_left(1);
    }
    for (sum, part) in state.iter_mut().zip(now) {
        *sum = sum.wrapping_add(part);
    }
}

#[cfg(test)]
mod tests {
    use super::hash_small;

    #[test]
    fn hashes_as_sha1_smol_does() {
        let (mut key, mut guid) = ([0; 24], [0; 36]);
        let mut random = 0x9e37_79b9_u32;
        for _ in 0..2000 {
            for octet in key.iter_mut().chain(&mut guid) {
                random ^= random << 13;
                random ^= random >> 17;
                random ^= random << 5;
                *octet = random.to_be_bytes()[0];
            }
            let mut theirs = sha1_smol::Sha1::from(key);
            theirs.update(&guid);
            assert_eq!(hash_small(&key, &guid), theirs.digest().bytes());
        }
    }

    /// Of the key in RFC 6455 section 1.3.
    #[test]
    fn hashes_the_sample_of_the_rfc() {
        let key = b"dGhlIHNhbXBsZSBub25jZQ==";
        let guid = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        let expected = [
            0xb3, 0x7a, 0x4f, 0x2c, 0xc0, 0x62, 0x4f, 0x16, 0x90, 0xf6, 0x46, 0x06, 0xcf, 0x38,
            0x59, 0x45, 0xb2, 0xbe, 0xc4, 0xea,
        ];
        assert_eq!(hash_small(key, guid), expected);
    }
}
