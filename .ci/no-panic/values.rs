//! What is known without a connection.

use core::hint::black_box;

use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::websocket::{
    CloseCode, Closure, HandshakeError, Limits, ProtocolError, accept_key,
};
use http_upgrade::{
    Allow, Decision, Error, Fields, Framing, Misuse, Offer, Origins, Policy, Protocol, Request,
    Status,
};

use crate::{each, used};

pub fn look(bytes: &mut [u8]) {
    status(black_box(Status::new(black_box(200))));
    for error in black_box(Error::ALL) {
        used((error.name(), error.status()));
    }
    protocol(black_box(Protocol::WebSocket));
    websocket();
    settings(bytes);
}

pub fn status(status: Option<Status>) {
    let Some(status) = status else { return };
    used((
        status.code(),
        status.reason(),
        status.is_interim(),
        status.is_successful(),
    ));
}

pub fn protocol(protocol: Protocol) {
    used((
        protocol.name(),
        protocol == black_box(Protocol::Token("tcp")),
    ));
}

pub fn misuse<T>(result: Result<T, Misuse>) -> Option<T> {
    used(result.as_ref().err() == Some(&black_box(Misuse::NotOffered)));
    result.ok()
}

fn websocket() {
    let code = CloseCode::new(black_box(1000));
    used((code.get(), code.is_for_the_wire()));
    used(black_box(Closure::Agreed(code)).code());
    let error = black_box(ProtocolError::Masked);
    used((error.name(), error.close_code()));
    used(black_box(HandshakeError::Method).status());
    used((accept_key(black_box(&[7; 24])), Limits::default()));
}

/// What both HTTP2-Settings and an application can bring about.
fn settings(bytes: &mut [u8]) {
    let Ok(mut settings) = Settings::decode(bytes) else {
        return;
    };
    let (id, value) = black_box((3, 100));
    used(settings.push(Setting { id, value }).is_ok());
    used((
        settings.encode(bytes),
        settings.get(id),
        settings.clone() == Settings::default(),
    ));
    used(Offer::h2c(&settings).protocol());
    each(settings.iter(), used);
}

pub fn fields(fields: Fields) {
    let name = black_box("accept");
    used(fields.get(name));
    each(fields.values(name), used);
    each(fields.list(name), used);
    each(fields, used);
}

/// Everything that a request tells.
pub fn request(request: &Request) {
    used((
        request.method(),
        request.target(),
        request.method_octets(),
        request.target_octets(),
        request.authority_octets(),
        request.version(),
        request.authority(),
        request.origin(),
    ));
    used((
        request.head(),
        request.framing() == black_box(Framing::Chunked),
        request.is_secure(),
    ));
    used((
        request.websocket().is_ok(),
        request.offers(black_box(Protocol::Token("tcp"))),
    ));
    used((request.is_content_pending(), request.expects_continue()));
    let name = black_box("cookie");
    used(request.field(name));
    each(request.list(name), used);
    fields(request.fields());
    each(request.hop_by_hop_fields(), used);
    each(request.end_to_end_fields(), used);
    each(request.subprotocols(), used);
    each(request.extensions(), crate::websocket::extension);
    if let Some(settings) = request.http2_settings() {
        each(settings.iter(), used);
    }
}

/// Allows of every kind.
pub fn allows() -> [Allow<'static>; 6] {
    let token = Allow::token(black_box("tcp")).any_request();
    protocol(token.protocol());
    used(token == black_box(Allow::TLS));
    let h2c = Allow::H2C.via_proxy();
    black_box([
        Allow::WEBSOCKET,
        h2c,
        Allow::TLS,
        Allow::TUNNEL,
        Allow::PRIOR_KNOWLEDGE,
        token,
    ])
}

/// With every choice made at run time.
pub fn policy<'p>(allow: &'p [Allow<'p>], require: &'p [Protocol<'p>]) -> Policy<'p> {
    let policy = Policy::new(black_box(Origins::List(&["https://example.org"])))
        .allow(allow)
        .subprotocols(black_box(&["chat", "mqtt"]))
        .require(require)
        .skip_limit(black_box(1024))
        .lone_lf(black_box(true))
        .refuse_early_data(black_box(true))
        .keep_after_refusal(black_box(true))
        .ignore_expectations(black_box(true))
        .refuse_content(black_box(true));
    black_box(policy)
}

/// One of every kind, or that of the policy.
pub fn decision<'p>(policy: &Policy<'p>, request: &Request) -> Decision<'p> {
    match black_box(0) {
        0 => policy.decide(request),
        1 => Decision::AcceptSubprotocol("chat"),
        2 => Decision::Require(&[Protocol::WebSocket, Protocol::Tls]),
        _ => black_box(Decision::Ignore),
    }
}
