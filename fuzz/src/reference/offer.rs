//! What a request offers (RFC 9110 section 7.8), and whether an opening handshake is one (RFC 6455 section 4.2.1).

use super::digest::url_digit;
use super::grammar::{is_authority, is_token, members, same, trim};
use super::head::{Body, Form, Request};

/// A protocol with what makes a request for it count.
#[derive(Clone, Copy, Debug)]
pub enum Protocol<'t> {
    WebSocket,
    H2c { via_proxy: bool },
    Tls { any_request: bool },
    Token { token: &'t str, any_request: bool },
    Tunnel,
}

/// Whether the request offers that on a connection inside TLS, or not.
pub fn offers(request: &Request, protocol: Protocol<'_>, secure: bool) -> bool {
    let is_connect = request.method == b"CONNECT";
    if let Protocol::Tunnel = protocol {
        return is_connect && request.is_exact();
    }
    let upgrades = request.lines.list("upgrade");
    let names = |is: &dyn Fn(&[u8]) -> bool| upgrades.iter().any(|member| is(member));
    let is_bare = request.body == Body::None;
    request.is_exact()
        && request.minor > 0
        && !is_connect
        && request.has_upgrade_option()
        && match protocol {
            Protocol::WebSocket => names(&|member| same(member, b"websocket")),
            Protocol::H2c { via_proxy } => {
                names(&|member| same(member, b"h2c"))
                    && !secure
                    && !matches!(request.form, Form::Https | Form::Foreign)
                    && (via_proxy || !is_proxied(request))
                    && request.lines.has_member("connection", "http2-settings")
                    && matches!(request.lines.all("http2-settings")[..], [value] if settings(value).is_some())
            }
            Protocol::Tls { any_request } => {
                names(&is_tls)
                    && !secure
                    && (any_request || (request.form == Form::Asterisk && is_bare))
            }
            Protocol::Token { token, any_request } => {
                let is_datagram = ["connect-udp", "connect-ip"].contains(&token);
                let is_plain = request.method == b"GET" && is_bare;
                names(&|member| is_named(member, token)) && (any_request || is_datagram || is_plain)
            }
            Protocol::Tunnel => false,
        }
}

fn is_proxied(request: &Request) -> bool {
    request.lines.fields.iter().any(|(name, _)| {
        let name = name.to_ascii_lowercase();
        name == b"via" || name == b"forwarded" || name.starts_with(b"x-forwarded-")
    })
}

/// `TLS`, or with a version of two digits.
pub fn is_tls(member: &[u8]) -> bool {
    match member.get(..3).zip(member.get(3..)) {
        Some((name, version)) if same(name, b"tls") => match version {
            [] => true,
            [b'/', major, b'.', minor] => major.is_ascii_digit() && minor.is_ascii_digit(),
            _ => false,
        },
        _ => false,
    }
}

/// The name in any case, the version octet for octet.
pub fn is_named(member: &[u8], token: &str) -> bool {
    let parts: Vec<&[u8]> = member.splitn(2, |&byte| byte == b'/').collect();
    let expected: Vec<&str> = token.splitn(2, '/').collect();
    match (&parts[..], &expected[..]) {
        ([name], [token]) => same(name, token.as_bytes()),
        ([name, version], [token, expected]) => {
            same(name, token.as_bytes()) && *version == expected.as_bytes()
        }
        _ => false,
    }
}

/// Connection names a field that is the request itself, or its authority.
pub fn nominates_what_it_may_not(request: &Request) -> bool {
    request.lines.list("connection").iter().any(|option| {
        let option = option.to_ascii_lowercase();
        [
            &b"host"[..],
            b"origin",
            b"cookie",
            b"authorization",
            b"content-length",
        ]
        .contains(&&option[..])
            || option.starts_with(b"sec-websocket-")
    })
}

/// The settings of HTTP2-Settings: identifier and value.
pub fn settings(value: &[u8]) -> Option<Vec<(u16, u32)>> {
    if value.is_empty() || !value.len().is_multiple_of(8) || value.len() / 8 > 16 {
        return None;
    }
    let mut settings = Vec::new();
    for group in value.chunks(8) {
        let bits = group
            .iter()
            .try_fold(0, |bits, &digit| Some(bits << 6 | url_digit(digit)?))?;
        let (id, value) = ((bits >> 32) as u16, bits as u32);
        let is_legal = match id {
            2 => value < 2,
            4 => value < 1 << 31,
            5 => (1 << 14..1 << 24).contains(&value),
            _ => true,
        };
        if !is_legal {
            return None;
        }
        settings.push((id, value));
    }
    Some(settings)
}

