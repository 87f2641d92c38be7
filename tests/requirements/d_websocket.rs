//! The opening handshake of WebSocket: RFC 6455 section 4.

use crate::harness::{
    H2C, WEBSOCKET, WEBSOCKET_101, allowing, body, facts, get, request, respond, send, serve,
    serve_with, server_at, values, websocket,
};
use http_upgrade::websocket::{HandshakeError, accept_key};
use http_upgrade::{Action, Allow, Decision, Misuse, Origins, Policy, Protocol, Response, Status};

const WS: Policy<'static> = Policy::new(Origins::Any);

/// The opening handshake with other lines for key and version.
fn handshake(key_and_version: &[&str]) -> String {
    get(&[&WEBSOCKET[..2], key_and_version].concat())
}

/// The status that answers the opening handshake with those extra lines.
fn answer(input: &str) -> (String, Option<HandshakeError>) {
    let error = facts(&WS, input, |request| request.websocket().err());
    (serve(&WS, input).short(), error)
}

fn accepted(input: &str) {
    assert_eq!(
        answer(input),
        ("request, 101, switch websocket".to_owned(), None),
        "{input}"
    );
}

fn refused(input: &str, status: u16, error: HandshakeError) {
    assert_eq!(
        answer(input),
        (format!("request, {status}"), Some(error)),
        "{input}"
    );
}

/// The extensions that a request offers: `name; parameter=value; parameter`.
fn extensions(lines: &[&str]) -> Vec<String> {
    facts(&WS, websocket(lines), |request| {
        let write = |extension: http_upgrade::websocket::Extension<'_>| {
            let parameters = extension.parameters().map(|(name, value)| match value {
                Some(value) => format!("; {name}={}", value.chars().collect::<String>()),
                None => format!("; {name}"),
            });
            extension.name().to_owned() + &parameters.collect::<String>()
        };
        request.extensions().map(write).collect()
    })
}

#[test]
fn r6455_20_extensions_may_span_lines() {
    let lines = [
        "Sec-WebSocket-Extensions: foo",
        "X: y",
        "sec-websocket-extensions: bar; a=1, baz",
    ];
    assert_eq!(extensions(&lines), ["foo", "bar; a=1", "baz"]);
    accepted(&websocket(&lines));
    let broken = websocket(&[
        "Sec-WebSocket-Extensions: foo",
        "Sec-WebSocket-Extensions: ;",
    ]);
    refused(&broken, 400, HandshakeError::Extensions);
    let first = [
        "Sec-WebSocket-Extensions: ;",
        "Sec-WebSocket-Extensions: foo",
    ];
    refused(&websocket(&first), 400, HandshakeError::Extensions);
}

