//! The client of a connection: [`Client`], its [`Action`], its verbs.
//!
//! # Transitions
//!
//! ```text
#![doc = include_str!("transitions.txt")]
//! ```

mod core;
mod facts;
mod offer;
mod receive;
mod request;
mod response;
mod state;
mod switch;
mod unfold;
mod uri;
mod websocket_offer;

#[cfg(test)]
mod transitions;

use crate::{Error, Misuse, Protocol};

use self::core::Core;
pub use offer::Offer;
pub use receive::MAX_INTERIM;
pub use request::UpgradeRequest;
pub use response::{Response, Retry};
pub use uri::Uri;
pub use websocket_offer::WebSocketOffer;

/// What a [`Client`] needs next. Each variant names the method that does it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Action<'a> {
    /// Write the request, or its content after a 100, with [`Client::send`].
    Send,
    /// Write so many more bytes of the request's content to the connection, and say so with [`Client::content_sent`]. Bytes
    /// that the peer sends meanwhile may be offered to [`Client::receive`], which takes them where the request offers no
    /// protocol: a final response ends the sending, and the connection behind it (RFC 9112 section 9.5).
    SendContent(u64),
    /// Offer bytes of the peer to [`Client::receive`].
    Receive,
    /// An interim response (1xx): go on with [`Client::proceed`].
    Interim(Response<'a>),
    /// That protocol takes over, from the first byte that was not taken. With [`Protocol::Tls`] HTTP goes on inside TLS:
    /// say [`Client::tls_established`] or [`Client::tls_failed`]. With any other the machine has ended.
    Switch(Protocol<'a>, Response<'a>),
    /// A final response that is no switch. Its content comes after [`Client::want_content`], the next request goes out
    /// with [`Client::retry`].
    Response(Response<'a>),
    /// The connection ends, with nothing more to send.
    Close(Option<Error>),
}

/// The client's side of one connection, from the request to the switch.
///
/// `S` is the storage for one response head: `[u8; N]`, `&mut [u8]`, `Vec<u8>`. Its length is the limit of a head in bytes.
///
/// ```
/// use http_upgrade::{Client, Offer, Protocol, UpgradeRequest, WebSocketOffer, client::Action};
///
/// let websocket = WebSocketOffer::new(*b"the sample nonce"); // 16 random octets
/// let offers = [Offer::websocket(&websocket)];
/// let request = UpgradeRequest::get("ws://example.org/chat")?.offer(&offers);
///
/// let mut input: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
///     Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x05";
/// let mut output = [0; 512];
/// let mut client = Client::new([0; 1024], &request)?;
/// loop {
///     match client.action() {
///         Action::Send => {
///             let len = client.send(&mut output)?;
///             assert!(output[..len].starts_with(b"GET /chat HTTP/1.1\r\nHost: example.org\r\n"));
///         }
///         Action::Receive => {
///             let used = client.receive(input);
///             input = &input[used..];
///         }
///         Action::Interim(_) => client.proceed()?,
///         Action::Switch(protocol, _response) => {
///             assert_eq!(protocol, Protocol::WebSocket);
///             break assert_eq!(input, b"\x81\x05"); // the first bytes of WebSocket
///         }
///         other => panic!("{other:?}"),
///     }
/// }
/// # Ok::<(), http_upgrade::Misuse>(())
/// ```
///
/// # One loop for every size
///
/// As with [`Server`](crate::Server#one-loop-for-every-size), a `&mut Client<'_, [u8; N]>` becomes a `&mut Client<'_, [u8]>`
/// by itself.
///
/// ```
/// use http_upgrade::{Client, Misuse, Status, UpgradeRequest, client::Action};
///
/// /// Sends the request, and says what the response in `input` is.
/// fn ask(client: &mut Client<'_, [u8]>, mut input: &[u8]) -> Result<Option<Status>, Misuse> {
///     loop {
///         match client.action() {
///             Action::Send => _ = client.send(&mut [0; 256])?,
///             Action::Receive => input = &input[client.receive(input)..],
///             Action::Response(response) => return Ok(Some(response.status())),
///             _ => return Ok(None),
///         }
///     }
/// }
///
/// let request = UpgradeRequest::get("http://example.org/")?;
/// let response = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
/// assert_eq!(ask(&mut Client::new([0; 512], &request)?, response)?, Some(Status::NOT_FOUND));
/// assert_eq!(ask(&mut Client::new([0; 32], &request)?, response)?, None); // the head has 45 bytes
/// # Ok::<(), http_upgrade::Misuse>(())
/// ```
#[derive(Clone)]
pub struct Client<'r, S: ?Sized> {
    core: Core<'r>,
    storage: S,
}

impl<'r, S: AsRef<[u8]> + AsMut<[u8]>> Client<'r, S> {
    /// A client at the first byte of a connection in clear text.
    ///
    /// # Errors
    ///
    /// The [`Misuse`] that names what is wrong with the request.
    pub fn new(storage: S, request: &'r UpgradeRequest<'r>) -> Result<Client<'r, S>, Misuse> {
        Core::new(request, false).map(|core| Client { core, storage })
    }

    /// The same for a connection that is inside TLS from its first byte: TLS and h2c are no offers there.
    ///
    /// # Errors
    ///
    /// The [`Misuse`] that names what is wrong with the request.
    pub fn inside_tls(
        storage: S,
        request: &'r UpgradeRequest<'r>,
    ) -> Result<Client<'r, S>, Misuse> {
        Core::new(request, true).map(|core| Client { core, storage })
    }
}

