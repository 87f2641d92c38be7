//! The rules for a header that comes in (RFC 6455 sections 5.1, 5.2, 5.4 and 5.5).

use super::{
    ProtocolError,
    header::{CONTROL, Header, Opcode},
};

impl Header {
    /// The first byte: FIN, reserved bits and opcode.
    #[inline]
    pub(super) fn first_byte(&mut self, first: u8) -> Result<(), ProtocolError> {
        let opcode = Opcode::of(first);
        self.opcode = opcode;
        self.last = first & 0x80 != 0;
        let open = self.message != Opcode::CONTINUATION;
        if first & 0x70 != 0 {
            Err(ProtocolError::ReservedBits)
        } else if first & 0x07 > 2 {
            Err(ProtocolError::ReservedOpcode)
        } else if opcode.is_control() {
            if self.last {
                Ok(())
            } else {
                Err(ProtocolError::ControlFragmented)
            }
        } else if open == (opcode == Opcode::CONTINUATION) {
            Ok(())
        } else if open {
            Err(ProtocolError::MessageInterrupted)
        } else {
            Err(ProtocolError::NothingToContinue)
        }
    }

    /// The second byte: the mask bit and the short form of the length.
    #[inline]
    pub(super) fn second_byte(&self, second: u8, masked: bool) -> Result<(), ProtocolError> {
        let (is_masked, length) = (second & 0x80 != 0, second & 0x7f);
        if masked && !is_masked {
            Err(ProtocolError::Unmasked)
        } else if is_masked && !masked {
            Err(ProtocolError::Masked)
        } else if !self.opcode.is_control() {
            Ok(())
        } else if usize::from(length) > CONTROL {
            Err(ProtocolError::ControlTooLong)
        } else if self.opcode == Opcode::CLOSE && length == 1 {
            Err(ProtocolError::CloseTooShort)
        } else {
            Ok(())
        }
    }

    /// The length, with which so many bytes have come, and what a data frame makes of its message.
    #[inline]
    pub(super) fn length(&mut self, come: u8) -> Result<(), ProtocolError> {
        let least = match come {
            4 => 126,
            10 => 0x1_0000,
            _ => 0,
        };
        if self.remaining < least {
            return Err(ProtocolError::LengthNotMinimal);
        }
        if self.remaining >> 63 != 0 {
            return Err(ProtocolError::LengthTopBit);
        }
        if self.opcode.is_control() {
            return Ok(());
        }
        if self.remaining > self.limits.frame {
            return Err(ProtocolError::FrameTooBig);
        }
        let Some(room) = self.room.checked_sub(self.remaining) else {
            return Err(ProtocolError::MessageTooBig);
        };
        self.room = if self.last { self.limits.message } else { room };
        if self.opcode != Opcode::CONTINUATION {
            self.message = self.opcode;
        }
        Ok(())
    }
}
