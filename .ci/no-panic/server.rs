//! A server, to every verb in any order that the input asks for.

use core::hint::black_box;

use http_upgrade::{Action, Policy, Protocol, Request, Response, Server, Status};

use crate::values::{self, misuse};
use crate::{bridges, used};

pub fn serve(input: &[u8], output: &mut [u8]) {
    let (allow, require) = (
        values::allows(),
        black_box([Protocol::WebSocket, Protocol::Tls]),
    );
    let policy = values::policy(&allow, &require);
    let mut server = Server::new([0; 1024], &policy);
    if black_box(false) {
        server = server.inside_tls();
    }
    used(server.clone());
    used(drive(server, &policy, input, output));
}

/// The storage, where the connection has ended or was given away.
fn drive<'p>(
    mut server: Server<'p, [u8; 1024]>,
    policy: &Policy<'p>,
    mut input: &[u8],
    output: &mut [u8],
) -> ([u8; 1024], usize) {
    loop {
        server.request().iter().for_each(values::request);
        match server.action() {
            Action::Receive if black_box(false) => server.timeout(),
            Action::Receive => input = receive(&mut server, input),
            Action::Decide(request) => {
                let decision = values::decision(policy, &request);
                misuse(server.decide(decision));
            }
            Action::Send(status) => {
                values::status(Some(status));
                misuse(server.send(output));
                misuse(server.send_with(output, black_box(&[("Set-Cookie", "a=b")])));
            }
            Action::Respond(_) if black_box(false) => match server.hand_over() {
                Ok(handed_over) => return handed_over,
                Err(same) => server = same,
            },
            Action::Respond(_) => {
                misuse(server.want_content());
                misuse(server.respond(output, &response()));
            }
            Action::Switch(protocol, request) => {
                switch(protocol, &request, input);
                if misuse(server.tls_established()).is_none()
                    && misuse(server.tls_failed()).is_none()
                {
                    return (server.into_storage(), 0);
                }
            }
            Action::Close(reason) => {
                used(reason);
                return (server.into_storage(), 0);
            }
        }
    }
}

fn receive<'i>(server: &mut Server<[u8; 1024]>, input: &'i [u8]) -> &'i [u8] {
    let (taken, content) = server.receive_content(input);
    used(content);
    let input = input.get(taken..).unwrap_or_default();
    let input = input.get(server.receive(input)..).unwrap_or_default();
    server.unread(input.len());
    input
}

fn switch(protocol: Protocol, request: &Request, input: &[u8]) {
    values::protocol(protocol);
    bridges::server(request, input);
}

fn response() -> Response<'static> {
    let response =
        Response::new(black_box(Status::OK)).fields(black_box(&[("Content-Type", "text/plain")]));
    black_box(match black_box(0) {
        0 => response.content(black_box(b"a page")),
        1 => response.content_length(black_box(6)).advertise(),
        2 => response.chunked().close(),
        _ => response.until_close(),
    })
}
