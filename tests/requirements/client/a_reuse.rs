//! Connections after a response: RFC 9112 section 9.

use super::harness::{
    End, Script, Step, TLS, ask, get, offer, response, websocket, websocket_101, websocket_with,
};
use http_upgrade::client::{Action, Retry};
use http_upgrade::{Client, Error, Misuse, Offer, UpgradeRequest, WebSocketOffer};

fn token() -> UpgradeRequest<'static> {
    get([Offer::token("foo")])
}

const FOO: &[u8] = b"HTTP/1.1 101 x\r\nUpgrade: foo\r\nConnection: upgrade\r\n\r\n\x01";

#[test]
fn r9112_52_bytes_that_nobody_asked_for_are_no_response() {
    let surplus = "HTTP/1.1 101 x\r\nUpgrade: foo\r\nConnection: upgrade\r\n\r\n";
    for fields in [
        &["Content-Length: 0"][..],
        &["Transfer-Encoding: chunked"],
        &["Content-Length: 3"],
    ] {
        let content = match fields[0] {
            "Content-Length: 0" => "",
            "Content-Length: 3" => "abc",
            _ => "0\r\n\r\n",
        };
        for surplus in [surplus, "x", "\r\n"] {
            let text = response("HTTP/1.1 200 OK", fields, &format!("{content}{surplus}"));
            let run = Script::new(&[token(), token()], &[text.as_bytes(), b""]).run();
            assert_eq!(run.steps.last(), Some(&Step::Refused(Misuse::NotReusable)));
            assert_eq!(run.rest, surplus.as_bytes());
            assert_eq!(run.sent().len(), 1);
        }
    }
}

#[test]
fn r9112_52_bytes_before_the_request_end_the_connection() {
    let request = token();
    let mut client = Client::new([0; 512], &request).expect("a request");
    assert_eq!(client.receive(FOO), 0);
    client.unread(FOO.len());
    assert!(matches!(client.action(), Action::Close(Some(error)) if error.name() == "unsolicited"));
    // The same behind the answer to the OPTIONS that leads into TLS.
    let request = token().mandatory_tls(&["TLS/1.2"]);
    let tls = b"HTTP/1.1 101 x\r\nUpgrade: TLS/1.2\r\nConnection: upgrade\r\n\r\n";
    for (fields, content) in [
        ("Content-Length: 0", ""),
        ("Content-Length: 2", "ab"),
        ("Transfer-Encoding: chunked", "0\r\n\r\n"),
    ] {
        let inside = response("HTTP/1.1 200 OK", &[fields], content);
        let inside = [inside.as_bytes(), FOO].concat();
        let run = Script::new(&[request], &[tls, &inside]).run();
        assert_eq!(
            run.short(),
            "send, switch tls, close unsolicited",
            "{fields}"
        );
        assert_eq!(run.rest, FOO);
    }
}

#[test]
fn r9112_54_client_what_keeps_a_connection() {
    for (version, connection, keeps) in [
        ("1.1", "", true),
        ("1.1", "close", false),
        ("1.1", "CLOSE", false),
        ("1.1", "keep-alive, close", false),
        ("1.1", "close, keep-alive", false),
        ("1.1", "closed", true),
        ("1.1", "keep-alive", true),
        ("1.0", "", false),
        ("1.0", "keep-alive", true),
        ("1.0", "Keep-Alive", true),
        ("1.0", "keep-alive, close", false),
        ("1.0", "keep-alivex", false),
        ("1.2", "", true),
    ] {
        let line = format!("HTTP/{version} 426 Upgrade Required");
        let connection = format!("Connection: {connection}");
        let fields = ["Content-Length: 0", &connection];
        let text = response(&line, &fields, "");
        let run = Script::new(&[token(), token()], &[text.as_bytes(), FOO]).run();
        if keeps {
            assert_eq!(
                run.short(),
                "send, response 426, same connection, send, switch foo"
            );
            assert_eq!(run.rest, b"\x01");
        } else {
            assert_eq!(run.short(), "send, response 426, new connection, refused");
        }
    }
}

#[test]
fn r9112_56_the_content_is_read_before_the_next_request() {
    let request = token();
    let mut client = Client::new([0; 512], &request).expect("a request");
    let mut out = [0; 512];
    client.send(&mut out).expect("the request");
    let head = b"HTTP/1.1 426 x\r\nContent-Length: 5\r\n\r\n";
    assert_eq!(client.receive(head), head.len());
    assert_eq!(client.retry(&request), Err(Misuse::ContentPending));
    client.want_content().expect("content to come");
    assert_eq!(client.receive(b"ab"), 2);
    assert_eq!(client.retry(&request), Err(Misuse::OutOfTurn), "2 of 5");
    assert_eq!(client.receive(b"cde"), 3);
    assert_eq!(client.retry(&request), Ok(()));
    let len = client.send(&mut out).expect("the retry");
    assert!(out[..len].starts_with(b"GET / HTTP/1.1\r\nHost: h\r\n"));
    assert_eq!(client.receive(FOO), FOO.len() - 1);
    assert!(matches!(client.action(), Action::Switch(..)));
}

