//! ws-framer: on buffers of the caller; a server calls `httparse` itself, here again after each read.
//!
//! Without its feature for random numbers, its keys are zero: as for us, the random numbers are not counted.

use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::work::{HOST, REQUEST, Size, TARGET};
use std::{hint::black_box, process::ExitCode};
use ws_framer::{Header, WsFrame, WsRxFramer, WsTxFramer, process_sec_websocket_key};

/// The answer to the key of 16 zeros.
const ANSWER: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade\r\n\
    Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\
    \r\n";

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, usize::MAX)),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("client", client),
        ("text-125", |d| decode(d, Size::Text125, true)),
        ("binary-16k", |d| decode(d, Size::Binary16K, true)),
        ("binary-1m", |d| decode(d, Size::Binary1M, true)),
        ("plain-text-125", |d| decode(d, Size::Text125, false)),
        ("plain-16k", |d| decode(d, Size::Binary16K, false)),
        ("plain-1m", |d| decode(d, Size::Binary1M, false)),
        ("server-125", |d| encode(d, Size::Text125, false)),
        ("server-16k", |d| encode(d, Size::Binary16K, false)),
        ("server-1m", |d| encode(d, Size::Binary1M, false)),
        ("client-125", |d| encode(d, Size::Text125, true)),
        ("client-16k", |d| encode(d, Size::Binary16K, true)),
        ("client-1m", |d| encode(d, Size::Binary1M, true)),
    ])
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
    let is_key = |field: &&httparse::Header| field.name.eq_ignore_ascii_case("Sec-WebSocket-Key");
    let key = request.headers.iter().find(is_key).expect("a key").value;
    let key = std::str::from_utf8(key).expect("a key");
    let accept = process_sec_websocket_key(key).expect("a key");
    let fields = [
        ("Upgrade", &b"websocket"[..]),
        ("Connection", b"upgrade"),
        ("Sec-WebSocket-Accept", &accept),
    ];
    let fields = fields.map(|(name, value)| Header { name, value });
    let mut tx = WsTxFramer::new(false, out);
    tx.http_response(101, "Switching Protocols", &fields)
        .map(<[u8]>::len)
}

fn client(driver: &Driver) {
    let (mut storage, mut out) = ([0; 1024], [0; 512]);
    driver.each_apart(|| {
        let mut rx = WsRxFramer::new(black_box(&mut storage));
        let mut tx = WsTxFramer::new(true, black_box(&mut out));
        black_box(
            tx.http_upgrade_request(black_box(HOST), black_box(TARGET), &[])
                .expect("room"),
        );
        let accept = tx.accept_key();
        rx.read_buf()[..ANSWER.len()].copy_from_slice(black_box(ANSWER));
        rx.advance(ANSWER.len());
        let response = rx
            .http_response()
            .expect("a whole response")
            .expect("a response");
        assert!(response.is_websocket_accepted(&accept));
    });
}

fn decode(driver: &Driver, size: Size, is_masked: bool) {
    let frame = size.frame(is_masked);
    let mut storage = vec![0; frame.len()];
    let mut rx = WsRxFramer::new(&mut storage);
    driver.each(|| {
        rx.read_buf()[..frame.len()].copy_from_slice(black_box(&frame));
        rx.advance(frame.len());
        match rx.next_frame() {
            Some(Ok(WsFrame::Text(text))) if size.is_text() => {
                black_box(text);
            }
            Some(Ok(WsFrame::Binary(bytes))) if !size.is_text() => {
                black_box(bytes);
            }
            _ => panic!("no frame"),
        }
        assert!(rx.next_frame().is_none());
    });
}

fn encode(driver: &Driver, size: Size, is_masked: bool) {
    let payload = size.payload();
    let mut out = vec![0; payload.len() + 14];
    let mut tx = WsTxFramer::new(is_masked, &mut out);
    driver.each(|| {
        black_box(tx.binary(black_box(&payload)).expect("room"));
    });
}
