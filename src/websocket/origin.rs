//! Who may open a WebSocket from a browser (RFC 6455 section 10.2).

use crate::allow::Origins;
use crate::authority::is_authority;
use crate::fields::{same_name, split_once};
use crate::request::Once;

/// Whether those Origins allow that one to a request for an authority, inside TLS or not. Several are none.
type IsAllowed = fn(&Origins<'_>, Option<&[u8]>, bool, &[u8]) -> bool;

/// Who is allowed, and how that is judged: settled with the policy, so that a firmware holds the one way.
#[derive(Clone, Copy)]
pub(crate) struct Rule<'p> {
    origins: Origins<'p>,
    is_allowed: IsAllowed,
}

impl<'p> Rule<'p> {
    pub(crate) const fn new(origins: Origins<'p>) -> Rule<'p> {
        let is_allowed: IsAllowed = match origins {
            Origins::Any => |_, _, _, _| true,
            Origins::Deny => |_, _, _, _| false,
            Origins::List(_) => is_listed,
            Origins::SameHost => is_of_same_host,
        };
        Rule {
            origins,
            is_allowed,
        }
    }

    /// Whether that Origin may open a WebSocket with a request for `authority`.
    pub(crate) fn allows(&self, origin: Once<'_>, secure: bool, authority: &[u8]) -> bool {
        match origin {
            Once::Missing => true,
            _ => (self.is_allowed)(&self.origins, origin.one(), secure, authority),
        }
    }
}

fn is_listed(origins: &Origins<'_>, origin: Option<&[u8]>, _: bool, _: &[u8]) -> bool {
    match (origins, origin) {
        (Origins::List(list), Some(origin)) => list
            .iter()
            .any(|ours| origin.eq_ignore_ascii_case(ours.as_bytes())),
        _ => false,
    }
}

/// The scheme and the authority of the request, the default port of the scheme said or unsaid.
fn is_of_same_host(_: &Origins<'_>, origin: Option<&[u8]>, secure: bool, authority: &[u8]) -> bool {
    let Some((scheme, [b'/', b'/', host @ ..])) = split_once(origin.unwrap_or_default(), b':')
    else {
        return false;
    };
    // A proxy may have ended the TLS of a connection that is clear text here, but nothing has added TLS to one.
    let default_port: &[u8] = if same_name(scheme, b"https") {
        b":443"
    } else if !secure && same_name(scheme, b"http") {
        b":80"
    } else {
        return false;
    };
    let (short, long) = if host.len() < authority.len() {
        (host, authority)
    } else {
        (authority, host)
    };
    let Some((start, port)) = long.split_at_checked(short.len()) else {
        return false;
    };
    !host.is_empty()
        && is_authority(host)
        && start.eq_ignore_ascii_case(short)
        && (port.is_empty() || port == default_port)
}

impl PartialEq for Rule<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.origins == other.origins
    }
}

impl Eq for Rule<'_> {}

impl core::fmt::Debug for Rule<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.origins.fmt(f)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Rule<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        self.origins.format(f);
    }
}

#[cfg(test)]
mod tests {
    use super::{Once, Origins, Rule};

    fn is_allowed(origin: &str, secure: bool, authority: &str) -> bool {
        let origin = Once::One(origin.as_bytes());
        Rule::new(Origins::SameHost).allows(origin, secure, authority.as_bytes())
    }

    #[test]
    fn a_default_port_is_said_or_unsaid_on_either_side() {
        for (origin, authority) in [
            ("http://A.example", "a.Example"),
            ("http://a.example:80", "a.example"),
            ("HTTP://a.example", "a.example:80"),
            ("http://a.example:80", "a.example:80"),
            ("https://a.example:443", "a.example"),
            ("https://[::1]", "[::1]:443"),
            ("http://a.example:8080", "a.example:8080"),
        ] {
            assert!(is_allowed(origin, false, authority), "{origin} {authority}");
            let is_https = origin.starts_with("https");
            assert_eq!(is_allowed(origin, true, authority), is_https, "{origin}");
        }
    }

    #[test]
    fn no_other_host_and_no_other_port() {
        for (origin, authority) in [
            ("http://a.example:443", "a.example"),
            ("https://a.example:80", "a.example"),
            ("http://a.example:8", "a.example:80"),
            ("http://a.example:1:80", "a.example:1"),
            ("http://a.exampl", "a.example"),
            ("http://a.example", "a.exampl"),
            ("http://b.example", "a.example"),
            ("http://", ""),
            ("http:/a.example", "a.example"),
            ("http:a.example", "a.example"),
            ("ftp://a.example", "a.example"),
            ("a.example", "a.example"),
            ("null", "null"),
            ("", ""),
        ] {
            assert!(
                !is_allowed(origin, false, authority),
                "{origin} {authority}"
            );
        }
    }
}
