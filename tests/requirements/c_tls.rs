//! Upgrade to TLS: RFC 2817.

use crate::harness::{
    Step, allowing, body, drive, facts, get, h2c, request, respond, send, serve, serve_through_tls,
    serve_with, server_at, tls, values, websocket,
};
use http_upgrade::{
    Action, Allow, Decision, Error, Misuse, Policy, Protocol, Response, Server, Status,
};

const TLS: &[Allow<'static>] = &[Allow::TLS];
const ANY: &[Allow<'static>] = &[Allow::TLS.any_request()];
/// The first bytes of a TLS handshake.
const HELLO: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

/// That request-line with an offer of TLS/1.2 and more lines.
fn offer(line: &str, more: &[&str]) -> String {
    request(
        line,
        &[&["Upgrade: TLS/1.2", "Connection: Upgrade"], more].concat(),
    )
}

fn with(head: impl AsRef<[u8]>, behind: &[u8]) -> Vec<u8> {
    [head.as_ref(), behind].concat()
}

/// A server whose TLS handshake is about to begin.
fn before_handshake<'p>(policy: &'p Policy<'p>) -> Server<'p, Vec<u8>> {
    let mut server = Server::new(vec![0; 2048], policy);
    let run = drive(&mut server, policy, tls("TLS/1.2").as_bytes(), usize::MAX);
    assert_eq!(run.short(), "request, 101, switch tls");
    server
}

#[test]
fn r2817_01_any_method_may_ask_for_tls() {
    let policy = allowing(ANY);
    for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "M-SEARCH"] {
        let input = offer(&format!("{method} /x HTTP/1.1"), &[]);
        assert!(
            facts(&policy, &input, |request| request.offers(Protocol::Tls)),
            "{method}"
        );
        assert_eq!(
            serve(&policy, &input).short(),
            "request, 101, switch tls",
            "{method}"
        );
        // Unless told so, only the form of a client that insists.
        assert_eq!(
            serve(&allowing(TLS), &input).short(),
            "request, respond",
            "{method}"
        );
    }
    assert!(facts(&allowing(TLS), tls("TLS/1.2"), |request| request
        .offers(Protocol::Tls)));
}

#[test]
fn r2817_03_an_offer_of_tls_is_never_an_error() {
    for policy in [allowing(&[Allow::WEBSOCKET]), allowing(&[]), allowing(TLS)] {
        assert_eq!(
            serve(&policy, offer("GET / HTTP/1.1", &[])).short(),
            "request, respond"
        );
    }
    assert_eq!(
        serve(&allowing(&[Allow::WEBSOCKET]), tls("TLS/1.2")).short(),
        "request, respond"
    );
    let ignored = serve_with(&allowing(ANY), 2048, tls("TLS/1.2"), |_| Decision::Ignore);
    assert_eq!(ignored.short(), "request, respond");
}

#[test]
fn r2817_07_options_for_the_server_reaches_the_upgrade() {
    assert_eq!(
        serve(&allowing(TLS), tls("TLS/1.2")).short(),
        "request, 101, switch tls"
    );
    let path = offer("OPTIONS / HTTP/1.1", &[]);
    assert_eq!(
        serve(&allowing(TLS), &path).short(),
        "request, respond",
        "OPTIONS of one resource is another request"
    );
    assert_eq!(
        serve(&allowing(ANY), &path).short(),
        "request, 101, switch tls"
    );
}

#[test]
fn r2817_08_the_101_lists_tls_and_then_http() {
    let golden = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n";
    assert_eq!(serve(&allowing(TLS), tls("TLS/1.2")).message(101), golden);
    assert_eq!(
        serve(&allowing(TLS), tls("tls/1.2")).message(101),
        golden,
        "in the registered spelling"
    );
    assert_eq!(
        serve(&allowing(TLS), tls("HTTP/1.1, TLS/1.2")).message(101),
        golden
    );
}

#[test]
fn r2817_09_the_byte_behind_the_empty_line_is_of_tls() {
    let run = serve(&allowing(TLS), with(tls("TLS/1.2"), HELLO));
    assert_eq!(run.short(), "request, 101, switch tls");
    assert_eq!(run.rest, HELLO);
    let policy = allowing(TLS);
    let mut server = before_handshake(&policy);
    assert_eq!(server.receive(HELLO), 0, "the machine takes none of them");
    assert!(matches!(server.action(), Action::Switch(Protocol::Tls, _)));
    assert_eq!(
        server.send(&mut [0; 512]),
        Err(Misuse::OutOfTurn),
        "nor writes any"
    );
    let response = Response::new(Status::OK);
    assert_eq!(
        server.respond(&mut [0; 512], &response),
        Err(Misuse::OutOfTurn),
        "before TLS is there"
    );
}

#[test]
fn r2817_10_the_request_is_answered_inside_tls() {
    let allow = [Allow::TLS.any_request(), Allow::WEBSOCKET, Allow::H2C];
    let policy = allowing(&allow);
    let (clear, inside) = serve_through_tls(&policy, offer("GET /a HTTP/1.1", &[]), b"");
    assert_eq!(clear.short(), "request, 101, switch tls");
    assert_eq!(inside.short(), "respond", "no byte of the peer is needed");
    let Step::Respond(response) = &inside.steps[0] else {
        panic!("a response")
    };
    assert_eq!(response, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

    // The connection goes on, and may switch again.
    let (_, inside) = serve_through_tls(
        &policy,
        tls("TLS/1.2"),
        with(get(&[]) + &websocket(&[]), b"\x81"),
    );
    assert_eq!(
        inside.short(),
        "respond, request, respond, request, 101, switch websocket"
    );
    assert_eq!(inside.rest, b"\x81");

    // A client that does not wait inside TLS either keeps its connection.
    let mut server = before_handshake(&policy);
    server.unread(HELLO.len());
    server.tls_established().unwrap();
    server.unread(100);
    let mut out = [0; 512];
    let len = server
        .respond(&mut out, &Response::new(Status::OK))
        .unwrap();
    assert_eq!(
        values(std::str::from_utf8(&out[..len]).unwrap(), "connection"),
        Vec::<&str>::new()
    );
    assert!(matches!(server.action(), Action::Receive));

    let (_, inside) = serve_through_tls(
        &policy,
        offer("GET / HTTP/1.1", &["Connection: close"]),
        b"",
    );
    assert_eq!(
        inside.short(),
        "respond, close",
        "what the request said about the connection still holds"
    );
    let mut server = before_handshake(&policy);
    server.tls_established().unwrap();
    assert_eq!(server.tls_established(), Err(Misuse::OutOfTurn), "once");
    assert_eq!(server.tls_failed(), Err(Misuse::OutOfTurn));
}

#[test]
fn r2817_12_a_failed_handshake_ends_the_connection() {
    let policy = allowing(TLS);
    let mut server = before_handshake(&policy);
    server.tls_failed().unwrap();
    assert!(matches!(
        server.action(),
        Action::Close(Some(Error::TlsFailed))
    ));
    assert_eq!(server.receive(get(&[]).as_bytes()), 0);
    assert_eq!(server.send(&mut [0; 512]), Err(Misuse::OutOfTurn));
    assert_eq!(
        server.respond(&mut [0; 512], &Response::new(Status::OK)),
        Err(Misuse::OutOfTurn)
    );
    assert_eq!(server.tls_established(), Err(Misuse::OutOfTurn));
    assert_eq!(server.decide(Decision::Ignore), Err(Misuse::OutOfTurn));
    server.timeout();
    assert!(matches!(
        server.action(),
        Action::Close(Some(Error::TlsFailed))
    ));
    // A deadline inside the handshake: no 408 in clear text.
    let mut server = before_handshake(&policy);
    server.timeout();
    assert!(matches!(
        server.action(),
        Action::Close(Some(Error::Timeout))
    ));
}

#[test]
fn r2817_14_tls_can_be_advertised() {
    let ok = respond(
        &allowing(TLS),
        get(&[]),
        &Response::new(Status::OK).advertise(),
    );
    assert_eq!(values(&ok, "upgrade"), ["TLS/1.2, HTTP/1.1"]);
    assert_eq!(values(&ok, "connection"), ["Upgrade"]);
    let missing = respond(
        &allowing(TLS),
        get(&[]),
        &Response::new(Status::NOT_FOUND).advertise(),
    );
    assert_eq!(values(&missing, "upgrade"), ["TLS/1.2, HTTP/1.1"]);
    let silent = respond(&allowing(TLS), get(&[]), &Response::new(Status::OK));
    assert_eq!(values(&silent, "upgrade"), Vec::<&str>::new());
}

#[test]
fn r2817_15_a_426_names_the_tls_that_is_required() {
    let policy = allowing(ANY).require(&[Protocol::Tls]);
    let run = serve(&policy, get(&[]));
    assert_eq!(run.short(), "request, 426");
    let golden = "HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\
        Content-Type: text/plain\r\nContent-Length: 21\r\n\r\n426 Upgrade Required\n";
    assert_eq!(run.message(426), golden);
    // Asked again on the same connection, with the offer; inside TLS everything is served.
    let (clear, inside) =
        serve_through_tls(&policy, get(&[]) + &offer("GET / HTTP/1.1", &[]), get(&[]));
    assert_eq!(clear.short(), "request, 426, request, 101, switch tls");
    assert_eq!(inside.short(), "respond, request, respond");
    // An offer of something else does not do, nor one that does not count.
    let both = [Allow::WEBSOCKET, Allow::TLS];
    let policy = allowing(&both).require(&[Protocol::Tls]);
    for input in [
        websocket(&[]),
        request("OPTIONS * HTTP/1.1", &["Upgrade: TLS/1.2"]),
        offer("GET / HTTP/1.0", &[]),
    ] {
        assert!(
            serve(&policy, &input).short().starts_with("request, 426"),
            "{input}"
        );
    }
}

#[test]
fn r2817_16_a_426_has_a_readable_body() {
    let policy = allowing(TLS).require(&[Protocol::Tls]);
    let run = serve(&policy, get(&[]));
    assert_eq!(values(run.message(426), "content-type"), ["text/plain"]);
    assert_eq!(body(run.message(426)), "426 Upgrade Required\n");
    // An application with a page of its own, such as one that links to the https form.
    let response = Response::new(Status::UPGRADE_REQUIRED).content(b"https://a/");
    let own = respond(&policy, get(&[]), &response);
    assert_eq!(
        (values(&own, "upgrade"), body(&own)),
        (vec!["TLS/1.2, HTTP/1.1"], "https://a/")
    );
}

#[test]
fn r2817_18_a_426_switches_nothing() {
    let policy = allowing(TLS).require(&[Protocol::Tls]);
    let run = serve(&policy, with(get(&[]), HELLO));
    assert_eq!(run.short(), "request, 426, 400, close bad-request-line");
    let (mut server, _) = server_at(&policy, &get(&[]));
    server.decide(Decision::Require(&[Protocol::Tls])).unwrap();
    send(&mut server, &[]);
    assert_eq!(server.tls_established(), Err(Misuse::OutOfTurn));
    assert!(
        matches!(server.action(), Action::Receive),
        "a new request is due"
    );
}

#[test]
fn r2817_20_an_upgrade_is_about_one_hop() {
    let hop = |fields: &[&str]| {
        facts(&allowing(ANY), get(fields), |request| {
            request
                .hop_by_hop_fields()
                .map(|(name, _)| name.to_owned())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        hop(&["Upgrade: TLS/1.2", "Connection: Upgrade", "Via: 1.1 p"]),
        ["Upgrade", "Connection"]
    );
    assert_eq!(hop(&["Upgrade: TLS/1.2"]), ["Upgrade"], "named or not");
}

#[test]
fn r2817_23_connect_waits_for_the_application() {
    let allow = [Allow::TUNNEL, Allow::TLS.any_request()];
    let policy = allowing(&allow);
    let input = request(
        "CONNECT origin:443 HTTP/1.1",
        &["Upgrade: TLS/1.2", "Connection: Upgrade"],
    );
    let (mut server, _) = server_at(&policy, &input);
    let Action::Decide(request) = server.action() else {
        panic!("a question")
    };
    assert_eq!(
        (request.method(), request.authority()),
        ("CONNECT", "origin:443")
    );
    assert!(
        !request.offers(Protocol::Tls),
        "Upgrade means nothing on CONNECT"
    );
    assert_eq!(
        server.send(&mut [0; 512]),
        Err(Misuse::OutOfTurn),
        "no 2xx before it was decided"
    );
    assert_eq!(
        server.decide(Decision::Accept(Protocol::Tls)),
        Err(Misuse::NotOffered)
    );
    server.decide(Decision::Accept(Protocol::Tunnel)).unwrap();
    assert!(matches!(server.action(), Action::Send(Status::OK)));
    assert_eq!(send(&mut server, &[]), "HTTP/1.1 200 OK\r\n\r\n");
    assert!(matches!(
        server.action(),
        Action::Switch(Protocol::Tunnel, _)
    ));
    // The application cannot answer 2xx past the machine.
    let (mut server, _) = server_at(&policy, &input);
    server.decide(Decision::Ignore).unwrap();
    for status in [Status::OK, Status::NO_CONTENT] {
        assert_eq!(
            server.respond(&mut [0; 512], &Response::new(status)),
            Err(Misuse::BadStatus)
        );
    }
}

#[test]
fn r2817_24_the_version_labels_the_offer() {
    let policy = allowing(TLS);
    for (offer, label) in [
        ("TLS/1.0", "TLS/1.0"),
        ("TLS", "TLS"),
        ("TLS/9.9", "TLS/9.9"),
        ("IRC/6.9, TLS/1.3", "TLS/1.3"),
    ] {
        let run = serve(&policy, tls(offer));
        assert_eq!(
            values(run.message(101), "upgrade"),
            [format!("{label}, HTTP/1.1")],
            "{offer}"
        );
    }
    for other in [
        "SSL/3.0",
        "TLS/12",
        "TLS/1.2.3",
        "TLS/x.y",
        "TLS1.2",
        "TLSX",
        "HTTP/1.1",
    ] {
        assert_eq!(
            serve(&policy, tls(other)).short(),
            "request, respond",
            "{other}"
        );
    }
}

#[test]
fn r2817_25_the_101_names_one_tls() {
    let policy = allowing(TLS);
    for (offer, label) in [
        ("TLS/1.3,TLS/1.2", "TLS/1.3"),
        ("TLS/1.3,TLS/1.2,TLS/1.1,TLS/1.0", "TLS/1.3"),
        ("TLS/1.1, tls/1.3", "TLS/1.1"),
    ] {
        assert_eq!(
            values(serve(&policy, tls(offer)).message(101), "upgrade"),
            [format!("{label}, HTTP/1.1")]
        );
    }
    let lines = [
        "Upgrade: TLS/x",
        "Connection: Upgrade",
        "Upgrade: TLS/1.2",
        "Upgrade: TLS/1.3",
    ];
    let run = serve(&policy, request("OPTIONS * HTTP/1.1", &lines));
    assert_eq!(
        values(run.message(101), "upgrade"),
        ["TLS/1.2, HTTP/1.1"],
        "over several lines"
    );
}

#[test]
fn r2817_27_identity_and_transport_are_two_facts() {
    let policy = allowing(ANY);
    let (mut server, _) = server_at(&policy, &offer("GET http://b:8080/x HTTP/1.1", &[]));
    let Action::Decide(request) = server.action() else {
        panic!("a request")
    };
    assert!(!request.is_secure());
    server.decide(Decision::Accept(Protocol::Tls)).unwrap();
    send(&mut server, &[]);
    let Action::Switch(_, request) = server.action() else {
        panic!("a switch")
    };
    assert!(!request.is_secure(), "not before the handshake");
    server.tls_established().unwrap();
    let Action::Respond(request) = server.action() else {
        panic!("the request of before")
    };
    assert_eq!(
        (request.is_secure(), request.target(), request.authority()),
        (true, "http://b:8080/x", "b:8080")
    );
    server
        .respond(&mut [0; 512], &Response::new(Status::OK))
        .unwrap();
    server.receive(get(&[]).as_bytes());
    let Action::Decide(request) = server.action() else {
        panic!("the next request")
    };
    assert!(request.is_secure());
}

#[test]
fn r2817_28_the_clear_host_selects_the_certificate() {
    let host_at_switch = |input: String| {
        let policy = allowing(ANY);
        let (mut server, _) = server_at(&policy, &input);
        server.decide(Decision::Accept(Protocol::Tls)).unwrap();
        send(&mut server, &[]);
        let Action::Switch(Protocol::Tls, request) = server.action() else {
            panic!("a switch")
        };
        request.authority().to_owned()
    };
    assert_eq!(host_at_switch(tls("TLS/1.2")), "a", "OPTIONS *");
    assert_eq!(host_at_switch(offer("GET /x HTTP/1.1", &[])), "a");
    assert_eq!(
        host_at_switch(tls("TLS/1.2").replace("Host: a", "Host: b.example:8080")),
        "b.example:8080"
    );
    assert_eq!(
        host_at_switch(offer("GET http://c/x HTTP/1.1", &[])),
        "c",
        "the target wins over Host"
    );
}

#[test]
fn r2817_29_no_tls_in_tls() {
    let allow = [Allow::TLS.any_request(), Allow::WEBSOCKET];
    let policy = allowing(&allow);
    let mut server = Server::new(vec![0; 2048], &policy).inside_tls();
    let run = drive(&mut server, &policy, tls("TLS/1.2").as_bytes(), 7);
    assert_eq!(run.short(), "request, respond");
    let (_, inside) = serve_through_tls(&policy, tls("TLS/1.2"), tls("TLS/1.3"));
    assert_eq!(inside.short(), "respond, request, respond");
    // Nor is it advertised or required there.
    let mut server = Server::new(vec![0; 2048], &policy).inside_tls();
    server.receive(get(&[]).as_bytes());
    assert_eq!(
        server.decide(Decision::Require(&[Protocol::Tls])),
        Err(Misuse::NotAllowed)
    );
    server
        .decide(Decision::Refuse(Status::UPGRADE_REQUIRED))
        .unwrap();
    assert_eq!(values(&send(&mut server, &[]), "upgrade"), ["websocket"]);
    server.receive(get(&[]).as_bytes());
    server.decide(Decision::Ignore).unwrap();
    let mut out = [0; 512];
    let len = server
        .respond(&mut out, &Response::new(Status::OK).advertise())
        .unwrap();
    assert_eq!(
        values(std::str::from_utf8(&out[..len]).unwrap(), "upgrade"),
        ["websocket"]
    );
    // A server that requires TLS is content with a connection inside it.
    let policy = policy.require(&[Protocol::Tls]);
    let mut server = Server::new(vec![0; 2048], &policy).inside_tls();
    assert_eq!(
        drive(&mut server, &policy, get(&[]).as_bytes(), 5).short(),
        "request, respond"
    );
}

#[test]
fn r2817_30_the_content_ends_before_tls() {
    let policy = allowing(ANY);
    let head = offer("POST / HTTP/1.1", &["Content-Length: 3"]);
    assert_eq!(
        serve(&policy, &head).short(),
        "request",
        "no 101 before the content"
    );
    let run = serve(&policy, with(head + "abc", HELLO));
    assert_eq!(run.short(), "request, content 3, 101, switch tls");
    assert_eq!(run.steps[1], Step::Content(b"abc".to_vec()));
    assert_eq!(run.rest, HELLO);
    let chunked = offer("POST / HTTP/1.1", &["Transfer-Encoding: chunked"]);
    let run = serve(
        &policy,
        with(chunked + "3\r\n\x16\x03\x01\r\n0\r\n\r\n", HELLO),
    );
    assert_eq!(run.short(), "request, content 3, 101, switch tls");
    assert_eq!(
        (&run.steps[1], &run.rest[..]),
        (&Step::Content(b"\x16\x03\x01".to_vec()), HELLO)
    );
    let (mut server, _) = server_at(&policy, &offer("POST / HTTP/1.1", &["Content-Length: 3"]));
    server.decide(Decision::Accept(Protocol::Tls)).unwrap();
    assert_eq!(
        server.send(&mut [0; 512]),
        Err(Misuse::OutOfTurn),
        "nor by force"
    );
}

#[test]
fn r2817_31_connect_is_denied_unless_allowed() {
    for input in [
        "CONNECT a:25 HTTP/1.1",
        "CONNECT a:443 HTTP/1.1",
        "CONNECT localhost:80 HTTP/1.1",
    ] {
        let run = serve(
            &allowing(&[Allow::WEBSOCKET, Allow::H2C, Allow::TLS]),
            request(input, &[]),
        );
        assert_eq!(run.short(), "request, 403, close", "{input}");
        assert_eq!(values(run.message(403), "connection"), ["close"]);
    }
    // The application knows its ports.
    let policy = allowing(&[Allow::TUNNEL]);
    let by_port = |target: &str| {
        let run = serve_with(
            &policy,
            2048,
            request(&format!("CONNECT {target} HTTP/1.1"), &[]),
            |request| {
                if request.target().ends_with(":443") {
                    policy.decide(request)
                } else {
                    Decision::Refuse(Status::FORBIDDEN)
                }
            },
        );
        run.short()
    };
    assert_eq!(by_port("a:443"), "request, 200, switch tunnel");
    assert_eq!(by_port("a:25"), "request, 403, close");
    assert!(facts(&policy, h2c(&[]), |request| !request
        .offers(Protocol::Tunnel)));
}
