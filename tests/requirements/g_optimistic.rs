//! Optimistic transitions (RFC 9931), the tokens of MASQUE (RFC 9298), and the registry of tokens.

use crate::harness::{
    H2C, Step, WEBSOCKET, WEBSOCKET_101, allowing, get, request, send, serve, serve_with,
    server_at, tls, values, websocket,
};
use http_upgrade::{
    Action, Allow, Decision, Error, Misuse, Origins, Policy, Protocol, Response, Status,
};

const WS: Policy<'static> = Policy::new(Origins::Any);

/// What a server that allows `token`, for `any` request or not, makes of that one.
fn raw(token: &str, any: bool, line: &str, fields: &[&str]) -> String {
    let allow = [if any {
        Allow::token(token).any_request()
    } else {
        Allow::token(token)
    }];
    let offer = format!("Upgrade: {token}");
    serve(
        &allowing(&allow),
        request(
            line,
            &[&[offer.as_str(), "Connection: Upgrade"], fields].concat(),
        ),
    )
    .short()
}

/// Whether the connection closes behind a refusal of that, with so many bytes told of when the refusal is due.
fn closes(input: &str, unread: usize) -> bool {
    let (mut server, rest) = server_at(&WS, input);
    server
        .decide(Decision::Refuse(Status::UNAUTHORIZED))
        .unwrap();
    server.receive(rest);
    server.unread(unread);
    let is_close = values(&send(&mut server, &[]), "connection") == ["close"];
    match server.action() {
        Action::Close(Some(Error::DataBehindRefusal)) => assert!(is_close),
        Action::Receive => assert!(!is_close),
        other => panic!("{other:?}"),
    }
    is_close
}

#[test]
fn r9931_03_a_refused_connect_ends_the_connection() {
    let smuggled = request("CONNECT x:443 HTTP/1.1", &["Connection: keep-alive"])
        + &request("POST /upload HTTP/1.1", &[]);
    for status in [
        Status::FORBIDDEN,
        Status::PROXY_AUTHENTICATION_REQUIRED,
        Status::BAD_GATEWAY,
        Status::FOUND,
    ] {
        let run = serve_with(&WS, 2048, &smuggled, |_| Decision::Refuse(status));
        let short = format!("request, {}, close", status.code());
        assert!(run.short().starts_with(&short), "{}", run.short());
        assert_eq!(run.steps.len(), 3, "the POST is never seen");
        assert_eq!(values(run.message(status.code()), "connection"), ["close"]);
        assert_eq!(run.rest, request("POST /upload HTTP/1.1", &[]).as_bytes());
    }
    assert!(
        serve(&WS, &smuggled)
            .short()
            .starts_with("request, 403, close"),
        "so does the policy"
    );
    // Nothing behind it yet, or an application that answers by itself.
    let connect = request("CONNECT x:443 HTTP/1.1", &[]);
    assert_eq!(serve(&WS, &connect).short(), "request, 403, close");
    let (mut server, _) = server_at(&WS, &connect);
    server.decide(Decision::Ignore).unwrap();
    let mut out = [0; 512];
    let len = server
        .respond(&mut out, &Response::new(Status::NOT_FOUND))
        .unwrap();
    assert_eq!(
        values(std::str::from_utf8(&out[..len]).unwrap(), "connection"),
        ["close"]
    );
    assert!(matches!(server.action(), Action::Close(None)));
    let tunnel = allowing(&[Allow::TUNNEL]).require(&[]);
    let refused = serve_with(&tunnel, 2048, &smuggled, |_| {
        Decision::Refuse(Status::FORBIDDEN)
    });
    assert!(
        refused.short().starts_with("request, 403, close"),
        "allowed in general, refused here"
    );
    // For clients that are known to wait.
    let kept = serve(&WS.keep_after_refusal(true), &smuggled);
    assert_eq!(kept.short(), "request, 403, request, respond");
}

#[test]
fn r9931_04_a_refused_upgrade_needs_no_close() {
    let run = serve_with(&WS, 2048, websocket(&[]), |_| {
        Decision::Refuse(Status::UNAUTHORIZED)
    });
    assert_eq!(run.short(), "request, 401");
    assert_eq!(values(run.message(401), "connection"), Vec::<&str>::new());
    let (mut server, _) = server_at(&WS, &websocket(&[]));
    server
        .decide(Decision::Refuse(Status::UNAUTHORIZED))
        .unwrap();
    send(&mut server, &[]);
    assert_eq!(
        server.receive(websocket(&[]).as_bytes()),
        websocket(&[]).len()
    );
    server
        .decide(Decision::Accept(Protocol::WebSocket))
        .unwrap();
    assert_eq!(
        send(&mut server, &[]),
        WEBSOCKET_101,
        "the next request is upgraded"
    );
    // With bytes behind it already it does: they may be of the new protocol.
    let behind = websocket(&[]) + &get(&[]);
    let run = serve_with(&WS, 2048, &behind, |_| {
        Decision::Refuse(Status::UNAUTHORIZED)
    });
    assert_eq!(run.short(), "request, 401, close data-behind-refusal");
    assert_eq!(run.rest, get(&[]).as_bytes());
    assert!(
        closes(&behind, 0),
        "although the application does not say what it holds back"
    );
    assert!(closes(&websocket(&[]), 1), "or says it later");
    let content = [&WEBSOCKET[..], &["Content-Length: 2"]].concat();
    let content = request("GET / HTTP/1.1", &content) + "ab";
    assert!(!closes(&content, 0));
    assert!(closes(&content, 1));
    assert!(closes(&(content + "c"), 0), "behind the content");
}

