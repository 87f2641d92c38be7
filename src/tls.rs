//! TLS inside HTTP/1.1 (RFC 2817): how it goes, and what can go wrong with it.
//!
//! A connection begins in clear text. The client asks with `Upgrade: TLS/1.2`, the server answers 101, both shake hands on the
//! same socket, and HTTP goes on inside TLS, beginning with the response to the request that asked. IPP printers and libcups
//! work like this; few others do. **If you have a choice, give TLS a port of its own, and leave all this alone.**
//!
//! This crate brings the connection to the handshake and takes it up again behind it. Handshake and certificates are those of
//! your TLS library. The examples `tls_server` and `tls_client` do it with rustls.
//!
//! # Stripping
//!
//! The request that asks for TLS is not protected by it. Who sits between the two can delete the two lines that ask. The
//! server then sees an ordinary request, the client an ordinary answer in clear text, and nobody notices. So:
//!
//! - An *optional* offer ([`Offer::tls`](crate::Offer::tls)) helps against those who only listen. It is no protection from
//!   those who can change what passes, and what it goes out with (target, cookies, credentials) is in clear text anyway.
//! - A client that needs TLS *insists*, with [`UpgradeRequest::mandatory_tls`](crate::UpgradeRequest::mandatory_tls). Then an
//!   `OPTIONS *` asks for TLS and says nothing but the host. The request itself goes out inside TLS, or never: any answer but
//!   the switch ends the connection with [`Error::TlsRefused`](crate::Error::TlsRefused).
//! - Who sits in the middle can also answer the 101. Only the certificate tells: check it as you would for `https`, against
//!   the name in the URI. A client that takes any certificate has lost to the same attacker.
//! - A server that answers 426 in clear text ([`Policy::require`](crate::Policy::require)) keeps its own secrets. Those
//!   of the client have been sent by then.
//!
//! ```
//! use http_upgrade::{Client, Error, UpgradeRequest, client::Action};
//!
//! let fields = [("Cookie", "session=31d4")];
//! let request = UpgradeRequest::get("http://printer.example/jobs")?
//!     .fields(&fields)
//!     .mandatory_tls(&["TLS/1.2"]);
//! let mut client = Client::new([0; 1024], &request)?;
//! let mut out = [0; 512];
//! let len = client.send(&mut out)?;
//! let sent = "OPTIONS * HTTP/1.1\r\nHost: printer.example\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n";
//! assert_eq!(&out[..len], sent.as_bytes()); // neither /jobs nor the cookie
//!
//! // Somebody has deleted the lines that ask: the server answers as if nobody had.
//! client.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
//! assert!(matches!(client.action(), Action::Close(Some(Error::TlsRefused))));
//! assert!(client.send(&mut out).is_err());
//! # Ok::<(), http_upgrade::Misuse>(())
//! ```
//!
//! # Connections joined in the middle: the Opossum attack
//!
//! A server has a port of implicit TLS, 443 say, and upgrades on port 80, with the same certificate on both. A browser connects
//! to port 443. Somebody in the middle does not pass that on, but opens a connection to port 80 instead, asks there for
//! some page with an offer of TLS, and takes the 101. Then the two connections are joined. The browser's handshake succeeds: it
//! is the right server with the right certificate. The browser asks for its page, and the first response that comes is the
//! one to the attacker's request. Every response from there on belongs to the request before. TLS is unbroken and the user
//! reads what the attacker chose.
//!
//! The attack was published in 2025. The Apache server gave up RFC 2817 altogether because of it (CVE-2025-49812). It needs
//! three things: the same certificate on both ports, an upgrade on the one, and a request of the attacker's that is still to be
//! answered when the handshake is over. What this crate does about it:
//!
//! - A server upgrades to TLS only if its [`Policy`](crate::Policy) says so; the default is not to.
//! - [`Allow::TLS`](crate::Allow::TLS) is for `OPTIONS *` without content, the request of a client that insists. What is
//!   pending across the switch then names no resource and carries no data: the attacker chooses nothing of the answer. Other
//!   requests are answered in clear text. [`Allow::any_request`](crate::Allow::any_request) is the choice to take more; with it
//!   the attack works as described.
//! - A client offers TLS only with requests without content, unless [`Offer::any_request`](crate::Offer::any_request) says
//!   otherwise.
//! - Nothing of the clear text gets into the HTTP inside but the pending request: bytes behind it go to the TLS layer, where
//!   they fail.
//!
//! This makes the attack small, and does not end it: the answer to `OPTIONS *` still comes first, and shifts those behind it
//! by one. What remains is yours:
//!
//! - **Do not share a certificate between a port that upgrades and one of implicit TLS.** Without that there is no attack.
//! - Look at the first message of the handshake, if your TLS library shows it. A client of an implicit-TLS port as a rule names
//!   its application protocols there (ALPN). A client that came by an upgrade has settled on HTTP/1.1 already: libcups names
//!   none. Fail the handshake of one that does, and of one whose host (SNI) is not that of the request in clear text. The
//!   example does both.
//! - In a client, tell the machine of bytes that came without being asked for, with
//!   [`Client::unread`](crate::Client::unread), before each further request: such a connection is not used again.
//!
//! ```
//! use http_upgrade::{Action, Allow, Origins, Policy, Protocol, Server};
//!
//! const POLICY: Policy = Policy::new(Origins::Deny).allow(&[Allow::TLS]);
//! const OFFER: &str = "HTTP/1.1\r\nHost: a\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n";
//!
//! // What the server makes of a request that offers TLS.
//! let is_taken_up = |policy: &Policy, line: &str, behind: &str| {
//!     let mut server = Server::new([0; 512], policy);
//!     server.receive(format!("{line} {OFFER}{behind}").as_bytes());
//!     matches!(server.action(), Action::Decide(request) if request.offers(Protocol::Tls))
//! };
//! assert!(is_taken_up(&POLICY, "OPTIONS *", "\r\n"));
//! assert!(!is_taken_up(&POLICY, "GET /chosen-by-the-attacker", "\r\n"));
//! assert!(!is_taken_up(&POLICY, "OPTIONS *", "Content-Length: 4\r\n\r\ndata"));
//! assert!(!is_taken_up(&Policy::new(Origins::Deny), "OPTIONS *", "\r\n"));
//! ```
//!
//! A client of this crate that asks for an upgrade, and is joined to a port of implicit TLS, waits for the answer to its
//! `OPTIONS *` while the server waits for a request: nothing is sent, and your deadline ends it.
//!
//! # Bytes that come too early
//!
//! A clear-text request behind the one that asked for TLS, or a clear-text response behind the 101, is the classic way into
//! what follows. The machine takes no byte behind the switch. Give all of them to the TLS layer, and nothing else: it fails
//! unless they are its own.
//!
//! ```
//! use http_upgrade::{Action, Allow, Decision, Error, Origins, Policy, Protocol, Server};
//!
//! const POLICY: Policy = Policy::new(Origins::Deny).allow(&[Allow::TLS]);
//!
//! let input = b"OPTIONS * HTTP/1.1\r\nHost: a.example\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n\
//!     GET /evil HTTP/1.1\r\nHost: a.example\r\n\r\n";
//! let mut server = Server::new([0; 512], &POLICY);
//! let used = server.receive(input);
//! server.decide(Decision::Accept(Protocol::Tls))?;
//! let mut out = [0; 256];
//! server.send(&mut out)?;
//! let Action::Switch(Protocol::Tls, request) = server.action() else { panic!() };
//! assert_eq!(request.authority(), "a.example"); // chooses the certificate
//! assert!(input[used..].starts_with(b"GET /evil")); // for the TLS layer, which fails
//! server.tls_failed()?;
//! assert!(matches!(server.action(), Action::Close(Some(Error::TlsFailed))));
//! assert!(server.send(&mut out).is_err()); // and nothing follows in clear text
//! # Ok::<(), http_upgrade::Misuse>(())
//! ```
//!
//! # The end
//!
//! Inside TLS the end of the socket is not the end of a message: somebody may have cut it. Only the closure alert (`close_notify`)
//! is. Say [`Client::end_of_input`](crate::Client::end_of_input) for the alert, and
//! [`Client::connection_lost`](crate::Client::connection_lost) for a socket that ends without: a response that is delimited by
//! the end of the connection is then incomplete (RFC 9112 section 9.8).
//!
//! # libcups
//!
//! cupsd, and the last Apache that did RFC 2817, name versions of TLS in their 101 that were not offered:
//! [`UpgradeRequest::lenient_tls`](crate::UpgradeRequest::lenient_tls) takes that. `ipptool` 2.4 that comes back for TLS after a
//! 426 cannot read on behind a session ticket of TLS 1.3: let the server send none.
//!
//! # Virtual hosts
//!
//! The request in clear text says which host it means, so the server knows it before the handshake, without SNI:
//! [`Action::Switch`](crate::server::Action::Switch) carries the request, and
//! [`Request::authority`](crate::Request::authority) chooses the certificate. A later request inside TLS may name another host;
//! whether the connection serves that is for the application to judge, with 421 if it does not (RFC 9110 section 7.4).
