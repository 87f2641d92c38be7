//! The header of a frame, read (RFC 6455 section 5.2).

use super::{Limits, ProtocolError, mask};

/// The longest header of all: two bytes, a 64-bit length, a masking key.
pub(super) const LONGEST: usize = 14;

/// The most payload that a control frame carries.
pub(super) const CONTROL: usize = 125;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Opcode(u8);

impl Opcode {
    pub(super) const CONTINUATION: Self = Self(0x0);
    pub(super) const TEXT: Self = Self(0x1);
    pub(super) const BINARY: Self = Self(0x2);
    pub(super) const CLOSE: Self = Self(0x8);
    pub(super) const PING: Self = Self(0x9);
    pub(super) const PONG: Self = Self(0xa);

    /// That in the first byte of a header, whether the RFC defines it or not.
    #[inline]
    pub(super) const fn of(first: u8) -> Self {
        Self(first & 0x0f)
    }

    #[inline]
    pub(super) const fn is_control(self) -> bool {
        self.0 & 0x8 != 0
    }

    /// The first byte of a header.
    #[inline]
    pub(super) const fn first_byte(self, last: bool) -> u8 {
        self.0 | (last as u8) << 7
    }
}

/// What the last header has said, and what the next one may say.
///
/// The small fields come first: short instructions reach the first 32 bytes only.
#[derive(Clone, Debug)]
#[repr(C)]
pub(super) struct Header {
    /// How many of its bytes have come.
    pub come: u8,
    /// How many it has, as far as that is known.
    size: u8,
    pub opcode: Opcode,
    /// With which opcode the open message began; [`Opcode::CONTINUATION`] if none is open.
    pub message: Opcode,
    /// Whether the frame is the last of its message.
    pub last: bool,
    /// The key for the next byte of payload, that octet first. All zero, which masks nothing, in a frame that is not masked.
    key: u32,
    /// Of the frame's payload, what has not come.
    pub remaining: u64,
    /// What the next frame may add to its message.
    pub room: u64,
    pub limits: Limits,
}

impl Header {
    pub(super) const fn none(limits: Limits) -> Self {
        Self {
            come: 0,
            size: 2,
            opcode: Opcode::CONTINUATION,
            message: Opcode::CONTINUATION,
            last: false,
            key: 0,
            remaining: 0,
            room: limits.message,
            limits,
        }
    }

    /// Whether all of it has come.
    #[inline]
    pub(super) fn is_whole(&self) -> bool {
        self.come == self.size
    }

    /// Takes the next byte. Each rule is checked at the first byte that can break it.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn take(&mut self, byte: u8, masked: bool) -> Result<(), ProtocolError> {
        let before = self.come;
        let key = if masked { 4 } else { 0 };
        self.come += 1;
        if before == 0 {
            self.size = 2;
            return self.first_byte(byte);
        } else if before == 1 {
            self.second_byte(byte, masked)?;
            let (extended, length) = match byte & 0x7f {
                126 => (2, 0),
                127 => (8, 0),
                short => (0, short),
            };
            self.size += extended + key;
            self.remaining = u64::from(length);
        } else if before < self.size - key {
            self.remaining = self.remaining << 8 | u64::from(byte);
        } else {
            self.key = self.key >> 8 | u32::from(byte) << 24;
            return Ok(());
        }
        if self.come == self.size - key {
            self.length(self.come)
        } else {
            Ok(())
        }
    }

    /// Takes a header at once if it is all there, as most are; if not, it is as if nothing had been offered. Only where
    /// flash is plenty: the time is worth more there.
    #[cfg(target_pointer_width = "64")]
    #[inline(always)]
    pub(super) fn take_whole(
        &mut self,
        bytes: &[u8],
        masked: bool,
        used: &mut usize,
    ) -> Result<(), ProtocolError> {
        let [first, second, bytes @ ..] = bytes else {
            return Ok(());
        };
        let (length, bytes, form) = match second & 0x7f {
            126 => match bytes.split_first_chunk() {
                Some((length, bytes)) => (u64::from(u16::from_be_bytes(*length)), bytes, 4),
                None => return Ok(()),
            },
            127 => match bytes.split_first_chunk() {
                Some((length, bytes)) => (u64::from_be_bytes(*length), bytes, 10),
                None => return Ok(()),
            },
            length => (u64::from(length), bytes, 2),
        };
        let key = match bytes.first_chunk() {
            Some(key) if masked => u32::from_le_bytes(*key),
            _ if masked => return Ok(()),
            _ => 0,
        };
        *used = 1;
        self.first_byte(*first)?;
        *used = 2;
        self.second_byte(*second, masked)?;
        *used = usize::from(form);
        self.remaining = length;
        self.length(form)?;
        self.size = if masked { form + 4 } else { form };
        *used = usize::from(self.size);
        self.come = self.size;
        self.key = key;
        Ok(())
    }

    /// Unmasks the next piece of the payload and says whether that was the last.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn pass(&mut self, piece: &mut [u8]) -> bool {
        let count = piece.len();
        if self.key != 0 {
            let key = self.key.to_le_bytes();
            mask::mask(piece, key);
            self.key = u32::from_le_bytes(mask::advance(key, count));
        }
        self.remaining -= count as u64;
        let ended = self.remaining == 0;
        if ended {
            self.come = 0;
        }
        ended
    }
}