impl<'r, S: AsRef<[u8]> + AsMut<[u8]> + ?Sized> Client<'r, S> {
    /// What to do next: a pure function of the state.
    #[must_use]
    pub fn action(&self) -> Action<'_> {
        self.core.action(self.storage.as_ref())
    }

    /// Writes the request of [`Action::Send`] and says how long it is.
    ///
    /// # Errors
    ///
    /// [`Misuse::BufferTooSmall`] and [`Misuse::OutOfTurn`].
    pub fn send(&mut self, out: &mut [u8]) -> Result<usize, Misuse> {
        self.core.send(out)
    }

    /// Says that so many bytes of the content that [`Action::SendContent`] asks for are on their way.
    ///
    /// # Errors
    ///
    /// [`Misuse::TooMuchContent`] and [`Misuse::OutOfTurn`].
    pub fn content_sent(&mut self, bytes: u64) -> Result<(), Misuse> {
        self.core.content_sent(bytes)
    }

    /// Takes bytes of the peer in pieces of any size, and says how many: never past the end of the message, none out of
    /// turn. Content is skipped.
    pub fn receive(&mut self, input: &[u8]) -> usize {
        self.core.receive(self.storage.as_mut(), input)
    }

    /// [`Client::receive`] for content that is not skipped: how many bytes were taken, and the run of content among them.
    /// It stops behind each run, so that it takes several calls to take all of a chunked `input`.
    pub fn receive_content<'i>(&mut self, input: &'i [u8]) -> (usize, &'i [u8]) {
        self.core.receive_content(self.storage.as_mut(), input)
    }

    /// Tells the machine that so many bytes of the peer were read and are not taken. Only needed where they were not in
    /// the slice with which [`Client::receive`] completed the response. Bytes that nobody asked for, behind a response or before a request,
    /// end the connection (RFC 9112 section 9.2).
    pub fn unread(&mut self, bytes: usize) {
        self.core.unread(bytes);
    }

    /// Goes on after [`Action::Interim`].
    ///
    /// # Errors
    ///
    /// [`Misuse::OutOfTurn`].
    pub fn proceed(&mut self) -> Result<(), Misuse> {
        self.core.proceed()
    }

    /// Asks for the content of the response of [`Action::Response`]: [`Action::Receive`] until it has ended, then
    /// [`Action::Response`] again. Without content nothing changes.
    ///
    /// # Errors
    ///
    /// [`Misuse::OutOfTurn`].
    pub fn want_content(&mut self) -> Result<(), Misuse> {
        self.core.want_content()
    }

    /// Sends another request on this connection: the one that a 426 asks for, or any other (RFC 9112 section 9.3).
    ///
    /// # Errors
    ///
    /// [`Misuse::ContentPending`] before the content of the response was read, [`Misuse::NotReusable`] where the connection
    /// ends, [`Misuse::KeyReused`] for the WebSocket key that was sent last, [`Misuse::OutOfTurn`], and what can be wrong
    /// with the request.
    pub fn retry(&mut self, request: &'r UpgradeRequest<'r>) -> Result<(), Misuse> {
        self.core.retry(request)
    }

    /// The TLS handshake succeeded: bytes from here on are those inside TLS. The request that asked for it is not sent
    /// again, its response comes there (RFC 2817 section 3.3).
    ///
    /// # Errors
    ///
    /// [`Misuse::OutOfTurn`].
    pub fn tls_established(&mut self) -> Result<(), Misuse> {
        self.core.tls_established()
    }

    /// The TLS handshake failed: the connection ends, and nothing follows in clear text (RFC 2817 section 3.3).
    ///
    /// # Errors
    ///
    /// [`Misuse::OutOfTurn`].
    pub fn tls_failed(&mut self) -> Result<(), Misuse> {
        self.core.tls_failed()
    }

    /// The connection ended as it should: in clear text by its end, inside TLS by a closure alert. It completes content
    /// that has no other end (RFC 9112 section 6.3); anything else under way is incomplete.
    pub fn end_of_input(&mut self) {
        self.core.end_of_input(true);
    }

    /// The connection broke, or ended inside TLS without a closure alert: whatever is under way is incomplete
    /// (RFC 9112 section 9.8).
    pub fn connection_lost(&mut self) {
        self.core.end_of_input(false);
    }

    /// A deadline of the application has passed: content that waits for a 100 is sent without it (RFC 9110 section
    /// 10.1.1), unless part of a response has come; in any other state the connection ends.
    pub fn timeout(&mut self) {
        self.core.timeout();
    }
}

impl<S: AsRef<[u8]> + AsMut<[u8]>> Client<'_, S> {
    /// The storage.
    pub fn into_storage(self) -> S {
        self.storage
    }
}

/// The state alone: the storage holds field values, which may be secrets.
impl<S: ?Sized> ::core::fmt::Debug for Client<'_, S> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("Client")
            .field("core", &self.core)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<S: ?Sized> defmt::Format for Client<'_, S> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.core);
    }
}
