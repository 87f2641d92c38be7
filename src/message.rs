//! A borrowed view of a finished request head: [`Request`].

use crate::Protocol;
use crate::content::Framing;
use crate::field_lines::Fields;
use crate::fields::number;
use crate::h2c::Settings;
use crate::request::Flags;
use crate::server::Core;
use crate::span::text;
use crate::websocket::{Extension, HandshakeError, extensions};

/// The version of a request (RFC 9112 section 2.3). A higher minor version is read as 1.1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Version {
    /// HTTP/1.0
    Http10,
    /// HTTP/1.1
    Http11,
}

/// A request whose head is complete: a view of the lent storage.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub(crate) storage: &'a [u8],
    pub(crate) core: &'a Core<'a>,
}

impl<'a> Request<'a> {
    /// The method, in the case it was written in (RFC 9110 section 9.1).
    #[must_use]
    pub fn method(&self) -> &'a str {
        text(self.method_octets())
    }

    /// The target, octet for octet (RFC 9112 section 3.2).
    #[must_use]
    pub fn target(&self) -> &'a str {
        text(self.target_octets())
    }

    /// The version.
    #[must_use]
    pub const fn version(&self) -> Version {
        if self.core.facts.flags.has(Flags::HTTP10) {
            Version::Http10
        } else {
            Version::Http11
        }
    }

    /// `host[":" port]` of the target, or else of Host; empty where neither names one (RFC 9112 section 3.3). It selects
    /// the certificate when TLS takes over (RFC 2817 section 2).
    #[must_use]
    pub fn authority(&self) -> &'a str {
        text(self.authority_octets())
    }

    /// Whether the connection is inside TLS now. A request that was upgraded to TLS keeps the identity of an `http` URI
    /// (RFC 2817 section 8.1); those behind it are `https` (RFC 9112 section 3.3).
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.core.secure
    }

    /// All field lines, in their order.
    #[must_use]
    pub fn fields(&self) -> Fields<'a> {
        Fields {
            rest: self
                .head()
                .get(self.core.head.start_line()..)
                .unwrap_or_default(),
        }
    }

    /// The value of the first line of that field, the name in any case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'a [u8]> {
        self.fields().get(name)
    }

    /// The members of all lines of a field that is a list of tokens, joined in their order (RFC 9110 section 5.6.1).
    pub fn list(&self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.fields().list(name)
    }

    /// The fields that end at this connection: Connection, what it names, and those that always do
    /// (RFC 9110 section 7.6.1).
    pub fn hop_by_hop_fields(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.fields().hop_by_hop(true)
    }

    /// The fields that a proxy passes on, and that HTTP/2 has too; Host is among them.
    pub fn end_to_end_fields(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.fields().hop_by_hop(false)
    }

    /// The whole head as it came, request-line and empty line included.
    #[must_use]
    pub fn head(&self) -> &'a [u8] {
        self.storage.get(..self.core.head.len()).unwrap_or_default()
    }

    /// Whether the request offers that protocol in a way that counts: the policy allows it for such a request, Upgrade
    /// names it, Connection has the option, the version is 1.1 and what the protocol needs besides is there.
    ///
    /// A request that offers WebSocket may still break the rules of the opening handshake: see [`Request::websocket`].
    #[must_use]
    pub fn offers(&self, protocol: Protocol<'_>) -> bool {
        self.core.facts.offered & self.core.policy.entries_of(protocol) != 0
    }

    /// The opening handshake: fine, or the first rule that it breaks (RFC 6455 section 4.2.1). `Ok` says nothing where the
    /// request does not offer WebSocket.
    pub const fn websocket(&self) -> Result<(), HandshakeError> {
        match self.core.facts.handshake_error {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }

    /// The subprotocols that the client offers, best first (RFC 6455 section 11.3.4).
    pub fn subprotocols(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.list("sec-websocket-protocol")
    }

    /// That subprotocol in the list of the client.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn subprotocol(&self, name: &str) -> Option<&'a [u8]> {
        let is_same = <[u8] as PartialEq>::eq;
        self.fields()
            .find_member("sec-websocket-protocol", name.as_bytes(), is_same)
    }

    /// The extensions that the client offers (RFC 6455 section 9.1). The server declines them.
    pub fn extensions(&self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        self.fields()
            .values("sec-websocket-extensions")
            .flat_map(extensions::all)
    }

    /// Origin, octet for octet; `None` for a client that is no browser (RFC 6455 section 10.2).
    #[must_use]
    pub fn origin(&self) -> Option<&'a [u8]> {
        self.field("origin")
    }

    /// HTTP2-Settings, where the request offers h2c (RFC 7540 section 3.2.1).
    #[must_use]
    pub fn http2_settings(&self) -> Option<Settings> {
        if !self.offers(Protocol::H2c) {
            return None;
        }
        Settings::decode(self.field("http2-settings")?).ok()
    }

    /// How the content is delimited (RFC 9112 section 6.3).
    #[must_use]
    pub fn framing(&self) -> Framing {
        let flags = self.core.facts.flags;
        match self.field("content-length").and_then(number) {
            Some(length) if flags.has(Flags::CONTENT) => Framing::Length(length),
            None if flags.has(Flags::CONTENT) => Framing::Chunked,
            _ => Framing::None,
        }
    }

    /// Whether content is still to come: not for a request without any.
    #[must_use]
    pub const fn is_content_pending(&self) -> bool {
        !self.core.content.is_complete()
    }

    /// Whether the client waits for a 100 before it sends content (RFC 9110 section 10.1.1).
    #[must_use]
    pub const fn expects_continue(&self) -> bool {
        self.core.facts.flags.has(Flags::EXPECT_CONTINUE)
    }

    /// [`Request::method`] without a check of UTF-8, which takes about 600 bytes of flash.
    #[must_use]
    pub fn method_octets(&self) -> &'a [u8] {
        self.core.facts.method(self.storage)
    }

    /// [`Request::target`] without a check of UTF-8, which takes about 600 bytes of flash.
    #[must_use]
    pub fn target_octets(&self) -> &'a [u8] {
        self.core.facts.target(self.storage)
    }

    /// [`Request::authority`] without a check of UTF-8, which takes about 600 bytes of flash.
    #[must_use]
    pub fn authority_octets(&self) -> &'a [u8] {
        self.core.facts.authority.of(self.storage)
    }

    pub(crate) const fn is_connect(&self) -> bool {
        self.core.facts.flags.has(Flags::CONNECT)
    }
}

impl core::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method())
            .field("target", &self.target())
            .finish_non_exhaustive()
    }
}

/// Method and target: field values may be secrets.
#[cfg(feature = "defmt")]
impl defmt::Format for Request<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str} {=str}", self.method(), self.target());
    }
}
