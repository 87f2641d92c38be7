//! What the machine asks for, and what it reports.

use super::{
    CloseCode, ProtocolError,
    utf8::{Checked, Joined},
};
use core::{fmt, ops::Deref};

/// The one thing to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Action {
    /// Read from the peer and offer it with [`receive`](super::WebSocket::receive).
    Receive,
    /// Let the machine write an answer with `send`, and pass that on to the peer.
    Send(Answer),
    /// Only in a client: both ends have sent a Close. Wait until the server closes TCP, then say
    /// [`end_of_input`](super::WebSocket::end_of_input); after a deadline of your own, close TCP yourself (RFC 6455 section 7.1.1).
    AwaitClose,
    /// Close TCP. The machine takes and writes nothing more.
    Close(Closure),
}

/// What `send` is about to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Answer {
    /// A Pong with the payload of the last Ping.
    Pong,
    /// A Close with the code of the peer's Close, empty for [`CloseCode::NONE`].
    Close(CloseCode),
    /// A Close with the code of the rule that the peer broke.
    Fail(ProtocolError),
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Closure {
    /// Both ends sent a Close; this is the peer's code.
    Agreed(CloseCode),
    /// The peer broke this rule.
    Failed(ProtocolError),
    /// The input ended and the peer had sent no Close.
    Lost,
}

impl Closure {
    /// The code that is reported for the connection (RFC 6455 section 7.1.5): that of the peer's Close, 1005 if it
    /// carried none, 1006 if no Close was received.
    #[must_use]
    pub const fn code(self) -> CloseCode {
        match self {
            Self::Agreed(code) => code,
            Self::Failed(_) | Self::Lost => CloseCode::ABNORMAL,
        }
    }
}

/// What came in. Payload is borrowed from the buffer that was offered, unmasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
// A word: what is behind it is then moved by words, and a small firmware needs no `memcpy` for that.
#[repr(u32)]
pub enum Event<'b> {
    /// A piece of a text message, which may be empty where it is the last.
    Text {
        /// Whole characters.
        piece: Text<'b>,
        /// Whether the message ends with this piece.
        last: bool,
    },
    /// A piece of a binary message, which may be empty where it is the last.
    Binary {
        /// The bytes.
        piece: &'b [u8],
        /// Whether the message ends with this piece.
        last: bool,
    },
    /// A Ping. The machine answers it; [`control_payload`](super::WebSocket::control_payload) shows what it carried.
    Ping,
    /// A Pong. [`control_payload`](super::WebSocket::control_payload) shows what it carried.
    Pong,
    /// The peer's Close and its code. The machine answers it; [`close_reason`](super::WebSocket::close_reason) shows the reason.
    Close(CloseCode),
}

/// A piece of text: a `&str` in the caller's buffer, or one character whose bytes came in different buffers.
///
/// It dereferences to `str`, and [`Frame::from`](super::Frame) passes it on. Where pointers have 32 bits it is known to be UTF-8
/// without the help of `core`, which looks once more when the `str` is asked for and takes 620 bytes of flash for that:
/// [`Text::as_bytes`] and `Frame::from` go without.
#[derive(Clone, Copy)]
pub struct Text<'b>(Source<'b>);

#[derive(Clone, Copy)]
enum Source<'b> {
    Buffer(Checked<'b>),
    Joined(Joined),
}

impl<'b> Text<'b> {
    #[inline]
    pub(super) const fn buffer(text: Checked<'b>) -> Self {
        Self(Source::Buffer(text))
    }

    pub(super) const fn joined(character: Joined) -> Self {
        Self(Source::Joined(character))
    }

    /// The text.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        self.checked().as_str()
    }

    /// The octets of the text.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.checked().as_bytes()
    }

    fn checked(&self) -> Checked<'_> {
        match &self.0 {
            Source::Buffer(text) => *text,
            Source::Joined(character) => character.checked(),
        }
    }

    /// The text as part of the buffer, unless it is a character that came in two.
    #[inline]
    pub(super) const fn in_buffer(&self) -> Option<Checked<'b>> {
        match self.0 {
            Source::Buffer(text) => Some(text),
            Source::Joined(_) => None,
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text<'_> {}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Text<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        self.as_str().format(f);
    }
}
