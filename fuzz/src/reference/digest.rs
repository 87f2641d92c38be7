//! SHA-1 and base64 as in their RFCs (3174, 4648), for keys and settings.

pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend((bytes.len() as u64 * 8).to_be_bytes());
    let mut hash: [u32; 5] = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    for block in message.chunks(64) {
        let mut words: Vec<u32> = block
            .chunks(4)
            .map(|word| word.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte)))
            .collect();
        for at in 16..80 {
            words.push(
                (words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]).rotate_left(1),
            );
        }
        let [mut a, mut b, mut c, mut d, mut e] = hash;
        for (at, word) in words.iter().enumerate() {
            let (mix, constant) = match at {
                0..20 => ((b & c) | (!b & d), 0x5a82_7999_u32),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let next = [a.rotate_left(5), mix, e, *word, constant]
                .into_iter()
                .fold(0, u32::wrapping_add);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, word) in hash.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(word);
        }
    }
    let mut digest = [0; 20];
    for (to, word) in digest.chunks_mut(4).zip(hash) {
        to.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Padded base64.
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for group in bytes.chunks(3) {
        let octet = |at: usize| usize::from(group.get(at).copied().unwrap_or(0));
        let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
        for at in 0..4 {
            text.push(if at <= group.len() {
                DIGITS[bits >> (18 - 6 * at) & 63]
            } else {
                b'='
            });
        }
    }
    text
}

/// The value of a digit of base64url.
pub fn url_digit(digit: u8) -> Option<u64> {
    let digit = match digit {
        b'-' => b'+',
        b'_' => b'/',
        b'+' | b'/' => return None,
        digit => digit,
    };
    DIGITS
        .iter()
        .position(|&known| known == digit)
        .map(|value| value as u64)
}

/// Sec-WebSocket-Accept (RFC 6455 section 4.2.2).
pub fn accept(key: &[u8]) -> Vec<u8> {
    base64(&sha1(
        &[key, b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"].concat(),
    ))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_samples_of_the_rfcs() {
        let digest = super::sha1(b"abc");
        assert_eq!(digest[..4], [0xa9, 0x99, 0x3e, 0x36]);
        assert_eq!(
            super::accept(b"dGhlIHNhbXBsZSBub25jZQ=="),
            b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
        let two_blocks = super::sha1(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
        assert_eq!(two_blocks[..4], [0x84, 0x98, 0x3e, 0x44]);
    }
}
