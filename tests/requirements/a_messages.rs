//! HTTP/1.1 message syntax: lines, versions, what is no HTTP (RFC 9112 section 2).

use crate::app::{ACCEPTED, App, ORDINARY, POLICY, decided, each, look, with_line};
use crate::harness::{WEBSOCKET, allowing, get, h2c, request, serve, serve_with, tls, websocket};
use http_upgrade::{Allow, Decision, Field, Misuse, Protocol, Response, Server, Status};

/// What breaks a field, or slips one in.
const BAD_FIELDS: &[Field<'_>] = &[
    ("X", "x\r\nSet-Cookie: y"),
    ("X", "x\ny"),
    ("X", "x\ry"),
    ("X", "x\0y"),
    ("X", "\x7f"),
    ("X", " x"),
    ("X", "x\t"),
    ("X\r\nY", "x"),
    ("X ", "x"),
    (" X", "x"),
    ("X:", "x"),
    ("", "x"),
    ("X\u{e9}", "x"),
];

#[test]
fn r9112_01_octets_above_ascii_are_opaque() {
    let policy = allowing(&[Allow::WEBSOCKET]);
    let folded =
        b"GET / HTTP/1.1\r\nHost: a\r\nX: \xe5\x98\x8a\xe5\x98\x8dUpgrade: websocket\r\n\r\n";
    assert_eq!(serve(&policy, folded).short(), ORDINARY);
    look(&policy, folded, |request| {
        assert_eq!(
            request.fields().map(|(name, _)| name).collect::<Vec<_>>(),
            ["Host", "X"]
        );
        assert_eq!(
            request.field("x"),
            Some(&b"\xe5\x98\x8a\xe5\x98\x8dUpgrade: websocket"[..])
        );
    });
    for octet in 0x80..=0xff {
        let line = [&b"X: a"[..], &[octet], b"b\r\n"].concat();
        let input = [&b"GET / HTTP/1.1\r\nHost: a\r\n"[..], &line, b"\r\n"].concat();
        look(&policy, &input, |request| {
            assert_eq!(request.field("X"), Some(&[b'a', octet, b'b'][..]));
        });
    }
}

#[test]
fn r9112_02_a_lone_lf_ends_a_line_only_where_the_policy_says_so() {
    let (strict, lenient) = (POLICY, POLICY.lone_lf(true));
    let lines = "GET / HTTP/1.1\nHost: a\n\n";
    let mixed = [
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",
    ];
    // Spaces ahead of the line ends that are fine.
    let spaced = "GET / HTTP/1.1\r\nHost: a\nX: b \r\n\r\n";
    for input in [
        lines,
        spaced,
        mixed[0],
        mixed[1],
        mixed[2],
        "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        assert_eq!(
            serve(&strict, input).short(),
            "400, close bad-line-end",
            "{input:?}"
        );
        assert_eq!(serve(&lenient, input).short(), ORDINARY, "{input:?}");
    }
    look(&lenient, lines, |request| {
        assert_eq!(request.authority(), "a");
        assert_eq!(request.fields().collect::<Vec<_>>(), [("Host", &b"a"[..])]);
    });
    // One lone LF anywhere, and the head is not upgraded.
    let opening = websocket(&[]);
    for (at, _) in opening.match_indices("\r\n") {
        let lone = format!("{}{}", &opening[..at], &opening[at + 1..]);
        assert_eq!(serve(&lenient, &lone).short(), ORDINARY, "{lone:?}");
    }
    assert_eq!(serve(&lenient, opening).short(), ACCEPTED);
}

