//! Who may open a WebSocket from a browser (RFC 6455 section 10.2).

use crate::allow::Origins;
use crate::authority::is_authority;
use crate::request::Once;

/// Whether the policy allows that Origin to a request for `authority`.
pub(crate) fn is_allowed(
    secure: bool,
    origins: Origins<'_>,
    origin: Once<'_>,
    authority: &[u8],
) -> bool {
    match (origins, origin) {
        (Origins::Any, _) | (_, Once::Missing) => true,
        (Origins::Deny, _) | (_, Once::Repeated) => false,
        (Origins::List(list), Once::One(origin)) => list
            .iter()
            .any(|ours| origin.eq_ignore_ascii_case(ours.as_bytes())),
        (Origins::SameHost, Once::One(origin)) => {
            // A proxy may have ended the TLS of a connection that is clear text here, but nothing has added TLS to one.
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
