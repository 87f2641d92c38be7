//! What can be wrong with the peer's frames, and with ours.

use super::CloseCode;
use core::fmt;

/// A rule of RFC 6455 that the peer broke. Each fails the connection with [`close_code`](Self::close_code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ProtocolError {
    /// A reserved bit is set and no extension gives it a meaning (section 5.2).
    ReservedBits,
    /// The opcode is 3 to 7 or 11 to 15 (section 5.2).
    ReservedOpcode,
    /// A client sent a frame without a mask (section 5.1).
    Unmasked,
    /// A server sent a frame with a mask (section 5.1).
    Masked,
    /// The length would have fitted a shorter form (section 5.2).
    LengthNotMinimal,
    /// The top bit of a 64-bit length is set (section 5.2).
    LengthTopBit,
    /// A control frame without FIN (section 5.5).
    ControlFragmented,
    /// A control frame with more than 125 bytes of payload (section 5.5).
    ControlTooLong,
    /// A continuation frame, and no message to continue (section 5.4).
    NothingToContinue,
    /// A new message before the last one has ended (section 5.4).
    MessageInterrupted,
    /// The body of a Close is one byte, which is neither empty nor a code (section 5.5.1).
    CloseTooShort,
    /// A close code that must not be on the wire (section 7.4).
    CloseCodeInvalid,
    /// The reason in a Close is not UTF-8 (section 5.5.1).
    CloseReasonNotUtf8,
    /// A text message is not UTF-8 (section 8.1).
    TextNotUtf8,
    /// A frame is longer than [`Limits`](super::Limits) allow (section 10.4).
    FrameTooBig,
    /// A message is longer than [`Limits`](super::Limits) allow (section 10.4).
    MessageTooBig,
}

impl ProtocolError {
    /// The code of the Close that fails the connection: 1002, 1007 or 1009.
    #[must_use]
    pub const fn close_code(self) -> CloseCode {
        // Rules of one code stand together.
        if (self as u8) < Self::CloseReasonNotUtf8 as u8 {
            CloseCode::PROTOCOL_ERROR
        } else if (self as u8) < Self::FrameTooBig as u8 {
            CloseCode::INVALID_DATA
        } else {
            CloseCode::TOO_BIG
        }
    }

    /// The name of the rule, in the form `reserved-bits`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReservedBits => "reserved-bits",
            Self::ReservedOpcode => "reserved-opcode",
            Self::Unmasked => "unmasked",
            Self::Masked => "masked",
            Self::LengthNotMinimal => "length-not-minimal",
            Self::LengthTopBit => "length-top-bit",
            Self::ControlFragmented => "control-fragmented",
            Self::ControlTooLong => "control-too-long",
            Self::NothingToContinue => "nothing-to-continue",
            Self::MessageInterrupted => "message-interrupted",
            Self::CloseTooShort => "close-too-short",
            Self::CloseCodeInvalid => "close-code-invalid",
            Self::CloseReasonNotUtf8 => "close-reason-not-utf8",
            Self::TextNotUtf8 => "text-not-utf8",
            Self::FrameTooBig => "frame-too-big",
            Self::MessageTooBig => "message-too-big",
        }
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl core::error::Error for ProtocolError {}

/// Why a frame was not written. Nothing has changed and no byte of the buffer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SendError {
    /// The buffer is too small; the frame takes `needed` bytes.
    BufferTooSmall {
        /// Bytes that the whole frame takes.
        needed: usize,
    },
    /// A Close has been sent or received: data may no longer be sent.
    Closing,
    /// The connection is over, or has failed.
    Closed,
    /// The last message has not ended and is of the other kind.
    MessageOpen,
    /// A control frame cannot be one of several fragments.
    ControlFragmented,
    /// A control frame carries at most 125 bytes.
    ControlTooLong,
    /// This code is not for the wire, or not for this role (a server may not send 1010).
    CloseCode,
    /// A fragment of text must be UTF-8 by itself.
    NotUtf8,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooSmall { needed } => write!(f, "the frame takes {needed} bytes"),
            Self::Closing => f.write_str("a Close has been sent or received"),
            Self::Closed => f.write_str("the connection is over"),
            Self::MessageOpen => f.write_str("a message of the other kind is open"),
            Self::ControlFragmented => f.write_str("a control frame cannot be a fragment"),
            Self::ControlTooLong => f.write_str("a control frame carries at most 125 bytes"),
            Self::CloseCode => f.write_str("this close code may not be sent"),
            Self::NotUtf8 => f.write_str("the fragment is not UTF-8"),
        }
    }
}

impl core::error::Error for SendError {}
