//! Somebody in the middle who does not want TLS to happen (RFC 2817 section 3.2, RFC 7457 section 2.1).

use crate::Pair;
use crate::tls::{SECRETS, TLS, WEBSOCKET_IN_TLS, has_secret, uri};
use http_upgrade::{Allow, Offer, Origins, Policy, UpgradeRequest, WebSocketOffer};

type Rewrite = fn(&[u8]) -> Vec<u8>;

fn replaced(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    match std::str::from_utf8(message) {
        Ok(text) => text.replacen(from, to, 1).into_bytes(),
        // Of TLS nobody in the middle understands a word.
        Err(_) => message.to_vec(),
    }
}

/// The head of a message with a part replaced; what is glued to it stays as it is.
fn in_head(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    match message.windows(4).position(|window| window == b"\r\n\r\n") {
        Some(end) if message.starts_with(b"HTTP/1.1 101") => {
            let (head, behind) = message.split_at(end + 4);
            [replaced(head, from, to), behind.to_vec()].concat()
        }
        _ => message.to_vec(),
    }
}

/// A client that insists on TLS, against a server that has it, with that person in the middle: what the client did, and
/// what it never did.
fn insist(up: Rewrite, down: Rewrite) -> String {
    let websocket = WebSocketOffer::new([7; 16]);
    let offers = [Offer::websocket(&websocket)];
    let request = UpgradeRequest::new("GET", uri("ws://example.org/secret"))
        .offer(&offers)
        .fields(SECRETS)
        .mandatory_tls(TLS);
    let requests = [request];
    let run = Pair {
        up,
        down,
        ..Pair::new(&requests, &WEBSOCKET_IN_TLS)
    }
    .run_without_agreement();
    assert!(!has_secret(&run.sent));
    assert!(
        run.sent
            .starts_with(b"OPTIONS * HTTP/1.1\r\nHost: example.org\r\n")
    );
    assert_eq!(run.switched[0], None);
    run.client
}

#[test]
fn nobody_is_there() {
    let as_it_is = <[u8]>::to_vec;
    let websocket = WebSocketOffer::new([7; 16]);
    let offers = [Offer::websocket(&websocket)];
    let requests = [UpgradeRequest::new("GET", uri("ws://example.org/secret"))
        .offer(&offers)
        .mandatory_tls(TLS)];
    let run = Pair {
        up: as_it_is,
        down: as_it_is,
        ..Pair::new(&requests, &WEBSOCKET_IN_TLS)
    }
    .run();
    assert_eq!(run.client, "send, switch tls, send, switch websocket");
}

#[test]
fn the_offer_is_taken_away() {
    let as_it_is = <[u8]>::to_vec;
    for up in [
        (|message| replaced(message, "Upgrade: TLS/1.2\r\n", "")) as Rewrite,
        |message| replaced(message, "Connection: Upgrade\r\n", ""),
        |message| replaced(message, "TLS/1.2", "HTTP/2.0"),
        |message| replaced(message, "OPTIONS * HTTP/1.1\r\n", "OPTIONS * HTTP/1.0\r\n"),
    ] {
        assert_eq!(insist(up, as_it_is), "send, close tls-refused");
    }
}

#[test]
fn the_101_is_another() {
    let as_it_is = <[u8]>::to_vec;
    for (down, outcome) in [
        (
            (|message| in_head(message, "101 Switching Protocols", "200 OK")) as Rewrite,
            "tls-refused",
        ),
        (
            |message| in_head(message, "101 Switching Protocols", "426 Upgrade Required"),
            "tls-refused",
        ),
        (
            |message| in_head(message, "Upgrade: TLS/1.2, HTTP/1.1\r\n", ""),
            "switch-without-upgrade",
        ),
        (
            |message| in_head(message, "Upgrade: TLS/1.2, ", "Upgrade: "),
            "switch-not-offered",
        ),
        (
            |message| in_head(message, "TLS/1.2", "TLS/1.0"),
            "switch-not-offered",
        ),
        (
            |message| in_head(message, "TLS/1.2, HTTP/1.1", "websocket"),
            "switch-not-offered",
        ),
        (
            |message| in_head(message, "Connection: Upgrade\r\n", ""),
            "switch-without-connection",
        ),
        (
            |message| in_head(message, "HTTP/1.1", "HTTP/1.0"),
            "switch-in-http10",
        ),
        (
            |message| in_head(message, "HTTP/1.1", "HTTP/1.1 "),
            "bad-status-line",
        ),
    ] {
        assert_eq!(insist(as_it_is, down), format!("send, close {outcome}"));
    }
}

/// What is glued to the 101 in clear text is for the TLS layer, which knows it for none of its own. HTTP never sees it.
#[test]
fn clear_text_is_glued_to_the_101() {
    fn glued(message: &[u8], clear: &[u8]) -> Vec<u8> {
        match message.windows(4).position(|window| window == b"\r\n\r\n") {
            Some(end) if message.starts_with(b"HTTP/1.1 101") => {
                let (head, behind) = message.split_at(end + 4);
                [head, clear, behind].concat()
            }
            _ => message.to_vec(),
        }
    }
    let as_it_is = <[u8]>::to_vec;
    for down in [
        (|message| glued(message, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as Rewrite,
        |message| {
            glued(
                message,
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
            )
        },
        |message| glued(message, b"\r\n"),
    ] {
        assert_eq!(insist(as_it_is, down), "send, switch tls, close tls-failed");
    }
}

/// Clear text behind the client's `OPTIONS *` reaches the TLS of the server, and no request comes of it.
#[test]
fn clear_text_is_glued_to_the_options() {
    let requests =
        [UpgradeRequest::new("GET", uri("http://example.org/secret")).mandatory_tls(TLS)];
    let up = |message: &[u8]| match message {
        [b'O', ..] => [
            message,
            b"GET /injected HTTP/1.1\r\nHost: example.org\r\n\r\n",
        ]
        .concat(),
        _ => message.to_vec(),
    };
    let run = Pair {
        up,
        ..Pair::new(&requests, &WEBSOCKET_IN_TLS)
    }
    .run_without_agreement();
    assert_eq!(
        run.server,
        "request OPTIONS *, send 101, switch tls, close tls-failed"
    );
    assert!(!has_secret(&run.sent));
}

/// A client that merely offers TLS goes on in clear text when the offer is taken away: that is what optional means. A 101
/// that was tampered with is an error for it too.
#[test]
fn who_does_not_insist() {
    let tls = [Offer::tls(TLS).any_request()];
    let requests = [UpgradeRequest::new("GET", uri("http://example.org/page")).offer(&tls)];
    let policy = Policy::new(Origins::SameHost).allow(&[const { Allow::TLS.any_request() }]);
    let pair = Pair::new(&requests, &policy);
    assert_eq!(
        pair.run().client,
        "send, switch tls, response 200, same connection"
    );
    let up = |message: &[u8]| replaced(message, "Upgrade: TLS/1.2\r\n", "");
    assert_eq!(
        Pair { up, ..pair }.run().client,
        "send, response 200, same connection"
    );
    let down = |message: &[u8]| in_head(message, "TLS/1.2", "TLS/1.0");
    let run = Pair { down, ..pair }.run_without_agreement();
    assert_eq!(run.client, "send, close switch-not-offered");
}
