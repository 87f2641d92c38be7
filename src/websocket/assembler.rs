//! Whole messages, for those who want them.

use super::{Event, Kind, encode::put_slice};
use core::str;

/// Joins the pieces of a message in a buffer of the caller's: `[u8; N]`, `&mut [u8]`, or whatever else lends a slice.
///
/// A message that comes in one piece is handed on without a copy.
///
/// ```
/// use http_upgrade::websocket::{Assembler, Limits, Message, WebSocket};
///
/// let mut ws = WebSocket::client(Limits::DEFAULT.message(64));
/// let mut assembler = Assembler::new([0; 64]);
/// let mut input = *b"\x01\x03Hel\x80\x02lo";
/// let mut at = 0;
/// while at < input.len() {
///     let (used, event) = ws.receive(&mut input[at..]);
///     at += used;
///     if let Some(message) = event.and_then(|event| assembler.push(event).transpose()) {
///         assert_eq!(message, Ok(Message::Text("Hello")));
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Assembler<B> {
    buffer: B,
    len: usize,
    /// Whether the message did not fit and its remaining pieces are to be left out.
    lost: bool,
}

/// A whole message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Message<'a> {
    /// Text.
    Text(&'a str),
    /// Bytes.
    Binary(&'a [u8]),
}

/// The message does not fit in the assembler's buffer. Say so with a Close of
/// [`CloseCode::TOO_BIG`](super::CloseCode::TOO_BIG); or let [`Limits::message`](super::Limits::message) be the size of
/// the buffer, and this does not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MessageTooBig;

impl core::fmt::Display for MessageTooBig {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the message does not fit in the buffer")
    }
}

impl core::error::Error for MessageTooBig {}

impl<B: AsRef<[u8]> + AsMut<[u8]>> Assembler<B> {
    /// An assembler for messages as long as `buffer`.
    pub const fn new(buffer: B) -> Self {
        Self {
            buffer,
            len: 0,
            lost: false,
        }
    }

    /// Adds what an event carries and gives the message if it ends it. Events without payload of a message change nothing.
    ///
    /// After [`MessageTooBig`] the rest of that message is left out; the next one begins anew.
    pub fn push<'a>(&'a mut self, event: Event<'a>) -> Result<Option<Message<'a>>, MessageTooBig> {
        match event {
            Event::Text { last, .. } | Event::Binary { last, .. } if self.lost => {
                self.lost = !last;
                Ok(None)
            }
            Event::Text { piece, last } => match piece.in_buffer() {
                Some(whole) if last && self.fits_alone(whole.as_bytes()) => {
                    Ok(Some(Message::Text(whole.as_str())))
                }
                _ => self.join(Kind::Text, piece.as_bytes(), last),
            },
            Event::Binary { piece, last: true } if self.fits_alone(piece) => {
                Ok(Some(Message::Binary(piece)))
            }
            Event::Binary { piece, last } => self.join(Kind::Binary, piece, last),
            Event::Ping | Event::Pong | Event::Close(_) => Ok(None),
        }
    }

    /// Whether the piece is the first, and would fit: what fits must not depend on how the message was split.
    fn fits_alone(&self, piece: &[u8]) -> bool {
        self.len == 0 && piece.len() <= self.buffer.as_ref().len()
    }

    fn join(
        &mut self,
        kind: Kind,
        piece: &[u8],
        last: bool,
    ) -> Result<Option<Message<'_>>, MessageTooBig> {
        let before = core::mem::take(&mut self.len);
        self.lost = !last;
        let free = self.buffer.as_mut().get_mut(before..);
        free.and_then(|free| put_slice(free, piece))
            .ok_or(MessageTooBig)?;
        self.lost = false;
        let len = before.saturating_add(piece.len());
        if !last {
            self.len = len;
            return Ok(None);
        }
        let whole = self.buffer.as_ref().get(..len).unwrap_or(&[]);
        Ok(Some(match kind {
            // Pieces of text are whole characters, so that this is never the empty text for want of UTF-8.
            Kind::Text => Message::Text(str::from_utf8(whole).unwrap_or("")),
            Kind::Binary => Message::Binary(whole),
        }))
    }
}

#[cfg(feature = "defmt")]
impl<B> defmt::Format for Assembler<B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Assembler({=usize})", self.len);
    }
}
