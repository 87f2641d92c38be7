//! HTTP/1.1 framing: Content-Length and Transfer-Encoding (RFC 9112 section 6).

use crate::app::{ACCEPTED, App, Content, POLICY, look, post};
use crate::harness::{Run, Step, get, request, serve, websocket};
use http_upgrade::Framing;

/// POST in chunks, and what follows.
fn chunks(behind: &str) -> Run {
    serve(&POLICY, post(&["Transfer-Encoding: chunked"], behind))
}

/// The opening handshake with those lines is answered so, and so is the same as POST: no framing fault is upgraded, or served.
fn faulty(lines: &[&str], expected: &str) {
    assert_eq!(
        serve(&POLICY, websocket(lines)).short(),
        expected,
        "{lines:?}"
    );
    assert_eq!(
        serve(&POLICY, post(lines, "")).short(),
        expected,
        "{lines:?}"
    );
}

#[test]
fn r9112_31_only_the_framing_fields_give_a_request_content() {
    let run = serve(
        &POLICY,
        [
            websocket(&["Content-Length: 5"]).as_bytes(),
            b"HELLO\x81\x85",
        ]
        .concat(),
    );
    assert_eq!(run.steps[1], Step::Content(b"HELLO".to_vec()));
    assert_eq!(
        (run.short(), run.rest),
        (
            "request, content 5, 101, switch websocket".into(),
            b"\x81\x85".into()
        )
    );
    for method in "GET|HEAD|POST|PUT|DELETE|TRACE|OPTIONS|X".split('|') {
        let line = format!("{method} / HTTP/1.1");
        let with = request(&line, &["Content-Length: 3"]) + "abc" + &get(&[]);
        assert_eq!(
            serve(&POLICY, with).short(),
            "request, content 3, respond, request, respond",
            "{method}"
        );
        let without = request(&line, &["Content-Type: text/plain", "Expect: 100-continue"]);
        look(&POLICY, &without, |request| {
            assert_eq!(
                (request.framing(), request.is_content_pending()),
                (Framing::None, false)
            );
        });
        assert_eq!(
            serve(&POLICY, without + &get(&[])).short(),
            "request, respond, request, respond",
            "{method}"
        );
    }
    look(&POLICY, post(&["Content-Length: 3"], ""), |request| {
        assert_eq!(request.framing(), Framing::Length(3));
    });
    look(
        &POLICY,
        post(&["Transfer-Encoding: chunked"], ""),
        |request| assert_eq!(request.framing(), Framing::Chunked),
    );
}

#[test]
fn r9112_32_without_the_framing_fields_a_request_ends_with_its_head() {
    let run = serve(&POLICY, [websocket(&[]).as_bytes(), b"\x81\x80"].concat());
    assert_eq!(
        (run.short(), run.rest),
        (ACCEPTED.into(), b"\x81\x80".into())
    );
    assert_eq!(
        serve(&POLICY, post(&[], &get(&[]))).short(),
        "request, respond, request, respond"
    );
    let run = serve(&POLICY, "POST / HTTP/1.0\r\n\r\nbody");
    assert_eq!(
        (run.short(), run.rest),
        ("request, respond, close".into(), b"body".into())
    );
    let run = serve(
        &POLICY,
        [websocket(&["Content-Length: 0"]).as_bytes(), b"\x81"].concat(),
    );
    assert_eq!((run.short(), run.rest), (ACCEPTED.into(), b"\x81".into()));
}

#[test]
fn r9112_33_chunked_is_the_last_coding_or_the_request_is_refused() {
    for value in "gzip|chunked, identity|chunked, gzip|gzip, chunked, gzip|identity|\
            chunked,gzip,"
        .split('|')
    {
        faulty(
            &[&format!("Transfer-Encoding: {value}")],
            "400, close bad-transfer-encoding",
        );
    }
    faulty(
        &["Transfer-Encoding: chunked", "Transfer-Encoding: gzip"],
        "400, close bad-transfer-encoding",
    );
    faulty(
        &[
            "Transfer-Encoding: chunked",
            "X: y",
            "transfer-encoding: identity",
        ],
        "400, close bad-transfer-encoding",
    );
    faulty(&["Transfer-Encoding:"], "400, close bad-transfer-encoding");
    faulty(
        &["Transfer-Encoding: chunked", "Transfer-Encoding:"],
        "400, close bad-transfer-encoding",
    );
    faulty(
        &["Transfer-Encoding: ,"],
        "400, close bad-transfer-encoding",
    );
}

