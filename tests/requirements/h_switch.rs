//! What no RFC states: when a switch may come, what ends one, and what is left behind it.

use crate::app::{ACCEPTED, App, Content, ORDINARY, POLICY, decided, look, post};
use crate::harness::{WEBSOCKET, allowing, get, h2c, request, serve, tls, websocket};
use http_upgrade::{Action, Allow, Decision, Misuse, Protocol, Response, Server, Status};

#[test]
fn sec_08_a_proxy_switches_when_its_upstream_has() {
    let opening = websocket(&[]);
    let payload = b"\x81\x05HELLO";
    let input = [opening.as_bytes(), payload].concat();
    // Until the upstream has answered, nothing behind the request is taken.
    let mut server = Server::new([0; 512], &POLICY);
    let used = server.receive(&input);
    assert_eq!(used, opening.len());
    for _ in 0..3 {
        assert!(matches!(server.action(), Action::Decide(_)));
        assert_eq!(server.receive(&input[used..]), 0);
    }
    // Upstream 200: its response goes to the client, and what the client sent ahead is not forwarded, nor read.
    let mut out = [0; 512];
    let mut refused = server.clone();
    refused.decide(Decision::Ignore).expect("in turn");
    let len = refused
        .respond(&mut out, &Response::new(Status::OK).content(b"no"))
        .expect("it fits");
    assert_eq!(
        &out[..len],
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"
    );
    assert!(matches!(refused.action(), Action::Close(None)));
    assert_eq!(refused.receive(&input[used..]), 0);
    // Upstream 101: now.
    server
        .decide(Decision::Accept(Protocol::WebSocket))
        .expect("offered");
    server.send(&mut out).expect("it fits");
    assert!(matches!(
        server.action(),
        Action::Switch(Protocol::WebSocket, _)
    ));
}

#[test]
fn sec_09_content_that_is_too_much_cancels_the_upgrade() {
    let policy = allowing(&[Allow::H2C, Allow::WEBSOCKET]).skip_limit(1000);
    let app = App {
        content: Content::Skip,
        ..App::new(&policy)
    };
    let large = "x".repeat(2000);
    let chunk = format!("7d0\r\n{large}\r\n0\r\n\r\n");
    let small = "1\r\nx\r\n".repeat(1001) + "0\r\n\r\n";
    for (line, content) in [
        ("Content-Length: 1000000", &large),
        ("Content-Length: 1001", &large),
        ("Transfer-Encoding: chunked", &chunk),
        ("Transfer-Encoding: chunked", &small),
    ] {
        let input = h2c(&[line]).replacen("GET", "POST", 1) + content;
        assert_eq!(
            app.run(&input).short(),
            "request, 413, close content-too-large",
            "{line}"
        );
    }
    let exact = "x".repeat(1000);
    let input = h2c(&["Content-Length: 1000"]).replacen("GET", "POST", 1) + &exact;
    assert_eq!(app.run(&input).short(), "request, 101, switch h2c");
    let input = h2c(&["Transfer-Encoding: chunked"]) + &format!("3e8\r\n{exact}\r\n0\r\n\r\n");
    assert_eq!(app.run(&input).short(), "request, 101, switch h2c");
    // A fault in the content cancels it as well, wherever it is.
    for content in [
        "5\r\nHELLO\r\nx",
        "5\r\nHELLOx",
        "0\r\nx\r\n\r\n",
        "0\r\n\rx",
    ] {
        for way in [Content::Skip, Content::Read] {
            let run = App {
                content: way,
                ..app
            }
            .run(websocket(&["Transfer-Encoding: chunked"]) + content);
            assert!(
                run.short().starts_with("request, 400, close bad-"),
                "{content:?}: {}",
                run.short()
            );
        }
    }
}