#[test]
fn r9112_56_the_content_comes_whole_then_the_retry() {
    for (fields, content) in [
        (["Content-Length: 5"], "HELLO"),
        (
            ["Transfer-Encoding: chunked"],
            "2\r\nHE\r\n3\r\nLLO\r\n0\r\n\r\n",
        ),
    ] {
        let text = response("HTTP/1.1 426 x", &fields, content);
        let run = Script::new(&[token(), token()], &[text.as_bytes(), FOO]).run();
        assert_eq!(
            run.short(),
            "send, response 426, content HELLO, same connection, send, switch foo"
        );
    }
    let text = "HTTP/1.1 426 x\r\n\r\nHELLO";
    let run = Script::new(&[token(), token()], &[text.as_bytes(), FOO])
        .end(End::Orderly)
        .run();
    assert_eq!(
        run.short(),
        "send, response 426, content HELLO, new connection, refused"
    );
}

#[test]
fn r9112_58_nothing_goes_out_behind_close() {
    for connection in ["Upgrade, close", "close", "close, upgrade"] {
        let connection = format!("Connection: {connection}");
        let fields = ["Upgrade: foo", &connection, "Content-Length: 2"];
        let text = response("HTTP/1.1 426 Upgrade Required", &fields, "ab");
        let run = Script::new(&[token(), token()], &[text.as_bytes(), FOO]).run();
        assert_eq!(
            run.short(),
            "send, response 426, content ab, new connection, refused"
        );
        assert_eq!(run.steps[3], Step::Retry(Retry::NewConnection));
    }
    // The end of the connection between two requests.
    let request = token();
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the request");
    client.receive(b"HTTP/1.1 426 x\r\nContent-Length: 0\r\n\r\n");
    client.end_of_input();
    assert_eq!(client.retry(&request), Err(Misuse::NotReusable));
}

#[test]
fn r9112_58_the_next_request_starts_from_nothing() {
    // What the first response said is forgotten: method, content, subprotocol, interim responses.
    let first = get([]).method("HEAD");
    let second = websocket_with(offer().subprotocols(&["chat"]));
    let third = websocket_with(WebSocketOffer::new([7; 16]));
    let interims = "HTTP/1.1 103 x\r\n\r\n".repeat(16);
    let one = format!("{interims}HTTP/1.1 426 x\r\nContent-Length: 9\r\n\r\n");
    let two = format!("{interims}HTTP/1.1 401 x\r\nContent-Length: 2\r\n\r\nab");
    let three = websocket_101(&[]);
    let run = Script::new(
        &[first, second, third],
        &[one.as_bytes(), two.as_bytes(), three.as_bytes()],
    )
    .run();
    assert_eq!(run.end(), "close bad-accept", "the answer to another key");
    let run = Script::new(
        &[first, third, second],
        &[one.as_bytes(), two.as_bytes(), three.as_bytes()],
    )
    .run();
    assert_eq!(run.end(), "switch websocket");
    assert_eq!(run.rest, b"\x01\x02");
}

#[test]
fn r9112_62_client_inside_tls_only_a_closure_alert_ends_content() {
    let tls = b"HTTP/1.1 101 x\r\nUpgrade: TLS/1.2\r\nConnection: upgrade\r\n\r\n";
    let inside = b"HTTP/1.1 200 OK\r\n\r\nabc";
    let requests = [get([TLS])];
    let server: [&[u8]; 2] = [tls, inside];
    let script = Script::new(&requests, &server);
    let run = script.end(End::Orderly).run();
    assert_eq!(
        run.short(),
        "send, switch tls, response 200, content abc, new connection"
    );
    let run = script.end(End::Lost).run();
    assert_eq!(
        run.short(),
        "send, switch tls, response 200, close incomplete"
    );
    let run = Script::new(&[websocket()], &[inside])
        .inside_tls()
        .end(End::Lost)
        .run();
    assert_eq!(run.short(), "send, response 200, close incomplete");
    let run = ask(&get([TLS]), [&tls[..], inside].concat());
    assert_eq!(
        run.short(),
        "send, switch tls",
        "what comes in the clear is the TLS layer's"
    );
    assert_eq!(run.rest, inside);
}

#[test]
fn r9112_52_bytes_in_the_same_read_need_no_word_of_their_own() {
    for (fields, content) in [
        ("Content-Length: 0", ""),
        ("Content-Length: 3", "abc"),
        ("Transfer-Encoding: chunked", "0\r\n\r\n"),
    ] {
        for (surplus, outcome) in [("", Ok(())), ("x", Err(Misuse::NotReusable))] {
            let request = token();
            let mut client = Client::new([0; 512], &request).expect("a request");
            client.send(&mut [0; 512]).expect("the request");
            let text = response("HTTP/1.1 200 OK", &[fields], &[content, surplus].concat());
            let mut rest = text.as_bytes();
            rest = &rest[client.receive(rest)..];
            client.want_content().expect("in turn");
            rest = &rest[client.receive(rest)..];
            assert_eq!(rest, surplus.as_bytes());
            assert_eq!(client.retry(&request), outcome, "{text:?}");
        }
    }
}

#[test]
fn r9112_62_client_content_that_nobody_reads_ends_with_the_connection() {
    let request = token();
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the request");
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
    assert_eq!(client.receive(head), head.len());
    let mut whole = client.clone();
    client.end_of_input();
    assert!(
        matches!(client.action(), Action::Close(Some(Error::Incomplete))),
        "three bytes were to come"
    );
    whole.want_content().expect("in turn");
    assert_eq!(whole.receive(b"abc"), 3);
    whole.end_of_input();
    assert!(matches!(whole.action(), Action::Response(_)));
}
