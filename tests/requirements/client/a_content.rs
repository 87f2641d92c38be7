//! Content of responses: RFC 9112 sections 6 and 7.

use super::harness::{End, Script, ask, get, response, switch, websocket, websocket_101};
use http_upgrade::{Error, UpgradeRequest};

const CHUNKED: &[&str] = &["Transfer-Encoding: chunked"];

/// The run of a GET that offers nothing, and a 200 with those field lines and what follows.
fn ok(fields: &[&str], behind: &str) -> String {
    ask(&get([]), response("HTTP/1.1 200 OK", fields, behind)).short()
}

fn chunked(behind: &str) -> String {
    ok(CHUNKED, behind)
}

fn until(end: End, text: &str) -> String {
    Script::new(&[get([])], &[text.as_bytes()])
        .end(end)
        .run()
        .short()
}

fn whole(content: &str) -> String {
    format!("send, response 200, content {content}, same connection")
}

fn broken(error: Error) -> String {
    format!("send, response 200, close {}", error.name())
}

#[test]
fn r9112_34_client_chunked_once_and_last() {
    let text = "5\r\nHELLO\r\n0\r\n\r\n";
    for coding in [
        "chunked",
        "Chunked",
        "CHUNKED",
        ", chunked",
        "chunked,",
        "gzip, chunked",
        "gzip;q=1, chunked",
    ] {
        let run = ok(&[&format!("Transfer-Encoding: {coding}")], text);
        assert_eq!(run, whole("HELLO"), "{coding}");
    }
    for coding in [
        "chunked, chunked",
        "chunked;q=1",
        "\"chunked\"",
        "chunked, gzip",
        "",
        ",",
        "chunked gzip",
        "é",
        "gzip;q=1, chunked;q=1",
    ] {
        let run = ok(&[&format!("Transfer-Encoding: {coding}")], text);
        assert_eq!(run, "send, close bad-transfer-encoding", "{coding}");
    }
    let run = ok(
        &["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        text,
    );
    assert_eq!(run, "send, close bad-transfer-encoding");
    let run = ok(
        &["Transfer-Encoding: gzip", "Transfer-Encoding: chunked"],
        text,
    );
    assert_eq!(run, whole("HELLO"));
}

#[test]
fn r9112_36_client_chunked_in_http_1_0_ends_the_connection() {
    for fields in [
        CHUNKED,
        &["Transfer-Encoding: chunked", "Connection: keep-alive"],
        &[
            "Transfer-Encoding: chunked",
            "Content-Length: 3",
            "Connection: keep-alive",
        ],
    ] {
        let text = response(
            "HTTP/1.0 426 Upgrade Required",
            fields,
            "1\r\na\r\n0\r\n\r\n",
        );
        let run = ask(&websocket(), text);
        assert_eq!(run.short(), "send, response 426, content a, new connection");
    }
}

#[test]
fn r9112_39_client_numbers_do_not_overflow() {
    for length in [
        "18446744073709551616",
        "99999999999999999999999",
        "-1",
        "+1",
        "0x1",
        "1.0",
        "1 ",
        "",
        "1a",
        "\u{661}",
    ] {
        let text = response(
            "HTTP/1.1 200 OK",
            &[&format!("Content-Length:{length}")],
            "abc",
        );
        let run = ask(&get([]), text).short();
        if length == "1 " {
            // Whitespace around a value is none of it; what follows the content is nobody's.
            assert_eq!(run, "send, response 200, content a, new connection");
        } else {
            assert_eq!(run, "send, close bad-content-length", "{length:?}");
        }
    }
    let run = until(
        End::Orderly,
        "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nabc",
    );
    assert_eq!(run, broken(Error::Incomplete));
    for size in [
        "10000000000000000",
        "00000000000000005",
        "fffffffffffffffff",
    ] {
        assert_eq!(
            chunked(&format!("{size}\r\nab")),
            broken(Error::BadChunk),
            "{size}"
        );
    }
    assert_eq!(chunked("ffffffffffffffff\r\nab"), "send, response 200");
}

#[test]
fn r9112_40_client_an_end_inside_a_message_leaves_it_incomplete() {
    for text in [
        "",
        "H",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r",
    ] {
        assert_eq!(
            until(End::Orderly, text),
            "send, close incomplete",
            "{text:?}"
        );
        assert_eq!(until(End::Lost, text), "send, close incomplete", "{text:?}");
        assert_eq!(until(End::Timeout, text), "send, close timeout", "{text:?}");
    }
    for text in [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHE",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n",
    ] {
        assert_eq!(
            until(End::Orderly, text),
            broken(Error::Incomplete),
            "{text:?}"
        );
        assert_eq!(
            until(End::Lost, text),
            broken(Error::Incomplete),
            "{text:?}"
        );
        assert_eq!(
            until(End::Timeout, text),
            broken(Error::Timeout),
            "{text:?}"
        );
    }
    let text = websocket_101(&[]);
    let cut = &text.as_bytes()[..text.len() - 3];
    let run = Script::new(&[websocket()], &[cut]).end(End::Orderly).run();
    assert_eq!(run.short(), "send, close incomplete");
}

#[test]
fn r9112_47_no_content_behind_1xx_204_304_and_head() {
    for fields in [
        ["Content-Length: 7"],
        ["Transfer-Encoding: chunked"],
        ["Content-Length: x"],
        ["Transfer-Encoding: x, y"],
    ] {
        let run = ask(&websocket(), websocket_101(&fields));
        assert_eq!(run.short(), "send, switch websocket", "{fields:?}");
        assert_eq!(run.rest, b"\x01\x02", "{fields:?}");
        let text = response("HTTP/1.1 103 Early Hints", &fields, &websocket_101(&[]));
        let run = ask(&websocket(), text);
        assert_eq!(
            run.short(),
            "send, interim 103, switch websocket",
            "{fields:?}"
        );
        for code in [204, 304] {
            let run = ask(
                &get([]),
                response(&format!("HTTP/1.1 {code} x"), &fields, "ab"),
            );
            assert_eq!(
                run.short(),
                format!("send, response {code}, new connection")
            );
            assert_eq!(run.rest, b"ab");
        }
        let head = get([]).method("HEAD");
        let run = ask(&head, response("HTTP/1.1 200 OK", &fields, "ab"));
        assert_eq!(
            (run.end(), run.rest),
            ("new connection".to_owned(), b"ab".to_vec())
        );
    }
    for (request, line) in [
        (get([]).method("HEAD"), "HTTP/1.1 200 OK"),
        (get([]), "HTTP/1.1 304 x"),
    ] {
        let run = ask(&request, response(line, &["Content-Length: 7"], ""));
        assert_eq!(run.end(), "same connection", "{line}");
        // Framing that is in doubt is no ground to build the next request on.
        for fields in [
            &["Content-Length: 1, 2"][..],
            &["Content-Length: 1", "Transfer-Encoding: chunked"],
            &["Transfer-Encoding: chunked, x"],
        ] {
            let run = ask(&request, response(line, fields, ""));
            assert_eq!(run.end(), "new connection", "{fields:?}");
        }
    }
}

#[test]
fn r9112_48_a_2xx_to_connect_opens_a_tunnel() {
    let connect = UpgradeRequest::connect("h:80");
    for fields in [
        &["Content-Length: 9"][..],
        CHUNKED,
        &[],
        &["Content-Length: x"],
        &["Connection: close"],
    ] {
        for line in [
            "HTTP/1.1 200 OK",
            "HTTP/1.0 200 Connection established",
            "HTTP/1.1 204 x",
            "HTTP/1.1 299 x",
        ] {
            let run = ask(&connect, response(line, fields, "abc"));
            assert_eq!(run.short(), "send, switch tunnel", "{line} {fields:?}");
            assert_eq!(run.rest, b"abc");
        }
    }
    let run = ask(
        &connect,
        response("HTTP/1.1 407 x", &["Content-Length: 3"], "abc"),
    );
    assert_eq!(
        run.short(),
        "send, response 407, content abc, same connection"
    );
    let run = ask(
        &connect,
        switch(&["Upgrade: websocket", "Connection: Upgrade"]),
    );
    assert_eq!(run.short(), "send, close unexpected-switch");
    let run = ask(&get([]), "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc");
    assert_eq!(run.short(), "send, response 200, content a, new connection");
}

#[test]
fn r9112_49_transfer_encoding_goes_before_content_length() {
    for length in [
        "Content-Length: 3",
        "Content-Length: x",
        "Content-Length: 1, 2",
    ] {
        let fields = [length, "Transfer-Encoding: chunked"];
        for fields in [fields, [fields[1], fields[0]]] {
            let text = response("HTTP/1.1 426 x", &fields, "5\r\nHELLO\r\n0\r\n\r\n");
            let run = ask(&websocket(), text).short();
            assert_eq!(
                run, "send, response 426, content HELLO, new connection",
                "{fields:?}"
            );
        }
    }
    for coding in ["gzip", "xchunked", "chunkedx", "gzip, deflate", "identity"] {
        let text = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: {coding}\r\n\r\n5\r\nHELLO");
        let run = until(End::Orderly, &text);
        assert_eq!(
            run, "send, response 200, content 5\r\nHELLO, new connection",
            "{coding}"
        );
        let text = text.replace("\r\n\r\n", "\r\nContent-Length: 3\r\n\r\n");
        let run = until(End::Orderly, &text);
        assert_eq!(
            run, "send, response 200, content 5\r\nHELLO, new connection",
            "{coding}"
        );
    }
}

#[test]
fn r9112_50_an_invalid_content_length_is_no_response() {
    for fields in [
        &["Content-Length: 1, 2"][..],
        &["Content-Length: 1", "Content-Length: 2"],
        &["Content-Length: 5, 5"],
        &["Content-Length: 5", "Content-Length: 5"],
        &["Content-Length: five"],
        &["Content-Length:"],
        &["Content-Length: 1", "X: y", "content-length: x"],
    ] {
        let run = ask(&websocket(), response("HTTP/1.1 426 x", fields, "HELLO"));
        assert_eq!(run.short(), "send, close bad-content-length", "{fields:?}");
    }
}

#[test]
fn r9112_51_without_length_the_end_is_that_of_the_connection() {
    let text = "HTTP/1.1 426 x\r\nUpgrade: foo\r\n\r\nx";
    assert_eq!(
        until(End::Orderly, text),
        "send, response 426, content x, new connection"
    );
    assert_eq!(
        until(End::Lost, text),
        "send, response 426, close incomplete"
    );
    assert_eq!(until(End::Silence, text), "send, response 426");
    let text = "HTTP/1.1 426 x\r\nContent-Length: 10\r\n\r\nabc";
    assert_eq!(
        until(End::Orderly, text),
        "send, response 426, close incomplete"
    );
    let text = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n";
    assert_eq!(
        until(End::Orderly, text),
        "send, response 200, content , new connection"
    );
}
