//! The WebSocket part of an offer: [`WebSocketOffer`].

use crate::Misuse;
use crate::octets::is_token;
use crate::websocket::handshake::{KEY_LEN, base64};
use crate::websocket::{deflate, extensions};

/// The WebSocket part of an offer: the key, subprotocols and extensions (RFC 6455 section 4.1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WebSocketOffer<'a> {
    key: [u8; KEY_LEN],
    subprotocols: &'a [&'a str],
    extensions: &'a [&'a str],
    must_choose: bool,
}

impl<'a> WebSocketOffer<'a> {
    /// An offer whose key is made of 16 random octets: fresh ones for every request.
    #[must_use]
    pub fn new(entropy: [u8; 16]) -> WebSocketOffer<'a> {
        let mut key = [0; KEY_LEN];
        base64(&entropy, &mut key);
        WebSocketOffer {
            key,
            subprotocols: &[],
            extensions: &[],
            must_choose: false,
        }
    }

    /// The subprotocols, best first: tokens, no two alike (RFC 6455 section 4.1).
    #[must_use]
    pub const fn subprotocols(self, subprotocols: &'a [&'a str]) -> WebSocketOffer<'a> {
        WebSocketOffer {
            subprotocols,
            ..self
        }
    }

    /// Fail the handshake when the server chooses none of the subprotocols, as browsers do. RFC 6455 lets it pass.
    #[must_use]
    pub const fn must_choose_subprotocol(self) -> WebSocketOffer<'a> {
        WebSocketOffer {
            must_choose: true,
            ..self
        }
    }

    /// Extensions with their parameters, best first, such as `permessage-deflate; client_max_window_bits`. What comes of
    /// them is the application's: the framing of this crate knows none.
    #[must_use]
    pub const fn extensions(self, extensions: &'a [&'a str]) -> WebSocketOffer<'a> {
        WebSocketOffer { extensions, ..self }
    }

    pub(super) const fn key(&self) -> &[u8; KEY_LEN] {
        &self.key
    }

    pub(super) const fn offered_subprotocols(&self) -> &'a [&'a str] {
        self.subprotocols
    }

    pub(super) const fn offered_extensions(&self) -> &'a [&'a str] {
        self.extensions
    }

    pub(super) const fn must_choose(&self) -> bool {
        self.must_choose
    }

    pub(super) fn check(&self) -> Result<(), Misuse> {
        for (at, name) in self.subprotocols.iter().enumerate() {
            let is_repeated = self
                .subprotocols
                .iter()
                .take(at)
                .any(|earlier| earlier == name);
            if is_repeated || !is_token(name.as_bytes()) {
                return Err(Misuse::BadSubprotocol);
            }
        }
        if self.extensions.iter().all(|list| is_extensions(list)) {
            Ok(())
        } else {
            Err(Misuse::BadExtension)
        }
    }
}

/// At least one extension, and permessage-deflate as RFC 7692 section 7.1 has it: no answer fits another.
fn is_extensions(list: &str) -> bool {
    let mut offered = extensions::all(list.as_bytes()).peekable();
    extensions::is_list(list.as_bytes())
        && offered.peek().is_some()
        && offered.all(|offer| offer.name() != deflate::NAME || deflate::is_offer(&offer))
}

/// The key proves that the server read this very request: it is no secret, but no business of a log.
impl core::fmt::Debug for WebSocketOffer<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("WebSocketOffer")
            .field("subprotocols", &self.subprotocols)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for WebSocketOffer<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "WebSocketOffer({})", self.subprotocols);
    }
}
