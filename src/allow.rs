//! What an entry of a policy allows: [`Allow`] for protocols, [`Origins`] for browsers.

use crate::Protocol;
use crate::protocol::{is_datagram_token, is_upgrade_token};
use crate::request::Flags;
use crate::upgrade::{self, Rules};

/// Which Origins may open a WebSocket (RFC 6455 section 10.2). A request without Origin does not come from a browser and
/// is allowed. Repeated Origin lines are refused unless every Origin is allowed, and so is `null` unless it is listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Origins<'p> {
    /// Every Origin: any page in any browser may open a WebSocket with the user's cookies.
    Any,
    /// `https://` with the host and port of the request itself; in clear text `http://` too.
    SameHost,
    /// One of these, `scheme://host[:port]`, octet for octet but for case.
    List(&'p [&'p str]),
    /// No browser.
    Deny,
}

/// A protocol that the server allows, and in which requests.
#[derive(Clone, Copy)]
pub struct Allow<'p> {
    pub(crate) protocol: Protocol<'p>,
    pub(crate) rules: &'static Rules,
    /// What a request must be for it.
    terms: Flags,
    /// TLS: requests other than `OPTIONS *`. Tokens: methods other than GET, and content.
    pub(crate) any_request: bool,
    /// h2c: although a proxy left its mark.
    pub(crate) via_proxy: bool,
}

impl<'p> Allow<'p> {
    /// WebSocket.
    pub const WEBSOCKET: Allow<'static> = Allow::only(Protocol::WebSocket, &upgrade::WEBSOCKET);

    /// h2c, for clients that speak to this server directly: not with Via, Forwarded or X-Forwarded-* in the request, for
    /// an upgrade that a proxy passes on without knowing it is a tunnel past that proxy.
    pub const H2C: Allow<'static> = Allow::only(Protocol::H2c, &upgrade::H2C);

    /// TLS for `OPTIONS *` without content, the form of a client that insists (RFC 2817 section 3.2).
    ///
    /// Do not enable it where a port of implicit TLS shares the certificate: whoever sits between can then join a client
    /// of that port to this one and shift the responses by one (the Opossum attack, CVE-2025-49812; see
    /// [the risks](crate::tls)).
    pub const TLS: Allow<'static> = Allow::only(Protocol::Tls, &upgrade::TLS);

    /// The tunnel of CONNECT. Without it CONNECT is refused with 403.
    pub const TUNNEL: Allow<'static> = Allow::only(Protocol::Tunnel, &upgrade::NONE);

    /// HTTP/2 with prior knowledge on the first bytes of a connection. Without it, 505.
    ///
    /// The first 18 bytes of the preface look like a head and are taken as one: an HTTP/2 engine is given
    /// [`Request::head`](crate::Request::head) first, then the bytes that were not taken.
    pub const PRIOR_KNOWLEDGE: Allow<'static> =
        Allow::only(Protocol::PriorKnowledge, &upgrade::NONE);

    /// That upgrade token, `name` or `name/version`, for GET without content (RFC 9931 section 7.1).
    ///
    /// A token is opaque: `Allow::token("h2c")` takes the upgrades to h2c that lack HTTP2-Settings, through proxies and
    /// inside TLS too. Name no protocol so that has an entry of its own, unless that is what you want.
    #[must_use]
    pub const fn token(token: &'p str) -> Allow<'p> {
        let rules = if is_datagram_token(token) {
            &upgrade::DATAGRAM
        } else if is_upgrade_token(token.as_bytes()) {
            &upgrade::TOKEN
        } else {
            &upgrade::NONE
        };
        Allow::only(Protocol::Token(token), rules)
    }

    /// TLS for any request, a token for any method and with content.
    #[must_use]
    pub const fn any_request(self) -> Allow<'p> {
        let of_request = Flags::GET.with(Flags::ASTERISK).with(Flags::CONTENT);
        let terms = if self.rules.is_strict {
            self.terms
        } else {
            self.terms.without(of_request)
        };
        Allow {
            any_request: true,
            terms,
            ..self
        }
    }

    /// h2c also where a proxy left its mark: for a server whose proxy is known to pass upgrades on deliberately.
    #[must_use]
    pub const fn via_proxy(self) -> Allow<'p> {
        Allow {
            via_proxy: true,
            terms: self.terms.without(Flags::PROXIED),
            ..self
        }
    }

    /// The protocol.
    #[must_use]
    pub const fn protocol(self) -> Protocol<'p> {
        self.protocol
    }

    /// What names it in an Upgrade list of the server.
    pub(crate) fn name(&self) -> &'p str {
        match self.protocol {
            Protocol::Token(token) => token,
            _ => self.rules.token,
        }
    }

    /// Whether an Upgrade list of the server can name it here.
    pub(crate) fn can_be_listed(&self, secure: bool) -> bool {
        self.rules.scope as u8 > u8::from(secure)
    }

    /// Whether that member of an Upgrade list names it.
    pub(crate) fn is_named_by(&self, member: &[u8]) -> bool {
        (self.rules.is_named_by)(member, self.name().as_bytes())
    }

    /// Whether a request that names it may switch to it, inside TLS or not, with that value of HTTP2-Settings.
    pub(crate) fn may_switch(&self, flags: Flags, secure: bool, settings: &[u8]) -> bool {
        self.can_be_listed(secure)
            && (self.rules.is_strict || flags.meets(self.terms))
            && self.rules.are_settings.is_none_or(|are| are(settings))
    }

    /// Whether a request that may switch is malformed all the same.
    pub(crate) const fn is_malformed(&self, flags: Flags) -> bool {
        !flags.meets(self.terms)
    }

    /// The rules go with the protocol.
    const fn parts(&self) -> (Protocol<'p>, bool, bool) {
        (self.protocol, self.any_request, self.via_proxy)
    }

    const fn only(protocol: Protocol<'p>, rules: &'static Rules) -> Allow<'p> {
        Allow {
            protocol,
            rules,
            terms: rules.terms,
            any_request: false,
            via_proxy: false,
        }
    }
}

impl PartialEq for Allow<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Allow<'_> {}

impl core::fmt::Debug for Allow<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Allow")
            .field("protocol", &self.protocol)
            .field("any_request", &self.any_request)
            .field("via_proxy", &self.via_proxy)
            .finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Allow<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let (protocol, any_request, via_proxy) = self.parts();
        defmt::write!(
            f,
            "Allow({}, any_request: {}, via_proxy: {})",
            protocol,
            any_request,
            via_proxy
        );
    }
}
