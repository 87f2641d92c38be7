//! The server of a connection: [`Server`], its [`Action`], its verbs.
//!
//! # Transitions
//!
//! ```text
#![doc = include_str!("transitions.txt")]
//! ```

mod accept;
mod core;
mod receive;
mod refuse;
mod respond;
mod skip;
mod state;

#[cfg(test)]
mod transitions;

use crate::message::Request;
use crate::policy::{Decision, Policy};
use crate::write::Field;
use crate::{Error, Misuse, Protocol, Status};

pub(crate) use self::core::Core;
pub(crate) use self::skip::Skip;
pub use refuse::MAX_MESSAGE;
pub use respond::Response;

/// What a [`Server`] needs next. Each variant names the method that does it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Action<'a> {
    /// Offer bytes of the peer to [`Server::receive`].
    Receive,
    /// Say with [`Server::decide`] what becomes of that request. Its head is complete, its content is not yet read.
    Decide(Request<'a>),
    /// Write the message with [`Server::send`]: 100, 101, 426, another 3xx, 4xx or 5xx, or the 200 that opens a tunnel.
    Send(Status),
    /// Answer that ordinary request with [`Server::respond`], after [`Server::want_content`] if the content matters.
    Respond(Request<'a>),
    /// That protocol takes over, from the first byte that was not taken; HTTP/2 with prior knowledge from the head of the
    /// request on. With [`Protocol::Tls`] HTTP goes on inside TLS:
    /// say [`Server::tls_established`] or [`Server::tls_failed`]. With any other the machine has ended.
    Switch(Protocol<'a>, Request<'a>),
    /// The connection ends. `None`: as it should. After a close the peer may still be sending: to let it read the last
    /// message, stop writing, read and drop for a while, then close (RFC 9112 section 9.6).
    Close(Option<Error>),
}

/// The server's side of one connection, from its first byte to the switch.
///
/// `S` is the storage for one request head: `[u8; N]`, `&mut [u8]`, `Vec<u8>`. Its length is the limit of a head in
/// bytes; more is answered with 431, or 414 inside the target.
///
/// ```
/// use http_upgrade::{Action, Origins, Policy, Protocol, Server};
///
/// const POLICY: Policy = Policy::new(Origins::SameHost);
///
/// let mut input: &[u8] = b"GET /chat HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
///     Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n\x81\x85";
/// let mut output = [0; 256];
/// let mut server = Server::new([0; 1024], &POLICY);
/// loop {
///     match server.action() {
///         Action::Receive => {
///             let used = server.receive(input);
///             input = &input[used..];
///         }
///         Action::Decide(request) => server.decide(POLICY.decide(&request))?,
///         Action::Send(_status) => {
///             let len = server.send(&mut output)?;
///             assert!(output[..len].starts_with(b"HTTP/1.1 101 "));
///         }
///         Action::Switch(protocol, request) => {
///             assert_eq!((protocol, request.target()), (Protocol::WebSocket, "/chat"));
///             break assert_eq!(input, b"\x81\x85"); // the first bytes of WebSocket
///         }
///         other => panic!("{other:?}"),
///     }
/// }
/// # Ok::<(), http_upgrade::Misuse>(())
/// ```
///
/// # One loop for every size
///
/// A `&mut Server<'_, [u8; N]>` becomes a `&mut Server<'_, [u8]>` by itself. A loop that takes the latter stands in a
/// firmware once, whatever the sizes of the storage; a second size adds less than 100 bytes.
///
/// ```
/// use http_upgrade::{Action, Misuse, Origins, Policy, Server};
///
/// const POLICY: Policy = Policy::new(Origins::SameHost);
///
/// /// Takes a request from `input`, and says how long the answer in `output` is.
/// fn serve(server: &mut Server<'_, [u8]>, mut input: &[u8], output: &mut [u8]) -> Result<usize, Misuse> {
///     loop {
///         match server.action() {
///             Action::Receive if input.is_empty() => return Ok(0),
///             Action::Receive => input = &input[server.receive(input)..],
///             Action::Decide(request) => server.decide(POLICY.decide(&request))?,
///             _ => return server.send(output),
///         }
///     }
/// }
///
/// let request = b"GET / HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
///     Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
/// let mut output = [0; 256];
/// serve(&mut Server::new([0; 1024], &POLICY), request, &mut output)?;
/// assert!(output.starts_with(b"HTTP/1.1 101 "));
/// serve(&mut Server::new([0; 128], &POLICY), request, &mut output)?;
/// assert!(output.starts_with(b"HTTP/1.1 431 ")); // the head has 150 bytes
/// # Ok::<(), http_upgrade::Misuse>(())
/// ```
#[derive(Clone)]
pub struct Server<'p, S: ?Sized> {
    core: Core<'p>,
    storage: S,
}

impl<'p, S: AsRef<[u8]> + AsMut<[u8]>> Server<'p, S> {
    /// A server at the first byte of a connection.
    pub const fn new(storage: S, policy: &'p Policy<'p>) -> Server<'p, S> {
        Server {
            core: Core::new(policy),
            storage,
        }
    }

    /// The same for a connection that is inside TLS from its first byte: TLS and h2c are not offers there
    /// (RFC 7540 section 3.3).
    #[must_use]
    pub fn inside_tls(mut self) -> Server<'p, S> {
        self.core.secure = true;
        self
    }
}

