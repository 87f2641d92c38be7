//! The rules for a header that comes in (RFC 6455 sections 5.1, 5.2, 5.4 and 5.5).

use super::{
    ProtocolError,
    header::{CONTROL, Opcode},
    receive::Receiver,
};

impl Receiver {
    /// The first byte: FIN, reserved bits and opcode.
    #[inline]
    pub(super) fn first_byte(&mut self, first: u8) -> Result<(), ProtocolError> {
        let opcode = Opcode::of(first);
        let last = first & 0x80 != 0;
        self.opcode = opcode;
        if first & 0x70 != 0 {
            return Err(ProtocolError::ReservedBits);
        }
        if first & 0x07 > 2 {
            return Err(ProtocolError::ReservedOpcode);
        }
        if opcode.is_control() {
            return if last {
                Ok(())
            } else {
                Err(ProtocolError::ControlFragmented)
            };
        }
        if opcode == Opcode::CONTINUATION {
            if !self.open {
                return Err(ProtocolError::NothingToContinue);
            }
        } else if self.open {
            return Err(ProtocolError::MessageInterrupted);
        } else {
            self.message = opcode;
            self.room = self.limits.message;
        }
        self.open = !last;
        Ok(())
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

    /// The length, and what a data frame makes of its message.
    #[inline]
    pub(super) fn length(&mut self) -> Result<(), ProtocolError> {
        // The shortest that needs its form: without an extended length it is itself, with 16 bits it is 126 too.
        let least = if self.short == 127 {
            0x1_0000
        } else {
            u32::from(self.short)
        };
        if self.remaining < u64::from(least) {
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
        self.room = room;
        Ok(())
    }
}
