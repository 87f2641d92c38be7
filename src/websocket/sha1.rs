//! SHA-1 (RFC 3174), for Sec-WebSocket-Accept alone: it keeps no secret there.

/// The octets of a block.
const BLOCK: usize = 64;

/// The hash of both, one behind the other: by `sha1_smol`, which is faster, or where flash is short in a quarter of its
/// code, of which none panics.
#[inline]
pub(super) fn hash(first: &[u8], second: &[u8]) -> [u8; 20] {
    if cfg!(target_pointer_width = "64") {
        let mut sha1 = sha1_smol::Sha1::new();
        sha1.update(first);
        sha1.update(second);
        sha1.digest().bytes()
    } else {
        let mut sha1 = Sha1::new();
        sha1.add(first);
        sha1.add(second);
        sha1.finish()
    }
}

/// A hash that octets are added to.
struct Sha1 {
    state: [u32; 5],
    block: [u8; BLOCK],
    /// Octets so far, which leave the last block filled up to their remainder.
    len: usize,
}

impl Sha1 {
    const fn new() -> Sha1 {
        Sha1 {
            state: [
                0x6745_2301,
                0xefcd_ab89,
                0x98ba_dcfe,
                0x1032_5476,
                0xc3d2_e1f0,
            ],
            block: [0; BLOCK],
            len: 0,
        }
    }

    fn add(&mut self, mut octets: &[u8]) {
        while !octets.is_empty() {
            let free = self.free();
            let fits = octets.len().min(free.len());
            let (now, later) = octets.split_at_checked(fits).unwrap_or((octets, &[]));
            for (to, from) in free.iter_mut().zip(now) {
                *to = *from;
            }
            self.len += now.len();
            octets = later;
            if self.len.is_multiple_of(BLOCK) {
                self.process();
            }
        }
    }

    /// What is left of the block.
    fn free(&mut self) -> &mut [u8] {
        self.block.get_mut(self.len % BLOCK..).unwrap_or_default()
    }

    /// Ends the message with a 1 bit, 0 bits and its length in bits, which fill the last block.
    fn finish(&mut self) -> [u8; 20] {
        let free = self.free();
        let is_full = free.len() <= 8;
        free.fill(0);
        if let Some(first) = free.first_mut() {
            *first = 0x80;
        }
        if is_full {
            self.process();
            self.block.fill(0);
        }
        if let Some(end) = self.block.last_chunk_mut() {
            *end = ((self.len as u64) << 3).to_be_bytes();
        }
        self.process();
        let mut hash = [0; 20];
        for (octets, word) in hash.chunks_exact_mut(4).zip(self.state) {
            if let Some(octets) = octets.first_chunk_mut() {
                *octets = word.to_be_bytes();
            }
        }
        hash
    }

    /// Hashes the block (RFC 3174 section 6.1).
    #[inline(never)]
    fn process(&mut self) {
        let mut words = [0; 80];
        for (word, octets) in words.iter_mut().zip(self.block.chunks_exact(4)) {
            *word = octets
                .iter()
                .fold(0, |word, octet| word << 8 | u32::from(*octet));
        }
        for at in BLOCK / 4..words.len() {
            let mixed = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16];
            words[at] = mixed.rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = self.state;
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
        for (word, more) in self.state.iter_mut().zip([a, b, c, d, e]) {
            *word = word.wrapping_add(more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sha1;

    /// Every length around one and two blocks, in two pieces of every size.
    #[test]
    fn hashes_as_sha1_smol_does() {
        let mut message = [0; 140];
        message
            .iter_mut()
            .zip(7..)
            .for_each(|(to, octet)| *to = octet);
        for len in 0..=message.len() {
            let mut theirs = sha1_smol::Sha1::new();
            theirs.update(&message[..len]);
            for cut in 0..=len {
                let mut sha1 = Sha1::new();
                sha1.add(&message[..cut]);
                sha1.add(&message[cut..len]);
                assert_eq!(sha1.finish(), theirs.digest().bytes(), "{cut} of {len}");
            }
        }
    }

    /// RFC 3174 section 7.3.
    #[test]
    fn hashes_the_samples_of_the_rfc() {
        let samples: [(&[u8], u32, [u8; 4]); 4] = [
            (b"abc", 1, [0xa9, 0x99, 0x3e, 0x36]),
            (
                b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                1,
                [0x84, 0x98, 0x3e, 0x44],
            ),
            (b"a", 1_000_000, [0x34, 0xaa, 0x97, 0x3c]),
            (
                b"0123456701234567012345670123456701234567012345670123456701234567",
                10,
                [0xde, 0xa3, 0x56, 0xa2],
            ),
        ];
        for (text, times, start) in samples {
            let mut sha1 = Sha1::new();
            (0..times).for_each(|_| sha1.add(text));
            assert_eq!(sha1.finish()[..4], start);
        }
    }
}
