//! HTTP/1.1 responses and connections: what outlives a message (RFC 9112 sections 6 and 9).

use crate::app::{ACCEPTED, App, Content, POLICY, decided, post};
use crate::harness::{Step, allowing, get, h2c, request, serve, tls, websocket};
use http_upgrade::{Action, Allow, Decision, Error, Misuse, Protocol, Response, Server, Status};

#[test]
fn r9112_53_no_framing_field_where_there_is_no_content() {
    let policy = allowing(&[Allow::WEBSOCKET, Allow::TUNNEL, Allow::H2C]);
    let app = App::new(&policy);
    let opening = app.run(websocket(&["Expect: 100-continue"]));
    let tunnel = app.run(request("CONNECT a:80 HTTP/1.1", &[]));
    let http2 = app.run(h2c(&[]));
    for message in [
        opening.message(100),
        opening.message(101),
        tunnel.message(200),
        http2.message(101),
    ] {
        let lower = message.to_ascii_lowercase();
        assert!(
            !lower.contains("content-length") && !lower.contains("transfer-encoding"),
            "{message}"
        );
    }
    // In the application's responses.
    let write = |line: &str, response: &Response<'_>| {
        let mut out = [0; 256];
        let mut server = decided(
            &POLICY,
            request(line, &["Connection: keep-alive"]),
            Decision::Ignore,
        );
        server
            .respond(&mut out, response)
            .map(|len| String::from_utf8_lossy(&out[..len]).into_owned())
    };
    let no_content = "HTTP/1.1 204 No Content\r\n\r\n";
    for response in [
        Response::new(Status::NO_CONTENT).content(b"x"),
        Response::new(Status::NO_CONTENT).content_length(5),
        Response::new(Status::NO_CONTENT).chunked(),
    ] {
        assert_eq!(
            write("GET / HTTP/1.1", &response).expect("it fits"),
            no_content
        );
        let not_modified = write("HEAD / HTTP/1.1", &response).expect("it fits");
        assert_eq!(not_modified, no_content);
    }
    let response = Response::new(Status::OK).chunked();
    assert_eq!(
        write("GET / HTTP/1.0", &response),
        Err(Misuse::NoChunkedInHttp10)
    );
    assert_eq!(
        write("GET / HTTP/1.1", &response).expect("it fits"),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let response = Response::new(Status::OK).content(b"hello");
    assert_eq!(
        write("HEAD / HTTP/1.1", &response).expect("it fits"),
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    );
    for name in ["Content-Length", "Transfer-Encoding"] {
        let fields = [(name, "5")];
        assert_eq!(
            write("GET / HTTP/1.1", &response.fields(&fields)),
            Err(Misuse::ReservedField)
        );
    }
    for code in 100..200 {
        let status = Status::new(code).expect("a code");
        assert_eq!(
            write("GET / HTTP/1.1", &Response::new(status)),
            Err(Misuse::BadStatus)
        );
    }
    // A refusal comes with a text, which 204 and 304 cannot have.
    for status in [
        Status::OK,
        Status::NO_CONTENT,
        Status::NOT_MODIFIED,
        Status::SWITCHING_PROTOCOLS,
        Status::CONTINUE,
    ] {
        let mut server = Server::new([0; 256], &POLICY);
        server.receive(get(&[]).as_bytes());
        assert_eq!(
            server.decide(Decision::Refuse(status)),
            Err(Misuse::BadStatus),
            "{status}"
        );
    }
}

#[test]
fn r9112_54_the_version_and_connection_say_whether_the_connection_stays() {
    let rows = [
        ("HTTP/1.1", "", true),
        ("HTTP/1.1", "keep-alive", true),
        ("HTTP/1.1", "close", false),
        ("HTTP/1.1", "CLOSE", false),
        ("HTTP/1.1", "x, close", false),
        ("HTTP/1.1", "closed", true),
        ("HTTP/1.2", "", true),
        ("HTTP/1.0", "", false),
        ("HTTP/1.0", "close", false),
        ("HTTP/1.0", "keep-alive", true),
        ("HTTP/1.0", "Keep-Alive", true),
        ("HTTP/1.0", "keep-alive, close", false),
        ("HTTP/1.1", "keep-alive, close", false),
        ("HTTP/1.1", "close, keep-alive", false),
    ];
    for (version, options, stays) in rows {
        let input = request(
            &format!("GET / {version}"),
            &[&format!("Connection: {options}")],
        );
        let run = serve(&POLICY, format!("{input}{}", get(&[])));
        let expected = if stays {
            "request, respond, request, respond"
        } else {
            "request, respond, close"
        };
        assert_eq!(run.short(), expected, "{version} {options}");
        let Step::Respond(message) = &run.steps[1] else {
            panic!("a response")
        };
        assert_eq!(
            message.contains("\r\nConnection: close\r\n"),
            !stays,
            "{version} {options}"
        );
        assert_eq!(
            message.contains("\r\nConnection: keep-alive\r\n"),
            stays && version == "HTTP/1.0"
        );
        // The same behind a refusal.
        let demanding = POLICY.require(&[Protocol::WebSocket]);
        let run = serve(&demanding, format!("{input}{}", websocket(&[])));
        let expected = if stays {
            "request, 426, request, 101, switch websocket"
        } else {
            "request, 426, close"
        };
        assert_eq!(run.short(), expected, "{version} {options}");
    }
    // Over two lines, and the application's own wish.
    let two = get(&["Connection: keep-alive", "Connection: close"]);
    assert_eq!(
        serve(&POLICY, two + &get(&[])).short(),
        "request, respond, close"
    );
    let app = App {
        response: Response::new(Status::OK).close(),
        ..App::new(&POLICY)
    };
    assert_eq!(
        app.run(get(&[]) + &get(&[])).short(),
        "request, respond, close"
    );
    let app = App {
        response: Response::new(Status::OK).until_close(),
        ..App::new(&POLICY)
    };
    assert_eq!(
        app.run(get(&[]) + &get(&[])).short(),
        "request, respond, close"
    );
}

