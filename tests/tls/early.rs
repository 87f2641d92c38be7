//! Bytes that come before their time: whatever lies behind a switch goes into the TLS layer, and nowhere else.

use std::io::{Read, Write};
use std::thread;

use http_upgrade::client::Action;
use http_upgrade::{Error, Protocol};

use crate::pipe::{HONEST, pipe, watched};
use crate::tls::client::Outcome;
use crate::tls::server::CAREFUL;
use crate::tls::wire::Wire;
use crate::world::{
    Running, TOKENS, ask_on, behind_head, client, contains, content, get, records, trust,
};

const OPTIONS: &[u8] =
    b"OPTIONS * HTTP/1.1\r\nHost: a.example\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n";
const EVIL: &[u8] = b"GET /evil HTTP/1.1\r\nHost: a.example\r\n\r\n";
const SWITCH: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n";

/// The client's side of TLS, and its first message.
fn hello() -> (rustls::ClientConnection, Vec<u8>) {
    let mut tls = trust().connection("a.example").expect("a connection");
    let mut hello = Vec::new();
    while tls.wants_write() {
        tls.write_tls(&mut hello).expect("memory");
    }
    (tls, hello)
}

#[test]
fn a_client_hello_behind_the_request_and_records_behind_the_101() {
    let request = get("http://a.example/page").mandatory_tls(TOKENS);
    for piece in [1, 7, usize::MAX] {
        let (ours, theirs, _) = watched(piece, HONEST, HONEST);
        let server = Running::new(&CAREFUL, theirs);
        let mut client = client(&request);
        let mut out = [0; 512];
        let len = client.send(&mut out).expect("a request");
        assert_eq!(&out[..len], OPTIONS);
        let (tls, hello) = hello();
        let mut wire = Wire::new(ours);
        wire.write_all(&[OPTIONS, &hello].concat())
            .expect("a server");
        // The 101 and the beginning of the server's answer to the first message, offered together.
        while wire.unread().len() < SWITCH.len() + 5 {
            wire.fill().expect("a server");
        }
        let used = client.receive(wire.unread());
        assert_eq!(&wire.unread()[..used], SWITCH, "and not a byte more");
        wire.take(used);
        assert!(matches!(client.action(), Action::Switch(Protocol::Tls, _)));
        wire.connect(tls).expect("a handshake");
        client.tls_established().expect("in turn");
        let (outcome, _) = ask_on(&mut client, &mut wire, &trust());
        assert_eq!(content(outcome), "/page of a.example, inside TLS\n");
        drop(wire);
        let lines = server.end();
        assert_eq!(lines[..2], ["request OPTIONS *", "send 101"]);
    }
}

/// What a server says and sends to these bytes, which come in pieces of that size.
fn served(input: &[u8], piece: usize) -> (Vec<String>, Vec<u8>) {
    let (mut ours, theirs, _) = watched(piece, HONEST, HONEST);
    let server = Running::new(&CAREFUL, theirs);
    ours.write_all(input).expect("a server");
    let mut answer = Vec::new();
    ours.read_to_end(&mut answer).expect("an end");
    drop(ours);
    (server.end(), answer)
}

#[test]
fn sec_10_a_clear_request_behind_the_request_reaches_nobody() {
    let (_, hello) = hello();
    let middle = hello.len() / 2;
    for behind in [
        EVIL.to_vec(),
        [&hello[..middle], &EVIL.repeat(10)].concat(),
        [&hello, EVIL].concat(),
        OPTIONS.to_vec(),
        b"\r\n\r\n\r\n\r\n".to_vec(),
    ] {
        for piece in [1, OPTIONS.len(), usize::MAX] {
            let (lines, answer) = served(&[OPTIONS, &behind].concat(), piece);
            assert_eq!(lines[..2], ["request OPTIONS *", "send 101"]);
            assert!(lines[3].starts_with("no tls: "), "{lines:?}");
            assert_eq!(lines[4..], ["close tls-failed"]);
            // Behind the 101 there is not one more byte in clear text.
            assert!(answer.starts_with(SWITCH));
            records(&answer[SWITCH.len()..]);
        }
    }
}

/// What a client that insists on TLS makes of this first answer, with nothing behind it, and what it sent.
fn asked(answer: Vec<u8>, piece: usize) -> (Outcome, Vec<u8>) {
    let (ours, mut theirs, seen) = watched(piece, HONEST, HONEST);
    let server = thread::spawn(move || {
        theirs
            .read_exact(&mut vec![0; OPTIONS.len()])
            .expect("a request");
        theirs.write_all(&answer).expect("a client");
    });
    let fields = [("Cookie", "secret=1")];
    let request = get("http://a.example/secret")
        .fields(&fields)
        .mandatory_tls(TOKENS);
    let mut wire = Wire::new(ours);
    let (outcome, _) = ask_on(&mut client(&request), &mut wire, &trust());
    drop(wire);
    server.join().expect("no panic");
    (outcome, seen.end().0)
}

#[test]
fn what_is_glued_to_the_101_reaches_tls_alone() {
    let clear = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    let alert = [21, 3, 3, 0, 2, 2, 40];
    let data = [23, 3, 3, 0, 5, b'e', b'v', b'i', b'l', 0];
    let server_hello = [22, 3, 3, 0, 6, 2, 0, 0, 2, 3, 3];
    for behind in [&clear[..], &alert, &data, &server_hello] {
        for piece in [1, usize::MAX] {
            let (outcome, sent) = asked([SWITCH, behind].concat(), piece);
            assert_eq!(outcome, Outcome::Closed(Some(Error::TlsFailed)));
            assert!(sent.starts_with(OPTIONS));
            records(behind_head(&sent));
            assert!(!contains(&sent, "secret"));
        }
    }
}

#[test]
fn an_end_inside_the_handshake_is_a_failure() {
    let (outcome, sent) = asked([SWITCH, &[22, 3, 3, 0, 90, 2]].concat(), usize::MAX);
    assert_eq!(outcome, Outcome::Closed(Some(Error::TlsFailed)));
    records(behind_head(&sent));

    let (_, hello) = hello();
    let (mut ours, theirs) = pipe();
    let server = Running::new(&CAREFUL, theirs);
    ours.write_all(&[OPTIONS, &hello[..20]].concat())
        .expect("a server");
    ours.read_exact(&mut [0; SWITCH.len()]).expect("the 101");
    drop(ours);
    assert_eq!(
        server.end().last().map(String::as_str),
        Some("close tls-failed")
    );
}
