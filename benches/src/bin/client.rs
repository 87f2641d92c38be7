//! Opening handshakes of a client in memory, for counting instructions.
//!
//! `client NAME ROUNDS` does one operation `ROUNDS` times. Under `valgrind --tool=callgrind`, the difference between N and
//! 2N rounds, divided by N, is what one operation takes. `whole` is a new client that writes its request and validates the
//! 101, in one read or in as many as the number behind the dash says bytes in each.

use http_upgrade::client::{Action, Client};
use http_upgrade::{Offer, Protocol, UpgradeRequest, WebSocketOffer};
use std::{env, hint::black_box, process::ExitCode};

/// The answer to the key of RFC 6455, as Node's ws sends it, and the first frame behind it.
const ANSWER: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x05hello";

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let (Some(name), Some(Ok(rounds))) = (args.next(), args.next().map(|n| n.parse())) else {
        eprintln!("client NAME ROUNDS");
        return ExitCode::FAILURE;
    };
    let mut storage = [0; 1024];
    for _ in 0..rounds {
        let storage = black_box(&mut storage[..]);
        match name.as_str() {
            "whole" => handshake(usize::MAX, storage),
            "whole-16" => handshake(16, storage),
            "whole-1" => handshake(1, storage),
            "request" => request(),
            _ => return ExitCode::FAILURE,
        }
    }
    ExitCode::SUCCESS
}

fn handshake(read: usize, storage: &mut [u8]) {
    let websocket = WebSocketOffer::new(black_box(*b"the sample nonce"));
    let offers = [Offer::websocket(&websocket)];
    let request = UpgradeRequest::get(black_box("ws://server.example.com/chat"));
    let request = request.expect("a URI").offer(&offers);
    let mut client = Client::new(storage, &request).expect("a request");
    let (mut out, mut rest) = ([0; 512], ANSWER);
    loop {
        match client.action() {
            Action::Send => {
                let len = client.send(black_box(&mut out)).expect("a buffer");
                black_box(&out[..len]);
            }
            Action::Receive => {
                let used = client.receive(black_box(&rest[..read.min(rest.len())]));
                rest = &rest[used..];
            }
            Action::Switch(protocol, _) => {
                assert!(protocol == Protocol::WebSocket && rest == b"\x81\x05hello");
                break;
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The half of it before the answer.
fn request() {
    let websocket = WebSocketOffer::new(black_box(*b"the sample nonce"));
    let offers = [Offer::websocket(&websocket)];
    let request = UpgradeRequest::get(black_box("ws://server.example.com/chat"));
    let request = request.expect("a URI").offer(&offers);
    let mut client = Client::new([0; 1024], &request).expect("a request");
    let mut out = [0; 512];
    let len = client.send(black_box(&mut out)).expect("a buffer");
    black_box(&out[..len]);
    black_box(&client);
}