impl<S: AsRef<[u8]> + AsMut<[u8]> + ?Sized> Server<'_, S> {
    /// What to do next: a pure function of the state.
    #[must_use]
    pub fn action(&self) -> Action<'_> {
        self.core.action(self.storage.as_ref())
    }

    /// The request that the machine is at, from [`Action::Decide`] on until the next one begins.
    #[must_use]
    pub fn request(&self) -> Option<Request<'_>> {
        self.core.request_in_hand(self.storage.as_ref())
    }

    /// Takes bytes of the peer in pieces of any size, and says how many: never past the end of the message, none out of
    /// turn. Content is counted and skipped, up to [`Policy::skip_limit`].
    pub fn receive(&mut self, input: &[u8]) -> usize {
        self.core.receive(self.storage.as_mut(), input)
    }

    /// [`Server::receive`] for content that is not skipped: how many bytes were taken, and the run of content among them.
    /// It stops behind each run, so that it takes several calls to take all of a chunked `input`.
    pub fn receive_content<'i>(&mut self, input: &'i [u8]) -> (usize, &'i [u8]) {
        self.core.receive_content(self.storage.as_mut(), input)
    }

    /// Tells the machine that so many bytes of the peer were read and are not taken. Only needed where they were not in
    /// the slice that [`Server::receive`] saw last: a refused upgrade with bytes behind it closes (RFC 9931 section 5).
    pub fn unread(&mut self, bytes: usize) {
        self.core.unread(bytes);
    }

    /// Answers [`Action::Decide`].
    ///
    /// # Errors
    ///
    /// [`Misuse::NotOffered`] for a protocol or subprotocol that is none of the request's, [`Misuse::NotAllowed`] for one
    /// that the policy does not have, and for a 426 that could list none, [`Misuse::BadStatus`], [`Misuse::OutOfTurn`].
    pub fn decide(&mut self, decision: Decision<'_>) -> Result<(), Misuse> {
        self.core.decide(self.storage.as_ref(), decision)
    }

    /// Writes the message of [`Action::Send`] and says how long it is.
    ///
    /// # Errors
    ///
    /// [`Misuse::BufferTooSmall`] and [`Misuse::OutOfTurn`]. [`MAX_MESSAGE`] bytes are enough for any
    /// message but for the tokens and subprotocols of the application.
    pub fn send(&mut self, out: &mut [u8]) -> Result<usize, Misuse> {
        self.send_with(out, &[])
    }

    /// [`Server::send`] with fields of the application, such as `WWW-Authenticate`, `Set-Cookie` or `Date`. They go into
    /// whatever message is due, a 100 too: look at the status of [`Action::Send`].
    ///
    /// # Errors
    ///
    /// As for [`Server::send`], and [`Misuse::BadField`] and [`Misuse::ReservedField`]: the latter for Content-Type in a
    /// refusal too, whose text is the machine's.
    pub fn send_with(&mut self, out: &mut [u8], fields: &[Field<'_>]) -> Result<usize, Misuse> {
        self.core.send(self.storage.as_ref(), out, fields)
    }

    /// Asks for the content of the request of [`Action::Respond`]: a 100 if the client waits for one, then
    /// [`Action::Receive`] until the content has ended, then [`Action::Respond`] again. Without content nothing changes.
    ///
    /// # Errors
    ///
    /// [`Misuse::OutOfTurn`].
    pub fn want_content(&mut self) -> Result<(), Misuse> {
        self.core.want_content()
    }

    /// Writes the response to the request of [`Action::Respond`] and says how long it is. Content that the response only
    /// announces follows from the application before the next action.
    ///
    /// It may come early too, before the content that was asked for has ended: a 413, say. What is left of the content is
    /// then skipped, or the connection ends where it is too much or waits for a 100 that was not sent (RFC 9110 section
    /// 10.1.1).
    ///
    /// # Errors
    ///
    /// [`Misuse::BufferTooSmall`], [`Misuse::BadField`], [`Misuse::ReservedField`], [`Misuse::BadStatus`] for 1xx and for a
    /// 2xx to CONNECT, [`Misuse::NoChunkedInHttp10`], [`Misuse::OutOfTurn`].
    pub fn respond(&mut self, out: &mut [u8], response: &Response<'_>) -> Result<usize, Misuse> {
        self.core.respond(self.storage.as_ref(), out, response)
    }

    /// The TLS handshake succeeded: bytes from here on are those inside TLS, and the request that asked for it is answered
    /// there (RFC 2817 section 3.3).
    ///
    /// # Errors
    ///
    /// [`Misuse::OutOfTurn`].
    pub fn tls_established(&mut self) -> Result<(), Misuse> {
        self.core.tls_established()
    }

    /// The TLS handshake failed: the connection ends (RFC 2817 section 3.3).
    ///
    /// # Errors
    ///
    /// [`Misuse::OutOfTurn`].
    pub fn tls_failed(&mut self) -> Result<(), Misuse> {
        self.core.tls_failed()
    }

    /// A deadline of the application has passed: a 408 where the peer owes bytes of a message that it began, then the close
    /// (RFC 9110 section 15.5.9). A machine that has ended stays as it is.
    pub fn timeout(&mut self) {
        self.core.timeout();
    }
}

impl<'p, S: AsRef<[u8]> + AsMut<[u8]>> Server<'p, S> {
    /// Gives the connection to another HTTP implementation: the storage, and how many bytes at its start are the head of
    /// the request. Possible from [`Action::Decide`] and [`Action::Respond`] while nothing but the head was taken.
    ///
    /// # Errors
    ///
    /// The server itself, unchanged, at any other time.
    pub fn hand_over(self) -> Result<(S, usize), Server<'p, S>> {
        if self.core.is_untouched() {
            Ok((self.storage, self.core.head_len()))
        } else {
            Err(self)
        }
    }

    /// The storage.
    pub fn into_storage(self) -> S {
        self.storage
    }
}

/// The state alone: the storage holds field values, which may be secrets.
impl<S: ?Sized> ::core::fmt::Debug for Server<'_, S> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("Server")
            .field("core", &self.core)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<S: ?Sized> defmt::Format for Server<'_, S> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.core);
    }
}
