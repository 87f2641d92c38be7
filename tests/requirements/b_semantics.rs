//! HTTP semantics of Upgrade: RFC 9110.

use crate::harness::{
    H2C, Step, WEBSOCKET, WEBSOCKET_101, allowing, body, facts, get, h2c, request, respond, send,
    serve, serve_with, server_at, tls, values, websocket,
};
use http_upgrade::{Action, Allow, Decision, Misuse, Origins, Policy, Protocol, Response, Status};

const ALL: &[Allow<'static>] = &[
    Allow::WEBSOCKET,
    Allow::H2C,
    Allow::TLS.any_request(),
    Allow::token("tcp"),
];

/// The sample opening handshake with another value of Upgrade or Connection.
fn websocket_by(upgrade: &str, connection: &str) -> String {
    get(&[upgrade, connection, WEBSOCKET[2], WEBSOCKET[3]])
}

/// What a server that allows `foo/A` and WebSocket makes of that Upgrade line.
fn offered(token: &str, upgrade: &str) -> bool {
    let allow = [Allow::token(token)];
    let input = get(&[upgrade, "Connection: Upgrade"]);
    match serve(&allowing(&allow), input).short() {
        short if short == format!("request, 101, switch {token}") => true,
        short if short == "request, respond" => false,
        other => panic!("neither switched nor ordinary: {other}"),
    }
}

#[test]
fn r9110_02_an_offer_can_be_ignored() {
    let policy = Policy::new(Origins::Any);
    for upgrade in [
        "Upgrade: TLS/1.2, IRC/6.9",
        "Upgrade: h2c",
        "Upgrade: nothing-known",
        "Upgrade:",
        "Upgrade: ,",
    ] {
        let run = serve(&policy, get(&[upgrade, "Connection: upgrade"]));
        assert_eq!(run.short(), "request, respond", "{upgrade}");
        let Some(Step::Respond(response)) = run.steps.last() else {
            panic!("a response")
        };
        assert_eq!(
            values(response, "connection"),
            Vec::<&str>::new(),
            "the connection goes on"
        );
    }
    let run = serve_with(&policy, 2048, websocket(&[]), |_| Decision::Ignore);
    assert_eq!(run.short(), "request, respond");
}

#[test]
fn r9110_03_every_101_names_the_protocol() {
    let policy = allowing(ALL);
    let inputs = [
        (websocket(&[]), "websocket"),
        (h2c(&[]), "h2c"),
        (tls("TLS/1.2"), "TLS/1.2, HTTP/1.1"),
        (get(&["Upgrade: tcp", "Connection: Upgrade"]), "tcp"),
    ];
    for (input, token) in inputs {
        assert_eq!(
            values(serve(&policy, input).message(101), "upgrade"),
            [token]
        );
    }
    let (mut server, _) = server_at(&policy, &websocket(&[]));
    server
        .decide(Decision::Accept(Protocol::WebSocket))
        .unwrap();
    for field in [("Upgrade", "h2c"), ("uPGRADE", "websocket")] {
        assert_eq!(
            server.send_with(&mut [0; 512], &[field]),
            Err(Misuse::ReservedField),
            "no second Upgrade line"
        );
    }
}

#[test]
fn r9110_04_layers_are_listed_from_below() {
    let run = serve(&allowing(&[Allow::TLS]), tls("TLS/1.2"));
    assert_eq!(values(run.message(101), "upgrade"), ["TLS/1.2, HTTP/1.1"]);
}

#[test]
fn r9110_05_nothing_but_an_offer_of_this_request_is_accepted() {
    let policy = allowing(ALL);
    for protocol in [Protocol::H2c, Protocol::Tls, Protocol::Token("tcp")] {
        let (mut server, _) = server_at(&policy, &websocket(&[]));
        assert_eq!(
            server.decide(Decision::Accept(protocol)),
            Err(Misuse::NotOffered),
            "{protocol}"
        );
        assert!(
            matches!(server.action(), Action::Decide(_)),
            "nothing has changed"
        );
        assert_eq!(
            server.send(&mut [0; 512]),
            Err(Misuse::OutOfTurn),
            "nothing is sent"
        );
    }
    let (mut server, _) = server_at(&policy, &websocket(&[]));
    assert_eq!(
        server.decide(Decision::Accept(Protocol::Token("nope"))),
        Err(Misuse::NotAllowed)
    );
    assert_eq!(
        server.decide(Decision::Accept(Protocol::Tunnel)),
        Err(Misuse::NotAllowed)
    );

    // The offer of the request before this one.
    server.decide(Decision::Ignore).unwrap();
    server
        .respond(&mut [0; 512], &Response::new(Status::OK))
        .unwrap();
    let second = get(&[]);
    assert_eq!(server.receive(second.as_bytes()), second.len());
    assert_eq!(
        server.decide(Decision::Accept(Protocol::WebSocket)),
        Err(Misuse::NotOffered)
    );
    assert_eq!(
        server.decide(Decision::AcceptSubprotocol("chat")),
        Err(Misuse::NotOffered)
    );
}

