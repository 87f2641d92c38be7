//! WebSocket (RFC 6455).
//!
//! # Data transfer
//!
//! A [`WebSocket`] stands in one state, and [`action`](WebSocket::action) names the one thing to do next. It does no I/O,
//! takes no memory, and asks for no clock and no randomness. Frames stream through the caller's buffer, whatever their
//! size: a data event is a piece of a message, unmasked where it lies. Text is checked as it arrives and handed
//! out as `&str`. Ping and Close are answered by the machine.
//!
//! ```
//! use http_upgrade::websocket::{Action, CloseCode, Closure, Event, Frame, Limits, SendError, WebSocket};
//!
//! /// Answers each message with the same message.
//! fn echo(
//!     mut read: impl FnMut(&mut [u8]) -> usize,
//!     mut write_all: impl FnMut(&[u8]),
//! ) -> Result<Closure, SendError> {
//!     let (mut rx, mut tx) = ([0; 256], [0; 512]);
//!     let (mut at, mut end) = (0, 0);
//!     let mut ws = WebSocket::server(Limits::DEFAULT);
//!     loop {
//!         match ws.action() {
//!             Action::Receive => {
//!                 if at == end {
//!                     (at, end) = (0, read(&mut rx));
//!                     if end == 0 {
//!                         ws.end_of_input();
//!                     }
//!                 }
//!                 let (used, event) = ws.receive(&mut rx[at..end]);
//!                 at += used;
//!                 let frame = match event {
//!                     Some(Event::Text { ref piece, last }) => Frame::from(piece).last(last),
//!                     Some(Event::Binary { piece, last }) => Frame::binary(piece).last(last),
//!                     _ => continue,
//!                 };
//!                 let n = ws.write(frame, &mut tx)?;
//!                 write_all(&tx[..n]);
//!             }
//!             Action::Send(_) => {
//!                 let n = ws.send(&mut tx)?;
//!                 write_all(&tx[..n]);
//!             }
//!             Action::AwaitClose => ws.end_of_input(), // only a client waits, see there
//!             Action::Close(closure) => return Ok(closure),
//!         }
//!     }
//! }
//!
//! let mut sent = Vec::new();
//! let mut reads = [&b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x88\x80\0\0\0\0"[..], b""].into_iter();
//! let read = |rx: &mut [u8]| {
//!     let bytes = reads.next().unwrap();
//!     rx[..bytes.len()].copy_from_slice(bytes);
//!     bytes.len()
//! };
//! assert_eq!(echo(read, |bytes| sent.extend_from_slice(bytes)), Ok(Closure::Agreed(CloseCode::NONE)));
//! assert_eq!(sent, b"\x81\x05Hello\x88\x00");
//! ```
//!
//! A client is the same with [`WebSocket::client`], a masking key with all that it writes, and
//! [`Action::AwaitClose`] at the end.
//!
//! # Sending
//!
//! Nothing is queued: each call makes one whole [`Frame`] in memory of the caller's, in the form that suits it.
//!
//! | method | payload | the frame is |
//! |---|---|---|
//! | `write` | copied | at the front of a slice: a buffer, or the free part of a ring |
//! | `append` | copied | behind what a `heapless::Vec` holds |
//! | `write_in_place` | stays where it is | around the payload, which has [`HEADROOM`] in front of it |
//! | `write_header` (server) | stays where it is | in two parts for the socket: header, payload |
//!
//! ```
//! use core::fmt::Write;
//! use http_upgrade::websocket::{HEADROOM, Kind, Limits, WebSocket};
//!
//! let mut ws = WebSocket::client(Limits::DEFAULT);
//! let mut tx = heapless::Vec::<u8, 64>::from_slice(&[0; HEADROOM]).unwrap();
//! write!(tx, "{} °C", 21).unwrap();
//! let key = [0x37, 0xfa, 0x21, 0x3d]; // four new bytes of the random number generator for each frame
//! let frame = ws.write_in_place(Kind::Text, true, key, &mut tx).unwrap();
//! assert_eq!(frame[..6], [0x81, 0x86, 0x37, 0xfa, 0x21, 0x3d]);
//! ```
//!
//! # States
//!
#![doc = include_str!("states.md")]

mod assembler;
mod close;
mod data;
pub(crate) mod deflate;
mod encode;
mod error;
mod event;
pub(crate) mod extensions;
mod frame;
pub(crate) mod handshake;
mod header;
mod limits;
mod machine;
mod mask;
pub(crate) mod origin;
mod receive;
mod rules;
mod send;
mod sha1;
mod state;
mod utf8;
mod write;

#[cfg(test)]
mod transitions;

pub mod role;

pub use assembler::{Assembler, Message, MessageTooBig};
pub use close::CloseCode;
pub use error::{ProtocolError, SendError};
pub use event::{Action, Answer, Closure, Event, Text};
pub use extensions::{Extension, Value};
pub use frame::{Frame, FrameHeader, Kind};
pub use handshake::{HandshakeError, VERSION, accept_key};
pub use limits::Limits;
pub use machine::WebSocket;
pub use role::Role;

/// The space that [`WebSocket::write_in_place`](WebSocket#method.write_in_place) needs in front of a payload, in bytes.
pub const HEADROOM: usize = header::LONGEST;

/// The most that `send` writes, in bytes: a control frame with its mask.
pub const MAX_CONTROL_FRAME: usize = 2 + 4 + header::CONTROL;
