//! The protocols that a client offers.

use super::websocket_offer::WebSocketOffer;
use crate::h2c::Settings;
use crate::protocol::{is_datagram_token, is_tls_token, is_upgrade_token};
use crate::websocket::handshake::KEY_LEN;
use crate::{Misuse, Protocol};

/// A protocol that a request offers, with what goes with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Offer<'a> {
    pub(super) kind: Kind<'a>,
    any_request: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum Kind<'a> {
    WebSocket(&'a WebSocketOffer<'a>),
    H2c(&'a Settings),
    Tls(&'a [&'a str]),
    Token(&'a str),
}

impl<'a> Offer<'a> {
    /// WebSocket, for GET without content.
    #[must_use]
    pub const fn websocket(offer: &'a WebSocketOffer<'a>) -> Offer<'a> {
        Offer {
            kind: Kind::WebSocket(offer),
            any_request: false,
        }
    }

    /// h2c with those settings, at least one (RFC 7540 section 3.2.1).
    #[must_use]
    pub const fn h2c(settings: &'a Settings) -> Offer<'a> {
        Offer {
            kind: Kind::H2c(settings),
            any_request: true,
        }
    }

    /// TLS by those tokens, best first, such as `TLS/1.2` (RFC 2817 section 7.2), for requests without content: it would
    /// have crossed in clear text. The TLS handshake itself settles the version.
    #[must_use]
    pub const fn tls(tokens: &'a [&'a str]) -> Offer<'a> {
        Offer {
            kind: Kind::Tls(tokens),
            any_request: false,
        }
    }

    /// Another upgrade token, `name` or `name/version`, for GET without content (RFC 9931 section 7.1). A token is opaque:
    /// `h2c` is the upgrade without HTTP2-Settings; `websocket` and `TLS` are refused, they have offers of their own.
    #[must_use]
    pub const fn token(token: &'a str) -> Offer<'a> {
        Offer {
            kind: Kind::Token(token),
            any_request: false,
        }
    }

    /// A token for any method and with content, TLS with content. WebSocket and the tokens of MASQUE, `connect-udp` and
    /// `connect-ip`, stay those of a GET without (RFC 6455 section 4.1, RFC 9298 section 3.2).
    #[must_use]
    pub const fn any_request(self) -> Offer<'a> {
        Offer {
            any_request: true,
            ..self
        }
    }

    /// The protocol.
    #[must_use]
    pub const fn protocol(&self) -> Protocol<'a> {
        match self.kind {
            Kind::WebSocket(_) => Protocol::WebSocket,
            Kind::H2c(_) => Protocol::H2c,
            Kind::Tls(_) => Protocol::Tls,
            Kind::Token(token) => Protocol::Token(token),
        }
    }

    /// Whether content may go out with it.
    pub(super) const fn takes_content(&self) -> bool {
        self.any_request
    }

    /// The key, which is for one request only.
    pub(super) fn key(&self) -> Option<&'a [u8; KEY_LEN]> {
        match self.kind {
            Kind::WebSocket(offer) => Some(offer.key()),
            _ => None,
        }
    }

    /// Whether a 101 that names this offer could mean that protocol.
    pub(super) fn is_same(&self, protocol: Protocol<'_>) -> bool {
        protocol.is_named_by(self.protocol().name().as_bytes())
    }

    /// Whether a request of that kind can carry the offer, on a connection inside TLS or not.
    pub(super) fn check(
        &self,
        is_plain_get: bool,
        secure: bool,
        proxy: bool,
    ) -> Result<(), Misuse> {
        let needs_get = match self.kind {
            Kind::WebSocket(_) => true,
            Kind::Token(token) => !self.any_request || is_datagram_token(token),
            Kind::H2c(_) | Kind::Tls(_) => false,
        };
        if needs_get && !is_plain_get {
            return Err(Misuse::ContentNotAllowed);
        }
        match self.kind {
            Kind::WebSocket(_) if proxy => Err(Misuse::NeedsTunnel),
            Kind::WebSocket(offer) => offer.check(),
            Kind::H2c(_) | Kind::Tls(_) if secure => Err(Misuse::InsideTls),
            Kind::Tls(_) if proxy => Err(Misuse::NeedsTunnel),
            Kind::H2c(settings) if settings.iter().next().is_none() => Err(Misuse::BadToken),
            Kind::Tls([]) => Err(Misuse::BadToken),
            Kind::Tls(tokens) if !tokens.iter().all(|token| is_tls_token(token.as_bytes())) => {
                Err(Misuse::BadToken)
            }
            Kind::Token(token) if !is_upgrade_token(token.as_bytes()) => Err(Misuse::BadToken),
            Kind::Token(token) if has_own_offer(token.as_bytes()) => Err(Misuse::BadToken),
            Kind::Token(_) if secure && self.is_same(Protocol::H2c) => Err(Misuse::InsideTls),
            _ => Ok(()),
        }
    }
}

/// Whether such a token would go around what the crate checks for that protocol. `h2c` stays: there are servers that take
/// it without HTTP2-Settings.
fn has_own_offer(token: &[u8]) -> bool {
    Protocol::WebSocket.is_named_by(token) || Protocol::Tls.is_named_by(token)
}