#[test]
fn r9112_55_content_that_nobody_read_is_skipped_or_the_connection_closes() {
    let admin = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
    let length = format!("Content-Length: {}", admin.len());
    let chunked = format!("{:x}\r\n{admin}\r\n0\r\n\r\n", admin.len());
    // The client is known to wait for its answer, so that bytes behind an offer are a request.
    let demanding = POLICY
        .require(&[Protocol::WebSocket])
        .keep_after_refusal(true);
    for (line, content) in [
        (&length[..], admin),
        ("Transfer-Encoding: chunked", &chunked[..]),
    ] {
        let input = post(&[line, "Upgrade: tcp", "Connection: Upgrade"], content);
        for way in [Content::Skip, Content::Leave] {
            let refused = App {
                content: way,
                ..App::new(&demanding)
            };
            let behind = format!("{input}{}", websocket(&[]));
            assert_eq!(
                refused.run(&behind).short(),
                "request, 426, request, 101, switch websocket"
            );
            let answered = App {
                content: way,
                ..App::new(&POLICY)
            };
            let run = answered.run(&behind);
            assert_eq!(
                run.short(),
                "request, respond, request, 101, switch websocket"
            );
            assert_eq!(run.steps[2], Step::Request("GET".into(), "/".into()));
            // With content that is more than may be skipped the connection ends, and none of it is read as a request.
            let (little, few) = (POLICY.skip_limit(20), demanding.skip_limit(20));
            let run = App {
                policy: &few,
                ..refused
            }
            .run(&behind);
            assert!(
                [
                    "request, 426, close",
                    "request, 426, close content-too-large"
                ]
                .contains(&&run.short()[..]),
                "{}",
                run.short()
            );
            if way == Content::Leave {
                let run = App {
                    policy: &little,
                    ..answered
                }
                .run(&behind);
                assert!(
                    [
                        "request, respond, close",
                        "request, respond, close content-too-large"
                    ]
                    .contains(&&run.short()[..]),
                    "{}",
                    run.short()
                );
            }
        }
        // A client that waits for a 100 may or may not send it: the connection ends, and says so.
        let waiting = post(&[line, "Expect: 100-continue"], content);
        let run = App {
            content: Content::Leave,
            ..App::new(&POLICY)
        }
        .run(&waiting);
        assert_eq!(
            (run.short(), &run.rest[..]),
            ("request, respond, close".into(), content.as_bytes())
        );
        assert!(format!("{:?}", run.steps).contains("Connection: close"));
        let run = App::new(&demanding).run(&waiting);
        assert_eq!(
            (run.short(), &run.rest[..]),
            ("request, 426, close".into(), content.as_bytes())
        );
        assert!(
            run.message(426)
                .contains("\r\nConnection: Upgrade, close\r\n")
        );
    }
}

#[test]
fn r9112_57_nothing_is_read_behind_close() {
    let first = get(&["Connection: close, Upgrade", "Upgrade: nope"]);
    let run = serve(&POLICY, format!("{first}{}", get(&[])));
    assert_eq!(
        (run.short(), run.rest),
        ("request, respond, close".into(), get(&[]).into_bytes())
    );
    // A 101 is not the final response: the switch goes ahead, and inside TLS the pending request is answered, then the end.
    let closing = websocket(&[]).replacen("Connection: Upgrade", "Connection: Upgrade, close", 1);
    assert_eq!(serve(&POLICY, closing).short(), ACCEPTED);
    let policy = allowing(&[Allow::TLS]);
    let inside = App {
        tls: Some(true),
        ..App::new(&policy)
    };
    let run = inside.run(
        tls("TLS/1.2").replacen("Connection: Upgrade", "Connection: Upgrade, close", 1) + &get(&[]),
    );
    assert_eq!(
        (run.short(), run.rest),
        (
            "request, 101, switch tls, respond, close".into(),
            get(&[]).into_bytes()
        )
    );
    // So does a close of the machine's own.
    let run = serve(&POLICY, format!("GET / HTTP/1.1\r\n\r\n{}", get(&[])));
    assert_eq!(
        (run.short(), run.rest),
        (
            "400, close missing-or-repeated-host".into(),
            get(&[]).into_bytes()
        )
    );
}

