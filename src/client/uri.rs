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
    /// [`Misuse::BadTarget`] for another scheme, an octet that no URI has, or a fragment in a `ws` or `wss` URI (RFC 6455
    /// section 3), while that of the others is left out (RFC 9112 section 3.2.1); [`Misuse::BadHost`] for a host that is
    /// missing or none.
    pub fn parse(uri: &'a str) -> Result<Uri<'a>, Misuse> {
        let (scheme, rest) = uri.split_once("://").ok_or(Misuse::BadTarget)?;
        let known = SCHEMES
            .iter()
            .find(|(name, ..)| scheme.eq_ignore_ascii_case(name));
        let &(scheme, secure, default_port) = known.ok_or(Misuse::BadTarget)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(end).ok_or(Misuse::BadTarget)?;
        let authority = authority
            .rsplit_once('@')
            .map_or(authority, |(_, authority)| authority);
        let authority = without_port(authority, default_port);
        let target = without_fragment(target, scheme)?;
        check_authority(authority)?;
        Ok(Uri {
            secure,
            authority,
            target,
        })
    }
}

/// Path and query.
fn without_fragment<'a>(target: &'a str, scheme: &str) -> Result<&'a str, Misuse> {
    let (target, fragment) = match target.split_once('#') {
        Some(_) if scheme.starts_with("ws") => return Err(Misuse::BadTarget),
        Some(parts) => parts,
        None => (target, ""),
    };
    if is_target(target.as_bytes()) && is_target(fragment.as_bytes()) {
        Ok(target)
    } else {
        Err(Misuse::BadTarget)
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
