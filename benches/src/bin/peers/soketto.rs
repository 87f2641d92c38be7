//! soketto: asynchronous, on any stream of `futures`.

use http_upgrade_benches::answering::Answering;
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::wire::{Wire, block_on};
use http_upgrade_benches::work::{HOST, REQUEST, Size, TARGET};
use soketto::connection::{Builder, Mode};
use soketto::handshake::server::Response;
use soketto::handshake::{Client, Server, ServerResponse};
use std::{hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, usize::MAX)),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("client", client),
        ("answer", http_upgrade_benches::answering::answer),
        ("text-125", |d| decode(d, Size::Text125, Mode::Server)),
        ("binary-16k", |d| decode(d, Size::Binary16K, Mode::Server)),
        ("binary-1m", |d| decode(d, Size::Binary1M, Mode::Server)),
        ("plain-text-125", |d| decode(d, Size::Text125, Mode::Client)),
        ("plain-16k", |d| decode(d, Size::Binary16K, Mode::Client)),
        ("plain-1m", |d| decode(d, Size::Binary1M, Mode::Client)),
        ("server-125", |d| encode(d, Size::Text125, Mode::Server)),
        ("server-16k", |d| encode(d, Size::Binary16K, Mode::Server)),
        ("server-1m", |d| encode(d, Size::Binary1M, Mode::Server)),
        ("client-125", |d| encode(d, Size::Text125, Mode::Client)),
        ("client-16k", |d| encode(d, Size::Binary16K, Mode::Client)),
        ("client-1m", |d| encode(d, Size::Binary1M, Mode::Client)),
    ])
}

fn server(driver: &Driver, read: usize) {
    let mut out = [0; 512];
    driver.each_apart(|| {
        block_on(async {
            let mut server = Server::new(Wire::new(black_box(REQUEST), read, &mut out));
            let key = server.receive_request().await.expect("a request").key();
            let accept = Response::Accept {
                key,
                protocol: None,
            };
            server.send_response(&accept).await.expect("room");
            assert!(server.into_inner().written().starts_with(b"HTTP/1.1 101 "));
        });
    });
}

/// The key is random, so the answer is made on the way: see `answering`.
fn client(driver: &Driver) {
    let mut answering = Answering::default();
    driver.each_apart(|| {
        block_on(async {
            answering.begin();
            let mut client = Client::new(&mut answering, black_box(HOST), black_box(TARGET));
            assert!(matches!(
                client.handshake().await,
                Ok(ServerResponse::Accepted { .. })
            ));
        });
    });
}

fn decode(driver: &Driver, size: Size, mode: Mode) {
    let frames = size.frames(mode == Mode::Server);
    let (_sender, mut receiver) = Builder::new(Wire::repeating(&frames, &mut []), mode).finish();
    let mut message = Vec::new();
    driver.each(|| {
        message.clear();
        let data = block_on(receiver.receive_data(&mut message)).expect("a message");
        assert!(data.is_text() == size.is_text());
        if data.is_text() {
            // As its documentation does: it leaves the check to the caller.
            assert!(std::str::from_utf8(&message).is_ok());
        }
        black_box(&message);
    });
}

fn encode(driver: &Driver, size: Size, mode: Mode) {
    let payload = size.payload();
    let mut out = vec![0; payload.len() + 14];
    let (mut sender, _receiver) = Builder::new(Wire::repeating(&[], &mut out), mode).finish();
    driver.each(|| {
        block_on(async {
            sender.send_binary(black_box(&payload)).await.expect("room");
            sender.flush().await.expect("room");
        });
    });
}
