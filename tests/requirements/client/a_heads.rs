//! Heads of responses: RFC 9112 sections 2, 4 and 5.

use super::harness::{Script, WEBSOCKET, ask, get, response, switch, websocket, websocket_101};
use http_upgrade::Offer;

/// The run of a GET that offers nothing, and a response of those lines.
fn head(text: &str) -> String {
    ask(&get([]), text).short()
}

const OK: &str = "send, response 200, same connection";

#[test]
fn r9112_01_client_octets_above_ascii_are_opaque() {
    let text = b"HTTP/1.1 101 \xe5\x98\x8a\r\nUpgrade: websocket\r\nX: \xe5\x98\x8d\xe5\x98\x8aConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    assert_eq!(
        ask(&websocket(), text).short(),
        "send, close switch-without-connection"
    );
    let run = ask(&get([]), b"HTTP/1.1 204 \xff\xfe\r\nX: \x80\xff\r\n\r\n");
    assert_eq!(run.short(), "send, response 204, same connection");
    assert_eq!(run.seen().fields, [("X".to_owned(), b"\x80\xff".to_vec())]);
}

#[test]
fn r9112_02_client_lf_alone_ends_no_line() {
    for text in [
        "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\n",
        "HTTP/1.1 200 OK\n\n",
        "\nHTTP/1.1 200 OK\r\n\r\n",
    ] {
        assert_eq!(head(text), "send, close bad-line-end", "{text:?}");
    }
    let text = websocket_101(&[]).replace("\r\n\r\n", "\r\n\n");
    assert_eq!(ask(&websocket(), text).short(), "send, close bad-line-end");
}

#[test]
fn r9112_03_client_cr_alone_is_nowhere() {
    for text in [
        "HTTP/1.1 200 O\rK\r\n\r\n",
        "HTTP/1.1\r200 OK\r\n\r\n",
        "HTTP/1.1 200\r\r\n\r\n",
        "HTTP/1.1 200 \r\r\n\r\n",
    ] {
        assert_eq!(head(text), "send, close bad-status-line", "{text:?}");
    }
    for text in [
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX\r: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\rX: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\n b\rc\r\n\r\n",
    ] {
        assert_eq!(head(text), "send, close bad-field", "{text:?}");
    }
    let chunked = |behind| response("HTTP/1.1 200 OK", &["Transfer-Encoding: chunked"], behind);
    let run = head(&chunked("2;a\rb\r\nab\r\n0\r\n\r\n"));
    assert_eq!(run, "send, response 200, close bad-chunk");
    let run = head(&chunked("0\r\nX: a\rb\r\n\r\n"));
    assert_eq!(run, "send, response 200, close bad-trailer");
}

#[test]
fn r9112_06_client_whitespace_behind_the_status_line() {
    for line in [
        " Upgrade: websocket",
        "\tUpgrade: websocket",
        " ",
        "\t",
        " X",
    ] {
        let text = switch(&[&[line], &WEBSOCKET[1..]].concat());
        assert_eq!(
            ask(&websocket(), text).short(),
            "send, close bad-field",
            "{line:?}"
        );
        let text = switch(&[&[line], &WEBSOCKET[..]].concat());
        assert_eq!(
            ask(&websocket(), text).short(),
            "send, close bad-field",
            "{line:?}"
        );
    }
}

#[test]
fn r9112_08_client_the_version_is_exact() {
    for version in [
        "http/1.1",
        "HTTP/1.10",
        "HTTP/1",
        "HTTP/1.1x",
        "HTTP/1.",
        "HTTP/a.1",
        "HTTP/1.x",
        "HTTPS/1.1",
        "",
        " HTTP/1.1",
    ] {
        let text = response(&format!("{version} 200 OK"), &["Content-Length: 0"], "");
        assert_eq!(head(&text), "send, close bad-status-line", "{version:?}");
    }
}

#[test]
fn r9112_09_client_a_higher_minor_version_is_1_1() {
    let text = websocket_101(&[]).replace("HTTP/1.1", "HTTP/1.2");
    assert_eq!(ask(&websocket(), text).short(), "send, switch websocket");
    assert_eq!(head("HTTP/1.9 200 OK\r\nContent-Length: 0\r\n\r\n"), OK);
    for version in ["HTTP/0.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"] {
        let text = response(&format!("{version} 200 OK"), &["Content-Length: 0"], "");
        assert_eq!(head(&text), "send, close unsupported-version", "{version}");
    }
}

