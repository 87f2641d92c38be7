//! Splits a URI into what a request needs of it (RFC 9110 section 4, RFC 6455 section 3).

use crate::Misuse;
use crate::fields::{is_authority, is_target, port_number};

/// The parts of an `http`, `https`, `ws` or `wss` URI.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Uri<'a> {
    /// Whether the scheme is `https` or `wss`.
    pub secure: bool,
    /// `host[":" port]`, without user information and without the default port of the scheme: the value of Host.
    pub authority: &'a str,
    /// Path and query as they stand; a request puts `/` where the path is empty.
    pub target: &'a str,
}

impl<'a> Uri<'a> {
    /// Splits `scheme "://" [userinfo "@"] host [":" port] path ["?" query]`.
    ///
    /// # Errors
    ///
    /// [`Misuse::BadTarget`] for another scheme, a fragment or an octet that no URI has; [`Misuse::BadHost`] for a host that
    /// is missing or none.
    pub fn parse(uri: &'a str) -> Result<Uri<'a>, Misuse> {
        let (scheme, rest) = uri.split_once("://").ok_or(Misuse::BadTarget)?;
        let scheme = SCHEMES
            .iter()
            .find(|(name, ..)| scheme.eq_ignore_ascii_case(name));
        let &(_, secure, default_port) = scheme.ok_or(Misuse::BadTarget)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(end).ok_or(Misuse::BadTarget)?;
        let authority = authority
            .rsplit_once('@')
            .map_or(authority, |(_, authority)| authority);
        let authority = without_port(authority, default_port);
        if !is_target(target.as_bytes()) {
            return Err(Misuse::BadTarget);
        }
        check_authority(authority)?;
        Ok(Uri {
            secure,
            authority,
            target,
        })
    }
}

/// Name, whether it is inside TLS, default port.
const SCHEMES: &[(&str, bool, u16)] = &[
    ("http", false, 80),
    ("https", true, 443),
    ("ws", false, 80),
    ("wss", true, 443),
];

/// `host[":" port]` with a host.
pub(super) fn check_authority(authority: &str) -> Result<(), Misuse> {
    let has_host = !authority.is_empty() && !authority.starts_with(':');
    if has_host && is_authority(authority.as_bytes()) {
        Ok(())
    } else {
        Err(Misuse::BadHost)
    }
}

/// The authority without an empty port, or the one that goes without saying.
fn without_port(authority: &str, default: u16) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if matches!(port_number(port.as_bytes()), Ok(port) if port.is_none_or(|port| port == default)) => {
            host
        }
        _ => authority,
    }
}