#[test]
fn r9112_03_a_cr_without_lf_is_refused_everywhere() {
    let policies = [POLICY, POLICY.lone_lf(true)];
    for policy in policies {
        for line in
            "GET\r / HTTP/1.1|GET /\r HTTP/1.1|GET / HTTP/1.1\r|G\rET / HTTP/1.1|\rGET / HTTP/1.1"
                .split('|')
        {
            let run = serve(&policy, request(line, &[]));
            assert!(
                run.short().starts_with("400, close bad-"),
                "{line:?}: {}",
                run.short()
            );
        }
        for line in "X: a\rb|X: a\r|X: \ra|X\r: a|\rX: a|X: a\r Upgrade: websocket|X:\r".split('|')
        {
            assert_eq!(
                with_line(&policy, line.as_bytes()).short(),
                "400, close bad-field",
                "{line:?}"
            );
        }
        let chunked = get(&["Transfer-Encoding: chunked"]);
        for content in "5\rX|5;a\rb\r\n|5 \r\n|5\r\nHELLO\rX|0\r\r\n".split('|') {
            let run = serve(&policy, format!("{chunked}{content}"));
            assert!(
                run.short().ends_with("400, close bad-chunk"),
                "{content:?}: {}",
                run.short()
            );
        }
        for trailer in ["X: a\rb\r\n", "X\r: a\r\n", "\rX: a\r\n", "X: a\r\r\n"] {
            let run = serve(&policy, format!("{chunked}0\r\n{trailer}\r\n"));
            assert!(
                run.short().ends_with("400, close bad-trailer"),
                "{trailer:?}: {}",
                run.short()
            );
        }
    }
}

#[test]
fn r9112_04_nothing_of_the_application_breaks_a_message() {
    let opening = websocket(&[]);
    for &field in BAD_FIELDS {
        let mut out = [0; 512];
        let mut server = decided(&POLICY, &opening, Decision::Accept(Protocol::WebSocket));
        assert_eq!(
            server.send_with(&mut out, &[("Ok", "ok"), field]),
            Err(Misuse::BadField),
            "{field:?}"
        );
        let mut server = decided(&POLICY, get(&[]), Decision::Ignore);
        let fields = [field];
        let response = Response::new(Status::OK).fields(&fields);
        assert_eq!(
            server.respond(&mut out, &response),
            Err(Misuse::BadField),
            "{field:?}"
        );
    }
    // A token that could break a line is never written: it is as if the policy did not have it.
    for token in "a\r\nSet-Cookie: y|a b|a,b||a/|/1|a/1/2|\u{e9}".split('|') {
        let allow = [Allow::token(token)];
        let policy = allowing(&allow);
        let mut server = Server::new([0; 512], &policy);
        server.receive(get(&[]).as_bytes());
        let required = [Protocol::Token(token)];
        assert_eq!(
            server.decide(Decision::Require(&required)),
            Err(Misuse::NotAllowed),
            "{token:?}"
        );
        assert_eq!(
            server.decide(Decision::Refuse(Status::UPGRADE_REQUIRED)),
            Err(Misuse::BadStatus),
            "{token:?}"
        );
        server.decide(Decision::Ignore).expect("in turn");
        let mut out = [0; 512];
        let len = server
            .respond(&mut out, &Response::new(Status::OK).advertise())
            .expect("it fits");
        assert_eq!(
            &out[..len],
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "{token:?}"
        );
    }
    // Every head that the machine words, octet for octet. The runs of App read each message strictly besides.
    let tokens = [
        Allow::WEBSOCKET,
        Allow::H2C,
        Allow::TLS,
        Allow::token("tcp"),
        Allow::TUNNEL,
    ];
    let policy = allowing(&tokens);
    let app = App::new(&policy);
    let written = |input: &str, status: u16| app.run(input).message(status).to_owned();
    let switch = "HTTP/1.1 101 Switching Protocols\r\n";
    assert_eq!(
        written(&opening, 101),
        format!(
            "{switch}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
        )
    );
    assert_eq!(
        written(&h2c(&[]), 101),
        format!("{switch}Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n")
    );
    assert_eq!(
        written(&tls("TLS/1.2"), 101),
        format!("{switch}Upgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n")
    );
    assert_eq!(
        written(&get(&["Upgrade: tcp", "Connection: Upgrade"]), 101),
        format!("{switch}Upgrade: tcp\r\nConnection: Upgrade\r\n\r\n")
    );
    assert_eq!(
        written(&request("CONNECT a:80 HTTP/1.1", &[]), 200),
        "HTTP/1.1 200 OK\r\n\r\n"
    );
    assert_eq!(
        written(&websocket(&["Expect: 100-continue"]), 100),
        "HTTP/1.1 100 Continue\r\n\r\n"
    );
    assert_eq!(
        written("GET / HTTP/1.1\r\n\r\n", 400),
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 16\r\n\r\n400 Bad Request\n"
    );
    let demanding = policy.require(&[Protocol::Tls, Protocol::WebSocket]);
    assert_eq!(
        App::new(&demanding).run(get(&[])).message(426),
        "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket, TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nContent-Type: text/plain\r\nContent-Length: 21\r\n\r\n426 Upgrade Required\n"
    );
}