#[test]
fn r9112_20_client_the_reason_means_nothing() {
    for line in [
        "101 UPGRADED",
        "101 Web Socket Protocol Handshake",
        "101 ",
        "101 404 Not Found",
        "101  ",
        "101 \t",
    ] {
        let text = response(&format!("HTTP/1.1 {line}"), &WEBSOCKET, "\u{1}\u{2}");
        let run = ask(&websocket(), text);
        assert_eq!(run.short(), "send, switch websocket", "{line:?}");
        assert_eq!(run.rest, b"\x01\x02", "{line:?}");
    }
    let text = response("HTTP/1.1 101", &WEBSOCKET, "\u{1}\u{2}");
    assert_eq!(
        ask(&websocket(), &text).short(),
        "send, close bad-status-line"
    );
    let lenient = websocket().lenient_status_line();
    assert_eq!(ask(&lenient, &text).short(), "send, switch websocket");
    for line in [
        "HTTP/1.1  101 x",
        "HTTP/1.1\t101 x",
        "HTTP/1.1 101\tx",
        "HTTP/1.1 101x",
        " HTTP/1.1 101 x",
        "HTTP/1.1101 x",
        "HTTP/1.1 101 \x0b",
    ] {
        let text = response(line, &WEBSOCKET, "");
        assert_eq!(
            ask(&websocket(), &text).end(),
            "close bad-status-line",
            "{line:?}"
        );
        assert_eq!(
            ask(&lenient, &text).end(),
            "close bad-status-line",
            "lenient: {line:?}"
        );
    }
}

#[test]
fn r9112_21_an_unknown_code_counts_as_the_first_of_its_class() {
    assert_eq!(head("HTTP/1.1 199 x\r\n\r\n"), "send, interim 199");
    for (code, status) in [
        ("299", 299),
        ("399", 399),
        ("471", 471),
        ("599", 599),
        ("600", 500),
        ("999", 500),
        ("099", 500),
        ("000", 500),
    ] {
        let text = response(&format!("HTTP/1.1 {code} x"), &["Content-Length: 1"], "y");
        let run = ask(&get([]), text);
        let number: u16 = code.parse().expect("a number");
        assert_eq!(
            run.short(),
            format!("send, response {number}, content y, same connection")
        );
        assert_eq!((run.seen().code, run.seen().status), (number, status));
    }
    for code in ["10", "1011", "1x1", "", "-01", "+20", "2 0", "0x1", " 20"] {
        let text = response(&format!("HTTP/1.1 {code} x"), &[], "");
        assert_eq!(head(&text), "send, close bad-status-line", "{code}");
    }
}

#[test]
fn r9112_22_client_a_name_is_a_token_before_its_colon() {
    let text = websocket_101(&[])
        .replace("Upgrade:", "UPGRADE:")
        .replace("Sec-", "sEC-");
    assert_eq!(ask(&websocket(), text).short(), "send, switch websocket");
    for line in [
        ": x",
        "Up grade: x",
        "Upgrade websocket",
        "Upgrade : x",
        "Upgrad\u{e9}: x",
        "X",
        "X\t: y",
        "(: x",
        "\u{0}: x",
    ] {
        let text = websocket_101(&[line]);
        assert_eq!(
            ask(&websocket(), text).short(),
            "send, close bad-field",
            "{line:?}"
        );
    }
}

#[test]
fn r9112_24_client_whitespace_around_values_is_no_part_of_them() {
    let text = switch(&[
        "Upgrade:\t websocket \t",
        "Connection:upgrade\t",
        "Sec-WebSocket-Accept: \t s3pPLMBiTxaQ9kYGzzhZRbK+xOo= ",
    ]);
    assert_eq!(ask(&websocket(), text).short(), "send, switch websocket");
    for space in ["\x0b", "\x0c"] {
        let text = switch(&[
            &format!("Upgrade: websocket{space}"),
            WEBSOCKET[1],
            WEBSOCKET[2],
        ]);
        assert_eq!(ask(&websocket(), text).short(), "send, close bad-field");
    }
    let text = switch(&["Upgrade: websocket\u{a0}", WEBSOCKET[1], WEBSOCKET[2]]);
    assert_eq!(
        ask(&websocket(), text).short(),
        "send, close switch-not-offered"
    );
}

