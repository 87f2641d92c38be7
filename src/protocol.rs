//! The protocols that can take over, and the tokens that name them in Upgrade (RFC 9110 section 16.7).

use crate::fields::same_name;
use crate::octets::is_token_byte;

/// A protocol that takes over the connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Protocol<'a> {
    /// `websocket` (RFC 6455).
    WebSocket,
    /// `h2c`, HTTP/2 over cleartext (RFC 7540 section 3.2; retired by RFC 9113).
    H2c,
    /// `TLS/x.y` inside HTTP/1.1 (RFC 2817). HTTP goes on inside it.
    Tls,
    /// Any other upgrade token, `name` or `name/version`, in the spelling of the application.
    Token(&'a str),
    /// The tunnel of CONNECT (RFC 9110 section 9.3.6). It has no upgrade token.
    Tunnel,
    /// HTTP/2 that a client starts without asking (RFC 9113 section 3.3). It has no upgrade token, and its first bytes are
    /// the head of the request.
    PriorKnowledge,
}

impl<'a> Protocol<'a> {
    /// What the application, a log or the `replay` example calls it: the upgrade token without version, or `tunnel`, or
    /// `prior-knowledge`.
    #[must_use]
    pub const fn name(self) -> &'a str {
        match self {
            Protocol::WebSocket => "websocket",
            Protocol::H2c => "h2c",
            Protocol::Tls => "tls",
            Protocol::Token(token) => token,
            Protocol::Tunnel => "tunnel",
            Protocol::PriorKnowledge => "prior-knowledge",
        }
    }

    /// Whether that member of an Upgrade list names this protocol: the name in any case, the version octet for octet
    /// (RFC 9110 section 7.8).
    pub(crate) fn is_named_by(self, member: &[u8]) -> bool {
        match self {
            Protocol::WebSocket => same_name(member, b"websocket"),
            Protocol::H2c => same_name(member, b"h2c"),
            Protocol::Tls => is_tls_token(member),
            Protocol::Token(token) => is_same_token(member, token.as_bytes()),
            Protocol::Tunnel | Protocol::PriorKnowledge => false,
        }
    }
}

impl core::fmt::Display for Protocol<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// `TLS`, or `TLS/` DIGIT `.` DIGIT, the name in any case (RFC 2817 section 7.2).
pub(crate) fn is_tls_token(member: &[u8]) -> bool {
    let Some((name, version)) = member.split_at_checked(3) else {
        return false;
    };
    let is_version = matches!(version, [] | [b'/', b'0'..=b'9', b'.', b'0'..=b'9']);
    is_version && same_name(name, b"tls")
}

/// Whether both are the same `name["/" version]`, one of them known to be of that form: names in any case, versions octet
/// for octet.
pub(crate) fn is_same_token(member: &[u8], token: &[u8]) -> bool {
    let mut is_version = false;
    for (a, b) in member.iter().zip(token) {
        is_version |= *a == b'/';
        if !(a == b || (!is_version && a.eq_ignore_ascii_case(b))) {
            return false;
        }
    }
    member.len() == token.len()
}

/// Tokens for which a request that is no GET, or has content, is malformed instead of ordinary (RFC 9298 section 3.2,
/// RFC 9484 section 4.2).
pub(crate) const fn is_datagram_token(token: &str) -> bool {
    let token = token.as_bytes();
    is_equal(token, b"connect-udp") || is_equal(token, b"connect-ip")
}

/// The same in any case.
const fn is_equal(mut token: &[u8], mut lower: &[u8]) -> bool {
    while let ([a, token_rest @ ..], [b, lower_rest @ ..]) = (token, lower) {
        if a.to_ascii_lowercase() != *b {
            return false;
        }
        (token, lower) = (token_rest, lower_rest);
    }
    token.is_empty() && lower.is_empty()
}

/// Whether that is `name` or `name/version`, both tokens (RFC 9110 section 7.8).
pub(crate) const fn is_upgrade_token(mut token: &[u8]) -> bool {
    let (mut is_version, mut is_empty) = (false, true);
    while let [octet, rest @ ..] = token {
        let is_slash = *octet == b'/' && !is_version && !is_empty;
        if !is_slash && !is_token_byte(*octet) {
            return false;
        }
        is_version |= is_slash;
        is_empty = is_slash;
        token = rest;
    }
    !is_empty
}

#[cfg(test)]
mod tests {
    use super::{is_datagram_token, is_same_token, is_tls_token, is_upgrade_token};

    #[test]
    fn an_upgrade_token_is_a_name_and_perhaps_a_version() {
        for token in ["a", "a/b", "tcp/1.0", "!#$%&'*+-.^_`|~"] {
            assert!(is_upgrade_token(token.as_bytes()), "{token}");
        }
        for token in ["", "/", "a/", "/b", "a/b/c", "a b", "a/b,", "\u{e9}"] {
            assert!(!is_upgrade_token(token.as_bytes()), "{token}");
        }
    }

    #[test]
    fn names_are_the_same_in_any_case_and_versions_octet_for_octet() {
        assert!(is_same_token(b"TCP", b"tcp"));
        assert!(is_same_token(b"tcp/a", b"TCP/a"));
        for other in ["tcp/A", "tcp", "tcp/", "tcp/ab", "tcpa", "tcq/a"] {
            assert!(!is_same_token(other.as_bytes(), b"tcp/a"), "{other}");
        }
    }

    #[test]
    fn tls_has_a_version_of_two_digits_or_none() {
        for token in ["tls", "TLS/1.0", "Tls/9.9"] {
            assert!(is_tls_token(token.as_bytes()), "{token}");
        }
        for token in ["", "tl", "tlsx", "tls/", "tls/1", "tls/1.", "tls/1.22"] {
            assert!(!is_tls_token(token.as_bytes()), "{token}");
        }
        assert!(
            !is_tls_token(b"tls 1.2") && !is_tls_token(b"tls/a.2") && !is_tls_token(b"tls/1.a")
        );
    }

    #[test]
    fn datagram_tokens_are_two_in_any_case() {
        assert!(is_datagram_token("connect-udp") && is_datagram_token("Connect-IP"));
        for other in ["", "connect-", "connect-i", "connect-udq", "connect-udp2"] {
            assert!(!is_datagram_token(other), "{other}");
        }
    }
}
