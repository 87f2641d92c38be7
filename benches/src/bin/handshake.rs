//! The server handshake in memory, for counting instructions.
//!
//! `handshake NAME ROUNDS` answers the same request of a browser `ROUNDS` times; the name says how it is read: `server`
//! in one read, `server-16` and `server-1` in reads of that many bytes. Under callgrind, the difference between N and 2N
//! rounds, divided by N, is what one handshake takes:
//!
//! ```text
//! cargo build --release
//! valgrind --tool=callgrind target/release/handshake server 1000
//! valgrind --tool=callgrind target/release/handshake server 2000
//! ```

use http_upgrade::{Action, Origins, Policy, Server};
use std::{env, hint::black_box, process::ExitCode};

const POLICY: Policy = Policy::new(Origins::Any);

/// 543 bytes, as a Chromium sends them, and a field of filling.
const REQUEST: &[u8] = b"GET /chat?x=1 HTTP/1.1\r\n\
    Host: 127.0.0.1:18712\r\n\
    Connection: Upgrade\r\n\
    Pragma: no-cache\r\n\
    Cache-Control: no-cache\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    HeadlessChrome/156.0.0.0 Safari/537.36\r\n\
    Upgrade: websocket\r\n\
    Origin: http://127.0.0.1:18711\r\n\
    Sec-WebSocket-Version: 13\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Accept-Language: en-US,en;q=0.9\r\n\
    Sec-WebSocket-Key: XP7kHc2SWCTn1wx5JokW9g==\r\n\
    Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
    X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\
    \r\n";

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let (Some(name), Some(Ok(rounds))) = (args.next(), args.next().map(|n| n.parse())) else {
        eprintln!("handshake NAME ROUNDS");
        return ExitCode::FAILURE;
    };
    match name.as_str() {
        "server" => server(REQUEST.len(), rounds),
        "server-16" => server(16, rounds),
        "server-1" => server(1, rounds),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

fn server(read: usize, rounds: u32) {
    assert_eq!(REQUEST.len(), 543);
    let (mut storage, mut out) = ([0; 2048], [0; 512]);
    for _ in 0..rounds {
        let len = handshake(
            black_box(REQUEST),
            read,
            black_box(&mut storage),
            black_box(&mut out),
        );
        assert!(out[..len].starts_with(b"HTTP/1.1 101 "));
    }
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
