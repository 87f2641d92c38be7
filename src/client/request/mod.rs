//! The request that a client sends: [`UpgradeRequest`].

mod check;
mod write;

use super::offer::Offer;
use super::uri::Uri;
use crate::Misuse;
use crate::websocket::handshake::KEY_LEN;
use crate::write::Field;

/// The content of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestContent<'a> {
    None,
    /// The machine writes it.
    Whole(&'a [u8]),
    /// The application writes that many bytes.
    Length(u64),
}

/// A request that offers other protocols, or none.
///
/// ```
/// use http_upgrade::{Offer, UpgradeRequest, WebSocketOffer};
///
/// let websocket = WebSocketOffer::new([7; 16]).subprotocols(&["chat"]); // 16 random octets
/// let offers = [Offer::websocket(&websocket)];
/// let request = UpgradeRequest::get("ws://example.org/chat")?.offer(&offers);
/// # Ok::<(), http_upgrade::Misuse>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UpgradeRequest<'a> {
    pub(super) method: &'a str,
    pub(super) uri: Uri<'a>,
    pub(super) fields: &'a [Field<'a>],
    pub(super) offers: &'a [Offer<'a>],
    pub(super) content: RequestContent<'a>,
    pub(super) mandatory_tls: Option<&'a [&'a str]>,
    pub(super) expect_continue: bool,
    pub(super) proxy: bool,
    pub(super) lenient_tls: bool,
    pub(super) lenient_h2c: bool,
    pub(super) lenient_status_line: bool,
}

impl<'a> UpgradeRequest<'a> {
    /// GET of that `http`, `https`, `ws` or `wss` URI.
    ///
    /// # Errors
    ///
    /// Those of [`Uri::parse`].
    pub fn get(uri: &'a str) -> Result<UpgradeRequest<'a>, Misuse> {
        Uri::parse(uri).map(|uri| UpgradeRequest::new("GET", uri))
    }

    /// A request of that method. The target of the URI may be `*` for OPTIONS.
    #[must_use]
    pub const fn new(method: &'a str, uri: Uri<'a>) -> UpgradeRequest<'a> {
        UpgradeRequest {
            method,
            uri,
            fields: &[],
            offers: &[],
            content: RequestContent::None,
            mandatory_tls: None,
            expect_continue: false,
            proxy: false,
            lenient_tls: false,
            lenient_h2c: false,
            lenient_status_line: false,
        }
    }

    /// CONNECT to `host ":" port` through a proxy; what comes behind the 2xx is a connection of its own
    /// (RFC 9110 section 9.3.6).
    #[must_use]
    pub const fn connect(authority: &'a str) -> UpgradeRequest<'a> {
        UpgradeRequest::new(
            "CONNECT",
            Uri {
                secure: false,
                authority,
                target: "",
            },
        )
    }

    /// Another method.
    #[must_use]
    pub const fn method(self, method: &'a str) -> UpgradeRequest<'a> {
        UpgradeRequest { method, ..self }
    }

    /// Fields of the application, such as Origin, Cookie or Authorization. Those that the crate writes itself are refused.
    #[must_use]
    pub const fn fields(self, fields: &'a [Field<'a>]) -> UpgradeRequest<'a> {
        UpgradeRequest { fields, ..self }
    }

    /// The protocols to offer, best first.
    #[must_use]
    pub const fn offer(self, offers: &'a [Offer<'a>]) -> UpgradeRequest<'a> {
        UpgradeRequest { offers, ..self }
    }

    /// Content that is written with the request.
    #[must_use]
    pub const fn content(self, content: &'a [u8]) -> UpgradeRequest<'a> {
        UpgradeRequest {
            content: RequestContent::Whole(content),
            ..self
        }
    }

    /// Content of that many bytes, which the application writes.
    #[must_use]
    pub const fn content_length(self, bytes: u64) -> UpgradeRequest<'a> {
        UpgradeRequest {
            content: RequestContent::Length(bytes),
            ..self
        }
    }

    /// Let the content wait for a 100 (RFC 9110 section 10.1.1).
    #[must_use]
    pub const fn expect_continue(self) -> UpgradeRequest<'a> {
        UpgradeRequest {
            expect_continue: true,
            ..self
        }
    }

    /// Insist on TLS by those tokens (RFC 2817 section 3.2): `OPTIONS *` leads into it, and nothing of this request leaves
    /// before the TLS handshake has succeeded. Whatever the server answers but the switch is an error.
    #[must_use]
    pub const fn mandatory_tls(self, tokens: &'a [&'a str]) -> UpgradeRequest<'a> {
        UpgradeRequest {
            mandatory_tls: Some(tokens),
            ..self
        }
    }

    /// The connection leads to a forward proxy: the target is in absolute-form (RFC 9112 section 3.2.2).
    #[must_use]
    pub const fn via_proxy(self) -> UpgradeRequest<'a> {
        UpgradeRequest {
            proxy: true,
            ..self
        }
    }

    /// Take a 101 to TLS that names TLS versions which were not offered, or lacks the upgrade option in Connection: cupsd
    /// and the last Apache that did RFC 2817 send such.
    #[must_use]
    pub const fn lenient_tls(self) -> UpgradeRequest<'a> {
        UpgradeRequest {
            lenient_tls: true,
            ..self
        }
    }

    /// Take a 101 without Upgrade and Connection as the one to h2c, where nothing else was offered.
    #[must_use]
    pub const fn lenient_h2c(self) -> UpgradeRequest<'a> {
        UpgradeRequest {
            lenient_h2c: true,
            ..self
        }
    }

    /// Take a status-line that ends behind the code, without the space (RFC 9112 section 4).
    #[must_use]
    pub const fn lenient_status_line(self) -> UpgradeRequest<'a> {
        UpgradeRequest {
            lenient_status_line: true,
            ..self
        }
    }

    /// The key of the offer of WebSocket: there is one at most.
    pub(super) fn key(&self) -> Option<&'a [u8; KEY_LEN]> {
        self.offers.iter().find_map(Offer::key)
    }

    pub(super) const fn is_connect(&self) -> bool {
        matches!(self.method.as_bytes(), b"CONNECT")
    }

    pub(super) const fn is_head(&self) -> bool {
        matches!(self.method.as_bytes(), b"HEAD")
    }

    pub(super) const fn content_len(&self) -> u64 {
        match self.content {
            RequestContent::None => 0,
            RequestContent::Whole(content) => content.len() as u64,
            RequestContent::Length(length) => length,
        }
    }
}

impl core::fmt::Debug for UpgradeRequest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("UpgradeRequest")
            .field("method", &self.method)
            .field("uri", &self.uri)
            .field("offers", &self.offers)
            .finish_non_exhaustive()
    }
}

/// Method, target and offers: field values and content may be secrets.
#[cfg(feature = "defmt")]
impl defmt::Format for UpgradeRequest<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "{=str} {=str} {}",
            self.method,
            self.uri.target,
            self.offers
        );
    }
}
