//! What the bytes of an input mean: a few of setup first, then what goes over the wire.

/// Takes setup from the front of an input. Behind its end there are zeros.
#[derive(Clone, Copy)]
pub struct Input<'d>(pub &'d [u8]);

impl<'d> Input<'d> {
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    pub fn word(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    pub fn long(&mut self) -> u32 {
        u32::from(self.word()) | u32::from(self.word()) << 16
    }

    pub fn one_of<T: Copy>(&mut self, choice: &[T]) -> T {
        choice[usize::from(self.byte()) % choice.len()]
    }

    /// That many bytes, or as many as there are.
    pub fn bytes(&mut self, len: usize) -> &'d [u8] {
        let (bytes, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        bytes
    }

    /// Bytes with their length in front.
    pub fn counted(&mut self) -> &'d [u8] {
        let len = self.byte();
        self.bytes(usize::from(len))
    }

    /// The same as text, what is no UTF-8 left out.
    pub fn text(&mut self) -> String {
        String::from_utf8_lossy(self.counted()).into_owned()
    }

    pub fn rest(self) -> &'d [u8] {
        self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How input is cut into pieces.
#[derive(Clone, Copy, Debug)]
pub enum Splits {
    Whole,
    Bytes,
    /// Pieces of 1 to 40 bytes, by a generator of that state.
    Random(u32),
}

impl Splits {
    /// The length of the next piece of what is there, which is something.
    pub fn next(&mut self, there: usize) -> usize {
        match self {
            Splits::Whole => there,
            Splits::Bytes => 1,
            Splits::Random(state) => {
                *state ^= *state << 13;
                *state ^= *state >> 17;
                *state ^= *state << 5;
                (*state as usize % 40 + 1).min(there)
            }
        }
    }

    /// The other way to cut an input that is taken as a whole too.
    pub fn other(seed: u8) -> Splits {
        match seed {
            0..64 => Splits::Bytes,
            _ => Splits::Random(u32::from(seed) << 7 | 1),
        }
    }
}
