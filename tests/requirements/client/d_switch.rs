//! The answer to the opening handshake: RFC 6455 sections 4.1, 4.2.2 and 9.1.

use super::harness::{
    Script, WEBSOCKET, ask, leak, offer, response, switch, websocket, websocket_101, websocket_with,
};
use http_upgrade::WebSocketOffer;

/// How the run ends for an offer of those subprotocols and a 101 with those field lines more.
fn chosen(offered: &'static [&'static str], more: &[&str]) -> String {
    ask(
        &websocket_with(offer().subprotocols(offered)),
        websocket_101(more),
    )
    .end()
}

/// How the run ends for an offer of those extensions and a 101 with those field lines more.
fn accepted(offered: &'static [&'static str], more: &[&str]) -> String {
    ask(
        &websocket_with(offer().extensions(offered)),
        websocket_101(more),
    )
    .end()
}

#[test]
fn r6455_12_another_status_is_a_response_like_any() {
    for (line, field) in [
        ("HTTP/1.1 401 Unauthorized", "WWW-Authenticate: Basic"),
        ("HTTP/1.1 407 x", "Proxy-Authenticate: Basic"),
        ("HTTP/1.1 302 Found", "Location: /x"),
        ("HTTP/1.1 426 x", "Upgrade: websocket"),
        ("HTTP/1.1 200 OK", "X: y"),
        ("HTTP/1.1 503 x", "Retry-After: 1"),
    ] {
        let run = ask(
            &websocket(),
            response(line, &[field, "Content-Length: 2"], "no"),
        );
        assert!(
            run.short().ends_with(", content no, same connection"),
            "{line}"
        );
        let (name, value) = field.split_once(": ").expect("a field");
        assert_eq!(
            run.seen().fields[0],
            (name.to_owned(), value.as_bytes().to_vec())
        );
    }
    // A complete answer to the handshake under another status is no switch.
    let text = websocket_101(&["Content-Length: 2"]).replace("101", "200");
    assert_eq!(
        ask(&websocket(), text).short(),
        "send, response 200, content \u{1}\u{2}, same connection"
    );
}

#[test]
fn r6455_13_upgrade_is_websocket() {
    for name in ["websocket", "WebSocket", "WEBSOCKET", " websocket "] {
        let upgrade = format!("Upgrade: {name}");
        let run = ask(
            &websocket(),
            switch(&[&upgrade, WEBSOCKET[1], WEBSOCKET[2]]),
        );
        assert_eq!(run.end(), "switch websocket", "{name}");
    }
    for name in [
        "h2c",
        "websocket2",
        "websocket/13",
        "web socket",
        "websocket, websocket",
        "websocket, h2c",
        "h2c, websocket",
        "websocke",
        "wwebsocket",
    ] {
        let upgrade = format!("Upgrade: {name}");
        let run = ask(
            &websocket(),
            switch(&[&upgrade, WEBSOCKET[1], WEBSOCKET[2]]),
        );
        assert_eq!(run.end(), "close switch-not-offered", "{name}");
    }
    let run = ask(&websocket(), switch(&WEBSOCKET[1..]));
    assert_eq!(run.end(), "close switch-without-upgrade");
    assert_eq!(run.rest, b"\x01\x02");
}

#[test]
fn r6455_14_connection_has_upgrade() {
    for connection in [
        "keep-alive, Upgrade",
        "UPGRADE",
        "x,upgrade,y",
        "upgrade, close",
    ] {
        let connection = format!("Connection: {connection}");
        let run = ask(
            &websocket(),
            switch(&[WEBSOCKET[0], &connection, WEBSOCKET[2]]),
        );
        assert_eq!(run.end(), "switch websocket", "{connection}");
    }
    for connection in [
        "close",
        "",
        "keep-alive",
        "upgrades",
        "\"upgrade\"",
        "upgrade websocket",
        "upgrade, \"x\"",
    ] {
        let connection = format!("Connection: {connection}");
        let run = ask(
            &websocket(),
            switch(&[WEBSOCKET[0], &connection, WEBSOCKET[2]]),
        );
        assert_eq!(run.end(), "close switch-without-connection", "{connection}");
    }
}