#[test]
fn r9112_34_chunked_stands_once_and_bare() {
    for value in "chunked|Chunked|CHUNKED|, chunked|chunked ,|\tchunked\t,, ".split('|') {
        let run = serve(
            &POLICY,
            post(
                &[&format!("Transfer-Encoding: {value}")],
                "3\r\nabc\r\n0\r\n\r\n",
            ),
        );
        assert_eq!(run.short(), "request, content 3, respond", "{value}");
    }
    for value in "chunked, chunked|chunked;q=1|chunked; q=1|xchunked|chunkedx|\"chunked\"|\
            chunked chunked|chunked;|\u{e9}, chunked|gzip;a=\"b\", \"chunked\"|\
            chunke\u{64}\u{301}|ch\u{fc}nked|=, chunked|;q=1, chunked"
        .split('|')
    {
        faulty(
            &[&format!("Transfer-Encoding: {value}")],
            "400, close bad-transfer-encoding",
        );
    }
    faulty(
        &["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        "400, close bad-transfer-encoding",
    );
    for value in "foo, chunked|gzip;level=9, chunked|gzip, deflate, chunked|\
            identity, chunked"
        .split('|')
    {
        faulty(
            &[&format!("Transfer-Encoding: {value}")],
            "501, close unknown-transfer-coding",
        );
    }
    faulty(
        &["Transfer-Encoding: foo", "Transfer-Encoding: chunked"],
        "501, close unknown-transfer-coding",
    );
}

#[test]
fn r9112_35_both_framing_fields_are_refused() {
    for length in ["0", "3", "5"] {
        let length = format!("Content-Length: {length}");
        faulty(
            &["Transfer-Encoding: chunked", &length],
            "400, close bad-transfer-encoding",
        );
        faulty(
            &[&length, "Transfer-Encoding: chunked"],
            "400, close bad-transfer-encoding",
        );
        faulty(
            &[&length, "Transfer-Encoding: foo, chunked"],
            "400, close bad-transfer-encoding",
        );
        faulty(
            &[&length, "Transfer-Encoding:"],
            "400, close bad-transfer-encoding",
        );
    }
    let run = serve(
        &POLICY,
        post(
            &["Content-Length: 3", "Transfer-Encoding: chunked"],
            "0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n",
        ),
    );
    assert!(
        run.message(400).contains("\r\nConnection: close\r\n") && run.rest.starts_with(b"0\r\n")
    );
}

#[test]
fn r9112_36_transfer_encoding_in_http_1_0_is_refused() {
    for lines in [
        &["Transfer-Encoding: chunked"][..],
        &["Transfer-Encoding: chunked", "Content-Length: 3"],
        &["Connection: keep-alive", "Transfer-Encoding: chunked"],
        &["Transfer-Encoding: foo, chunked"],
    ] {
        let run = serve(&POLICY, request("POST / HTTP/1.0", lines) + "0\r\n\r\n");
        assert_eq!(run.short(), "400, close bad-transfer-encoding", "{lines:?}");
    }
}

#[test]
fn r9112_37_content_length_is_digits() {
    for value in "|+5|-1|0x5|5 5|5;|5.0|\u{665}|5,|,5|5\t5|five|5e1|1_0|\u{ff15}|'5'".split('|') {
        faulty(
            &[&format!("Content-Length: {value}")],
            "400, close bad-content-length",
        );
    }
    for (value, content) in [
        ("5", 5),
        ("05", 5),
        ("0000000000000000000000000005", 5),
        (" \t5 ", 5),
    ] {
        let run = serve(
            &POLICY,
            post(&[&format!("Content-Length:{value}")], "HELLO"),
        );
        assert_eq!(
            run.short(),
            format!("request, content {content}, respond"),
            "{value:?}"
        );
    }
}

#[test]
fn r9112_38_content_length_stands_once() {
    for lines in [
        &["Content-Length: 5", "Content-Length: 5"][..],
        &["Content-Length: 5", "Content-Length: 6"],
        &["Content-Length: 5", "content-length: 05"],
        &["Content-Length: 0", "Content-Length: 0"],
        &["Content-Length: 5, 5"],
        &["Content-Length: 5, 6"],
    ] {
        faulty(lines, "400, close bad-content-length");
    }
}

#[test]
fn r9112_39_lengths_do_not_overflow() {
    for value in [
        "18446744073709551616",
        "18446744073709551621",
        "99999999999999999999",
        &"9".repeat(400),
    ] {
        faulty(
            &[&format!("Content-Length: {value}")],
            "400, close bad-content-length",
        );
    }
    let most = post(&["Content-Length: 18446744073709551615"], "HELLO");
    assert_eq!(serve(&POLICY, &most).short(), "request");
    look(&POLICY, &most, |request| {
        assert_eq!(request.framing(), Framing::Length(u64::MAX));
    });
    for size in [
        "10000000000000000",
        "10000000000000005",
        "fffffffffffffffff",
        &"f".repeat(300),
        &"0".repeat(17),
    ] {
        assert_eq!(
            chunks(&format!("{size}\r\nHELLO\r\n")).short(),
            "request, 400, close bad-chunk",
            "{size}"
        );
    }
    assert_eq!(
        chunks("ffffffffffffffff\r\nHELLO\r\n0\r\n\r\n").short(),
        "request",
        "all of it is content"
    );
    // 2^32 and 5: cut to 32 bits it would be 5.
    assert_eq!(chunks("100000005\r\nHELLO\r\n0\r\n\r\n").short(), "request");
    assert_eq!(
        serve(&POLICY, post(&["Content-Length: 4294967301"], "HELLO")).short(),
        "request"
    );
    // Nor does what the machine skips.
    let app = App {
        content: Content::Skip,
        ..App::new(&POLICY)
    };
    assert_eq!(
        app.run(&most).short(),
        "request, 413, close content-too-large"
    );
}

#[test]
fn r9112_40_no_switch_before_the_content_is_whole() {
    let inputs = [
        websocket(&["Content-Length: 5"]) + "HE",
        websocket(&["Transfer-Encoding: chunked"]) + "5\r\nHELLO\r\n0\r\n",
        websocket(&["Content-Length: 5"]),
    ];
    for input in inputs {
        assert_eq!(serve(&POLICY, &input).short(), "request");
        for content in [Content::Read, Content::Skip] {
            let app = App {
                timeout: true,
                content,
                ..App::new(&POLICY)
            };
            assert_eq!(app.run(&input).short(), "request, 408, close timeout");
        }
    }
    let app = App {
        timeout: true,
        ..App::new(&POLICY)
    };
    assert_eq!(
        app.run(websocket(&[]).trim_end()).short(),
        "408, close timeout"
    );
}