#[test]
fn r9112_59_a_101_waits_for_the_responses_before_it() {
    let input = request("GET /1 HTTP/1.1", &[])
        + &post(&["Content-Length: 2"], "ab")
        + &websocket(&[])
        + "\x01";
    let run = serve(&POLICY, &input);
    assert_eq!(
        run.short(),
        format!("request, respond, request, content 2, respond, {ACCEPTED}")
    );
    assert_eq!(run.rest, b"\x01");
    let mut server = Server::new([0; 512], &POLICY);
    let input = request("GET /1 HTTP/1.1", &[]) + &websocket(&[]);
    let used = server.receive(input.as_bytes());
    server.decide(Decision::Ignore).expect("in turn");
    assert_eq!(
        server.receive(&input.as_bytes()[used..]),
        0,
        "until the first is answered"
    );
    assert!(matches!(server.action(), Action::Respond(request) if request.target() == "/1"));
}

#[test]
fn r9112_60_the_end_of_the_input_is_no_abort() {
    // Nothing tells the machine that the peer stopped writing: what has come is answered all the same.
    assert_eq!(serve(&POLICY, websocket(&[])).short(), ACCEPTED);
    assert_eq!(serve(&POLICY, get(&[])).short(), "request, respond");
    assert_eq!(
        serve(&POLICY, post(&["Content-Length: 5"], "HELLO")).short(),
        "request, content 5, respond"
    );
    let mut server = Server::new([0; 512], &POLICY);
    server.receive(websocket(&[]).as_bytes());
    assert_eq!(server.receive(&[]), 0);
    assert!(matches!(server.action(), Action::Decide(_)));
    // Nor does it end content that has a length.
    assert_eq!(
        serve(&POLICY, post(&["Content-Length: 5"], "HELL")).short(),
        "request"
    );
}

#[test]
fn r9112_61_the_answer_to_an_error_goes_out_before_the_close() {
    let late = "x".repeat(100);
    let run = serve(
        &POLICY,
        format!("GET / HTTP/1.1\r\nHost: a b\r\n\r\n{late}"),
    );
    assert_eq!(run.steps.len(), 2);
    assert!(run.message(400).contains("\r\nConnection: close\r\n"));
    assert_eq!(run.steps[1], Step::Close(Some(Error::BadHost)));
    assert_eq!(
        run.rest,
        late.as_bytes(),
        "the caller's to read and drop while it lingers"
    );
    let mut server = Server::new([0; 512], &POLICY);
    server.receive(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n");
    assert!(matches!(server.action(), Action::Send(Status::BAD_REQUEST)));
    assert_eq!(server.receive(late.as_bytes()), 0);
    server.send(&mut [0; 512]).expect("it fits");
    assert!(matches!(
        server.action(),
        Action::Close(Some(Error::BadHost))
    ));
    assert_eq!(server.receive(late.as_bytes()), 0);
}

#[test]
fn r9112_62_behind_the_switch_to_tls_http_goes_on_inside_it() {
    let policy = allowing(&[Allow::TLS, Allow::WEBSOCKET]);
    let clear = tls("TLS/1.2");
    let inside = request("GET /inside HTTP/1.1", &[]) + &websocket(&[]) + "\x01";
    let run = App {
        tls: Some(true),
        ..App::new(&policy)
    }
    .run(format!("{clear}{inside}"));
    assert_eq!(
        run.short(),
        format!("request, 101, switch tls, respond, request, respond, {ACCEPTED}")
    );
    assert_eq!(run.rest, b"\x01");
    // Until it is said to be there, TLS has the connection.
    let mut server = Server::new([0; 512], &policy);
    let mut out = [0; 512];
    server.receive(clear.as_bytes());
    server
        .decide(Decision::Accept(Protocol::Tls))
        .expect("offered");
    server.send(&mut out).expect("it fits");
    assert!(
        matches!(server.action(), Action::Switch(Protocol::Tls, request) if !request.is_secure())
    );
    assert_eq!(server.receive(inside.as_bytes()), 0);
    assert_eq!(
        server.respond(&mut out, &Response::new(Status::OK)),
        Err(Misuse::OutOfTurn)
    );
    server.tls_established().expect("in turn");
    assert!(matches!(server.action(), Action::Respond(request) if request.is_secure()));
    // A response that the close delimits is followed by nothing but the close.
    server
        .respond(&mut out, &Response::new(Status::OK).until_close())
        .expect("it fits");
    assert!(matches!(server.action(), Action::Close(None)));
    let run = App {
        tls: Some(false),
        ..App::new(&policy)
    }
    .run(format!("{clear}{inside}"));
    assert_eq!(
        (run.short(), run.rest),
        (
            "request, 101, switch tls, close tls-failed".into(),
            inside.into_bytes()
        )
    );
}
