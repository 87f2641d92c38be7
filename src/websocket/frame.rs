//! What an application sends.

use super::{
    CloseCode, Text, encode,
    header::{self, Opcode},
};
use core::ops::Deref;

/// The two kinds of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Kind {
    /// UTF-8.
    Text,
    /// Bytes.
    Binary,
}

/// A frame to send: a whole message, a fragment of one, or a control frame.
///
/// ```
/// use http_upgrade::websocket::{CloseCode, Frame};
///
/// Frame::text("a whole message");
/// Frame::binary(b"a beginning").last(false);
/// Frame::close(CloseCode::NORMAL, "good bye");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'p> {
    pub(super) opcode: Opcode,
    pub(super) last: bool,
    /// Of a Close; it stands before the payload.
    pub(super) code: Option<CloseCode>,
    pub(super) payload: &'p [u8],
}

impl<'p> Frame<'p> {
    /// Text: a whole message unless [`last`](Self::last) says otherwise.
    #[must_use]
    #[inline]
    pub const fn text(text: &'p str) -> Self {
        Self::new(Opcode::TEXT, text.as_bytes())
    }

    /// Bytes: a whole message unless [`last`](Self::last) says otherwise.
    #[must_use]
    #[inline]
    pub const fn binary(bytes: &'p [u8]) -> Self {
        Self::new(Opcode::BINARY, bytes)
    }

    /// A Ping with at most 125 bytes.
    #[must_use]
    pub const fn ping(payload: &'p [u8]) -> Self {
        Self::new(Opcode::PING, payload)
    }

    /// A Pong that nobody asked for, with at most 125 bytes. The machine answers pings by itself.
    #[must_use]
    pub const fn pong(payload: &'p [u8]) -> Self {
        Self::new(Opcode::PONG, payload)
    }

    /// A Close with a code and a reason of at most 123 bytes.
    #[must_use]
    pub const fn close(code: CloseCode, reason: &'p str) -> Self {
        Self {
            code: Some(code),
            ..Self::new(Opcode::CLOSE, reason.as_bytes())
        }
    }

    /// A Close with nothing inside.
    #[must_use]
    pub const fn close_without_code() -> Self {
        Self::new(Opcode::CLOSE, &[])
    }

    /// Whether the message ends with this frame. While it has not ended, the next frame of the same kind continues it.
    #[must_use]
    #[inline]
    pub const fn last(mut self, last: bool) -> Self {
        self.last = last;
        self
    }

    /// What the frame carries, the two bytes of a close code aside.
    #[must_use]
    #[inline]
    pub const fn payload(&self) -> &'p [u8] {
        self.payload
    }

    /// The Close of the machine's own: nothing stands inside for [`CloseCode::NONE`].
    #[inline]
    pub(super) const fn closing(code: CloseCode) -> Self {
        match code {
            CloseCode::NONE => Self::close_without_code(),
            code => Self::close(code, ""),
        }
    }

    #[inline]
    const fn new(opcode: Opcode, payload: &'p [u8]) -> Self {
        Self {
            opcode,
            last: true,
            code: None,
            payload,
        }
    }

    /// The length that the header announces. A payload has at most `isize::MAX` bytes, so that nothing wraps here.
    #[inline]
    pub(super) const fn length(&self) -> usize {
        let code = if self.code.is_some() { 2 } else { 0 };
        self.payload.len().wrapping_add(code)
    }

    /// The bytes of the whole frame.
    #[inline]
    pub(super) const fn size(&self, masked: bool) -> usize {
        self.length()
            .wrapping_add(encode::size(self.length(), masked))
    }
}

/// All of a frame but its payload: what a server writes in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FrameHeader {
    pub(super) bytes: [u8; Self::LONGEST],
    pub(super) len: usize,
}

impl FrameHeader {
    /// A 64-bit length, or a Close with its code, and no key.
    pub(super) const LONGEST: usize = header::LONGEST - 4;
}

impl Deref for FrameHeader {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }
}

/// A frame of a text message with that piece.
impl<'p> From<&'p Text<'_>> for Frame<'p> {
    #[inline]
    fn from(piece: &'p Text<'_>) -> Self {
        Self::new(Opcode::TEXT, piece.as_bytes())
    }
}
