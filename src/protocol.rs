//! The protocols that can take over, and the tokens that name them in Upgrade (RFC 9110 section 16.7).

use crate::fields::{same_name, split_once};
use crate::octets::is_token;

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
    let (name, version) = split_once(member, b'/').unwrap_or((member, b"0.0"));
    same_name(name, b"tls")
        && matches!(version, [a, b'.', b] if a.is_ascii_digit() && b.is_ascii_digit())
}

/// Whether both are the same `name["/" version]`: names in any case, versions octet for octet.
pub(crate) fn is_same_token(member: &[u8], token: &[u8]) -> bool {
    let is_upgrade_token =
        |name: &[u8], version: Option<&[u8]>| is_token(name) && version.is_none_or(is_token);
    match (split_once(member, b'/'), split_once(token, b'/')) {
        (None, None) => is_upgrade_token(member, None) && member.eq_ignore_ascii_case(token),
        (Some((name, version)), Some((token, expected))) => {
            is_upgrade_token(name, Some(version))
                && name.eq_ignore_ascii_case(token)
                && version == expected
        }
        _ => false,
    }
}

/// Tokens for which a request that is no GET, or has content, is malformed instead of ordinary (RFC 9298 section 3.2,
/// RFC 9484 section 4.2).
pub(crate) fn is_datagram_token(token: &str) -> bool {
    ["connect-udp", "connect-ip"]
        .iter()
        .any(|known| token.eq_ignore_ascii_case(known))
}