#[test]
fn r9112_05_empty_lines_ahead_of_a_request_are_skipped_up_to_four() {
    for lines in 0..=4 {
        let input = format!("{}{}", "\r\n".repeat(lines), websocket(&[]));
        assert_eq!(
            serve(&POLICY, input).short(),
            ACCEPTED,
            "{lines} empty lines"
        );
    }
    let run = serve(&POLICY, format!("{}{}", "\r\n".repeat(5), websocket(&[])));
    assert_eq!(run.short(), "400, close bad-line-end");
    // Those after content belong to the next request, and count anew.
    let post = request("POST / HTTP/1.1", &["Content-Length: 1"]);
    let input = format!("\r\n\r\n{post}x\r\n\r\n\r\n\r\n{}", websocket(&[]));
    assert_eq!(
        serve(&POLICY, input).short(),
        format!("request, content 1, respond, {ACCEPTED}")
    );
    // They take no room in the storage.
    let head = get(&[]);
    let run = serve_with(
        &POLICY,
        head.len(),
        format!("\r\n\r\n\r\n\r\n{head}"),
        |_| Decision::Ignore,
    );
    assert_eq!(run.short(), ORDINARY);
}

#[test]
fn r9112_06_whitespace_behind_the_request_line_is_refused() {
    for space in [" ", "\t", "  ", " \t"] {
        let input = format!(
            "GET / HTTP/1.1\r\n{space}{}\r\nHost: a\r\n\r\n",
            WEBSOCKET.join("\r\n")
        );
        each(
            &[&input, &input.replacen("\r\nHost", "\r\n Host", 1)],
            "400, close bad-field",
        );
        each(
            &[&format!("GET / HTTP/1.1\r\n{space}\r\nHost: a\r\n\r\n")],
            "400, close bad-field",
        );
    }
    let lenient = POLICY.lone_lf(true);
    assert_eq!(
        serve(&lenient, "GET / HTTP/1.1\n Upgrade: websocket\nHost: a\n\n").short(),
        "400, close bad-field"
    );
}

#[test]
fn r9112_07_what_is_no_http_gets_400_and_nothing_behind_it_is_read() {
    let later = websocket(&[]);
    let starts: [&[u8]; 8] = [
        b"\x16\x03\x01\x02\x00\x01",
        b"\x00",
        b"\x80",
        b" GET / HTTP/1.1\r\n\r\n",
        b"{\"a\":1}\r\n\r\n",
        b"\xef\xbb\xbfGET ",
        b"\x1b",
        b":\r\n",
    ];
    for start in starts {
        let input = [start, later.as_bytes()].concat();
        let run = serve(&POLICY, &input);
        assert_eq!(
            run.short(),
            "400, close bad-request-line",
            "{}",
            start.escape_ascii()
        );
        assert_eq!(run.rest, input[1..], "known by the first octet");
    }
    for line in "GET|GET /|/ HTTP/1.1|GET / HTTP/1.1 HTTP/1.1|HTTP/1.1 200 OK".split('|') {
        let run = serve(&POLICY, format!("{line}\r\n\r\n{later}"));
        assert!(
            run.short().starts_with("400, close bad-"),
            "{line:?}: {}",
            run.short()
        );
        assert!(run.rest.ends_with(later.as_bytes()));
    }
}

#[test]
fn r9112_08_the_version_is_http_digit_dot_digit() {
    for version in "http/1.1|Http/1.1|HTTP/1.10|HTTP/1|HTTP/1.|HTTP/.1|HTTP/1.1x|HTTP/11|\
            HTTP/01.1|HTTP/1,1|HTTP 1.1|HTTPS/1.1|HTTP/+.1|ICE/1.0|HTTP/1.a"
        .split('|')
    {
        each(
            &[&request(&format!("GET / {version}"), &WEBSOCKET)],
            "400, close bad-version",
        );
    }
    each(
        &[&request("GET /", &WEBSOCKET)],
        "400, close bad-request-line",
    );
    each(&[&request("GET / ", &WEBSOCKET)], "400, close bad-version");
}
