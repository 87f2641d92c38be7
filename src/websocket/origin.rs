//! Who may open a WebSocket from a browser (RFC 6455 section 10.2).

use crate::allow::Origins;
use crate::authority::is_authority;
use crate::request::Once;

/// Whether those Origins allow that one to a request for an authority, inside TLS or not.
type IsAllowed = fn(Origins<'_>, Once<'_>, bool, &[u8]) -> bool;

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
            Origins::Deny => |_, origin, _, _| matches!(origin, Once::Missing),
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
        (self.is_allowed)(self.origins, origin, secure, authority)
    }
}

fn is_listed(origins: Origins<'_>, origin: Once<'_>, _: bool, _: &[u8]) -> bool {
    match (origins, origin) {
        (_, Once::Missing) => true,
        (Origins::List(list), Once::One(origin)) => list
            .iter()
            .any(|ours| origin.eq_ignore_ascii_case(ours.as_bytes())),
        _ => false,
    }
}

fn is_of_same_host(_: Origins<'_>, origin: Once<'_>, secure: bool, authority: &[u8]) -> bool {
    match origin {
        Once::Missing => true,
        Once::Repeated => false,
        // A proxy may have ended the TLS of a connection that is clear text here, but nothing has added TLS to one.
        Once::One(origin) => {
            is_same_host(origin, b"https://", b":443", authority)
                || (!secure && is_same_host(origin, b"http://", b":80", authority))
        }
    }
}

/// The scheme and the authority of the request, the default port of the scheme said or unsaid.
fn is_same_host(origin: &[u8], scheme: &[u8], default_port: &[u8], authority: &[u8]) -> bool {
    let Some((start, host)) = origin.split_at_checked(scheme.len()) else {
        return false;
    };
    let bare = |host| without_suffix(host, default_port);
    start.eq_ignore_ascii_case(scheme)
        && !host.is_empty()
        && is_authority(host)
        && bare(host).eq_ignore_ascii_case(bare(authority))
}

fn without_suffix<'a>(bytes: &'a [u8], suffix: &[u8]) -> &'a [u8] {
    bytes.strip_suffix(suffix).unwrap_or(bytes)
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
