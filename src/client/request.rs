//! The request that a client sends: [`UpgradeRequest`].

use super::offer::{Kind, Offer};
use super::uri::{Uri, check_authority};
use crate::Misuse;
use crate::fields::{is_target, is_token, port_number};
use crate::websocket::handshake::KEY_LEN;
use crate::write::{Field, Writer, check};

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

    /// Whether this can be sent, on a connection inside TLS or not.
    pub(super) fn check(&self, secure: bool) -> Result<(), Misuse> {
        if !is_token(self.method.as_bytes()) {
            return Err(Misuse::BadMethod);
        }
        self.check_target()?;
        self.fields
            .iter()
            .try_for_each(|(name, value)| check(name, value))?;
        self.check_content()?;
        let inside = secure || self.mandatory_tls.is_some();
        if self.uri.secure && !inside {
            return Err(Misuse::NeedsTls);
        }
        if let Some(tokens) = self.mandatory_tls.filter(|_| !secure) {
            Offer::tls(tokens).check(true, false, self.proxy)?;
        }
        let is_plain_get = self.method == "GET" && self.content == RequestContent::None;
        if self.is_connect() && !self.offers.is_empty() {
            return Err(Misuse::NeedsTunnel);
        }
        self.check_offers(is_plain_get, inside)
    }

    /// Each offer by itself, and none twice: their fields stand once (RFC 9110 section 5.3).
    fn check_offers(&self, is_plain_get: bool, inside: bool) -> Result<(), Misuse> {
        for (at, offer) in self.offers.iter().enumerate() {
            offer.check(is_plain_get, inside, self.proxy)?;
            let mut earlier = self.offers.iter().take(at);
            if earlier.any(|earlier| earlier.is_same(offer.protocol())) {
                return Err(Misuse::OfferedTwice);
            }
        }
        Ok(())
    }

    fn check_target(&self) -> Result<(), Misuse> {
        let target = self.uri.target.as_bytes();
        check_authority(self.uri.authority)?;
        if self.is_connect() && !target.is_empty() {
            return Err(Misuse::BadTarget);
        }
        if self.is_connect() {
            let port = self
                .uri
                .authority
                .rsplit_once(':')
                .map(|(_, port)| port_number(port.as_bytes()));
            return if matches!(port, Some(Ok(Some(_)))) {
                Ok(())
            } else {
                Err(Misuse::BadHost)
            };
        }
        match target {
            b"*" if self.method == "OPTIONS" && !self.proxy => Ok(()),
            [] | [b'/' | b'?', ..] if is_target(target) => Ok(()),
            _ => Err(Misuse::BadTarget),
        }
    }

    fn check_content(&self) -> Result<(), Misuse> {
        let has_content = self.content_len() > 0;
        let has_type = self
            .fields
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        match (self.method, has_content) {
            ("CONNECT", _) if self.content != RequestContent::None => {
                Err(Misuse::ContentNotAllowed)
            }
            (_, true) if !self.offers.iter().all(Offer::takes_content) => {
                Err(Misuse::ContentNotAllowed)
            }
            ("OPTIONS", true) if !has_type => Err(Misuse::NoContentType),
            (_, false) if self.expect_continue => Err(Misuse::ExpectWithoutContent),
            _ => Ok(()),
        }
    }

    /// The `OPTIONS *` that leads into TLS: nothing of this request but its Host (RFC 2817 section 3.2).
    pub(super) fn write_probe(&self, writer: &mut Writer<'_>) {
        writer
            .text("OPTIONS * HTTP/1.1\r\n")
            .field("Host", self.uri.authority)
            .text("Upgrade: ");
        write_list(self.mandatory_tls.unwrap_or_default(), writer);
        writer.text("\r\nConnection: Upgrade\r\n\r\n");
    }

    /// The request-line and the fields.
    pub(super) fn write_head(&self, writer: &mut Writer<'_>) {
        self.write_request_line(writer);
        self.write_offers(writer);
        for (name, value) in self.fields {
            writer.field(name, value);
        }
        if self.content != RequestContent::None {
            writer
                .text("Content-Length: ")
                .number(self.content_len())
                .text("\r\n");
        }
        if self.expect_continue {
            writer.field("Expect", "100-continue");
        }
        writer.text("\r\n");
    }

    /// The request-line, and Host right behind it (RFC 9112 section 3.2).
    fn write_request_line(&self, writer: &mut Writer<'_>) {
        writer.text(self.method).text(" ");
        if self.is_connect() {
            writer.text(self.uri.authority);
        }
        if self.proxy && !self.is_connect() {
            writer
                .text(if self.uri.secure {
                    "https://"
                } else {
                    "http://"
                })
                .text(self.uri.authority);
        }
        if !self.is_connect() && !self.uri.target.starts_with(['/', '*']) {
            writer.text("/");
        }
        writer
            .text(self.uri.target)
            .text(" HTTP/1.1\r\nHost: ")
            .text(self.uri.authority)
            .text("\r\n");
    }

    /// Upgrade, Connection, and what each protocol needs besides (RFC 9110 section 7.8).
    fn write_offers(&self, writer: &mut Writer<'_>) {
        let mut separator = "Upgrade: ";
        for offer in self.offers {
            writer.text(separator);
            match offer.kind {
                Kind::Tls(tokens) => write_list(tokens, writer),
                _ => {
                    writer.text(offer.protocol().name());
                }
            }
            separator = ", ";
        }
        let has_h2c = self
            .offers
            .iter()
            .any(|offer| matches!(offer.kind, Kind::H2c(_)));
        match (self.offers, has_h2c) {
            ([], _) => {}
            (_, true) => {
                writer.text("\r\nConnection: Upgrade, HTTP2-Settings\r\n");
            }
            (_, false) => {
                writer.text("\r\nConnection: Upgrade\r\n");
            }
        }
        self.offers
            .iter()
            .for_each(|offer| write_particulars(offer, writer));
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

/// The fields of one protocol.
fn write_particulars(offer: &Offer<'_>, writer: &mut Writer<'_>) {
    match offer.kind {
        Kind::WebSocket(offer) => {
            writer.text("Sec-WebSocket-Key: ").bytes(offer.key());
            writer.text("\r\nSec-WebSocket-Version: 13\r\n");
            write_list_field(
                "Sec-WebSocket-Protocol: ",
                offer.offered_subprotocols(),
                writer,
            );
            write_list_field(
                "Sec-WebSocket-Extensions: ",
                offer.offered_extensions(),
                writer,
            );
        }
        Kind::H2c(settings) => {
            writer.text("HTTP2-Settings: ");
            settings.write(|characters| {
                writer.bytes(characters);
            });
            writer.text("\r\n");
        }
        Kind::Tls(_) | Kind::Token(_) => {}
    }
}

fn write_list_field(name: &str, members: &[&str], writer: &mut Writer<'_>) {
    if !members.is_empty() {
        writer.text(name);
        write_list(members, writer);
        writer.text("\r\n");
    }
}

fn write_list(members: &[&str], writer: &mut Writer<'_>) {
    let mut separator = "";
    for member in members {
        writer.text(separator).text(member);
        separator = ", ";
    }
}