#[test]
fn r9110_06_the_order_of_the_server_decides() {
    let mut lines = vec![
        "Upgrade: tcp, h2c, websocket",
        "Connection: Upgrade, HTTP2-Settings",
    ];
    lines.extend([H2C[2], WEBSOCKET[2], WEBSOCKET[3]]);
    let both = get(&lines);
    let ws_first = [Allow::WEBSOCKET, Allow::H2C, Allow::token("tcp")];
    assert_eq!(
        serve(&allowing(&ws_first), &both).short(),
        "request, 101, switch websocket"
    );
    let h2c_first = [Allow::H2C, Allow::WEBSOCKET, Allow::token("tcp")];
    assert_eq!(
        serve(&allowing(&h2c_first), &both).short(),
        "request, 101, switch h2c"
    );
    // The application may choose another.
    let run = serve_with(&allowing(&ws_first), 2048, &both, |_| {
        Decision::Accept(Protocol::Token("tcp"))
    });
    assert_eq!(run.short(), "request, 101, switch tcp");
}

#[test]
fn r9110_07_names_in_any_case_versions_exactly() {
    for name in ["websocket", "WebSocket", "WEBSOCKET", "wEbSoCkEt"] {
        let run = serve(
            &allowing(ALL),
            websocket_by(&format!("Upgrade: {name}"), "Connection: Upgrade"),
        );
        assert_eq!(run.short(), "request, 101, switch websocket", "{name}");
    }
    for token in ["TLS/1.2", "tls/1.2", "Tls/1.2"] {
        assert_eq!(
            serve(&allowing(&[Allow::TLS]), tls(token)).short(),
            "request, 101, switch tls",
            "{token}"
        );
    }
    assert!(offered("SPDY/3.1", "Upgrade: spdy/3.1"));
    assert!(offered("spdy/3.1", "Upgrade: SPDY/3.1"));
    assert!(offered("foo/A", "Upgrade: FOO/A"));
    for other in ["foo/a", "foo", "foo/", "foo/A/A", "fo/A", "foo/AA"] {
        assert!(!offered("foo/A", &format!("Upgrade: {other}")), "{other}");
    }
    assert!(
        !offered("foo", "Upgrade: foo/1"),
        "a version where none is known"
    );
    // Octets that fall together with a letter when one bit is ignored.
    for other in ["tc0", "TC\u{d0}", "Tcp/", "t\u{c3}p"] {
        assert!(!offered("tcp", &format!("Upgrade: {other}")), "{other}");
    }
}

#[test]
fn r9110_08_what_is_required_twice_is_required_once() {
    let policy = allowing(&[Allow::WEBSOCKET]).require(&[Protocol::WebSocket; 2]);
    assert_eq!(
        serve(&policy, get(&WEBSOCKET)).short(),
        "request, 101, switch websocket"
    );
    let refused = serve(&policy, get(&[]));
    assert_eq!(values(refused.message(426), "upgrade"), ["websocket"]);
}

#[test]
fn r9110_08_a_426_lists_what_will_do_best_first() {
    let allow = [Allow::token("irc/6.9"), Allow::H2C, Allow::WEBSOCKET];
    let policy = allowing(&allow).require(&[Protocol::WebSocket, Protocol::Token("irc/6.9")]);
    assert_eq!(
        values(serve(&policy, get(&[])).message(426), "upgrade"),
        ["irc/6.9, websocket"],
        "in the server's order"
    );

    let policy = allowing(&allow);
    let any = serve_with(&policy, 2048, get(&[]), |_| {
        Decision::Refuse(Status::UPGRADE_REQUIRED)
    });
    assert_eq!(
        values(any.message(426), "upgrade"),
        ["irc/6.9, h2c, websocket"]
    );
    let response = respond(&policy, get(&[]), &Response::new(Status::UPGRADE_REQUIRED));
    assert_eq!(
        values(&response, "upgrade"),
        ["irc/6.9, h2c, websocket"],
        "that of an application too"
    );

    let old = request(
        "GET / HTTP/1.1",
        &[
            WEBSOCKET[0],
            WEBSOCKET[1],
            WEBSOCKET[2],
            "Sec-WebSocket-Version: 8",
        ],
    );
    assert_eq!(
        values(serve(&policy, old).message(426), "upgrade"),
        ["websocket"]
    );

    // Without anything to list there is no 426.
    let nothing = allowing(&[Allow::TUNNEL, Allow::PRIOR_KNOWLEDGE]);
    let (mut server, _) = server_at(&nothing, &get(&[]));
    assert_eq!(
        server.decide(Decision::Require(&[])),
        Err(Misuse::NotAllowed)
    );
    assert_eq!(
        server.decide(Decision::Require(&[Protocol::Tunnel])),
        Err(Misuse::NotAllowed)
    );
    assert_eq!(
        server.decide(Decision::Refuse(Status::UPGRADE_REQUIRED)),
        Err(Misuse::BadStatus)
    );
    server.decide(Decision::Ignore).unwrap();
    let empty = Response::new(Status::UPGRADE_REQUIRED);
    assert_eq!(
        server.respond(&mut [0; 512], &empty),
        Err(Misuse::BadStatus)
    );
}

