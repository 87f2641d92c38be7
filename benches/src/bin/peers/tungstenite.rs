//! tungstenite: blocking, on any stream.

use http_upgrade_benches::driver::{self, Driver, refuses};
use http_upgrade_benches::wire::Wire;
use http_upgrade_benches::work::{ANSWER, HOST, KEY, REQUEST, Size};
use std::{hint::black_box, process::ExitCode};
use tungstenite::handshake::HandshakeError;
use tungstenite::http::Request;
use tungstenite::protocol::Role;
use tungstenite::{Bytes, Message, WebSocket};

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, usize::MAX)),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("client", client),
        ("text-125", |d| decode(d, Size::Text125, Role::Server)),
        ("binary-16k", |d| decode(d, Size::Binary16K, Role::Server)),
        ("binary-1m", |d| decode(d, Size::Binary1M, Role::Server)),
        ("plain-text-125", |d| decode(d, Size::Text125, Role::Client)),
        ("plain-16k", |d| decode(d, Size::Binary16K, Role::Client)),
        ("plain-1m", |d| decode(d, Size::Binary1M, Role::Client)),
        ("server-125", |d| encode(d, Size::Text125, Role::Server)),
        ("server-16k", |d| encode(d, Size::Binary16K, Role::Server)),
        ("server-1m", |d| encode(d, Size::Binary1M, Role::Server)),
        ("client-125", |d| encode(d, Size::Text125, Role::Client)),
        ("client-16k", |d| encode(d, Size::Binary16K, Role::Client)),
        ("client-1m", |d| encode(d, Size::Binary1M, Role::Client)),
    ])
}

fn server(driver: &Driver, read: usize) {
    let mut out = [0; 512];
    driver.each_apart(|| {
        match tungstenite::accept(Wire::new(black_box(REQUEST), read, &mut out)) {
            Ok(websocket) => assert!(websocket.get_ref().written().starts_with(b"HTTP/1.1 101 ")),
            Err(HandshakeError::Failure(error)) => refuses(error),
            Err(HandshakeError::Interrupted(_)) => panic!("it waits"),
        }
    });
}

fn client(driver: &Driver) {
    let mut out = [0; 512];
    driver.each_apart(|| {
        let request = Request::get(black_box("ws://server.example.com/chat"))
            .header("Host", HOST)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", black_box(KEY))
            .body(())
            .expect("a request");
        let opened =
            tungstenite::client(request, Wire::new(black_box(ANSWER), usize::MAX, &mut out));
        assert!(opened.is_ok());
    });
}

fn decode(driver: &Driver, size: Size, role: Role) {
    let frames = size.frames(role == Role::Server);
    let mut websocket = WebSocket::from_raw_socket(Wire::repeating(&frames, &mut []), role, None);
    driver.each(|| {
        let message = websocket.read().expect("a message");
        assert!(message.is_text() == size.is_text());
        black_box(message);
    });
}

fn encode(driver: &Driver, size: Size, role: Role) {
    let payload = Bytes::from(size.payload());
    let mut out = vec![0; payload.len() + 14];
    let mut websocket = WebSocket::from_raw_socket(Wire::repeating(&[], &mut out), role, None);
    driver.each(|| {
        websocket
            .send(Message::Binary(black_box(&payload).clone()))
            .expect("room");
    });
}
