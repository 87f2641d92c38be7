//! The header of a frame, read (RFC 6455 section 5.2).

use super::ProtocolError;

/// The longest header of all: two bytes, a 64-bit length, a masking key.
pub(super) const LONGEST: usize = 14;

/// The most payload that a control frame carries.
pub(super) const CONTROL: usize = 125;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xa,
}

/// A header that came in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub opcode: Opcode,
    pub last: bool,
    pub length: u64,
    /// All zero, which masks nothing, in a frame that is not masked.
    pub key: [u8; 4],
}

/// Why there is no header.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It goes on behind the bytes that there are.
    Short,
    /// It breaks a rule, and it took so many of its bytes to see that.
    Broken(ProtocolError, usize),
}

/// What the next header may be.
pub(super) struct Expected {
    pub masked: bool,
    /// Whether a message is open.
    pub open: bool,
    /// The longest frame.
    pub frame: u64,
    /// What is left of the longest message.
    pub message: u64,
}

/// Reads a header from the front of `bytes` and gives the bytes that it took. Each rule is checked at the first byte that
/// can break it, so that the answer does not depend on how much is there.
#[inline]
pub(super) fn decode(bytes: &[u8], expected: &Expected) -> Result<(Header, usize), Stop> {
    let (first, rest) = bytes.split_first().ok_or(Stop::Short)?;
    let opcode = first_byte(*first, expected.open).map_err(|error| Stop::Broken(error, 1))?;
    let (second, rest) = rest.split_first().ok_or(Stop::Short)?;
    second_byte(*second, opcode, expected).map_err(|error| Stop::Broken(error, 2))?;
    let (length, rest, taken) = match second & 0x7f {
        126 => {
            let (length, rest) = rest.split_first_chunk().ok_or(Stop::Short)?;
            (u64::from(u16::from_be_bytes(*length)), rest, 4)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk().ok_or(Stop::Short)?;
            (u64::from_be_bytes(*length), rest, 10)
        }
        length => (u64::from(length), rest, 2),
    };
    check_length(length, taken, opcode, expected).map_err(|error| Stop::Broken(error, taken))?;
    let (key, taken) = if expected.masked {
        (*rest.first_chunk().ok_or(Stop::Short)?, taken + 4)
    } else {
        ([0; 4], taken)
    };
    let last = first & 0x80 != 0;
    Ok((
        Header {
            opcode,
            last,
            length,
            key,
        },
        taken,
    ))
}

#[inline]
fn first_byte(first: u8, open: bool) -> Result<Opcode, ProtocolError> {
    if first & 0x70 != 0 {
        return Err(ProtocolError::ReservedBits);
    }
    let opcode = match first & 0x0f {
        0x0 => Opcode::Continuation,
        0x1 => Opcode::Text,
        0x2 => Opcode::Binary,
        0x8 => Opcode::Close,
        0x9 => Opcode::Ping,
        0xa => Opcode::Pong,
        _ => return Err(ProtocolError::ReservedOpcode),
    };
    match opcode {
        Opcode::Continuation if !open => Err(ProtocolError::NothingToContinue),
        Opcode::Text | Opcode::Binary if open => Err(ProtocolError::MessageInterrupted),
        _ if opcode.is_control() && first & 0x80 == 0 => Err(ProtocolError::ControlFragmented),
        _ => Ok(opcode),
    }
}

#[inline]
fn second_byte(second: u8, opcode: Opcode, expected: &Expected) -> Result<(), ProtocolError> {
    let length = second & 0x7f;
    match (second & 0x80 != 0, expected.masked) {
        (false, true) => Err(ProtocolError::Unmasked),
        (true, false) => Err(ProtocolError::Masked),
        _ if opcode.is_control() && usize::from(length) > CONTROL => {
            Err(ProtocolError::ControlTooLong)
        }
        _ if opcode == Opcode::Close && length == 1 => Err(ProtocolError::CloseTooShort),
        _ => Ok(()),
    }
}

#[inline]
fn check_length(
    length: u64,
    taken: usize,
    opcode: Opcode,
    expected: &Expected,
) -> Result<(), ProtocolError> {
    let shorter_form = match taken {
        4 => length < 126,
        10 => length <= 0xffff,
        _ => false,
    };
    if shorter_form {
        Err(ProtocolError::LengthNotMinimal)
    } else if length >> 63 != 0 {
        Err(ProtocolError::LengthTopBit)
    } else if opcode.is_control() {
        Ok(())
    } else if length > expected.frame {
        Err(ProtocolError::FrameTooBig)
    } else if length > expected.message {
        Err(ProtocolError::MessageTooBig)
    } else {
        Ok(())
    }
}

impl Opcode {
    #[inline]
    pub(super) const fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }

    /// The first byte of a header.
    #[inline]
    pub(super) const fn first_byte(self, last: bool) -> u8 {
        if last { self as u8 | 0x80 } else { self as u8 }
    }
}
