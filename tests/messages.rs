//! The size of the largest message that a server words itself.

use http_upgrade::{
    Action, Allow, Decision, MAX_MESSAGE, Origins, Policy, Protocol, Response, Server, Status,
};

const ALL: &[Allow] = &[
    Allow::WEBSOCKET,
    Allow::H2C,
    Allow::TLS,
    Allow::TUNNEL,
    Allow::PRIOR_KNOWLEDGE,
];

/// How long the next message is.
fn message(server: &mut Server<'_, [u8; 1024]>) -> usize {
    assert!(
        matches!(server.action(), Action::Send(_)),
        "{:?}",
        server.action()
    );
    server
        .send(&mut [0; MAX_MESSAGE])
        .expect("no message is longer")
}

/// The length of the answer to `head` when the application decides so.
fn answer(head: &str, decision: Decision) -> usize {
    let policy = Policy::new(Origins::Any).allow(ALL);
    let mut server = Server::new([0; 1024], &policy);
    server.receive(head.as_bytes());
    server.decide(decision).expect("a decision that fits");
    message(&mut server)
}

#[test]
fn the_largest_message_is_as_large_as_the_constant_says() {
    let plain = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    let websocket = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    let tls = "OPTIONS * HTTP/1.1\r\nHost: a\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n";
    let mut lengths = vec![
        answer(websocket, Decision::Accept(Protocol::WebSocket)),
        answer(tls, Decision::Accept(Protocol::Tls)),
        answer(
            plain,
            Decision::Require(&[Protocol::WebSocket, Protocol::H2c, Protocol::Tls]),
        ),
    ];
    let refusals = (300..600)
        .filter(|code| *code != 304) // it has no content
        .filter_map(Status::new)
        .map(|status| answer(plain, Decision::Refuse(status)));
    lengths.extend(refusals);
    for method in ["POST", "GET"] {
        let malformed = websocket
            .replace("GET", method)
            .replace("Version: 13", "Version: 8");
        lengths.push(answer(&malformed, Decision::Accept(Protocol::WebSocket)));
    }
    assert_eq!(lengths.into_iter().max(), Some(MAX_MESSAGE));
}

#[test]
fn a_response_says_how_its_content_ends() {
    let policy = Policy::new(Origins::Any);
    let head = |response: Response| {
        let mut server = Server::new([0; 256], &policy);
        server.receive(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        server.decide(Decision::Ignore).expect("in turn");
        let mut out = [0; 256];
        let len = server.respond(&mut out, &response).expect("it fits");
        String::from_utf8_lossy(&out[..len]).into_owned()
    };
    let ok = Response::new(Status::OK);
    for (response, line, rest) in [
        (ok, "\r\nContent-Length: 0\r\n", ""),
        (ok.content(b"abc"), "\r\nContent-Length: 3\r\n", "abc"),
        (ok.content_length(5), "\r\nContent-Length: 5\r\n", ""),
        (ok.chunked(), "\r\nTransfer-Encoding: chunked\r\n", ""),
        (ok.until_close(), "\r\nConnection: close\r\n", ""),
    ] {
        let head = head(response);
        assert!(head.contains(line), "{head:?}");
        assert!(head.ends_with(&format!("\r\n\r\n{rest}")), "{head:?}");
        let framing = head.matches("\r\nContent-Length: ").count()
            + head.matches("\r\nTransfer-Encoding: ").count();
        assert_eq!(framing, usize::from(!line.contains("close")), "{head:?}");
    }
}
