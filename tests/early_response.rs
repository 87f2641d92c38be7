//! A response before the content that the application asked for has ended (RFC 9110 sections 10.1.1 and 15.5.14).

use http_upgrade::{
    Action, Client, Decision, Error, Misuse, Offer, Origins, Policy, Response, Server, Status,
    UpgradeRequest,
    client::{self, Uri},
};

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
        (
            "Transfer-Encoding: chunked\r\n",
            "a\r\n0123456789\r\n0\r\n\r\n",
        ),
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

const WHERE: Uri = Uri {
    secure: false,
    authority: "a",
    target: "/",
};
const STREAMED: UpgradeRequest = UpgradeRequest::new("POST", WHERE).content_length(10);

/// A client that has sent the head of its request and 3 of the 10 bytes of content.
fn sending() -> Client<'static, [u8; 256]> {
    let mut client = Client::new([0; 256], &STREAMED).expect("a request");
    client.send(&mut [0; 256]).expect("room");
    client.content_sent(3).expect("in turn");
    client
}

/// Offers the bytes in pieces of that size.
fn offer(client: &mut Client<'_, [u8; 256]>, bytes: &[u8], split: usize) {
    for piece in bytes.chunks(split) {
        assert_eq!(client.receive(piece), piece.len());
    }
}

#[test]
fn a_final_response_ends_the_sending() {
    const REFUSAL: &[u8] = b"HTTP/1.1 413 \r\nContent-Length: 0\r\n\r\n";
    for split in 1..=REFUSAL.len() {
        let mut client = sending();
        assert!(matches!(client.action(), client::Action::SendContent(7)));
        offer(&mut client, REFUSAL, split);
        let client::Action::Response(response) = client.action() else {
            panic!("{split}: {:?}", client.action())
        };
        assert_eq!(response.code(), 413);
        assert_eq!(client.content_sent(1), Err(Misuse::OutOfTurn));
        assert_eq!(client.retry(&STREAMED), Err(Misuse::NotReusable));
    }
}

#[test]
fn an_interim_response_lets_the_sending_go_on() {
    let mut client = sending();
    offer(&mut client, b"HTTP/1.1 103 \r\n\r\n", 4);
    assert!(matches!(client.action(), client::Action::Interim(_)));
    client.proceed().expect("in turn");
    assert!(matches!(client.action(), client::Action::SendContent(7)));
    // A head that is there in part when the content is sent goes on behind it.
    offer(&mut client, b"HTTP/1.1 2", 3);
    client.content_sent(7).expect("in turn");
    offer(&mut client, b"04 \r\n\r\n", 3);
    assert!(matches!(client.action(), client::Action::Response(_)));
    assert_eq!(client.retry(&STREAMED), Ok(()));
}

#[test]
fn no_switch_before_the_content_was_sent() {
    let tcp = [Offer::token("tcp").any_request()];
    let request = STREAMED.offer(&tcp);
    let mut client = Client::new([0; 256], &request).expect("a request");
    client.send(&mut [0; 256]).expect("room");
    let switch = b"HTTP/1.1 101 \r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n";
    assert_eq!(client.receive(switch), 0);
    client.content_sent(10).expect("in turn");
    assert_eq!(client.receive(switch), switch.len());
    assert!(matches!(client.action(), client::Action::Switch(..)));

    let mut client = sending();
    client.receive(switch);
    assert!(matches!(
        client.action(),
        client::Action::Close(Some(Error::UnexpectedSwitch))
    ));
}
