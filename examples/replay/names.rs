//! What the command line calls the protocols.
#![allow(dead_code, reason = "shared by several examples")]

use super::options;
use http_upgrade::{Allow, Policy, Protocol};

/// What the options `--allow` and `--require` say: WebSocket alone, unless told otherwise. What is required is allowed too.
pub fn protocols(args: &[String]) -> Result<(Vec<Allow<'_>>, Vec<Protocol<'_>>), String> {
    let mut allowed = options::list(args, "--allow")?
        .into_iter()
        .map(allow)
        .collect::<Result<Vec<_>, _>>()?;
    if allowed.is_empty() {
        allowed.push(Allow::WEBSOCKET);
    }
    let mut required = Vec::new();
    for name in options::list(args, "--require")? {
        let entry = allow(name)?;
        if matches!(
            entry.protocol(),
            Protocol::Tunnel | Protocol::PriorKnowledge
        ) {
            return Err(format!("--require: a 426 cannot ask for {name}"));
        }
        required.push(entry.protocol());
        if !allowed
            .iter()
            .any(|known| known.protocol() == entry.protocol())
        {
            allowed.push(entry);
        }
    }
    if allowed.len() > Policy::MAX_ALLOW {
        return Err(format!("more than {} protocols", Policy::MAX_ALLOW));
    }
    Ok((allowed, required))
}

/// The entry of the policy that a name on the command line stands for.
fn allow(name: &str) -> Result<Allow<'_>, String> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "websocket" => Allow::WEBSOCKET,
        "h2c" => Allow::H2C,
        "tls" => Allow::TLS.any_request(),
        "tls-options" => Allow::TLS,
        "tunnel" => Allow::TUNNEL,
        "prior-knowledge" => Allow::PRIOR_KNOWLEDGE,
        _ => match name.strip_prefix("token:").unwrap_or(name) {
            token if token.splitn(2, '/').all(is_token) => Allow::token(token).any_request(),
            other => {
                return Err(format!(
                    "{other:?} is neither a protocol nor an upgrade token: NAME or NAME/VERSION"
                ));
            }
        },
    })
}

/// The WebSocket subprotocols that the option names.
pub fn subprotocols(args: &[String]) -> Result<Vec<&str>, String> {
    let names = options::list(args, "--subprotocol")?;
    match names.iter().find(|name| !is_token(name)) {
        Some(name) => Err(format!("--subprotocol: {name:?} is no token")),
        None => Ok(names),
    }
}

/// A token of HTTP (RFC 9110 section 5.6.2).
fn is_token(text: &str) -> bool {
    let is_in_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_in_token)
}