#[test]
fn r9112_26_a_folded_line_is_read_as_one() {
    for fields in [
        [
            "Upgrade: websocket",
            "Connection:\r\n Upgrade",
            WEBSOCKET[2],
        ],
        [
            "Upgrade:\r\n\twebsocket",
            "Connection: keep-alive,\r\n \t Upgrade",
            WEBSOCKET[2],
        ],
        [
            "Upgrade:\r\n \r\n\t\r\n websocket\r\n ",
            "Connection: Upgrade\r\n\t",
            WEBSOCKET[2],
        ],
        [
            WEBSOCKET[0],
            "Connection: upgrade\r\n ,\r\n x",
            "Sec-WebSocket-Accept:\r\n s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        ],
    ] {
        let run = ask(&websocket(), switch(&fields));
        assert_eq!(run.short(), "send, switch websocket", "{fields:?}");
        assert_eq!(run.rest, b"\x01\x02", "{fields:?}");
    }
}

#[test]
fn r9112_26_a_fold_is_a_space_and_starts_no_line() {
    // What is folded is part of the value before it, whatever it looks like.
    let text = switch(&["X: y\r\n Upgrade: websocket", WEBSOCKET[1], WEBSOCKET[2]]);
    assert_eq!(
        ask(&websocket(), text).short(),
        "send, close switch-without-upgrade"
    );
    // A space parts a token, so that it is another.
    let text = switch(&["Upgrade: web\r\n socket", WEBSOCKET[1], WEBSOCKET[2]]);
    assert_eq!(
        ask(&websocket(), text).short(),
        "send, close switch-not-offered"
    );
    let text = switch(&[
        WEBSOCKET[0],
        WEBSOCKET[1],
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ\r\n 9kYGzzhZRbK+xOo=",
    ]);
    assert_eq!(ask(&websocket(), text).short(), "send, close bad-accept");
    // Neither a name nor the colon is folded.
    for line in ["Conn\r\n ection: x", "Connection\r\n : x", "X\r\n y"] {
        let text = websocket_101(&[line]);
        assert_eq!(
            ask(&websocket(), text).short(),
            "send, close bad-field",
            "{line:?}"
        );
    }
    let text = response(
        "HTTP/1.1 200 OK",
        &["Content-Length:\r\n 2", "X: a\r\n  b\r\n\tc\r\n "],
        "ab",
    );
    let run = ask(&get([]), text);
    assert_eq!(
        run.short(),
        "send, response 200, content ab, same connection"
    );
    let value = run.seen().fields[1].1.clone();
    assert_eq!(
        value
            .split(|&byte| byte == b' ' || byte == b'\t')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>(),
        [b"a", b"b", b"c"]
    );
    assert!(!value.contains(&b'\r') && !value.contains(&b'\n'));
}

#[test]
fn r9112_26_folds_in_framing_and_in_trailers() {
    let text = response("HTTP/1.1 200 OK", &["Content-Length: 1\r\n 2"], "ab");
    assert_eq!(head(&text), "send, close bad-content-length");
    let text = response(
        "HTTP/1.1 200 OK",
        &["Transfer-Encoding:\r\n chunked"],
        "1\r\na\r\n0\r\nX: a\r\n b\r\n \r\nY: z\r\n\r\n",
    );
    assert_eq!(
        head(&text),
        "send, response 200, content a, same connection"
    );
    let text = response(
        "HTTP/1.1 200 OK",
        &["Transfer-Encoding: chunked"],
        "0\r\n X: a\r\n\r\n",
    );
    assert_eq!(head(&text), "send, response 200, close bad-trailer");
    // The many lines of one field count as lines.
    let text = response(
        "HTTP/1.1 200 OK",
        &[&format!("X: a{}", "\r\n b".repeat(100))],
        "",
    );
    assert_eq!(head(&text), "send, close too-many-fields");
}

#[test]
fn r9112_27_client_no_control_characters_in_values() {
    for byte in (0..32_u8)
        .chain([127])
        .filter(|byte| !b"\t\n\r".contains(byte))
    {
        let mut text = websocket_101(&["X: ab"]).into_bytes();
        let at = text
            .windows(2)
            .position(|two| two == b"ab")
            .expect("the value")
            + 1;
        text.insert(at, byte);
        assert_eq!(
            ask(&websocket(), text).short(),
            "send, close bad-field",
            "{byte}"
        );
    }
}

#[test]
fn r9112_29_client_a_head_that_is_too_long_is_no_response() {
    let text = websocket_101(&["X-Junk: yyyy"]);
    let len = text.len() - 2;
    let run = |storage| {
        Script::new(&[websocket()], &[text.as_bytes()])
            .storage(storage)
            .run()
    };
    assert_eq!(run(len).short(), "send, switch websocket");
    assert_eq!(run(len).rest, b"\x01\x02");
    for storage in [0, 1, 20, len - 2, len - 1] {
        assert_eq!(
            run(storage).short(),
            "send, close head-too-large",
            "{storage}"
        );
    }
    let junk = |lines| vec!["X-Junk: y"; lines];
    let run = ask(&websocket(), websocket_101(&junk(97)));
    assert_eq!(run.short(), "send, switch websocket");
    let run = ask(&websocket(), websocket_101(&junk(98)));
    assert_eq!(run.short(), "send, close too-many-fields");
}

#[test]
fn r9112_29_client_what_stands_behind_other_lines_counts_too() {
    // More lines than are parsed at a time, and those at the seams empty.
    for lines in [14, 15, 16, 17, 31, 32, 33, 47, 97] {
        let text = websocket_101(&vec!["X:"; lines]).replace("Upgrade: websocket\r\n", "");
        let text = text.replace("\r\n\r\n", "\r\nUpgrade: websocket\r\n\r\n");
        assert_eq!(
            ask(&websocket(), &text).short(),
            "send, switch websocket",
            "{lines}"
        );
        let text = text.replace("\r\n\r\n", "\r\nUpgrade: h2c\r\n\r\n");
        assert_eq!(
            ask(&websocket(), text).end(),
            if lines > 96 {
                "close too-many-fields"
            } else {
                "close switch-not-offered"
            }
        );
    }
    let request = get([Offer::token("foo")]);
    assert_eq!(
        ask(&request, switch(&["Upgrade: foo", "Connection: Upgrade"])).end(),
        "switch foo"
    );
}
