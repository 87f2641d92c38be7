//! The header of a frame, read (RFC 6455 section 5.2).

#[cfg(target_pointer_width = "64")]
use super::receive::Input;
use super::{ProtocolError, receive::Receiver};
#[cfg(target_pointer_width = "64")]
use core::mem;
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

/// Where in the longest header the length begins that is 64 bits, where that of 16 bits, where the masking key, and where the
/// header ends. A shorter one leaves out what it lacks.
const SHORT_LENGTH: u8 = 8;
const KEY: u8 = 10;
pub(super) const END: u8 = 14;

impl Receiver {
    /// Takes the next byte. Each rule is checked at the first byte that can break it.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn header(&mut self, byte: u8, masked: bool) -> Result<(), ProtocolError> {
        let at = self.at;
        self.at = at + 1;
        if at == 0 {
            self.held = 0;
            return self.first_byte(byte);
        } else if at == 1 {
            self.second_byte(byte, masked)?;
            let short = byte & 0x7f;
            self.short = short;
            if short < 126 {
                self.remaining = u64::from(short);
                self.at = KEY;
            } else if short == 126 {
                self.at = SHORT_LENGTH;
            }
        } else if at < KEY {
            self.remaining = self.remaining << 8 | u64::from(byte);
        } else {
            self.key = self.key >> 8 | u32::from(byte) << 24;
            return Ok(());
        }
        if self.at != KEY {
            return Ok(());
        }
        if !masked {
            self.at = END;
        }
        self.length()
    }

    /// Takes a header at once if it is all there, as most are; if not, it is as if nothing had been offered. Only where
    /// flash is plenty: the time is worth more there.
    #[cfg(target_pointer_width = "64")]
    #[inline(always)]
    pub(super) fn whole_header(
        &mut self,
        input: &mut Input<'_>,
        masked: bool,
    ) -> Result<(), ProtocolError> {
        let (0, &[first, second, ref bytes @ ..]) = (self.at, &*input.rest) else {
            return Ok(());
        };
        let short = second & 0x7f;
        let (length, bytes, form) = match short {
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
        let (key, size) = match bytes.first_chunk() {
            Some(key) if masked => (u32::from_le_bytes(*key), form + 4),
            _ if masked => return Ok(()),
            _ => (0, form),
        };
        let rest = mem::take(&mut input.rest);
        input.rest = rest.get_mut(size..).unwrap_or_default();
        self.held = 0;
        let mut failed = |behind, error| {
            input.behind = behind;
            Err(error)
        };
        if let Err(error) = self.first_byte(first) {
            return failed(size - 1, error);
        }
        if let Err(error) = self.second_byte(second, masked) {
            return failed(size - 2, error);
        }
        self.short = short;
        self.remaining = length;
        if let Err(error) = self.length() {
            return failed(size - form, error);
        }
        self.at = END;
        self.key = key;
        Ok(())
    }
}
