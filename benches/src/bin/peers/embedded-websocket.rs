//! embedded-websocket: on byte slices, as we; `httparse` is called by the application, again after each read.

use embedded_websocket::{
    WebSocketClient, WebSocketOptions, WebSocketReceiveMessageType, WebSocketSendMessageType,
    WebSocketServer, WebSocketState, read_http_header,
};
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::work::{ANSWER, HOST, NONCE, REQUEST, Size, TARGET};
use rand_core::{Error, RngCore};
use std::{hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, usize::MAX)),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("client", client),
        ("text-125", |d| decode_server(d, Size::Text125)),
        ("binary-16k", |d| decode_server(d, Size::Binary16K)),
        ("binary-1m", |d| decode_server(d, Size::Binary1M)),
        ("plain-text-125", |d| decode_client(d, Size::Text125)),
        ("plain-16k", |d| decode_client(d, Size::Binary16K)),
        ("plain-1m", |d| decode_client(d, Size::Binary1M)),
        ("server-125", |d| encode_server(d, Size::Text125)),
        ("server-16k", |d| encode_server(d, Size::Binary16K)),
        ("server-1m", |d| encode_server(d, Size::Binary1M)),
        ("client-125", |d| encode_client(d, Size::Text125)),
        ("client-16k", |d| encode_client(d, Size::Binary16K)),
        ("client-1m", |d| encode_client(d, Size::Binary1M)),
    ])
}

/// Gives the nonce of the work, at no cost.
struct Fixed;

impl RngCore for Fixed {
    fn next_u32(&mut self) -> u32 {
        0x3d21_fa37
    }

    fn next_u64(&mut self) -> u64 {
        0x3d21_fa37
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&NONCE[..bytes.len()]);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

fn server(driver: &Driver, read: usize) {
    let (mut storage, mut out) = ([0; 2048], [0; 512]);
    driver.each_apart(|| {
        let storage = black_box(&mut storage);
        let mut at = 0;
        let len = black_box(REQUEST)
            .chunks(read.min(REQUEST.len()))
            .find_map(|piece| {
                storage[at..at + piece.len()].copy_from_slice(piece);
                at += piece.len();
                accept(&storage[..at], &mut out)
            });
        assert!(out[..len.expect("a 101")].starts_with(b"HTTP/1.1 101 "));
    });
}

/// The length of the 101, once the request is whole.
#[inline(never)]
fn accept(read: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut slots = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut slots);
    if request.parse(read).expect("a request").is_partial() {
        return None;
    }
    let fields = request
        .headers
        .iter()
        .map(|field| (field.name, field.value));
    let context = read_http_header(fields).expect("a request")?;
    let mut server = WebSocketServer::new_server();
    Some(
        server
            .server_accept(&context.sec_websocket_key, None, out)
            .expect("room"),
    )
}

fn client(driver: &Driver) {
    let mut out = [0; 512];
    driver.each_apart(|| {
        let mut client = WebSocketClient::new_client(Fixed);
        let options = WebSocketOptions {
            path: black_box(TARGET),
            host: black_box(HOST),
            origin: "http://server.example.com",
            sub_protocols: None,
            additional_headers: None,
        };
        let (len, key) = client.client_connect(&options, &mut out).expect("room");
        black_box(&out[..len]);
        assert!(client.client_accept(&key, black_box(ANSWER)).is_ok());
    });
}

fn decode_server(driver: &Driver, size: Size) {
    let mut server = WebSocketServer::new_server();
    server.state = WebSocketState::Open;
    let frame = size.frame(true);
    let mut to = vec![0; frame.len()];
    driver.each(|| {
        let read = server
            .read(black_box(&frame), black_box(&mut to))
            .expect("a frame");
        taken(size, &to[..read.len_to], read.message_type);
    });
}

fn decode_client(driver: &Driver, size: Size) {
    let mut client = WebSocketClient::new_client(Fixed);
    client.state = WebSocketState::Open;
    let frame = size.frame(false);
    let mut to = vec![0; frame.len()];
    driver.each(|| {
        let read = client
            .read(black_box(&frame), black_box(&mut to))
            .expect("a frame");
        taken(size, &to[..read.len_to], read.message_type);
    });
}

/// It leaves UTF-8 to the caller.
#[inline(always)]
fn taken(size: Size, payload: &[u8], kind: WebSocketReceiveMessageType) {
    if size.is_text() {
        assert!(kind == WebSocketReceiveMessageType::Text);
        assert!(std::str::from_utf8(payload).is_ok());
    } else {
        assert!(kind == WebSocketReceiveMessageType::Binary);
    }
    black_box(payload);
}

fn encode_server(driver: &Driver, size: Size) {
    let mut server = WebSocketServer::new_server();
    server.state = WebSocketState::Open;
    let payload = size.payload();
    let mut out = vec![0; payload.len() + 14];
    driver.each(|| {
        let (payload, out) = (black_box(&payload), black_box(&mut out));
        let kind = WebSocketSendMessageType::Binary;
        black_box(server.write(kind, true, payload, out).expect("room"));
    });
}

fn encode_client(driver: &Driver, size: Size) {
    let mut client = WebSocketClient::new_client(Fixed);
    client.state = WebSocketState::Open;
    let payload = size.payload();
    let mut out = vec![0; payload.len() + 14];
    driver.each(|| {
        let (payload, out) = (black_box(&payload), black_box(&mut out));
        let kind = WebSocketSendMessageType::Binary;
        black_box(client.write(kind, true, payload, out).expect("room"));
    });
}
