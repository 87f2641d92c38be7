//! Our server's handshake in memory: `server` in one read, `server-16` and `server-1` in reads of that many bytes.

use http_upgrade::{Action, Origins, Policy, Server};
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::work::REQUEST;
use std::{hint::black_box, process::ExitCode};

const POLICY: Policy = Policy::new(Origins::Any);

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, REQUEST.len())),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
    ])
}

#[inline(never)]
fn server(driver: &Driver, read: usize) {
    let (mut storage, mut out) = ([0; 2048], [0; 512]);
    driver.each(|| {
        let len = handshake(
            black_box(REQUEST),
            read,
            black_box(&mut storage),
            black_box(&mut out),
        );
        assert!(out[..len].starts_with(b"HTTP/1.1 101 "));
    });
}

/// The length of the 101.
#[inline(never)]
fn handshake(request: &[u8], read: usize, storage: &mut [u8], out: &mut [u8]) -> usize {
    let mut server = Server::new(storage, &POLICY);
    let (mut rest, mut len) = (request, 0);
    loop {
        match server.action() {
            Action::Receive => {
                let piece = &rest[..read.min(rest.len())];
                rest = &rest[server.receive(piece)..];
            }
            Action::Decide(request) => {
                let decision = POLICY.decide(&request);
                server.decide(decision).unwrap();
            }
            Action::Send(_) => len = server.send(out).unwrap(),
            Action::Switch(..) => return len,
            other => panic!("{other:?}"),
        }
    }
}