#[test]
fn r6455_21_a_broken_opening_is_an_http_error() {
    let run = serve(&WS, handshake(&[WEBSOCKET[3]]));
    assert_eq!(run.short(), "request, 400");
    let golden = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 16\r\n\r\n400 Bad Request\n";
    assert_eq!(run.message(400), golden);
    accepted(&websocket(&[
        "X-Foo: y",
        "Sec-WebSocket-Foo: bar",
        "Accept: */*",
    ]));
    // The connection goes on, with the next request when it comes.
    let (mut server, _) = server_at(&WS, &handshake(&[WEBSOCKET[3]]));
    server
        .decide(Decision::Accept(Protocol::WebSocket))
        .unwrap();
    send(&mut server, &[]);
    assert!(matches!(server.action(), Action::Receive));
    assert_eq!(
        server.receive(websocket(&[]).as_bytes()),
        websocket(&[]).len()
    );
    server
        .decide(Decision::Accept(Protocol::WebSocket))
        .unwrap();
    assert_eq!(send(&mut server, &[]), WEBSOCKET_101);
    // Frames that a client sent without waiting are never read as a request.
    let impatient = serve(
        &WS,
        handshake(&[WEBSOCKET[3]]) + "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    assert_eq!(impatient.short(), "request, 400, close data-behind-refusal");
    // A server without WebSocket, and one that ignores the offer, serve HTTP/1.1.
    let broken = handshake(&[]);
    assert_eq!(
        serve(&allowing(&[Allow::H2C]), &broken).short(),
        "request, respond"
    );
    assert_eq!(
        serve_with(&WS, 2048, &broken, |_| Decision::Ignore).short(),
        "request, respond"
    );
}

#[test]
fn r6455_22_a_get_of_http_1_1_with_an_http_target() {
    for method in ["POST", "HEAD", "OPTIONS", "PUT", "get", "GETS"] {
        refused(
            &request(&format!("{method} / HTTP/1.1"), &WEBSOCKET),
            405,
            HandshakeError::Method,
        );
    }
    refused(
        &request("OPTIONS * HTTP/1.1", &WEBSOCKET),
        405,
        HandshakeError::Method,
    );
    for target in ["ws://h/", "wss://h/", "ftp://h/x", "httpx://h/"] {
        refused(
            &request(&format!("GET {target} HTTP/1.1"), &WEBSOCKET),
            400,
            HandshakeError::Target,
        );
    }
    for target in [
        "/",
        "/chat?x=y",
        "http://h/chat",
        "https://h/",
        "HTTP://h:81",
    ] {
        accepted(&request(&format!("GET {target} HTTP/1.1"), &WEBSOCKET));
    }
    for target in ["*", "h:80", "/a#b", "ws:/h", "ws:", "http:///x", "chat"] {
        let run = serve(&WS, request(&format!("GET {target} HTTP/1.1"), &WEBSOCKET));
        assert!(
            run.short().starts_with("400, close bad-"),
            "{target}: {}",
            run.short()
        );
    }
    accepted(&request("GET / HTTP/1.2", &WEBSOCKET));
    assert_eq!(
        serve(&WS, request("GET / HTTP/1.0", &WEBSOCKET)).short(),
        "request, respond, close"
    );
    assert_eq!(
        serve(&WS, request("GET / HTTP/2.0", &WEBSOCKET)).short(),
        "505, close unsupported-version"
    );
}

#[test]
fn r6455_23_upgrade_and_connection_are_lists() {
    for (upgrade, connection) in [
        ("Upgrade: h2c, WebSocket", "Connection: keep-alive, Upgrade"),
        ("Upgrade: WEBSOCKET,foo/1", "Connection: UPGRADE"),
        ("upgrade:websocket", "CONNECTION:\tx ,upgrade"),
    ] {
        accepted(&get(&[upgrade, connection, WEBSOCKET[2], WEBSOCKET[3]]));
    }
    let firefox = [
        "Connection: keep-alive, Upgrade",
        "Pragma: no-cache",
        WEBSOCKET[0],
        WEBSOCKET[2],
        WEBSOCKET[3],
    ];
    accepted(&get(&firefox));
}

#[test]
fn r6455_24_one_key_of_16_octets() {
    let keys = [
        "x",
        "",
        "AAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAA====",
        "dGhlIHNhbXBsZSBub25j-_==",
        "dGhlIHNhbXBsZSBub25jZQ===",
        "=dGhlIHNhbXBsZSBub25jZQ=",
        "dGhl IHNhbXBsZSBub25jZQ==",
        "dGhl IHNhbXBsZSBub25jZ==",
        "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==",
        "\"dGhlIHNhbXBsZSBub25jZQ==\"",
        "dGhlIHNhbXBsZSBub25jZ\u{e9}==",
    ];
    for key in keys {
        refused(
            &handshake(&[&format!("Sec-WebSocket-Key: {key}"), WEBSOCKET[3]]),
            400,
            HandshakeError::Key,
        );
    }
    refused(&handshake(&[WEBSOCKET[3]]), 400, HandshakeError::Key);
    refused(&websocket(&[WEBSOCKET[2]]), 400, HandshakeError::Key);
    refused(
        &websocket(&["Sec-WebSocket-Key:"]),
        400,
        HandshakeError::Key,
    );
    for key in [
        "+/+/+/+/+/+/+/+/+/+/+w==",
        "zzzzzzzzzzzzzzzzzzzzzw==",
        "  0123456789ABCDEFGHIJKA==\t ",
    ] {
        accepted(&handshake(&[
            &format!("sec-websocket-key:{key}"),
            WEBSOCKET[3],
        ]));
    }
}

#[test]
fn r6455_25_pad_bits_are_tolerated_and_hashed() {
    for (key, accept) in [
        ("AQIDBAUGBwgJCgsMDQ4PEC==", "OfS0wDaT5NoxF2gqm7Zj2YtetzM="),
        ("AQIDBAUGBwgJCgsMDQ4PEA==", "C/0nmHhBztSRGR1CwL6Tf4ZjwpY="),
    ] {
        let run = serve(
            &WS,
            handshake(&[&format!("Sec-WebSocket-Key: {key}"), WEBSOCKET[3]]),
        );
        assert_eq!(values(run.message(101), "sec-websocket-accept"), [accept]);
        assert_eq!(
            &accept_key(key.as_bytes().try_into().unwrap())[..],
            accept.as_bytes()
        );
    }
}

#[test]
fn r6455_26_one_version_and_it_is_13() {
    for version in [
        "013",
        "13, 8",
        "8, 13",
        "13,13",
        "13.0",
        "256",
        "-13",
        "+13",
        "1 3",
        "",
        "00",
        "0x0d",
        "13;",
        "18446744073709551629",
    ] {
        let input = handshake(&[WEBSOCKET[2], &format!("Sec-WebSocket-Version: {version}")]);
        refused(&input, 400, HandshakeError::BadVersion);
        assert_eq!(
            values(serve(&WS, &input).message(400), "sec-websocket-version"),
            ["13"],
            "{version}"
        );
    }
    refused(&websocket(&[WEBSOCKET[3]]), 400, HandshakeError::BadVersion);
    refused(
        &websocket(&["Sec-WebSocket-Version: 8"]),
        400,
        HandshakeError::BadVersion,
    );
    for version in ["0", "8", "7", "9", "12", "14", "255"] {
        let input = handshake(&[WEBSOCKET[2], &format!("Sec-WebSocket-Version: {version}")]);
        refused(&input, 426, HandshakeError::UnsupportedVersion);
    }
    for version in ["Sec-WebSocket-Version:13", "SEC-WEBSOCKET-VERSION: \t13 "] {
        accepted(&handshake(&[WEBSOCKET[2], version]));
    }
}

#[test]
fn r6455_27_another_version_gets_the_list_of_ours() {
    let old = handshake(&[WEBSOCKET[2], "Sec-WebSocket-Version: 8"]);
    let golden = "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Version: 13\r\nContent-Type: text/plain\r\nContent-Length: 21\r\n\r\n426 Upgrade Required\n";
    assert_eq!(serve(&WS, &old).message(426), golden);
    let with_others = [Allow::H2C, Allow::WEBSOCKET, Allow::TLS];
    assert_eq!(
        serve(&allowing(&with_others), &old).message(426),
        golden,
        "others are no answer to that"
    );
    let missing = serve(&WS, handshake(&[WEBSOCKET[2]]));
    assert_eq!(
        values(missing.message(400), "sec-websocket-version"),
        ["13"]
    );
    // The client asks again with the version of the list, on the same connection.
    let (mut server, _) = server_at(&WS, &old);
    server
        .decide(WS.decide(&server.request().unwrap()))
        .unwrap();
    assert_eq!(send(&mut server, &[]), golden);
    assert_eq!(
        server.receive(websocket(&[]).as_bytes()),
        websocket(&[]).len()
    );
    // Every 426 that asks for WebSocket names its version.
    let required = WS.require(&[Protocol::WebSocket]);
    assert_eq!(
        values(
            serve(&required, get(&[])).message(426),
            "sec-websocket-version"
        ),
        ["13"]
    );
    let own = respond(
        &WS,
        &old,
        &Response::new(Status::UPGRADE_REQUIRED).content(b"too old"),
    );
    assert_eq!(
        (values(&own, "sec-websocket-version"), body(&own)),
        (vec!["13"], "too old")
    );
    let other = respond(
        &allowing(&[Allow::TLS]),
        &old,
        &Response::new(Status::UPGRADE_REQUIRED),
    );
    assert_eq!(
        values(&other, "sec-websocket-version"),
        Vec::<&str>::new(),
        "one without WebSocket does not"
    );
    let fine = serve_with(&WS, 2048, websocket(&[]), |_| {
        Decision::Refuse(Status::FORBIDDEN)
    });
    assert_eq!(
        values(fine.message(403), "sec-websocket-version"),
        Vec::<&str>::new()
    );
}

#[test]
fn r6455_28_origin_is_shown_and_judged() {
    let origin = |policy: &Policy<'_>, lines: &[&str]| serve(policy, websocket(lines)).short();
    let ok = "request, 101, switch websocket";
    let exact = facts(
        &WS,
        websocket(&["Origin:  HTTP://a.Example:81 "]),
        |request| request.origin().map(<[u8]>::to_vec),
    );
    assert_eq!(exact.as_deref(), Some(&b"HTTP://a.Example:81"[..]));
    assert!(facts(&WS, websocket(&[]), |request| request
        .origin()
        .is_none()));
    for policy in [
        Policy::new(Origins::Deny),
        Policy::new(Origins::SameHost),
        Policy::new(Origins::List(&["https://b"])),
    ] {
        assert_eq!(origin(&policy, &[]), ok, "no browser: {policy:?}");
        for line in ["Origin: https://evil", "Origin: null", "Origin:"] {
            assert_eq!(
                origin(&policy, &[line]),
                "request, 403",
                "{policy:?} {line}"
            );
        }
        assert_eq!(
            origin(&policy, &["Origin: http://a", "Origin: http://a"]),
            "request, 403",
            "twice"
        );
    }
    assert_eq!(
        origin(&Policy::new(Origins::Deny), &["Origin: http://a"]),
        "request, 403"
    );
    let same = Policy::new(Origins::SameHost);
    for line in [
        "Origin: http://a",
        "Origin: https://A",
        "Origin: http://a:80",
        "Origin: https://a:443",
        "Origin: HTTP://a",
    ] {
        assert_eq!(origin(&same, &[line]), ok, "{line}");
    }
    for line in [
        "Origin: http://a.evil",
        "Origin: http://a:8080",
        "Origin: http://evil/http://a",
        "Origin: ws://a",
        "Origin: a",
        "Origin: http://a@evil",
        "Origin: http://",
        "Origin: http://a/",
        "Origin: http://a http://a",
        "Origin: https://a:80",
    ] {
        assert_eq!(origin(&same, &[line]), "request, 403", "{line}");
    }
    let nowhere = websocket(&["Origin: http://"]).replace("Host: a", "Host:");
    assert_eq!(
        serve(&same, nowhere).short(),
        "request, 403",
        "no host is not the same host"
    );
    // The application may be stricter than its policy.
    let stricter = serve_with(&WS, 2048, websocket(&["Origin: http://x"]), |_| {
        Decision::Refuse(Status::FORBIDDEN)
    });
    assert_eq!(stricter.short(), "request, 403");
}

#[test]
fn r6455_29_subprotocols_are_tokens_in_order() {
    let offered = |lines: &[&str]| {
        facts(&WS, websocket(lines), |request| {
            request
                .subprotocols()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
    };
    let lines = [
        "Sec-WebSocket-Protocol: a, b",
        "X: y",
        "sec-websocket-protocol: c",
    ];
    assert_eq!(offered(&lines), ["a", "b", "c"]);
    assert_eq!(
        offered(&["Sec-WebSocket-Protocol: b,a,,B\t, chat.v2"]),
        ["b", "a", "B", "chat.v2"]
    );
    assert_eq!(offered(&[]), Vec::<String>::new());
    for bad in [
        "a b", "\"a\"", "a, b c", "a;q=1", "a/1", "(a)", "\u{e9}", "a, @",
    ] {
        refused(
            &websocket(&[&format!("Sec-WebSocket-Protocol: {bad}")]),
            400,
            HandshakeError::Subprotocols,
        );
    }
    refused(
        &websocket(&["Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b c"]),
        400,
        HandshakeError::Subprotocols,
    );
    let first = ["Sec-WebSocket-Protocol: b c", "Sec-WebSocket-Protocol: a"];
    refused(&websocket(&first), 400, HandshakeError::Subprotocols);
}

#[test]
fn r6455_30_a_broken_list_of_extensions_fails() {
    let bad = [
        "foo;=1",
        "foo; a=\"b",
        "foo;",
        "foo;;a",
        "foo; a=",
        "foo; a=\"\"",
        "foo bar",
        "; a",
        "=",
        "foo; a==1",
        "foo; a=b c",
        "foo; a=\"b c\"",
        "foo; a=\"b\" c",
        "foo; a=\"b\\\"",
        "foo; \"a\"",
        "\"foo\"",
        "foo/1",
        "foo; a=\"\\,\"",
        "\u{e9}",
        "foo; a=\"\u{e9}\"",
        "foo, ;",
        "foo; a=1=2",
        "foo; a=\"b\\",
        "foo; a='b c'",
    ];
    for value in bad {
        refused(
            &websocket(&[&format!("Sec-WebSocket-Extensions: {value}")]),
            400,
            HandshakeError::Extensions,
        );
    }
    let mut latin = websocket(&["Sec-WebSocket-Extensions: foo?"]).into_bytes();
    let at = latin.iter().position(|&byte| byte == b'?').unwrap();
    latin[at] = 0xe9;
    assert_eq!(serve(&WS, latin).short(), "request, 400", "no UTF-8 at all");
    for value in [
        "foo",
        "foo,",
        "foo ; a",
        "foo; a=\"1\"",
        "foo; a=1; a=2, foo",
        "permessage-deflate; client_max_window_bits",
        "",
    ] {
        accepted(&websocket(&[&format!("Sec-WebSocket-Extensions: {value}")]));
    }
}

#[test]
fn r6455_31_a_fine_opening_can_be_refused() {
    for (status, field) in [
        (
            Status::UNAUTHORIZED,
            ("WWW-Authenticate", "Basic realm=\"x\""),
        ),
        (Status::FOUND, ("Location", "https://b/chat")),
        (Status::NOT_FOUND, ("X-Why", "gone")),
        (Status::SERVICE_UNAVAILABLE, ("Retry-After", "5")),
    ] {
        let (mut server, _) = server_at(&WS, &websocket(&[]));
        server.decide(Decision::Refuse(status)).unwrap();
        let text = format!("{} {}\n", status.code(), status.reason());
        let golden = format!(
            "HTTP/1.1 {} {}\r\n{}: {}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}",
            status.code(),
            status.reason(),
            field.0,
            field.1,
            text.len()
        );
        assert_eq!(send(&mut server, &[field]), golden);
        assert!(
            matches!(server.action(), Action::Receive),
            "the connection goes on"
        );
    }
    let own = respond(
        &WS,
        websocket(&[]),
        &Response::new(Status::NOT_FOUND).content(b"<p>no</p>"),
    );
    assert!(
        own.starts_with("HTTP/1.1 404 Not Found\r\n") && body(&own) == "<p>no</p>",
        "with content of its own"
    );
    let (mut server, _) = server_at(&WS, &websocket(&[]));
    for code in [100, 101, 200, 204, 299, 304] {
        let status = Status::new(code).unwrap();
        assert_eq!(
            server.decide(Decision::Refuse(status)),
            Err(Misuse::BadStatus),
            "{code} is no refusal"
        );
    }
    server.decide(Decision::Refuse(Status::NOT_FOUND)).unwrap();
    let field = [("Content-type", "text/html")];
    assert_eq!(
        server.send_with(&mut [0; 512], &field),
        Err(Misuse::ReservedField),
        "the text is the machine's"
    );
}

#[test]
fn r6455_32_the_101_has_the_one_accept() {
    let run = serve(&WS, websocket(&[]));
    assert_eq!(run.message(101), WEBSOCKET_101);
    assert_eq!(
        accept_key(b"dGhlIHNhbXBsZSBub25jZQ=="),
        *b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    );
    let odd = get(&[
        "Sec-WebSocket-Key:dGhlIHNhbXBsZSBub25jZQ==  ",
        "Upgrade: WEBSOCKET",
        "Connection: upgrade",
        WEBSOCKET[3],
    ]);
    assert_eq!(
        serve(&WS, odd).message(101),
        WEBSOCKET_101,
        "the same for the same key"
    );
    let lower = WEBSOCKET[2].to_lowercase();
    assert_ne!(
        serve(&WS, handshake(&[&lower, WEBSOCKET[3]])).message(101),
        WEBSOCKET_101,
        "the case of the key counts"
    );
    for name in [
        "Sec-WebSocket-Accept",
        "sec-websocket-key",
        "Sec-WebSocket-Version",
        "Content-Length",
        "Transfer-Encoding",
    ] {
        let (mut server, _) = server_at(&WS, &websocket(&[]));
        server
            .decide(Decision::Accept(Protocol::WebSocket))
            .unwrap();
        assert_eq!(
            server.send_with(&mut [0; 512], &[(name, "1")]),
            Err(Misuse::ReservedField),
            "{name}"
        );
        assert_eq!(send(&mut server, &[]), WEBSOCKET_101);
    }
}

#[test]
fn r6455_33_one_offered_subprotocol_or_none() {
    let offer = websocket(&[
        "Sec-WebSocket-Protocol: chat, superchat",
        "Sec-WebSocket-Protocol: Chat2",
    ]);
    for name in ["x", "Chat", "chat2", "", "chat, superchat", "cha", " chat"] {
        let (mut server, _) = server_at(&WS, &offer);
        assert_eq!(
            server.decide(Decision::AcceptSubprotocol(name)),
            Err(Misuse::NotOffered),
            "{name:?}"
        );
        assert!(matches!(server.action(), Action::Decide(_)));
    }
    for name in ["chat", "superchat", "Chat2"] {
        let run = serve_with(&WS, 2048, &offer, |_| Decision::AcceptSubprotocol(name));
        assert_eq!(values(run.message(101), "sec-websocket-protocol"), [name]);
    }
    assert_eq!(
        serve(&WS, &offer).message(101),
        WEBSOCKET_101,
        "none is chosen"
    );
    // The policy chooses in the order of the server.
    let policy = WS.subprotocols(&["v3", "superchat", "chat"]);
    assert_eq!(
        values(
            serve(&policy, &offer).message(101),
            "sec-websocket-protocol"
        ),
        ["superchat"]
    );
    assert_eq!(
        serve(&WS.subprotocols(&["v3", "CHAT"]), &offer).message(101),
        WEBSOCKET_101
    );
    assert_eq!(
        serve(&policy, websocket(&[])).message(101),
        WEBSOCKET_101,
        "nothing offered"
    );
    let twice = serve(&policy, websocket(&["Sec-WebSocket-Protocol: chat, chat"]));
    assert_eq!(
        values(twice.message(101), "sec-websocket-protocol"),
        ["chat"],
        "never twice"
    );
    let (mut server, _) = server_at(&WS, &offer);
    server.decide(Decision::AcceptSubprotocol("chat")).unwrap();
    let second = [("Sec-WebSocket-Protocol", "superchat")];
    assert_eq!(
        server.send_with(&mut [0; 512], &second),
        Err(Misuse::ReservedField)
    );
    // Not for another protocol, although the field is there.
    let h2c = get(&[H2C[0], H2C[1], H2C[2], "Sec-WebSocket-Protocol: chat"]);
    let allow = [Allow::WEBSOCKET, Allow::H2C];
    let policy = allowing(&allow);
    let (mut server, _) = server_at(&policy, &h2c);
    assert_eq!(
        server.decide(Decision::AcceptSubprotocol("chat")),
        Err(Misuse::NotOffered)
    );
    server.decide(Decision::Accept(Protocol::H2c)).unwrap();
    assert_eq!(
        values(&send(&mut server, &[]), "sec-websocket-protocol"),
        Vec::<&str>::new()
    );
}

#[test]
fn r6455_34_no_extension_that_was_not_offered() {
    for value in [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame",
        "foo",
    ] {
        let run = serve(
            &WS,
            websocket(&[&format!("Sec-WebSocket-Extensions: {value}")]),
        );
        assert_eq!(run.message(101), WEBSOCKET_101, "{value}");
    }
    let (mut server, _) = server_at(&WS, &websocket(&[]));
    server
        .decide(Decision::Accept(Protocol::WebSocket))
        .unwrap();
    let field = [("sec-webSocket-extensions", "permessage-deflate")];
    assert_eq!(
        server.send_with(&mut [0; 512], &field),
        Err(Misuse::ReservedField)
    );
}

#[test]
fn r6455_35_whitespace_around_the_separators() {
    let value = "Sec-WebSocket-Extensions: permessage-deflate ; client_max_window_bits = 10\t,\tfoo;a\t=\t\"b\" ;c , bar";
    assert_eq!(
        extensions(&[value]),
        [
            "permessage-deflate; client_max_window_bits=10",
            "foo; a=b; c",
            "bar"
        ]
    );
    accepted(&websocket(&[value, "Sec-WebSocket-Protocol: \ta ,\tb "]));
}

#[test]
fn r6455_37_quoted_values_unescape_to_tokens() {
    assert_eq!(
        extensions(&["Sec-WebSocket-Extensions: foo; a=\"1\\0\", bar; b=\"\\x\\y\""]),
        ["foo; a=10", "bar; b=xy"]
    );
    for value in [
        "foo; a=\"b,c\"",
        "foo; a=\"b;c\"",
        "foo; a=\"b\\,c\"",
        "foo; a=\"b\\\"c\"",
        "foo; a=\"b, bar; c=d\"",
    ] {
        refused(
            &websocket(&[&format!("Sec-WebSocket-Extensions: {value}")]),
            400,
            HandshakeError::Extensions,
        );
    }
    assert_eq!(
        extensions(&[
            "Sec-WebSocket-Extensions: b, a",
            "Sec-WebSocket-Extensions: c, a"
        ]),
        ["b", "a", "c", "a"]
    );
    let is_ten = facts(
        &WS,
        websocket(&["Sec-WebSocket-Extensions: f; a=\"\\10\"; b=100; c=1"]),
        |request| {
            let extension = request.extensions().next().unwrap();
            extension
                .parameters()
                .map(|(_, value)| value.is_some_and(|value| value == *"10"))
                .collect::<Vec<_>>()
        },
    );
    assert_eq!(is_ten, [true, false, false]);
}