#[test]
fn r9110_09_upgrade_elsewhere_is_an_advertisement() {
    let policy = allowing(&[Allow::WEBSOCKET, Allow::H2C]);
    let response = Response::new(Status::OK).content(b"abc").advertise();
    let text = respond(&policy, get(&[]), &response);
    let head = "HTTP/1.1 200 OK\r\nUpgrade: websocket, h2c\r\nConnection: Upgrade\r\nContent-Length: 3\r\n\r\n";
    assert_eq!(text, format!("{head}abc"));
    let (mut server, _) = server_at(&policy, &get(&[]));
    server.decide(Decision::Ignore).unwrap();
    server.respond(&mut [0; 512], &response).unwrap();
    assert!(
        matches!(server.action(), Action::Receive),
        "the connection goes on in HTTP/1.1"
    );
    assert!(server.request().is_none(), "with the next request");
}

#[test]
fn r9110_10_the_new_protocol_must_honour_the_request() {
    let policy = allowing(ALL);
    let lines = [&WEBSOCKET[..], &["Content-Length: 5"]].concat();
    let run = serve(&policy, request("POST / HTTP/1.1", &lines) + "hello");
    assert_eq!(run.short(), "request, content 5, 405");
    for method in ["OPTIONS", "GET", "POST", "PUT", "BREW"] {
        let line = format!("{method} /x HTTP/1.1");
        let run = serve(
            &policy,
            request(&line, &["Upgrade: TLS/1.2", "Connection: Upgrade"]),
        );
        assert_eq!(run.short(), "request, 101, switch tls", "{method}");
        assert_eq!(
            serve(&policy, request(&line, &H2C)).short(),
            "request, 101, switch h2c",
            "{method}"
        );
        let raw = serve(
            &policy,
            request(&line, &["Upgrade: tcp", "Connection: Upgrade"]),
        )
        .short();
        assert_eq!(raw.ends_with("switch tcp"), method == "GET", "{method}");
    }
    // Content of a GET has no meaning that WebSocket could fail to honour; it ends before the switch.
    let run = serve(&policy, websocket(&["Content-Length: 5"]) + "hello\x01\x00");
    assert_eq!(run.short(), "request, content 5, 101, switch websocket");
    assert_eq!(run.rest, b"\x01\x00");
}

#[test]
fn r9110_11_the_request_goes_with_the_switch() {
    let policy = allowing(ALL);
    let lines = [
        "Upgrade: TLS/1.2, h2c",
        H2C[0],
        H2C[2],
        "Content-Length: 3",
        "X: y",
    ];
    let input = request("POST /a?b HTTP/1.1", &lines) + "abc";
    for protocol in [Protocol::H2c, Protocol::Tls] {
        let (mut server, rest) = server_at(&policy, &input);
        server.decide(Decision::Accept(protocol)).unwrap();
        assert_eq!(server.receive(rest), 3);
        send(&mut server, &[]);
        let Action::Switch(switched, request) = server.action() else {
            panic!("a switch")
        };
        assert_eq!(switched, protocol);
        assert_eq!(
            (request.method(), request.target(), request.authority()),
            ("POST", "/a?b", "a")
        );
        assert!(!request.is_content_pending());
        assert_eq!(request.field("x"), Some(&b"y"[..]));
    }
}

