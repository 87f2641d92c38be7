//! tokio-websockets: asynchronous, on streams of tokio.

use futures::{Sink, StreamExt};
use http_upgrade_benches::answering::{self, Answering};
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::wire::{Wire, block_on};
use http_upgrade_benches::work::{REQUEST, Size};
use std::future::poll_fn;
use std::pin::Pin;
use std::{hint::black_box, process::ExitCode};
use tokio_websockets::{ClientBuilder, Limits, Message, Payload, ServerBuilder, WebSocketStream};

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, usize::MAX)),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("client", client),
        ("answer", answering::answer),
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
    let mut out = [0; 512];
    driver.each_apart(|| {
        let wire = Wire::new(black_box(REQUEST), read, &mut out);
        let (_request, websocket) = block_on(ServerBuilder::new().accept(wire)).expect("a request");
        assert!(websocket.get_ref().written().starts_with(b"HTTP/1.1 101 "));
    });
}

/// The key is random, so the answer is made on the way: see `answering`.
fn client(driver: &Driver) {
    let mut answering = Answering::default();
    driver.each_apart(|| {
        answering.begin();
        let builder = ClientBuilder::new().uri(black_box("ws://server.example.com/chat"));
        assert!(block_on(builder.expect("a URI").connect_on(&mut answering)).is_ok());
    });
}

fn websocket<'a>(wire: Wire<'a>, is_server: bool) -> WebSocketStream<Wire<'a>> {
    if is_server {
        ServerBuilder::new().limits(Limits::unlimited()).serve(wire)
    } else {
        ClientBuilder::new()
            .limits(Limits::unlimited())
            .take_over(wire)
    }
}

fn decode(driver: &Driver, size: Size, is_server: bool) {
    let frames = size.frames(is_server);
    let mut websocket = websocket(Wire::repeating(&frames, &mut []), is_server);
    driver.each(|| {
        let message = block_on(websocket.next())
            .expect("a message")
            .expect("a message");
        assert!(message.is_text() == size.is_text());
        black_box(message);
    });
}

fn encode(driver: &Driver, size: Size, is_client: bool) {
    let payload = Payload::from(size.payload());
    let mut out = vec![0; payload.len() + 14];
    let mut websocket = websocket(Wire::repeating(&[], &mut out), !is_client);
    driver.each(|| {
        block_on(async {
            let message = Message::binary(black_box(&payload).clone());
            let mut websocket = Pin::new(&mut websocket);
            poll_fn(|context| websocket.as_mut().poll_ready(context))
                .await
                .expect("room");
            websocket.as_mut().start_send(message).expect("room");
            poll_fn(|context| websocket.as_mut().poll_flush(context))
                .await
                .expect("room");
        });
    });
}
