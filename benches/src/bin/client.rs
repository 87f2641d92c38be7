//! Our client's handshake in memory: it writes its request and validates the 101; `client` in one read, `client-16` and
//! `client-1` in reads of that many bytes, `request` without the answer.

use http_upgrade::client::{Action, Client};
use http_upgrade::{Offer, Protocol, UpgradeRequest, WebSocketOffer};
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::work::{ANSWER, NONCE};
use std::{hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    driver::main(&[
        ("client", |d| repeat(d, usize::MAX)),
        ("client-16", |d| repeat(d, 16)),
        ("client-1", |d| repeat(d, 1)),
        ("request", |d| repeat(d, 0)),
    ])
}

#[inline(never)]
fn repeat(driver: &Driver, read: usize) {
    let (mut storage, mut out) = ([0; 1024], [0; 512]);
    driver.each(|| {
        handshake(
            black_box(read),
            black_box(&mut storage),
            black_box(&mut out),
        )
    });
}

#[inline(never)]
fn handshake(read: usize, storage: &mut [u8], out: &mut [u8]) {
    let websocket = WebSocketOffer::new(black_box(NONCE));
    let offers = [Offer::websocket(&websocket)];
    let request = UpgradeRequest::get(black_box("ws://server.example.com/chat"));
    let request = request.expect("a URI").offer(&offers);
    let mut client = Client::new(storage, &request).expect("a request");
    let mut rest = ANSWER;
    loop {
        match client.action() {
            Action::Send => {
                let len = client.send(out).expect("a buffer");
                black_box(&out[..len]);
            }
            Action::Receive if read == 0 => break,
            Action::Receive => {
                let used = client.receive(black_box(&rest[..read.min(rest.len())]));
                rest = &rest[used..];
            }
            Action::Switch(protocol, _) => {
                assert!(protocol == Protocol::WebSocket && rest.is_empty());
                break;
            }
            other => panic!("{other:?}"),
        }
    }
}