#[test]
fn r9931_05_optimistic_tls_fails_safe() {
    let hello = b"\x16\x03\x01\x02\x00GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let input = [tls("TLS/1.2").as_bytes(), hello].concat();
    let tls_allowed = allowing(&[Allow::TLS]);
    let refused = serve_with(&tls_allowed, 2048, &input, |_| {
        Decision::Refuse(Status::FORBIDDEN)
    });
    assert_eq!(refused.short(), "request, 403, close data-behind-refusal");
    assert_eq!(refused.rest, hello);
    // Where the offer is unknown the request is ordinary, and what follows is no request.
    assert_eq!(
        serve(&WS, &input).short(),
        "request, respond, 400, close bad-request-line"
    );
    let kept = serve_with(&tls_allowed.keep_after_refusal(true), 2048, &input, |_| {
        Decision::Refuse(Status::FORBIDDEN)
    });
    assert_eq!(kept.short(), "request, 403, 400, close bad-request-line");
    assert_eq!(kept.rest, &hello[1..], "the first byte tells");
    for first in [0x14_u8, 0x15, 0x17, 0x80, 0xff, 0] {
        let run = serve(
            &WS,
            [&[first][..], b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"].concat(),
        );
        assert_eq!(run.short(), "400, close bad-request-line", "{first:#x}");
    }
}

#[test]
fn r9931_06_tokens_are_for_get_without_content() {
    let ordinary = "request, respond";
    assert_eq!(
        raw("tcp", false, "GET / HTTP/1.1", &[]),
        "request, 101, switch tcp"
    );
    assert_eq!(
        raw("tcp", false, "GET / HTTP/1.1", &["Content-Length: 0"]),
        "request, 101, switch tcp"
    );
    for method in ["POST", "HEAD", "OPTIONS", "PUT", "get"] {
        assert_eq!(
            raw("tcp", false, &format!("{method} / HTTP/1.1"), &[]),
            ordinary,
            "{method}"
        );
        assert_eq!(
            raw("tcp", true, &format!("{method} / HTTP/1.1"), &[]),
            "request, 101, switch tcp",
            "{method}"
        );
    }
    let allow = [Allow::token("tcp")];
    let offer = ["Upgrade: tcp", "Connection: Upgrade"];
    for (framing, content) in [
        ("Content-Length: 2", "{}"),
        ("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n"),
    ] {
        let input = get(&[offer[0], offer[1], framing]) + content;
        assert_eq!(
            serve(&allowing(&allow), &input).short(),
            "request, content 2, respond",
            "{framing}"
        );
        let any = [Allow::token("tcp").any_request()];
        assert_eq!(
            serve(&allowing(&any), &input).short(),
            "request, content 2, 101, switch tcp",
            "{framing}"
        );
    }
    let policy = allowing(&allow);
    let (mut server, _) = server_at(&policy, &request("POST / HTTP/1.1", &offer));
    assert_eq!(
        server.decide(Decision::Accept(Protocol::Token("tcp"))),
        Err(Misuse::NotOffered),
        "nor by force"
    );
}

#[test]
fn r9298_02_a_malformed_connect_udp_is_an_error() {
    for token in ["connect-udp", "connect-ip", "Connect-UDP"] {
        let fine = raw(
            token,
            false,
            "GET /.well-known/masque/udp/h/443/ HTTP/1.1",
            &["Capsule-Protocol: ?1"],
        );
        assert_eq!(fine, format!("request, 101, switch {token}"));
        for any in [false, true] {
            assert_eq!(
                raw(token, any, "POST / HTTP/1.1", &[]),
                "request, 400",
                "{token}"
            );
            assert_eq!(
                raw(token, any, "HEAD / HTTP/1.1", &[]),
                "request, 400",
                "{token}"
            );
            assert_eq!(
                raw(
                    token,
                    any,
                    "GET / HTTP/1.1",
                    &["Content-Length: 3", "Expect: 100-continue"]
                ),
                "request, 400, close"
            );
        }
        assert_eq!(
            raw(token, false, "GET / HTTP/1.0", &[]),
            "request, respond, close",
            "the offer is ignored"
        );
    }
    let allow = [Allow::token("connect-udp")];
    let run = serve(
        &allowing(&allow),
        get(&["Connection: Upgrade", "Upgrade: connect-udp"]),
    );
    let golden =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: connect-udp\r\nConnection: Upgrade\r\n\r\n";
    assert_eq!(run.message(101), golden);
    let twice = serve(
        &allowing(&allow),
        get(&[
            "Connection: Upgrade",
            "Upgrade: connect-udp, connect-udp",
            "Upgrade: connect-udp",
        ]),
    );
    assert_eq!(twice.message(101), golden, "one Upgrade with one token");
    assert_eq!(
        serve(
            &allowing(&allow),
            get(&["Host: a", "Connection: Upgrade", "Upgrade: connect-udp"])
        )
        .short(),
        "400, close missing-or-repeated-host"
    );
}

#[test]
fn reg_01_registered_names_in_any_case_out_as_registered() {
    let allow = [Allow::WEBSOCKET, Allow::H2C, Allow::TLS];
    let policy = allowing(&allow);
    let upgrade = |input: String| values(serve(&policy, input).message(101), "upgrade").concat();
    let ws = |name: &str| {
        get(&[
            &format!("Upgrade: {name}"),
            WEBSOCKET[1],
            WEBSOCKET[2],
            WEBSOCKET[3],
        ])
    };
    for name in ["websocket", "WEBSOCKET", "WebSocket"] {
        assert_eq!(upgrade(ws(name)), "websocket");
    }
    for name in ["h2c", "H2C", "H2c"] {
        assert_eq!(
            upgrade(get(&[H2C[0], &format!("Upgrade: {name}"), H2C[2]])),
            "h2c"
        );
    }
    for name in ["TLS/1.2", "tls/1.2", "tLs/1.2"] {
        assert_eq!(upgrade(tls(name)), "TLS/1.2, HTTP/1.1");
    }
    let required = policy.require(&[Protocol::WebSocket, Protocol::H2c, Protocol::Tls]);
    assert_eq!(
        values(serve(&required, get(&[])).message(426), "upgrade"),
        ["websocket, h2c, TLS/1.2, HTTP/1.1"]
    );
}

#[test]
fn reg_02_tokens_met_in_practice_pass_as_they_are() {
    let allow = [
        Allow::token("tcp").any_request(),
        Allow::token("SPDY/3.1").any_request(),
        Allow::token("HTTP/2.0"),
    ];
    let policy = allowing(&allow);
    let docker = [
        "Upgrade: tcp",
        "Connection: Upgrade",
        "Content-Type: application/json",
        "Content-Length: 2",
    ];
    let run = serve(
        &policy,
        request("POST /exec/1/start HTTP/1.1", &docker) + "{}\0",
    );
    assert_eq!(run.short(), "request, content 2, 101, switch tcp");
    assert_eq!(
        (&run.steps[1], &run.rest[..]),
        (&Step::Content(b"{}".to_vec()), &b"\0"[..])
    );
    assert_eq!(
        run.message(101),
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n"
    );

    let spdy = |token: &str| {
        let lines = [
            &format!("Upgrade: {token}"),
            "Connection: Upgrade",
            "X-Stream-Protocol-Version: v4.channel.k8s.io",
        ];
        request("POST /api/v1/exec HTTP/1.1", &lines)
    };
    for token in ["SPDY/3.1", "spdy/3.1"] {
        assert_eq!(
            values(serve(&policy, spdy(token)).message(101), "upgrade"),
            [token],
            "octet for octet"
        );
    }
    for other in ["SPDY/3", "SPDY/3.10", "SPDY", "SPDY/03.1"] {
        assert_eq!(
            serve(&policy, spdy(other)).short(),
            "request, respond",
            "{other}"
        );
    }
    let (mut server, _) = server_at(&policy, &spdy("SPDY/3.1"));
    server
        .decide(Decision::Accept(Protocol::Token("SPDY/3.1")))
        .unwrap();
    let version = [("X-Stream-Protocol-Version", "v4.channel.k8s.io")];
    assert_eq!(
        values(&send(&mut server, &version), "x-stream-protocol-version"),
        [version[0].1]
    );
    assert_eq!(
        serve(&policy, get(&["Upgrade: http/2.0", "Connection: Upgrade"])).short(),
        "request, 101, switch HTTP/2.0"
    );
    assert_eq!(
        serve(
            &policy,
            get(&["Upgrade: SSL/3.0, h2", "Connection: Upgrade"])
        )
        .short(),
        "request, respond"
    );
}
