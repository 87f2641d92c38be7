//! HTTP/2 over cleartext by upgrade (RFC 7540 section 3.2, retired by RFC 9113).
//!
//! No HTTP/2 engine takes over a connection that began as HTTP/1.1: it wants the preface, and the first request as
//! frames. A bridge stands between the connection and an engine that needs no change. It makes the connection look as if it
//! had begun with HTTP/2, and takes out what the peer must not see for that. It takes slices, keeps a few bytes, and looks
//! at frame headers only: payload passes as a part of the slice that it came in.
//!
//! # Both directions
//!
//! [`ServerBridge::receive`] and [`ServerBridge::send`] say how much they took and which parts of that go on. Here is a
//! connection with a tiny engine, on bare metal as well as over threads; a client is the same with [`ClientBridge`].
//!
//! ```
//! use http_upgrade::h2c::{BridgeError, ServerBridge};
//! use http_upgrade::{Action, Allow, Decision, Origins, Policy, Protocol, Server};
//!
//! /// An HTTP/2 engine: it takes bytes, and has bytes to send.
//! trait Engine {
//!     fn receive(&mut self, bytes: &[u8]);
//!     fn to_send(&mut self) -> &[u8];
//!     fn sent(&mut self, bytes: usize);
//! }
//!
//! /// One step behind the 101: `rest` is what was read from the connection and not taken. Says what of it is left.
//! fn step<'r>(
//!     bridge: &mut ServerBridge,
//!     engine: &mut impl Engine,
//!     rest: &'r [u8],
//!     mut write_all: impl FnMut(&[u8]),
//! ) -> Result<&'r [u8], BridgeError> {
//!     let taken = bridge.receive(rest)?;
//!     taken.parts.into_iter().for_each(|part| engine.receive(part));
//!     let rest = &rest[taken.used..];
//!
//!     let taken = bridge.send(engine.to_send());
//!     taken.parts.into_iter().for_each(&mut write_all);
//!     let sent = taken.used;
//!     engine.sent(sent);
//!     Ok(rest)
//! }
//!
//! const POLICY: Policy = Policy::new(Origins::SameHost).allow(&[Allow::H2C]);
//!
//! # #[derive(Default)]
//! # struct Tiny { received: Vec<u8>, to_send: Vec<u8> }
//! # impl Engine for Tiny {
//! #     fn receive(&mut self, bytes: &[u8]) { self.received.extend_from_slice(bytes); }
//! #     fn to_send(&mut self) -> &[u8] { &self.to_send }
//! #     fn sent(&mut self, bytes: usize) { self.to_send.drain(..bytes); }
//! # }
//! # let mut engine = Tiny::default();
//! let mut server = Server::new([0; 1024], &POLICY);
//! let head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n\
//!     Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
//! assert_eq!(server.receive(head), head.len());
//! server.decide(Decision::Accept(Protocol::H2c))?;
//! server.send(&mut [0; 256])?; // the 101
//! let Action::Switch(Protocol::H2c, request) = server.action() else { panic!() };
//! let mut bridge = ServerBridge::start(&request, |bytes| engine.receive(bytes))?;
//! # assert!(engine.received.starts_with(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64"));
//! # engine.received.clear();
//! # engine.to_send = b"\0\0\0\x04\0\0\0\0\0\0\0\0\x04\x01\0\0\0\0".into();
//! # let mut sent = Vec::new();
//! let rest = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
//! let rest = step(&mut bridge, &mut engine, rest, |bytes| sent.extend_from_slice(bytes))?;
//! # assert_eq!((rest, &engine.received[..], &sent[..]), (&[][..], &b"\0\0\0\x04\0\0\0\0\0"[..], &b"\0\0\0\x04\0\0\0\0\0"[..]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The examples `h2c_server` and `h2c_client` do it with hyper and `h2` on tokio.
//!
//! # Content
//!
//! The content of an upgraded request comes before the 101, as HTTP/1.1. To let it pass on to the engine as it comes, start
//! the bridge behind [`Server::decide`](crate::Server::decide), give each run of
//! [`Server::receive_content`](crate::Server::receive_content) to [`ServerBridge::content`], and say
//! [`ServerBridge::end_content`] before the 101 goes out. Flow control holds: content of any size passes at the engine's
//! pace, and the credit that the engine returns for it stays here. What the engine writes meanwhile must wait for the 101
//! in memory of the caller: SETTINGS at least; the response too, if the application answers early, up to the windows that
//! the peer has at first.
//!
//! An application that answers only as the content comes in, and answers with more than that, waits for the client, which
//! waits for the 101: nothing but a deadline ends that. Where content is not wanted in an upgrade, ignore the offer:
//! the request is then an ordinary one. Check a limit on content before the 101, as behind it there is no content any more.

mod base64url;
mod client;
mod content;
mod error;
mod frame;
mod judge;
mod prologue;
mod server;
mod settings;
mod taken;
mod walk;

pub use client::ClientBridge;
pub use error::BridgeError;
pub use server::ServerBridge;
pub use settings::{MAX_SETTINGS, Setting, Settings, SettingsError};
pub use taken::Taken;

pub(crate) use frame::PREFACE;
pub(crate) use settings::is_valid;