#[test]
fn r9110_12_upgrade_never_goes_without_the_connection_option() {
    let policy = allowing(ALL);
    let required = policy.require(&[Protocol::Tls]);
    let advert = Response::new(Status::OK).advertise();
    let messages = [
        serve(&policy, websocket(&[])).message(101).to_owned(),
        serve(&policy, h2c(&[])).message(101).to_owned(),
        serve(&policy, tls("TLS/1.2")).message(101).to_owned(),
        serve(&required, get(&[])).message(426).to_owned(),
        serve(&required, get(&["Connection: close"]))
            .message(426)
            .to_owned(),
        serve(
            &required,
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        )
        .message(426)
        .to_owned(),
        respond(&policy, get(&[]), &advert),
        respond(&policy, get(&[]), &advert.close()),
        respond(&policy, get(&[]), &Response::new(Status::UPGRADE_REQUIRED)),
    ];
    for message in &messages {
        assert_eq!(values(message, "upgrade").len(), 1, "{message}");
        let [connection] = values(message, "connection")[..] else {
            panic!("one Connection: {message}")
        };
        assert!(
            connection.split(", ").any(|option| option == "Upgrade"),
            "{message}"
        );
    }
    let plain = respond(&policy, get(&[]), &Response::new(Status::OK));
    assert_eq!(
        (values(&plain, "upgrade"), values(&plain, "connection")),
        (vec![], vec![]),
        "nor the option without it"
    );
}

#[test]
fn r9110_13_upgrade_without_the_option_was_misforwarded() {
    let policy = allowing(ALL);
    let without = get(&[WEBSOCKET[0], WEBSOCKET[2], WEBSOCKET[3]]);
    assert_eq!(serve(&policy, without).short(), "request, respond");
    for connection in [
        "Connection: keep-alive",
        "Connection: HTTP2-Settings",
        "Connection: Upgrades",
        "Connection:",
    ] {
        let run = serve(&policy, websocket_by("Upgrade: websocket", connection));
        assert_eq!(run.short(), "request, respond", "{connection}");
        assert_eq!(
            serve(&policy, get(&[connection, H2C[1], H2C[2]])).short(),
            "request, respond",
            "{connection}"
        );
        let run = serve(&policy, get(&[connection, "Upgrade: tcp"]));
        assert_eq!(run.short(), "request, respond", "{connection}");
        let run = serve(
            &policy,
            request("OPTIONS * HTTP/1.1", &[connection, "Upgrade: TLS/1.2"]),
        );
        assert_eq!(run.short(), "request, respond", "{connection}");
    }
    let only_option = get(&["Connection: Upgrade", WEBSOCKET[2], WEBSOCKET[3]]);
    assert_eq!(
        serve(&policy, only_option).short(),
        "request, respond",
        "the option without Upgrade"
    );
}

#[test]
fn r9110_14_upgrade_of_http_1_0_is_ignored() {
    let policy = allowing(ALL);
    for fields in [
        &WEBSOCKET[..],
        &H2C[..],
        &["Upgrade: tcp", "Connection: Upgrade"],
        &["Upgrade: TLS/1.2", "Connection: Upgrade"],
    ] {
        let old = request("GET / HTTP/1.0", fields);
        assert_eq!(serve(&policy, old).short(), "request, respond, close");
        let kept = request(
            "GET / HTTP/1.0",
            &[fields, &["Connection: keep-alive"]].concat(),
        );
        assert_eq!(serve(&policy, kept).short(), "request, respond");
    }
    let broken = request(
        "GET / HTTP/1.0",
        &[WEBSOCKET[0], WEBSOCKET[1], "Sec-WebSocket-Version: 7"],
    );
    assert_eq!(
        serve(&policy, broken).short(),
        "request, respond, close",
        "nor is the handshake judged"
    );
    let (mut server, _) = server_at(&policy, &request("GET / HTTP/1.0", &WEBSOCKET));
    assert_eq!(
        server.decide(Decision::Accept(Protocol::WebSocket)),
        Err(Misuse::NotOffered)
    );
    // A higher minor version is not 1.0.
    assert_eq!(
        serve(&policy, request("GET / HTTP/1.7", &WEBSOCKET)).short(),
        "request, 101, switch websocket"
    );
}

