//! See `run` beside this file.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::panic::PanicInfo;

use http_upgrade::h2c::{ClientBridge, ServerBridge, Taken};
use http_upgrade::{Action, Allow, Origins, Policy, Request, Response, Server, Status};

/// Keeps the name of the file of each panic that can be reached.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    black_box(info.location());
    loop {}
}

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let mut input = [0; 512];
    let mut output = [0; 512];
    loop {
        serve(unforeseen(&mut input), unforeseen(&mut output));
    }
}

/// The same bytes, of which the compiler now knows nothing, and as few of them as it cannot know.
fn unforeseen(bytes: &mut [u8]) -> &mut [u8] {
    let len = black_box(bytes.len());
    black_box(bytes).get_mut(..len).unwrap_or_default()
}

const POLICY: Policy = Policy::new(Origins::SameHost)
    .subprotocols(&["chat"])
    .allow(&[Allow::WEBSOCKET, Allow::H2C, Allow::TLS.any_request(), Allow::token("tcp")]);

/// Every verb, in any order that the input asks for.
fn serve(mut input: &[u8], output: &mut [u8]) {
    let mut server = Server::new([0; 1024], &POLICY);
    loop {
        match server.action() {
            Action::Receive if black_box(false) => server.timeout(),
            Action::Receive => {
                let (used, content) = server.receive_content(input);
                black_box(content);
                input = input.get(used..).unwrap_or_default();
                input = input.get(server.receive(input)..).unwrap_or_default();
                server.unread(input.len());
            }
            Action::Decide(request) => {
                look(&request);
                let decision = POLICY.decide(&request);
                black_box(server.decide(decision).is_ok());
            }
            Action::Send(status) => {
                black_box((status, server.send(output).is_ok()));
                black_box(server.send_with(output, black_box(&[("Set-Cookie", "a=b")])).is_ok());
            }
            Action::Respond(request) => {
                look(&request);
                black_box(server.want_content().is_ok());
                let response = Response::new(Status::OK).content(b"a page").fields(black_box(&[("Content-Type", "text/plain")]));
                black_box(server.respond(output, &response).is_ok());
            }
            Action::Switch(protocol, request) => {
                look(&request);
                bridge(&request, input);
                black_box(protocol.name());
                if server.tls_established().is_err() && server.tls_failed().is_err() {
                    black_box(server.hand_over().is_ok());
                    return;
                }
            }
            Action::Close(reason) => {
                black_box(reason.map(|error| error.name()));
                return;
            }
        }
    }
}

/// Both bridges, with whatever the input holds.
fn bridge(request: &Request, input: &[u8]) {
    if let Ok(mut bridge) = ServerBridge::start(request, |bytes| used(bytes)) {
        for piece in input.split(|byte| *byte == 0) {
            part(bridge.content(piece));
            part(bridge.end_content());
            part(bridge.send(piece));
            black_box(bridge.receive(piece).map(part).is_ok());
        }
    }
    let mut bridge = ClientBridge::start(|bytes| used(bytes));
    for piece in input.split(|byte| *byte == 0) {
        part(bridge.send(piece));
        black_box(bridge.receive(piece).map(part).is_ok());
    }
}

fn part(taken: Taken) {
    black_box((taken.used, taken.parts));
}

/// Everything that a request tells.
fn look(request: &Request) {
    black_box((request.method(), request.target(), request.authority(), request.origin(), request.head()));
    black_box((request.framing(), request.websocket().is_ok(), request.field("cookie")));
    if let Some(settings) = request.http2_settings() {
        settings.iter().for_each(|setting| used((setting.id, setting.value)));
    }
    request.fields().for_each(used);
    request.list("accept").for_each(used);
    request.hop_by_hop_fields().chain(request.end_to_end_fields()).for_each(used);
    request.subprotocols().for_each(used);
    for extension in request.extensions() {
        for (name, value) in extension.parameters() {
            black_box(name);
            value.iter().flat_map(|value| value.chars()).for_each(used);
        }
    }
}

fn used<T>(value: T) {
    black_box(value);
}
