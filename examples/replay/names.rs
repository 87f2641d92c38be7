//! What the command line calls the protocols.

use http_upgrade::Allow;

/// The entry of a policy that a name on the command line stands for.
pub fn allow(name: &str) -> Allow<'_> {
    match name {
        "websocket" => Allow::WEBSOCKET,
        "h2c" => Allow::H2C,
        "tls" => Allow::TLS.any_request(),
        "tls-options" => Allow::TLS,
        "tunnel" => Allow::TUNNEL,
        "prior-knowledge" => Allow::PRIOR_KNOWLEDGE,
        token => Allow::token(token).any_request(),
    }
}
