//! What a server must know of a protocol to upgrade to it: [`Rules`], one set for each kind. An entry of the policy names
//! those of its protocol, so that a firmware holds no more than what its policies name.

use crate::allow::Allow;
use crate::fields::same_name;
use crate::h2c;
use crate::message::Request;
use crate::protocol::{is_datagram_token, is_same_token, is_tls_token};
use crate::request::Flags;
use crate::span::Span;
use crate::websocket::handshake::{self, KEY_LEN};
use crate::write::Writer;

/// The rules of one kind of upgrade.
pub(crate) struct Rules {
    /// Whether that member of an Upgrade list names the protocol: the name in any case, the version octet for octet
    /// (RFC 9110 section 7.8).
    pub(crate) is_named_by: fn(&Allow<'_>, &[u8]) -> bool,
    /// Whether a request of this kind may switch to it.
    pub(crate) may_switch: fn(&Allow<'_>, Asked<'_>) -> bool,
    /// Whether a request that may switch is malformed all the same.
    pub(crate) is_malformed: fn(&Allow<'_>, Flags) -> bool,
    /// What stands for it in an Upgrade list that the crate writes; `None` where the token of the application is none.
    pub(crate) token: for<'a> fn(&Allow<'a>) -> Option<&'a str>,
    /// Writes what a 101 says: Upgrade, Connection, and fields of its own.
    pub(crate) write: fn(&Request<'_>, &mut Writer<'_>),
    /// It is no offer inside TLS (RFC 7540 section 3.3).
    pub(crate) only_in_clear: bool,
}

/// What matters of a request that offers an upgrade.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'h> {
    pub(crate) flags: Flags,
    /// The connection is inside TLS.
    pub(crate) secure: bool,
    /// The value of the one HTTP2-Settings line.
    pub(crate) settings: Option<&'h [u8]>,
}

pub(crate) static WEBSOCKET: Rules = Rules {
    is_named_by: |_, member| same_name(member, b"websocket"),
    // Whatever is amiss is the opening handshake's to say.
    may_switch: |_, _| true,
    is_malformed: |_, _| false,
    token: |_| Some("websocket"),
    write: write_websocket,
    only_in_clear: false,
};

pub(crate) static H2C: Rules = Rules {
    is_named_by: |_, member| same_name(member, b"h2c"),
    may_switch: |allow, asked| {
        // A target of another scheme than http is none for clear text (RFC 9110 section 7.4).
        !asked.secure
            && !asked.flags.has(Flags::OTHER_SCHEME)
            && (allow.via_proxy || !asked.flags.has(Flags::PROXIED))
            && has_settings(asked)
    },
    is_malformed: |_, _| false,
    token: |_| Some("h2c"),
    write: |_, writer| {
        writer.text("Upgrade: h2c\r\nConnection: Upgrade\r\n");
    },
    only_in_clear: true,
};

/// TLS stands below the HTTP that goes on inside it (RFC 2817 section 3.3).
pub(crate) static TLS: Rules = Rules {
    is_named_by: |_, member| is_tls_token(member),
    // A request that carries data is not pending across the switch unless asked for.
    may_switch: |allow, asked| {
        !asked.secure
            && (allow.any_request
                || (asked.flags.has(Flags::ASTERISK) && !asked.flags.has(Flags::CONTENT)))
    },
    is_malformed: |_, _| false,
    token: |_| Some("TLS/1.2, HTTP/1.1"),
    write: |request, writer| {
        let version = offered(request).get(3..);
        writer
            .text("Upgrade: TLS")
            .bytes(version.unwrap_or_default())
            .text(", HTTP/1.1\r\nConnection: Upgrade\r\n");
    },
    only_in_clear: true,
};

pub(crate) static TOKEN: Rules = Rules {
    is_named_by: |allow, member| is_same_token(member, allow.protocol.name().as_bytes()),
    may_switch: |allow, asked| {
        allow.any_request || is_datagram_token(allow.protocol.name()) || asked.flags.is_plain_get()
    },
    is_malformed: |allow, flags| is_datagram_token(allow.protocol.name()) && !flags.is_plain_get(),
    token: |allow| {
        let token = allow.protocol.name();
        is_same_token(token.as_bytes(), token.as_bytes()).then_some(token)
    },
    write: |request, writer| {
        writer
            .text("Upgrade: ")
            .bytes(offered(request))
            .text("\r\nConnection: Upgrade\r\n");
    },
    only_in_clear: false,
};

/// Of what has no token, and is asked for in another way than by Upgrade.
pub(crate) static NONE: Rules = Rules {
    is_named_by: |_, _| false,
    may_switch: |_, _| false,
    is_malformed: |_, _| false,
    token: |_| None,
    write: |_, _| {},
    only_in_clear: false,
};

/// Sec-WebSocket-Accept, and the subprotocol if one was chosen (RFC 6455 section 4.2.2).
fn write_websocket(request: &Request<'_>, writer: &mut Writer<'_>) {
    let core = request.core;
    let key = Span::new(core.facts.key as usize, KEY_LEN).of(request.storage);
    // It was found to be a key when the head was read.
    let key = key.first_chunk().unwrap_or(&[0; KEY_LEN]);
    writer
        .text("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
        .bytes(&handshake::accept_key(key))
        .text("\r\n");
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
    let is_it = |member: &[u8]| (allow.rules.is_named_by)(allow, member);
    let member = request.fields().find_member("upgrade", &is_it);
    member.unwrap_or_default()
}

/// One valid HTTP2-Settings line that Connection names (RFC 7540 section 3.2.1).
fn has_settings(asked: Asked<'_>) -> bool {
    asked.flags.has(Flags::HTTP2_SETTINGS) && asked.settings.is_some_and(h2c::is_valid)
}
