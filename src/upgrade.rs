//! What a server must know of a protocol to upgrade to it: [`Rules`], one set for each kind. An entry of the policy names
//! those of its protocol, so that a firmware holds no more than what its policies name.

use crate::fields::same_name;
use crate::h2c;
use crate::message::Request;
use crate::protocol::{is_same_token, is_tls_token};
use crate::request::Flags;
use crate::span::Span;
use crate::websocket::handshake::{self, KEY_LEN};
use crate::write::Writer;

/// The rules of one kind of upgrade.
pub(crate) struct Rules {
    /// What stands for it in an Upgrade list that the crate writes. Any other token is that of the entry.
    pub(crate) token: &'static str,
    /// Whether that member of an Upgrade list is that token: the name in any case, the version octet for octet
    /// (RFC 9110 section 7.8).
    pub(crate) is_named_by: fn(&[u8], &[u8]) -> bool,
    pub(crate) scope: Scope,
    /// What a request must be: see [`Flags::meets`].
    pub(crate) terms: Flags,
    /// A request that does not meet them is malformed, and no ordinary one.
    pub(crate) is_strict: bool,
    /// Whether that HTTP2-Settings will do, where one is needed.
    pub(crate) are_settings: Option<fn(&[u8]) -> bool>,
    /// Writes what a 101 says: Upgrade, Connection, and fields of its own.
    pub(crate) write: fn(&Request<'_>, &mut Writer<'_>),
}

/// Where a protocol can be asked for by Upgrade, and named in a list of them.
#[derive(Clone, Copy)]
pub(crate) enum Scope {
    /// It has no token, and is asked for in another way if at all.
    Nowhere,
    /// Not inside TLS (RFC 7540 section 3.3).
    Clear,
    Everywhere,
}

/// Whether both are the same name in any case: quickly, or without a function more.
const IS_NAME: fn(&[u8], &[u8]) -> bool = if cfg!(target_pointer_width = "64") {
    |member, lower| same_name(member, lower)
} else {
    <[u8]>::eq_ignore_ascii_case
};

/// Whatever is amiss is the opening handshake's to say.
pub(crate) static WEBSOCKET: Rules = Rules {
    token: "websocket",
    is_named_by: IS_NAME,
    scope: Scope::Everywhere,
    terms: Flags::NONE,
    is_strict: false,
    are_settings: None,
    write: write_websocket,
};

pub(crate) static H2C: Rules = Rules {
    token: "h2c",
    is_named_by: IS_NAME,
    scope: Scope::Clear,
    // One HTTP2-Settings line that Connection names (RFC 7540 section 3.2.1). A target of another scheme than http is none
    // for clear text (RFC 9110 section 7.4).
    terms: Flags::HTTP2_SETTINGS
        .with(Flags::OTHER_SCHEME)
        .with(Flags::PROXIED),
    is_strict: false,
    are_settings: Some(h2c::is_valid),
    write: |_, writer| write_switch(b"h2c", writer),
};

/// TLS stands below the HTTP that goes on inside it (RFC 2817 section 3.3).
pub(crate) static TLS: Rules = Rules {
    token: "TLS/1.2, HTTP/1.1",
    is_named_by: |member, _| is_tls_token(member),
    scope: Scope::Clear,
    // A request that carries data is not pending across the switch unless asked for.
    terms: Flags::ASTERISK.with(Flags::CONTENT),
    is_strict: false,
    are_settings: None,
    write: |request, writer| {
        let version = offered(request).get(3..);
        writer
            .text("Upgrade: TLS")
            .bytes(version.unwrap_or_default())
            .text(", HTTP/1.1\r\nConnection: Upgrade\r\n");
    },
};

pub(crate) static TOKEN: Rules = Rules {
    token: "",
    is_named_by: is_same_token,
    scope: Scope::Everywhere,
    terms: Flags::GET.with(Flags::CONTENT),
    is_strict: false,
    are_settings: None,
    write: |request, writer| write_switch(offered(request), writer),
};

/// Of the tokens for datagrams.
pub(crate) static DATAGRAM: Rules = Rules {
    is_strict: true,
    ..TOKEN
};

/// Of what has no token.
pub(crate) static NONE: Rules = Rules {
    scope: Scope::Nowhere,
    terms: Flags::NONE,
    ..H2C
};

fn write_switch(token: &[u8], writer: &mut Writer<'_>) {
    writer
        .text("Upgrade: ")
        .bytes(token)
        .text("\r\nConnection: Upgrade\r\n");
}

/// Sec-WebSocket-Accept, and the subprotocol if one was chosen (RFC 6455 section 4.2.2).
fn write_websocket(request: &Request<'_>, writer: &mut Writer<'_>) {
    let core = request.core;
    let key = Span::new(core.facts.key as usize, KEY_LEN).of(request.storage);
    // In one piece where speed counts.
    if cfg!(target_pointer_width = "64") {
        writer.text("Upgrade: websocket\r\nConnection: Upgrade\r\n");
    } else {
        write_switch(b"websocket", writer);
    }
    // It was found to be a key when the head was read.
    if let Some(key) = key.first_chunk() {
        writer
            .text("Sec-WebSocket-Accept: ")
            .bytes(&handshake::accept_key(key))
            .text("\r\n");
    }
    let subprotocol = core.subprotocol.of(request.storage);
    if !subprotocol.is_empty() {
        writer
            .text("Sec-WebSocket-Protocol: ")
            .bytes(subprotocol)
            .text("\r\n");
    }
}

/// The member of Upgrade that names the protocol that was chosen, as the peer wrote it.
fn offered<'a>(request: &Request<'a>) -> &'a [u8] {
    let allow = request.core.chosen_entry();
    let member =
        request
            .fields()
            .find_member("upgrade", allow.name().as_bytes(), allow.rules.is_named_by);
    member.unwrap_or_default()
}
