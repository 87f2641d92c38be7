//! HTTP2-Settings, and other values that stand alone: URIs, keys.

use http_upgrade::Misuse;
use http_upgrade::client::Uri;
use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::websocket::accept_key;

use crate::reference::grammar::{is_authority, is_port, number};
use crate::reference::{digest, offer};

pub fn run(data: &[u8]) {
    decode(data);
    encode(data);
    if let Some(key) = data.first_chunk() {
        let expected = digest::accept(key);
        assert_eq!(accept_key(key)[..], expected, "Sec-WebSocket-Accept");
    }
    if let Ok(text) = std::str::from_utf8(data) {
        uri(text);
    }
}

fn decode(value: &[u8]) {
    let decoded = Settings::decode(value);
    let expected = offer::settings(value);
    let pairs = decoded.as_ref().ok().map(|settings| {
        settings
            .iter()
            .map(|one| (one.id, one.value))
            .collect::<Vec<_>>()
    });
    assert_eq!(pairs, expected, "{decoded:?}");
    let (Ok(settings), Some(expected)) = (decoded, expected) else {
        return;
    };
    for (id, _) in &expected {
        let last = expected
            .iter()
            .rev()
            .find(|(known, _)| known == id)
            .map(|(_, value)| *value);
        assert_eq!(settings.get(*id), last, "the last of an identifier counts");
    }
    // What cannot be said in two ways comes back as it was.
    let mut out = vec![0; value.len()];
    assert_eq!(settings.encode(&mut out), Ok(value.len()));
    assert_eq!(out, value);
    let short = settings.encode(&mut vec![0; value.len() - 1]);
    assert_eq!(
        short,
        Err(Misuse::BufferTooSmall {
            needed: value.len()
        })
    );
}

/// Groups of six octets are settings: those that are legal come back.
fn encode(octets: &[u8]) {
    let (mut settings, mut pushed) = (Settings::default(), Vec::new());
    for group in octets.chunks_exact(6) {
        let bits = group
            .iter()
            .fold(0, |bits: u64, &octet| bits << 8 | u64::from(octet));
        let (id, value) = ((bits >> 32) as u16, bits as u32);
        if settings.push(Setting { id, value }).is_ok() {
            pushed.push((id, value));
        }
    }
    assert!(pushed.len() <= 16);
    let mut out = [0; 128];
    let len = settings.encode(&mut out).expect("room");
    let expected = if pushed.is_empty() {
        None
    } else {
        Some(pushed)
    };
    assert_eq!(
        offer::settings(&out[..len]),
        expected,
        "what was pushed is not what is written"
    );
}

fn uri(text: &str) {
    let parsed = Uri::parse(text).ok();
    assert_eq!(
        parsed.map(|uri| (uri.secure, uri.authority, uri.target)),
        split(text),
        "{text:?}"
    );
}

/// `scheme "://" [userinfo "@"] host [":" port] path ["?" query]`, and a fragment but for WebSocket.
fn split(text: &str) -> Option<(bool, &str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let (secure, default) = match scheme.as_str() {
        "http" | "ws" => (false, 80),
        "https" | "wss" => (true, 443),
        _ => return None,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let is_visible = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#')
    };
    let target = match target.split_once('#') {
        Some((_, fragment)) if scheme.starts_with("ws") || !is_visible(fragment) => return None,
        Some((target, _)) => target,
        None => target,
    };
    if authority.is_empty()
        || authority.starts_with(':')
        || !is_authority(authority.as_bytes())
        || !is_visible(target)
    {
        return None;
    }
    let authority = match authority.rsplit_once(':') {
        Some((host, port))
            if is_port(port.as_bytes())
                && number(port.as_bytes()).is_none_or(|port| port == default) =>
        {
            host
        }
        _ => authority,
    };
    Some((secure, authority, target))
}
