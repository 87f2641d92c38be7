//! The h2c bridges in memory, for counting instructions.
//!
//! `h2c NAME ROUNDS` lets 1 MiB of payload through a bridge `ROUNDS` times, in reads of 16 KiB that cut frames where they
//! fall: `send-16k` frames of 16 KiB of an engine, `send-100` frames of 100 bytes, `receive-16k` frames of a peer while
//! the engine still owes credit, `open` either direction once nothing is to be looked for, `content` the content of an
//! upgraded request. `start` is one prologue, of a request as curl sends it.

use http_upgrade::h2c::{ServerBridge, Taken};
use http_upgrade::{Allow, Decision, Origins, Policy, Protocol, Server};
use std::{env, hint::black_box, process::ExitCode};

const POLICY: Policy = Policy::new(Origins::Any).allow(&[Allow::H2C]);
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = b"\0\0\0\x04\0\0\0\0\0";
const ACK: &[u8] = b"\0\0\0\x04\x01\0\0\0\0";

const GET: &str = "GET /x HTTP/1.1\r\nHost: 127.0.0.1:18670\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\
    Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n";

const MIB: usize = 1 << 20;
const READ: usize = 16 << 10;

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let (Some(name), Some(Ok(rounds))) = (args.next(), args.next().map(|n| n.parse())) else {
        eprintln!("h2c NAME ROUNDS");
        return ExitCode::FAILURE;
    };
    match name.as_str() {
        "send-16k" => send(&mut post(), &frames(READ), rounds),
        "send-100" => send(&mut post(), &frames(100), rounds),
        "receive-16k" => receive(&mut owing(), &frames(READ), rounds),
        "open" => open(&frames(READ), rounds),
        "content" => content(rounds),
        "start" => start(rounds),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

/// 1 MiB in DATA frames of that size.
fn frames(size: usize) -> Vec<u8> {
    let mut frames = Vec::new();
    for piece in vec![7; MIB].chunks(size) {
        frames.extend(&u32::try_from(piece.len()).unwrap().to_be_bytes()[1..]);
        frames.extend([0, 0, 0, 0, 0, 3]);
        frames.extend(piece);
    }
    frames
}

fn bridge(head: &str) -> ServerBridge {
    let mut server = Server::new([0; 1024], &POLICY);
    assert!(server.receive(head.as_bytes()) == head.len());
    server.decide(Decision::Accept(Protocol::H2c)).unwrap();
    ServerBridge::start(&server.request().unwrap(), |_| {}).unwrap()
}

/// One with content, whose engine is looked at to the end.
fn post() -> ServerBridge {
    let post = GET.replace("GET", "POST");
    let mut bridge = bridge(&post.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n"));
    feed(&mut bridge, SETTINGS, ServerBridge::send);
    feed(&mut bridge, ACK, ServerBridge::send);
    bridge
}

/// One whose engine has not returned the credit for one byte of content, and takes all that the peer sends.
fn owing() -> ServerBridge {
    let mut bridge = post();
    feed(
        &mut bridge,
        b"\0\0\x04\x08\0\0\0\0\0\x7f\0\0\0",
        ServerBridge::send,
    );
    assert!(bridge.content(b"x").used == 1);
    bridge.end_content();
    for bytes in [PREFACE, SETTINGS] {
        feed(&mut bridge, bytes, from_peer);
    }
    bridge
}

fn feed(
    bridge: &mut ServerBridge,
    mut bytes: &[u8],
    take: impl for<'a> Fn(&'a mut ServerBridge, &'a [u8]) -> Taken<'a>,
) -> usize {
    let mut passed = 0;
    while !bytes.is_empty() {
        let taken = take(bridge, bytes);
        let [head, run] = black_box(taken.parts);
        passed += head.len() + run.len();
        bytes = &bytes[taken.used..];
    }
    passed
}

fn from_peer<'a>(bridge: &'a mut ServerBridge, bytes: &'a [u8]) -> Taken<'a> {
    bridge.receive(bytes).unwrap()
}

fn send(bridge: &mut ServerBridge, frames: &[u8], rounds: u32) {
    for _ in 0..rounds {
        let mut passed = 0;
        for read in black_box(frames).chunks(READ) {
            passed += feed(bridge, read, ServerBridge::send);
        }
        assert!(passed == frames.len());
    }
}

fn receive(bridge: &mut ServerBridge, frames: &[u8], rounds: u32) {
    assert!(rounds < 2000, "the windows end");
    for _ in 0..rounds {
        let mut passed = 0;
        for read in black_box(frames).chunks(READ) {
            passed += feed(bridge, read, from_peer);
        }
        assert!(passed == frames.len());
    }
}

fn open(frames: &[u8], rounds: u32) {
    let mut bridge = bridge(GET);
    for bytes in [SETTINGS, ACK, SETTINGS] {
        feed(&mut bridge, bytes, ServerBridge::send);
    }
    send(&mut bridge, frames, rounds);
}

fn content(rounds: u32) {
    const CREDIT: &[u8] = b"\0\0\x04\x08\0\0\0\0\x01\0\0\x40\0\0\0\x04\x08\0\0\0\0\0\0\0\x40\0";
    let mut bridge = post();
    let read = [7; READ];
    for _ in 0..rounds {
        for _ in 0..MIB / READ {
            assert!(feed(&mut bridge, black_box(&read), ServerBridge::content) == READ + 9);
            assert!(feed(&mut bridge, CREDIT, ServerBridge::send) == 0);
        }
    }
}

fn start(rounds: u32) {
    let mut server = Server::new([0; 1024], &POLICY);
    server.receive(GET.as_bytes());
    let mut prologue = Vec::with_capacity(1024);
    for _ in 0..rounds {
        prologue.clear();
        let request = server.request().unwrap();
        black_box(
            ServerBridge::start(black_box(&request), |bytes| {
                prologue.extend_from_slice(bytes)
            })
            .unwrap(),
        );
        black_box(&prologue);
    }
}
