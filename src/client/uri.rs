//! Splits a URI into what a request needs of it (RFC 9110 section 4, RFC 6455 section 3).

use crate::Misuse;
use crate::authority::{is_authority, port_number};
use crate::fields::split_once;
use crate::octets::is_target;

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
        let (scheme, secure, default_port, rest) = SCHEMES
            .iter()
            .find_map(|&(name, secure, port)| Some((name, secure, port, behind(name, uri)?)))
            .ok_or(Misuse::BadTarget)?;
        let end = rest
            .bytes()
            .position(|byte| matches!(byte, b'/' | b'?' | b'#'))
            .unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(end).ok_or(Misuse::BadTarget)?;
        let authority = without_user(authority);
        let target = without_fragment(target, scheme)?;
        check_authority(authority)?;
        let authority = without_default_port(authority, default_port);
        Ok(Uri {
            secure,
            authority,
            target,
        })
    }
}

/// Path and query.
fn without_fragment<'a>(target: &'a str, scheme: &str) -> Result<&'a str, Misuse> {
    // No target has that character.
    if is_target(target.as_bytes()) {
        return Ok(target);
    }
    match split_once(target.as_bytes(), b'#') {
        Some((path, fragment))
            if !scheme.starts_with("ws") && is_target(path) && is_target(fragment) =>
        {
            target.get(..path.len()).ok_or(Misuse::BadTarget)
        }
        _ => Err(Misuse::BadTarget),
    }
}

/// Name, whether it is inside TLS, default port.
const SCHEMES: &[(&str, bool, u16)] = &[
    ("ws", false, 80),
    ("wss", true, 443),
    ("http", false, 80),
    ("https", true, 443),
];

/// What follows `scheme "://"`, the scheme in any case.
fn behind<'a>(scheme: &str, uri: &'a str) -> Option<&'a str> {
    let (start, rest) = uri.split_at_checked(scheme.len())?;
    if start.eq_ignore_ascii_case(scheme) {
        rest.strip_prefix("://")
    } else {
        None
    }
}

/// `host[":" port]` with a host.
pub(super) fn check_authority(authority: &str) -> Result<(), Misuse> {
    let has_host = !authority.is_empty() && !authority.starts_with(':');
    if has_host && is_authority(authority.as_bytes()) {
        Ok(())
    } else {
        Err(Misuse::BadHost)
    }
}

/// The authority without user information.
fn without_user(authority: &str) -> &str {
    let at = authority.bytes().rposition(|byte| byte == b'@');
    at.map_or(authority, |at| authority.get(at + 1..).unwrap_or_default())
}

/// The authority without a port that is empty or goes without saying.
fn without_default_port(authority: &str, default: u16) -> &str {
    let colon = authority.bytes().rposition(|byte| byte == b':');
    match colon.and_then(|at| authority.split_at_checked(at)) {
        Some((host, port)) if is_default(port, default) => host,
        _ => authority,
    }
}

/// Whether that is a colon with nothing behind it, or with that port.
fn is_default(port: &str, default: u16) -> bool {
    let digits = port.as_bytes().split_first().map(|(_, digits)| digits);
    matches!(digits.map(port_number), Some(Ok(port)) if port.is_none_or(|port| port == default))
}
