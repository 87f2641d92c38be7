//! Masking (RFC 6455 section 5.3): octet `i` of a payload is combined with octet `i mod 4` of the key.

const WORD: usize = size_of::<usize>();

/// Masks or unmasks `bytes`, which begin where `key` begins.
#[inline]
pub(super) fn mask(bytes: &mut [u8], key: [u8; 4]) {
    // Words of the machine, in its own byte order, so that no byte is moved; each holds the key a whole number of times.
    let half = u32::from_ne_bytes(key);
    let word = half as usize * (usize::MAX / u32::MAX as usize);
    let rest = each(bytes, |mut bytes: [u8; 4 * WORD]| {
        each(&mut bytes, |bytes| {
            (usize::from_ne_bytes(bytes) ^ word).to_ne_bytes()
        });
        bytes
    });
    let rest = each(rest, |bytes| {
        (usize::from_ne_bytes(bytes) ^ word).to_ne_bytes()
    });
    let rest = each(rest, |bytes| {
        (u32::from_ne_bytes(bytes) ^ half).to_ne_bytes()
    });
    for (byte, octet) in rest.iter_mut().zip(key) {
        *byte ^= octet;
    }
}

/// Changes every `N` bytes and gives the remainder.
#[inline]
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
    let octets = u32::from(count.to_le_bytes()[0] & 3);
    u32::from_be_bytes(key)
        .rotate_left(8 * octets)
        .to_be_bytes()
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
            for len in 0..=6 * WORD + 3 {
                let mut fast: [u8; 80] = core::array::from_fn(|i| i.to_le_bytes()[0] ^ 0x5a);
                let mut slow = fast;
                mask(&mut fast[start..start + len], key);
                by_the_byte(&mut slow[start..start + len], key);
                assert_eq!(fast, slow, "start {start}, length {len}");
            }
        }
    }

    #[test]
    fn r6455_42_the_key_goes_on_from_every_offset() {
        let key = [1, 2, 4, 8];
        for cut in 0..=40 {
            let mut pieces = [0x55; 40];
            let mut whole = pieces;
            let (left, right) = pieces.split_at_mut(cut);
            mask(left, key);
            mask(right, advance(key, cut));
            by_the_byte(&mut whole, key);
            assert_eq!(pieces, whole, "cut at {cut}");
        }
    }
}
