//! A client, to every verb in any order that the input asks for, with offers of every kind.

use core::hint::black_box;

use http_upgrade::client::{Action, Response, Retry, Uri};
use http_upgrade::{Client, Framing, Offer, Protocol, UpgradeRequest, WebSocketOffer};

use crate::values::{self, misuse};
use crate::{bridges, each, used};

pub fn ask(input: &[u8], output: &mut [u8]) {
    let websocket = WebSocketOffer::new(black_box([7; 16]))
        .subprotocols(black_box(&["chat", "mqtt"]))
        .extensions(black_box(&["permessage-deflate; client_max_window_bits"]));
    let websocket = black_box(if black_box(false) {
        websocket.must_choose_subprotocol()
    } else {
        websocket
    });
    let token = Offer::token(black_box("tcp")).any_request();
    used(token.protocol());
    let offers = black_box([
        Offer::websocket(&websocket),
        Offer::tls(black_box(&["TLS/1.2"])),
        token,
    ]);
    let Some(request) = request(&offers) else {
        return;
    };
    let client = if black_box(false) {
        Client::new([0; 512], &request)
    } else {
        Client::inside_tls([0; 512], &request)
    };
    let Some(client) = misuse(client) else { return };
    used(client.clone());
    drive(client, &request, input, output);
}

/// Every way to begin one, and every choice.
fn request<'r>(offers: &'r [Offer<'r>]) -> Option<UpgradeRequest<'r>> {
    let request = match black_box(0) {
        0 => misuse(UpgradeRequest::get(black_box("ws://example.org/chat")))?,
        1 => UpgradeRequest::new(
            black_box("OPTIONS"),
            misuse(Uri::parse(black_box("http://a/b")))?,
        ),
        _ => UpgradeRequest::connect(black_box("example.org:443")),
    };
    let request = request
        .method(black_box("POST"))
        .fields(black_box(&[("Cookie", "a=b")]))
        .offer(offers);
    let request = black_box(match black_box(0) {
        0 => request.content(black_box(b"content")),
        1 => request.content_length(black_box(7)).expect_continue(),
        2 => request.mandatory_tls(black_box(&["TLS/1.3"])),
        _ => request,
    });
    Some(black_box(match black_box(0) {
        0 => request.via_proxy(),
        1 => request.lenient_tls(),
        2 => request.lenient_h2c(),
        3 => request.lenient_status_line(),
        _ => request,
    }))
}

fn drive<'r>(
    mut client: Client<'r, [u8; 512]>,
    request: &'r UpgradeRequest<'r>,
    mut input: &[u8],
    output: &mut [u8],
) {
    loop {
        match client.action() {
            Action::Send => used(misuse(client.send(output))),
            Action::SendContent(bytes) => used(misuse(client.content_sent(black_box(bytes)))),
            Action::Receive if black_box(false) => end(&mut client),
            Action::Receive => input = receive(&mut client, input),
            Action::Interim(response) => {
                look(&response);
                misuse(client.proceed());
            }
            Action::Switch(protocol, response) => {
                look(&response);
                switch(protocol, input);
                if misuse(client.tls_established()).is_none()
                    && misuse(client.tls_failed()).is_none()
                {
                    break;
                }
            }
            Action::Response(response) => {
                look(&response);
                misuse(client.want_content());
                misuse(client.retry(request));
            }
            Action::Close(reason) => {
                used(reason);
                break;
            }
        }
    }
    used(client.into_storage());
}

fn receive<'i>(client: &mut Client<[u8; 512]>, input: &'i [u8]) -> &'i [u8] {
    let (taken, content) = client.receive_content(input);
    used(content);
    let input = input.get(taken..).unwrap_or_default();
    let input = input.get(client.receive(input)..).unwrap_or_default();
    client.unread(input.len());
    input
}

fn end(client: &mut Client<[u8; 512]>) {
    match black_box(0) {
        0 => client.timeout(),
        1 => client.end_of_input(),
        _ => client.connection_lost(),
    }
}

fn switch(protocol: Protocol, input: &[u8]) {
    values::protocol(protocol);
    bridges::client(input);
}

/// Everything that a response tells.
fn look(response: &Response) {
    values::status(Some(response.status()));
    used((
        response.code(),
        response.head(),
        response.framing() == black_box(Framing::Chunked),
    ));
    used((
        response.is_content_pending(),
        response.retry() == black_box(Retry::SameConnection),
    ));
    used((response.needs_tunnel(), response.subprotocol()));
    let name = black_box("location");
    used(response.field(name));
    each(response.list(name), used);
    values::fields(response.fields());
    each(response.hop_by_hop_fields(), used);
    each(response.end_to_end_fields(), used);
    each(response.upgrades(), used);
    each(response.extensions(), crate::websocket::extension);
}
