//! A response before the content that the application asked for has ended (RFC 9110 sections 10.1.1 and 15.5.14).

use http_upgrade::{Action, Decision, Origins, Policy, Response, Server, Status};

const POLICY: Policy = Policy::new(Origins::Any).skip_limit(100);

/// A server whose application wants the content of a POST with those field lines.
fn wanting(fields: &str) -> Server<'static, [u8; 256]> {
    let mut server = Server::new([0; 256], &POLICY);
    let head = format!("POST /big HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
    assert_eq!(server.receive(head.as_bytes()), head.len());
    server.decide(Decision::Ignore).expect("a request");
    server.want_content().expect("content");
    server
}

fn too_large(server: &mut Server<'_, [u8; 256]>) -> String {
    let mut out = [0; 256];
    let response = Response::new(Status::CONTENT_TOO_LARGE);
    let len = server.respond(&mut out, &response).expect("room");
    String::from_utf8(out[..len].to_vec()).expect("text")
}

#[test]
fn the_rest_of_the_content_is_skipped_and_the_next_request_read() {
    for (fields, content) in [
        ("Content-Length: 10\r\n", "0123456789"),
        ("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n0\r\n\r\n"),
    ] {
        for seen in 0..content.len() {
            let mut server = wanting(fields);
            let (mut rest, _) = content.split_at(seen);
            while !rest.is_empty() {
                let (used, _) = server.receive_content(rest.as_bytes());
                rest = &rest[used..];
            }
            assert!(!too_large(&mut server).contains("Connection"), "{seen}");
            let input = format!("{}GET /next HTTP/1.1\r\nHost: a\r\n\r\n", &content[seen..]);
            let mut rest = input.as_bytes();
            while !rest.is_empty() {
                assert!(matches!(server.action(), Action::Receive), "{seen}");
                rest = &rest[server.receive(rest)..];
            }
            let Action::Decide(request) = server.action() else {
                panic!("{seen}: {:?}", server.action())
            };
            assert_eq!(request.target(), "/next");
        }
    }
}

#[test]
fn the_connection_ends_where_too_much_is_left() {
    let mut server = wanting("Content-Length: 111\r\n");
    assert_eq!(server.receive_content(&[b'x'; 10]).0, 10);
    assert!(too_large(&mut server).contains("Connection: close\r\n"));
    assert!(matches!(server.action(), Action::Close(None)));

    let mut server = wanting("Content-Length: 111\r\n");
    assert_eq!(server.receive_content(&[b'x'; 11]).0, 11);
    assert!(!too_large(&mut server).contains("Connection"), "just 100");
    assert!(matches!(server.action(), Action::Receive));
}

#[test]
fn the_connection_ends_where_the_client_waits_for_a_100() {
    let mut server = wanting("Content-Length: 5\r\nExpect: 100-continue\r\n");
    assert!(matches!(server.action(), Action::Send(Status::CONTINUE)));
    assert!(too_large(&mut server).contains("Connection: close\r\n"));
    assert!(matches!(server.action(), Action::Close(None)));
}

#[test]
fn behind_the_100_the_content_comes_and_is_skipped() {
    let mut server = wanting("Content-Length: 5\r\nExpect: 100-continue\r\n");
    server.send(&mut [0; 64]).expect("room");
    assert!(!too_large(&mut server).contains("Connection"));
    assert_eq!(server.receive(b"12345GET "), 5);
    assert!(matches!(server.action(), Action::Receive));
}