#[test]
fn r6455_15_accept_is_that_of_the_key() {
    assert_eq!(
        ask(&websocket(), websocket_101(&[])).end(),
        "switch websocket"
    );
    for accept in [
        "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "s3ppLMBiTxaQ9kYGzzhZRbK+xOo=",
        "s3pplmbitxaq9kygzzhzrbk+xoo=",
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo",
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo==",
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOp=",
        "\"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\"",
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "dGhlIHNhbXBsZSBub25jZQ==",
        "",
    ] {
        let field = format!("Sec-WebSocket-Accept: {accept}");
        let run = ask(&websocket(), switch(&[WEBSOCKET[0], WEBSOCKET[1], &field]));
        assert_eq!(run.short(), "send, close bad-accept", "{accept}");
    }
    let run = ask(&websocket(), switch(&WEBSOCKET[..2]));
    assert_eq!(run.short(), "send, close bad-accept");
    let other = websocket_with(WebSocketOffer::new([0; 16]));
    assert_eq!(
        ask(&other, websocket_101(&[])).short(),
        "send, close bad-accept"
    );
    let trimmed = switch(&[
        WEBSOCKET[0],
        WEBSOCKET[1],
        "sec-websocket-accept:\t s3pPLMBiTxaQ9kYGzzhZRbK+xOo= \t",
    ]);
    assert_eq!(ask(&websocket(), trimmed).end(), "switch websocket");
}

#[test]
fn r6455_16_extensions_that_were_not_offered() {
    for extension in [
        "permessage-deflate",
        "foo",
        "foo;;",
        "foo; a=",
        ";",
        "foo bar",
        "foo, bar;",
        "\"foo\"",
    ] {
        let field = format!("Sec-WebSocket-Extensions: {extension}");
        assert_eq!(
            accepted(&[], &[&field]),
            "close bad-extension",
            "{extension}"
        );
    }
    for extension in [
        "foo;;",
        "foo; a=",
        "foo;",
        "foo bar",
        "foo, foo",
        "foo, bar",
        "bar",
        "foo, foo; a=1",
        "Foo",
        "foo; a=\"b c\"",
        "foo; a=\"b",
    ] {
        let field = format!("Sec-WebSocket-Extensions: {extension}");
        assert_eq!(
            accepted(&["foo"], &[&field]),
            "close bad-extension",
            "{extension}"
        );
    }
    let twice = [
        "Sec-WebSocket-Extensions: foo",
        "Sec-WebSocket-Extensions: foo",
    ];
    assert_eq!(accepted(&["foo; a", "foo"], &twice), "close bad-extension");
    assert_eq!(
        accepted(&["foo; a", "foo"], &twice[..1]),
        "switch websocket"
    );
    assert_eq!(
        accepted(&["foo, bar"], &["Sec-WebSocket-Extensions: bar"]),
        "switch websocket"
    );
}

#[test]
fn r6455_17_subprotocols_that_were_not_offered() {
    for name in [
        "Chat",
        "x",
        "",
        "chat, x",
        "chat,",
        "chat chat",
        "\"chat\"",
        "cha",
        "chatt",
    ] {
        let field = format!("Sec-WebSocket-Protocol: {name}");
        assert_eq!(
            chosen(&["chat"], &[&field]),
            "close bad-subprotocol",
            "{name}"
        );
    }
    for field in ["Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol:"] {
        assert_eq!(
            chosen(&[], &[field]),
            "close bad-subprotocol",
            "none was offered"
        );
    }
    let offered = websocket_with(offer().subprotocols(&["superchat", "chat"]));
    for name in ["superchat", "chat"] {
        let run = ask(
            &offered,
            websocket_101(&[&format!("sec-websocket-protocol:  {name} ")]),
        );
        assert_eq!(run.end(), "switch websocket");
        assert_eq!(run.seen().subprotocol.as_deref(), Some(name));
    }
}

#[test]
fn r6455_18_no_subprotocol_where_some_were_offered() {
    let run = ask(
        &websocket_with(offer().subprotocols(&["chat"])),
        websocket_101(&[]),
    );
    assert_eq!(run.end(), "switch websocket");
    assert_eq!(run.seen().subprotocol, None);
    let strict = offer().subprotocols(&["chat"]).must_choose_subprotocol();
    assert_eq!(
        ask(&websocket_with(strict), websocket_101(&[])).end(),
        "close bad-subprotocol"
    );
    let run = ask(
        &websocket_with(strict),
        websocket_101(&["Sec-WebSocket-Protocol: chat"]),
    );
    assert_eq!(run.end(), "switch websocket");
    let none = offer().must_choose_subprotocol();
    assert_eq!(
        ask(&websocket_with(none), websocket_101(&[])).end(),
        "switch websocket"
    );
}