/// Which Origins are let in.
#[derive(Clone, Copy, Debug)]
pub enum Origins {
    Any,
    SameHost,
    List(&'static [&'static str]),
    Deny,
}

/// The key of an opening handshake that has no fault.
pub fn handshake(request: &Request, origins: Origins, secure: bool) -> Option<Vec<u8>> {
    let [key] = request.lines.all("sec-websocket-key")[..] else {
        return None;
    };
    let is_key = matches!(key, [digits @ .., b'=', b'='] if digits.len() == 22
        && digits.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte)));
    let is_fine = request.method == b"GET"
        && request.form != Form::Foreign
        && request.lines.all("sec-websocket-version") == [b"13"]
        && is_key
        && request
            .lines
            .list("sec-websocket-protocol")
            .iter()
            .all(|name| is_token(name))
        && request
            .lines
            .all("sec-websocket-extensions")
            .iter()
            .all(|list| is_extensions(list))
        && is_from(request, origins, secure);
    is_fine.then(|| key.to_vec())
}

fn is_from(request: &Request, origins: Origins, secure: bool) -> bool {
    match (origins, &request.lines.all("origin")[..]) {
        (Origins::Any, _) | (_, []) => true,
        (Origins::List(list), [origin]) => list.iter().any(|ours| same(ours.as_bytes(), origin)),
        (Origins::SameHost, [origin]) => {
            let origin = String::from_utf8_lossy(origin).to_ascii_lowercase();
            let authority = String::from_utf8_lossy(&request.authority).to_ascii_lowercase();
            ["https://", "http://"].into_iter().any(|scheme| {
                let port = if scheme == "https://" { ":443" } else { ":80" };
                let bare = |host: &str| host.strip_suffix(port).unwrap_or(host).to_owned();
                let is_here = scheme == "https://" || !secure;
                origin.strip_prefix(scheme).is_some_and(|host| {
                    is_here
                        && !host.is_empty()
                        && is_authority(host.as_bytes())
                        && bare(host) == bare(&authority)
                })
            })
        }
        _ => false,
    }
}

/// A name, and its parameters, some with a value.
pub type Extension = (String, Vec<(String, Option<String>)>);

/// `#( token *( ";" token [ "=" ( token / quoted token ) ] ) )` (RFC 6455 section 9.1). Only what is no token can hold a
/// comma or a semicolon, and a quoted one may not.
pub fn extensions(list: &[u8]) -> Option<Vec<Extension>> {
    members(list).into_iter().map(extension).collect()
}

pub fn is_extensions(list: &[u8]) -> bool {
    extensions(list).is_some()
}

fn extension(member: &[u8]) -> Option<Extension> {
    let mut parts = member.split(|&byte| byte == b';').map(trim);
    let name = token(parts.next()?)?;
    let parameters = parts.map(|parameter| {
        let at = parameter.iter().position(|&byte| byte == b'=');
        let Some(at) = at else {
            return Some((token(parameter)?, None));
        };
        let (name, value) = (trim(&parameter[..at]), trim(&parameter[at + 1..]));
        Some((
            token(name)?,
            Some(token(value).or_else(|| quoted_token(value))?),
        ))
    });
    Some((name, parameters.collect::<Option<_>>()?))
}

fn token(text: &[u8]) -> Option<String> {
    is_token(text).then(|| String::from_utf8_lossy(text).into_owned())
}

fn quoted_token(value: &[u8]) -> Option<String> {
    let [b'"', inside @ .., b'"'] = value else {
        return None;
    };
    let (mut plain, mut rest) = (Vec::new(), inside);
    while let [first, behind @ ..] = rest {
        let (byte, behind) = match (first, behind) {
            (b'\\', behind) => behind.split_first()?,
            (byte, behind) => (byte, behind),
        };
        plain.push(*byte);
        rest = behind;
    }
    token(&plain)
}