#[test]
fn sec_10_no_clear_octet_reaches_the_http_inside_tls() {
    let policy = allowing(&[Allow::TLS]);
    let evil = request("GET /evil HTTP/1.1", &[]);
    let run = serve(&policy, tls("TLS/1.2") + &evil);
    assert_eq!(
        (run.short(), &run.rest[..]),
        ("request, 101, switch tls".into(), evil.as_bytes())
    );
    // They go into the TLS layer, which fails.
    let run = App {
        tls: Some(false),
        ..App::new(&policy)
    }
    .run(tls("TLS/1.2") + &evil);
    assert_eq!(
        (run.short(), &run.rest[..]),
        (
            "request, 101, switch tls, close tls-failed".into(),
            evil.as_bytes()
        )
    );
    // Nothing but the pending request is left of the clear text: half a head would be.
    let mut server = decided(&policy, tls("TLS/1.2"), Decision::Accept(Protocol::Tls));
    let mut out = [0; 512];
    server.send(&mut out).expect("it fits");
    assert_eq!(
        (
            server.receive(evil.as_bytes()),
            server.receive_content(evil.as_bytes())
        ),
        (0, (0, &[][..]))
    );
    server.unread(evil.len());
    server.tls_established().expect("in turn");
    assert!(
        matches!(server.action(), Action::Respond(request) if request.target() == "*" && request.is_secure())
    );
    let len = server
        .respond(&mut out, &Response::new(Status::OK))
        .expect("it fits");
    assert_eq!(&out[..len], b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert!(server.request().is_none());
    let inside = request("GET /good HTTP/1.1", &[]);
    assert_eq!(server.receive(inside.as_bytes()), inside.len());
    assert!(matches!(server.action(), Action::Decide(request) if request.target() == "/good"));
}

#[test]
fn sec_11_tls_is_off_until_asked_for_and_then_for_options_alone() {
    let offer = ["Upgrade: TLS/1.2", "Connection: Upgrade"];
    let ordinary = get(&offer);
    assert_eq!(serve(&POLICY, tls("TLS/1.2")).short(), ORDINARY);
    assert_eq!(serve(&POLICY, &ordinary).short(), ORDINARY);
    let options = allowing(&[Allow::TLS]);
    assert_eq!(serve(&options, &ordinary).short(), ORDINARY);
    assert_eq!(
        serve(&options, request("OPTIONS / HTTP/1.1", &offer)).short(),
        ORDINARY
    );
    assert_eq!(
        serve(&options, request("POST / HTTP/1.1", &offer)).short(),
        ORDINARY
    );
    assert_eq!(
        serve(&options, tls("TLS/1.2")).short(),
        "request, 101, switch tls"
    );
    // Nothing that carries data is pending across the switch.
    for content in ["Content-Length: 3", "Transfer-Encoding: chunked"] {
        let lines = [&offer[..], &[content]].concat();
        let input = request("OPTIONS * HTTP/1.1", &lines);
        let mut server = Server::new([0; 512], &options);
        server.receive(input.as_bytes());
        assert!(
            matches!(server.action(), Action::Decide(request) if !request.offers(Protocol::Tls))
        );
    }
    let any = [Allow::TLS.any_request()];
    let any = allowing(&any);
    assert_eq!(serve(&any, &ordinary).short(), "request, 101, switch tls");
    assert_eq!(
        serve(&any, request("POST / HTTP/1.1", &offer)).short(),
        "request, 101, switch tls"
    );
    // Not even the application can accept what its policy does not have, or not so.
    for (policy, input, misuse) in [
        (&POLICY, tls("TLS/1.2"), Misuse::NotAllowed),
        (&options, ordinary, Misuse::NotOffered),
    ] {
        let mut server = Server::new([0; 512], policy);
        server.receive(input.as_bytes());
        assert_eq!(server.decide(Decision::Accept(Protocol::Tls)), Err(misuse));
    }
}

#[test]
fn sec_13_fields_that_the_handshake_needs_cannot_be_hop_by_hop() {
    let tokens = [Allow::WEBSOCKET, Allow::H2C, Allow::token("tcp")];
    let policy = allowing(&tokens);
    let names = "Sec-WebSocket-Key;sec-websocket-version;SEC-WEBSOCKET-PROTOCOL;Sec-WebSocket-Extensions;Sec-WebSocket-;Host;Origin;\
        Cookie;Authorization;Content-Length";
    for name in names.split(';') {
        for options in [
            format!("Connection: Upgrade, {name}"),
            format!("Connection: {name},upgrade"),
            format!("Connection: {name}\r\nConnection: Upgrade"),
        ] {
            let input = websocket(&[]).replacen("Connection: Upgrade", &options, 1);
            assert_eq!(
                serve(&policy, input).short(),
                "request, 400, close bad-connection-option",
                "{options}"
            );
            let input = request("GET / HTTP/1.1", &["Upgrade: tcp", &options]);
            assert_eq!(
                serve(&policy, input).short(),
                "request, 400, close bad-connection-option",
                "{options}"
            );
            let input = h2c(&[&format!("Connection: {name}")]);
            assert_eq!(
                serve(&policy, input).short(),
                "request, 400, close bad-connection-option",
                "{options}"
            );
        }
        // A request that is not upgraded is served: the options are a proxy's business then.
        assert_eq!(
            serve(&policy, get(&[&format!("Connection: {name}")])).short(),
            ORDINARY,
            "{name}"
        );
    }
    for name in [
        "X",
        "Keep-Alive",
        "Sec-WebSocke",
        "Hos",
        "HTTP2-Settings",
        "TE",
    ] {
        let input = websocket(&[]).replacen(
            "Connection: Upgrade",
            &format!("Connection: Upgrade, {name}"),
            1,
        );
        assert_eq!(serve(&policy, input).short(), ACCEPTED, "{name}");
    }
}

#[test]
fn sec_15_a_machine_that_has_ended_takes_and_writes_nothing() {
    let policy = allowing(&[Allow::WEBSOCKET, Allow::TUNNEL]);
    let mut out = [0; 512];
    let ends = [
        websocket(&[]),
        request("CONNECT a:80 HTTP/1.1", &[]),
        "x\r\n\r\n".to_owned(),
        get(&["Connection: close"]),
    ];
    for input in ends {
        let mut server = Server::new([0; 512], &policy);
        server.receive(input.as_bytes());
        while !matches!(server.action(), Action::Switch(..) | Action::Close(_)) {
            match server.action() {
                Action::Decide(request) => server.decide(policy.decide(&request)).expect("in turn"),
                Action::Respond(_) => drop(
                    server
                        .respond(&mut out, &Response::new(Status::OK))
                        .expect("it fits"),
                ),
                _ => drop(server.send(&mut out).expect("it fits")),
            }
        }
        let ended = format!("{server:?}");
        for _ in 0..3 {
            assert_eq!(server.receive(input.as_bytes()), 0);
            assert_eq!(server.receive_content(input.as_bytes()), (0, &[][..]));
            assert_eq!(server.send(&mut out), Err(Misuse::OutOfTurn));
            assert_eq!(
                server.respond(&mut out, &Response::new(Status::OK)),
                Err(Misuse::OutOfTurn)
            );
            assert_eq!(server.decide(Decision::Ignore), Err(Misuse::OutOfTurn));
            assert_eq!(server.want_content(), Err(Misuse::OutOfTurn));
            assert_eq!(server.tls_established(), Err(Misuse::OutOfTurn));
            assert_eq!(server.tls_failed(), Err(Misuse::OutOfTurn));
            server.unread(1);
            server.timeout();
            assert_eq!(format!("{server:?}"), ended);
        }
        assert!(server.hand_over().is_err());
    }
}

#[test]
fn sec_16_a_message_that_does_not_fit_waits_whole() {
    let golden = serve(&POLICY, websocket(&[])).message(101).to_owned();
    let mut server = decided(
        &POLICY,
        websocket(&[]),
        Decision::Accept(Protocol::WebSocket),
    );
    for _ in 0..100 {
        let needed = golden.len();
        assert_eq!(
            server.send(&mut [0; 10]),
            Err(Misuse::BufferTooSmall { needed })
        );
        assert!(matches!(
            server.action(),
            Action::Send(Status::SWITCHING_PROTOCOLS)
        ));
    }
    let mut out = vec![0; golden.len()];
    assert_eq!(server.send(&mut out), Ok(golden.len()));
    assert_eq!(out, golden.as_bytes());
    assert!(matches!(
        server.action(),
        Action::Switch(Protocol::WebSocket, _)
    ));
}

#[test]
fn sec_17_a_deadline_ends_every_phase() {
    let expiring = App {
        timeout: true,
        ..App::new(&POLICY)
    };
    let chunked = post(&["Transfer-Encoding: chunked"], "5\r\nHE");
    for (input, expected) in [
        ("", "close timeout"),
        ("\r\n", "408, close timeout"),
        ("G", "408, close timeout"),
        ("GET / HTTP/1.1\r\nHost: a\r\n", "408, close timeout"),
        (&chunked, "request, 408, close timeout"),
        (&get(&[]), "request, respond, close timeout"),
        (
            &(get(&[]) + "GET /"),
            "request, respond, 408, close timeout",
        ),
    ] {
        let run = expiring.run(input);
        assert_eq!(run.short(), expected, "{input:?}");
        if expected.contains("408") {
            assert!(run.message(408).contains("\r\nConnection: close\r\n"));
        }
    }
    let demanding = POLICY.require(&[Protocol::WebSocket]);
    let refused = App {
        policy: &demanding,
        ..expiring
    };
    assert_eq!(refused.run(&chunked).short(), "request, 426, close timeout");
    let leaving = App {
        content: Content::Leave,
        ..expiring
    };
    assert_eq!(
        leaving.run(&chunked).short(),
        "request, respond, close timeout",
        "answered already"
    );
    // Between the 101 and TLS there is nothing that could be said.
    let policy = allowing(&[Allow::TLS]);
    let mut server = decided(&policy, tls("TLS/1.2"), Decision::Accept(Protocol::Tls));
    server.send(&mut [0; 512]).expect("it fits");
    server.timeout();
    assert!(matches!(
        server.action(),
        Action::Close(Some(http_upgrade::Error::Timeout))
    ));
}

#[test]
fn sec_20_an_offer_is_for_one_request() {
    let refuse = |request: &http_upgrade::Request<'_>| {
        request
            .offers(Protocol::WebSocket)
            .then_some(Decision::Refuse(Status::UNAUTHORIZED))
    };
    let trusting = POLICY.keep_after_refusal(true);
    let app = App {
        decide: &refuse,
        ..App::new(&trusting)
    };
    assert_eq!(
        app.run(websocket(&[]) + &get(&[])).short(),
        "request, 401, request, respond"
    );
    let bad = websocket(&["Origin: x", "Origin: y"]).replacen("13", "12", 1);
    let demanding = bad + &get(&["Upgrade: websocket"]) + &get(&WEBSOCKET[1..]);
    let run = App::new(&trusting).run(demanding);
    assert_eq!(
        run.short(),
        "request, 426, request, respond, request, respond"
    );
    // Nothing of the first is seen at the second.
    let mut server = decided(
        &POLICY,
        websocket(&["Expect: 100-continue", "Content-Length: 0", "Via: x"]),
        Decision::Refuse(Status::NOT_FOUND),
    );
    let mut out = [0; 512];
    server.send(&mut out).expect("it fits");
    assert!(server.request().is_none());
    let plain = "GET /b HTTP/1.1\r\nHost: b\r\n\r\n";
    server.receive(plain.as_bytes());
    let second = format!("{:?}", server.request().expect("a request"));
    assert_eq!(
        second,
        look(&POLICY, plain, |request| format!("{request:?}"))
    );
    let request = server.request().expect("a request");
    assert!(
        !request.offers(Protocol::WebSocket)
            && !request.expects_continue()
            && request.websocket().is_ok()
    );
    assert_eq!(
        (
            request.authority(),
            request.head(),
            request.field("upgrade")
        ),
        ("b", plain.as_bytes(), None)
    );
    assert_eq!(
        server.decide(Decision::Accept(Protocol::WebSocket)),
        Err(Misuse::NotOffered)
    );
    assert_eq!(
        server.decide(Decision::AcceptSubprotocol("x")),
        Err(Misuse::NotOffered)
    );
}