#[test]
fn r6455_19_fields_that_stand_once() {
    assert_eq!(
        ask(&websocket(), websocket_101(&WEBSOCKET[2..])).end(),
        "close bad-accept"
    );
    assert_eq!(
        ask(&websocket(), websocket_101(&["SEC-WEBSOCKET-ACCEPT: x"])).end(),
        "close bad-accept"
    );
    let protocol = "Sec-WebSocket-Protocol: chat";
    assert_eq!(
        chosen(&["chat"], &[protocol, protocol]),
        "close bad-subprotocol"
    );
    assert_eq!(
        chosen(&["chat", "x"], &[protocol, "Sec-WebSocket-Protocol: x"]),
        "close bad-subprotocol"
    );
    for more in [&[][..], &["Connection: keep-alive"]] {
        let text = websocket_101(more).replace("HTTP/1.1", "HTTP/1.0");
        assert_eq!(ask(&websocket(), text).end(), "close switch-in-http10");
    }
}

#[test]
fn r6455_20_client_extensions_over_several_lines() {
    let offered = websocket_with(offer().extensions(&["foo", "bar"]));
    let lines = [
        "Sec-WebSocket-Extensions: foo",
        "Sec-WebSocket-Extensions: bar",
    ];
    let run = ask(&offered, websocket_101(&lines));
    assert_eq!(run.end(), "switch websocket");
    assert_eq!(run.seen().extensions, ["foo", "bar"]);
    let run = ask(&offered, websocket_101(&[lines[1], "X: y", lines[0]]));
    assert_eq!(run.seen().extensions, ["bar", "foo"]);
    let run = ask(
        &offered,
        websocket_101(&[lines[0], "Sec-WebSocket-Extensions: baz"]),
    );
    assert_eq!(run.end(), "close bad-extension");
}

#[test]
fn r6455_35_client_whitespace_between_the_parts() {
    let offered: &[&str] = &["permessage-deflate; client_max_window_bits"];
    for value in [
        "permessage-deflate ; client_max_window_bits = 10",
        "permessage-deflate;client_max_window_bits=10",
        " ,\tpermessage-deflate\t;\tclient_max_window_bits\t=\t\"10\"\t, ",
    ] {
        let field = format!("Sec-WebSocket-Extensions: {value}");
        assert_eq!(accepted(offered, &[&field]), "switch websocket", "{value}");
    }
}

#[test]
fn r6455_36_other_versions_are_no_loop() {
    for line in ["HTTP/1.1 426 x", "HTTP/1.1 400 x"] {
        let fields = [
            "Sec-WebSocket-Version: 13, 8",
            "sec-websocket-version: 7",
            "Content-Length: 0",
        ];
        let run = ask(&websocket(), response(line, &fields, ""));
        assert_eq!(run.end(), "same connection", "{line}");
        assert_eq!(run.seen().versions, ["13", "8", "7"]);
        let again = Script::new(
            &[websocket(), websocket()],
            &[response(line, &fields, "").as_bytes()],
        )
        .run();
        assert_eq!(again.end(), "refused", "not with the same key");
    }
}

#[test]
fn r6455_37_client_quoted_values_and_order() {
    let offered: &[&str] = &[
        "foo; a=10",
        "bar",
        "permessage-deflate; client_max_window_bits",
    ];
    for value in [
        "foo; a=\"1\\0\"",
        "foo; a=\"10\"",
        "permessage-deflate; client_max_window_bits=\"1\\2\"",
    ] {
        let field = format!("Sec-WebSocket-Extensions: {value}");
        assert_eq!(accepted(offered, &[&field]), "switch websocket", "{value}");
    }
    for value in [
        "foo; a=\"b,c\"",
        "foo; a=\"b;c\"",
        "foo; a=\"\"",
        "foo; a=\"1\\\"",
        "foo; a=\"1\"2",
        "foo; a='b,bar'",
    ] {
        let field = format!("Sec-WebSocket-Extensions: {value}");
        assert_eq!(
            accepted(offered, &[&field]),
            "close bad-extension",
            "{value}"
        );
    }
    let run = ask(
        &websocket_with(offer().extensions(leak(["foo", "bar"]))),
        websocket_101(&["Sec-WebSocket-Extensions: bar, foo; x=\"y\""]),
    );
    assert_eq!(run.seen().extensions, ["bar", "foo"]);
}

#[test]
fn r6455_51_client_a_failed_handshake_says_nothing_more() {
    for text in [
        websocket_101(&WEBSOCKET[2..]),
        switch(&[]),
        "\u{16}x".to_owned(),
    ] {
        let run = ask(&websocket(), format!("{text}\u{1}\u{2}"));
        assert!(run.end().starts_with("close "), "{text}");
        assert_eq!(run.sent().len(), 1, "the handshake alone");
    }
}