#[test]
fn r9110_15_the_100_goes_out_before_the_101() {
    let policy = allowing(ALL);
    let expect = "Expect: 100-continue";
    let lines = [&H2C[..], &[expect, "Content-Length: 3"]].concat();
    let head = request("POST / HTTP/1.1", &lines);
    assert_eq!(
        serve(&policy, &head).short(),
        "request, 100",
        "the head alone"
    );
    let run = serve(&policy, head.clone() + "abc");
    assert_eq!(run.short(), "request, 100, content 3, 101, switch h2c");
    assert_eq!(run.message(100), "HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(serve(&policy, head + "abcPRI").rest, b"PRI");

    // Although there is no content.
    assert_eq!(
        serve(&policy, websocket(&[expect])).short(),
        "request, 100, 101, switch websocket"
    );
    let zero = websocket(&[expect, "Content-Length: 0"]);
    assert_eq!(
        serve(&policy, zero).short(),
        "request, 100, 101, switch websocket"
    );
    let options = request(
        "OPTIONS * HTTP/1.1",
        &["Upgrade: TLS/1.2", "Connection: Upgrade", expect],
    );
    assert_eq!(
        serve(&policy, options).short(),
        "request, 100, 101, switch tls"
    );
    let chunked = request(
        "POST / HTTP/1.1",
        &[&H2C[..], &[expect, "Transfer-Encoding: chunked"]].concat(),
    );
    let run = serve(&policy, chunked + "1\r\na\r\n0\r\n\r\nrest");
    assert_eq!(run.short(), "request, 100, content 1, 101, switch h2c");
    assert_eq!(run.rest, b"rest");
}

#[test]
fn r9110_17_malformed_members_match_nothing() {
    for member in [
        "/1",
        "tcp/",
        "tcp/b/c",
        "\"tcp\"",
        "t cp",
        "tcp;v=13",
        "tcp tcp",
        "tcp,/",
        "=tcp",
        "tcp\u{e9}",
        "(tcp)",
    ] {
        let alone = get(&[&format!("Upgrade: {member}"), "Connection: Upgrade"]);
        let run = serve(&allowing(&[Allow::token("tcp")]), alone);
        assert_eq!(
            run.short() == "request, respond",
            member != "tcp,/",
            "{member}"
        );
        for line in [
            format!("Upgrade: {member}, websocket"),
            format!("Upgrade: websocket , {member}"),
        ] {
            let run = serve(
                &allowing(&[Allow::WEBSOCKET]),
                websocket_by(&line, "Connection: Upgrade"),
            );
            assert_eq!(run.short(), "request, 101, switch websocket", "{line}");
        }
    }
    for member in [
        "\"websocket\"",
        "web socket",
        "websocket;v=13",
        "websocket/13",
        "websocket/",
        "xwebsocket",
        "websockets",
    ] {
        let run = serve(
            &allowing(&[Allow::WEBSOCKET]),
            websocket_by(&format!("Upgrade: {member}"), "Connection: Upgrade"),
        );
        assert_eq!(run.short(), "request, respond", "{member}");
    }
    for token in [
        "TLS/",
        "TLS/1",
        "TLS/1.",
        "TLS/1.22",
        "TLS/a.b",
        "TLS/1.2/3",
        "TLSv1.2",
        "TLS/1.2;x",
        "XTLS/1.2",
    ] {
        assert_eq!(
            serve(&allowing(&[Allow::TLS]), tls(token)).short(),
            "request, respond",
            "{token}"
        );
    }
}

#[test]
fn r9110_18_several_lines_are_one_list() {
    let policy = allowing(&[Allow::WEBSOCKET]);
    let lines = [
        "Upgrade: foo",
        "Connection: keep-alive",
        "uPgRaDe: websocket",
        "connection: Upgrade",
        WEBSOCKET[2],
        WEBSOCKET[3],
    ];
    assert_eq!(
        serve(&policy, get(&lines)).short(),
        "request, 101, switch websocket"
    );
    let lines = [
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Upgrade: foo",
        "Connection: close",
        WEBSOCKET[2],
        WEBSOCKET[3],
    ];
    assert_eq!(
        serve(&policy, get(&lines)).short(),
        "request, 101, switch websocket"
    );
    let upgrade = facts(&policy, get(&lines), |request| {
        request
            .list("upgrade")
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    assert_eq!(upgrade, ["websocket", "foo"]);
}

#[test]
fn r9110_19_empty_members_are_skipped_and_counted() {
    let policy = allowing(&[Allow::WEBSOCKET]);
    for upgrade in [
        "Upgrade: ,, websocket ,",
        "Upgrade:,websocket",
        "Upgrade: \t, ,\twebsocket\t",
    ] {
        let run = serve(&policy, websocket_by(upgrade, "Connection: ,Upgrade"));
        assert_eq!(run.short(), "request, 101, switch websocket", "{upgrade}");
        assert_eq!(run.message(101), WEBSOCKET_101, "none is sent");
    }
    let many = |commas: usize| {
        websocket_by(
            "Upgrade: websocket",
            &format!("Connection: {}Upgrade", ",".repeat(commas)),
        )
    };
    assert_eq!(
        serve(&policy, many(90)).short(),
        "request, 101, switch websocket"
    );
    assert_eq!(serve(&policy, many(99)).short(), "400, close list-too-long");
    let spread = get(&vec!["Connection: ,,,,"; 30]);
    assert_eq!(
        serve(&policy, spread).short(),
        "400, close list-too-long",
        "over several lines"
    );
    assert_eq!(
        serve(&policy, many(10_000)).short(),
        "431, close head-too-large"
    );
    let wide = serve_with(&policy, 16_384, many(10_000), |_| panic!("no request"));
    assert_eq!(wide.short(), "400, close list-too-long");
}

#[test]
fn r9110_20_connection_options_are_whole_tokens() {
    let policy = allowing(&[Allow::WEBSOCKET]);
    for option in [
        "upgraded",
        "no-upgrade",
        "\"upgrade\"",
        "up grade",
        "upgrade;q=1",
        "upgrade=1",
        "upgrade/1",
        "(upgrade)",
    ] {
        let run = serve(
            &policy,
            websocket_by("Upgrade: websocket", &format!("Connection: {option}")),
        );
        assert_eq!(run.short(), "request, respond", "{option}");
    }
    for options in [
        "kEEP-alive , uPGRADE",
        "UPGRADE",
        "a,b,upgrade,c",
        "keep-alive\t,\tUpgrade",
    ] {
        let run = serve(
            &policy,
            websocket_by("Upgrade: websocket", &format!("Connection: {options}")),
        );
        assert_eq!(run.short(), "request, 101, switch websocket", "{options}");
    }
    // What is no list of tokens is not upgraded, although one member is the option.
    let run = serve(
        &policy,
        websocket_by("Upgrade: websocket", "Connection: Upgrade, \"x\""),
    );
    assert_eq!(run.short(), "request, respond");
}

#[test]
fn r9110_21_a_per_connection_field_is_named_by_whoever_sends_it() {
    let policy = allowing(ALL);
    for input in [websocket(&[]), h2c(&[]), tls("TLS/1.2")] {
        assert_eq!(
            values(serve(&policy, input).message(101), "connection"),
            ["Upgrade"]
        );
    }
    // No application can add such a field past the machine, nor name an end-to-end field.
    for name in [
        "Connection",
        "keep-alive",
        "Proxy-Connection",
        "Upgrade",
        "HTTP2-Settings",
        "Transfer-Encoding",
    ] {
        let (mut server, _) = server_at(&policy, &websocket(&[]));
        server
            .decide(Decision::Accept(Protocol::WebSocket))
            .unwrap();
        assert_eq!(
            server.send_with(&mut [0; 512], &[(name, "x")]),
            Err(Misuse::ReservedField),
            "{name}"
        );
    }
}

#[test]
fn r9110_22_the_fields_of_one_hop_can_be_told() {
    let names = |fields: &[&str], hop: bool| {
        facts(&allowing(ALL), get(fields), |request| {
            let collect = |(name, _): (&str, &[u8])| name.to_lowercase();
            if hop {
                request.hop_by_hop_fields().map(collect).collect::<Vec<_>>()
            } else {
                request.end_to_end_fields().map(collect).collect()
            }
        })
    };
    assert_eq!(
        names(&H2C, true),
        ["connection", "upgrade", "http2-settings"]
    );
    assert_eq!(names(&H2C, false), ["host"]);
    let all = [
        "Keep-Alive: 5",
        "Proxy-Connection: x",
        "TE: trailers",
        "Transfer-Encoding: chunked",
        "Upgrade: x",
        "Accept: y",
    ];
    assert_eq!(
        names(&all, true),
        [
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "upgrade"
        ]
    );
    assert_eq!(names(&all, false), ["host", "accept"]);
    let nominated = [
        "X-Hop: 1",
        "Connection: x-hOp",
        "X-End: 2",
        "connection: other , x-third",
        "X-Third: 3",
    ];
    assert_eq!(
        names(&nominated, true),
        ["x-hop", "connection", "connection", "x-third"]
    );
    assert_eq!(names(&nominated, false), ["host", "x-end"]);
}

#[test]
fn r9110_23_no_interim_response_to_http_1_0() {
    let policy = allowing(ALL);
    let lines = [
        &WEBSOCKET[..],
        &["Expect: 100-continue", "Content-Length: 2"],
    ]
    .concat();
    let run = serve(&policy, request("POST / HTTP/1.0", &lines) + "ab");
    assert_eq!(run.short(), "request, content 2, respond, close");
    let (mut server, _) = server_at(&policy, &get(&[]));
    server.decide(Decision::Ignore).unwrap();
    for code in [100, 101, 103] {
        let interim = Response::new(Status::new(code).unwrap());
        assert_eq!(
            server.respond(&mut [0; 512], &interim),
            Err(Misuse::BadStatus),
            "{code} is no response"
        );
    }
}

#[test]
fn r9110_26_an_error_says_why_except_to_head() {
    let policy = allowing(ALL).require(&[Protocol::Tls]);
    let run = serve(&policy, get(&[]));
    assert_eq!(body(run.message(426)), "426 Upgrade Required\n");
    assert_eq!(values(run.message(426), "content-length"), ["21"]);
    assert_eq!(values(run.message(426), "content-type"), ["text/plain"]);
    let head = serve(&policy, request("HEAD / HTTP/1.1", &[]));
    assert_eq!(body(head.message(426)), "");
    assert_eq!(values(head.message(426), "content-length"), ["21"]);
    // Errors that end the connection, found before the request was understood, too.
    for fault in [
        "HEAD / HTTP/1.1\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost : a\r\n\r\n",
        "HEAD / HTTP/1.1\nHost: a\n\n",
    ] {
        assert_eq!(body(serve(&policy, fault).message(400)), "", "{fault:?}");
    }
    assert_eq!(
        body(serve(&policy, "HEAD / HTTP/2.0\r\n\r\n").message(505)),
        ""
    );
    for fault in [
        "GET / HTTP/1.1\r\n\r\n",
        "HEADX / HTTP/1.1\r\n\r\n",
        "head / HTTP/1.1\r\n\r\n",
    ] {
        assert_eq!(
            body(serve(&policy, fault).message(400)),
            "400 Bad Request\n",
            "{fault:?}"
        );
    }
    // A refusal has content, a 304 cannot have any.
    let (mut server, _) = server_at(&policy, &get(&[]));
    assert_eq!(
        server.decide(Decision::Refuse(Status::NOT_MODIFIED)),
        Err(Misuse::BadStatus)
    );
}

#[test]
fn r9110_27_no_clock_no_date() {
    let policy = allowing(ALL).require(&[Protocol::Tls]);
    let date = [("Date", "Sun, 06 Nov 1994 08:49:37 GMT")];
    let (mut server, _) = server_at(&policy, &get(&[]));
    server.decide(Decision::Require(&[Protocol::Tls])).unwrap();
    let mut out = [0; 512];
    let len = server.clone().send(&mut out).unwrap();
    assert_eq!(
        values(std::str::from_utf8(&out[..len]).unwrap(), "date"),
        Vec::<&str>::new()
    );
    assert_eq!(
        values(&send(&mut server, &date), "date"),
        [date[0].1],
        "the application may have a clock"
    );
    assert_eq!(
        values(serve(&policy, "GET\r\n\r\n").message(400), "date"),
        Vec::<&str>::new()
    );
    assert_eq!(
        values(serve(&allowing(ALL), websocket(&[])).message(101), "date"),
        Vec::<&str>::new()
    );
    let plain = Response::new(Status::OK);
    assert_eq!(
        values(&respond(&policy, get(&[]), &plain), "date"),
        Vec::<&str>::new()
    );
    assert_eq!(
        values(&respond(&policy, get(&[]), &plain.fields(&date)), "date"),
        [date[0].1]
    );
}

#[test]
fn r9110_28_a_405_says_what_is_allowed() {
    let policy = allowing(ALL);
    for method in ["POST", "PUT", "HEAD", "DELETE", "get"] {
        let run = serve(
            &policy,
            request(&format!("{method} / HTTP/1.1"), &WEBSOCKET),
        );
        assert_eq!(run.short(), "request, 405", "{method}");
        assert_eq!(values(run.message(405), "allow"), ["GET"], "{method}");
    }
    // A 405 of the application brings its own.
    let (mut server, _) = server_at(&policy, &get(&[]));
    server
        .decide(Decision::Refuse(Status::METHOD_NOT_ALLOWED))
        .unwrap();
    assert_eq!(
        values(&send(&mut server, &[("Allow", "PUT, POST")]), "allow"),
        ["PUT, POST"]
    );
}

#[test]
fn r9110_29_expect_is_a_list_in_any_case() {
    let policy = allowing(ALL);
    let post = |version: &str, expect: &str| {
        request(
            &format!("POST / HTTP/{version}"),
            &[expect, "Content-Length: 2", "Connection: keep-alive"],
        ) + "ab"
    };
    for expect in [
        "Expect: 100-Continue",
        "EXPECT: 100-CONTINUE",
        "Expect: , 100-continue ,",
        "Expect: 100-continue\t",
    ] {
        let run = serve(&policy, post("1.1", expect));
        assert_eq!(run.short(), "request, 100, content 2, respond", "{expect}");
    }
    for expect in [
        "Expect: foo",
        "Expect: 100-continue, foo",
        "Expect: 100-continue=1",
        "Expect: 101-continue",
        "Expect: 100",
    ] {
        assert_eq!(
            serve(&policy, post("1.1", expect)).short(),
            "417, close expectation-failed",
            "{expect}"
        );
        let tolerant = policy.ignore_expectations(true);
        assert!(
            serve(&tolerant, post("1.1", expect))
                .short()
                .ends_with("content 2, respond"),
            "{expect}"
        );
        assert_eq!(
            serve(&policy, post("1.0", expect)).short(),
            "request, content 2, respond",
            "{expect}"
        );
    }
    assert_eq!(
        serve(&policy, post("1.0", "Expect: 100-continue")).short(),
        "request, content 2, respond"
    );
}

#[test]
fn r9110_30_an_expectation_is_answered_at_once() {
    let policy = allowing(ALL);
    let waiting = ["Expect: 100-continue", "Content-Length: 5"];
    assert_eq!(
        serve(&policy, request("POST / HTTP/1.1", &waiting)).short(),
        "request, 100"
    );
    assert_eq!(
        serve(
            &policy,
            request("POST / HTTP/1.1", &[&H2C[..], &waiting].concat())
        )
        .short(),
        "request, 100"
    );
    let refused = serve_with(&policy, 2048, request("POST / HTTP/1.1", &waiting), |_| {
        Decision::Refuse(Status::FORBIDDEN)
    });
    assert_eq!(
        refused.short(),
        "request, 403, close",
        "the content may come or not: the connection ends"
    );
    assert_eq!(values(refused.message(403), "connection"), ["close"]);
    let malformed = serve(
        &policy,
        request("POST / HTTP/1.1", &[&WEBSOCKET[..], &waiting].concat()),
    );
    assert_eq!(malformed.short(), "request, 405, close");
    let required = policy.require(&[Protocol::Tls]);
    assert_eq!(
        serve(&required, request("POST / HTTP/1.1", &waiting)).short(),
        "request, 426, close"
    );
    let answered = respond(
        &policy,
        request("POST / HTTP/1.1", &waiting),
        &Response::new(Status::OK),
    );
    assert_eq!(
        values(&answered, "connection"),
        ["close"],
        "an application that wants no content"
    );
}

#[test]
fn r9110_32_options_for_the_whole_server() {
    let policy = allowing(&[Allow::TLS]);
    assert_eq!(
        serve(&policy, tls("TLS/1.2")).short(),
        "request, 101, switch tls"
    );
    assert_eq!(
        serve(&policy, request("OPTIONS * HTTP/1.1", &[])).short(),
        "request, respond"
    );
    let target = facts(&policy, tls("TLS/1.2"), |request| {
        (request.method().to_owned(), request.target().to_owned())
    });
    assert_eq!(target, ("OPTIONS".to_owned(), "*".to_owned()));
    for line in [
        "GET * HTTP/1.1",
        "options * HTTP/1.1",
        "OPTIONS ** HTTP/1.1",
        "OPTIONS *? HTTP/1.1",
    ] {
        assert_eq!(
            serve(&policy, request(line, &[])).short(),
            "400, close bad-target",
            "{line}"
        );
    }
}

#[test]
fn r9110_33_connect_needs_a_port() {
    let policy = allowing(&[Allow::TUNNEL]);
    for target in [
        "a:",
        "a",
        "a:0x50",
        "a:70000",
        "a:65536",
        "a:-1",
        "a:+80",
        "a:80:80",
        "a:0",
        "a:00",
        ":80",
        "[::1]",
        "[::1]:",
        "a:80/",
        "/",
        "*",
        "u@a:80",
        "http://a:80/",
    ] {
        let run = serve(&policy, request(&format!("CONNECT {target} HTTP/1.1"), &[]));
        assert_eq!(run.short(), "400, close bad-target", "{target}");
    }
    for target in ["a:80", "a:65535", "[::1]:443", "192.0.2.1:1"] {
        let run = serve(&policy, request(&format!("CONNECT {target} HTTP/1.1"), &[]));
        assert_eq!(run.short(), "request, 200, switch tunnel", "{target}");
        assert_eq!(run.message(200), "HTTP/1.1 200 OK\r\n\r\n");
    }
}
