//! Faults that reviews and fuzzing found, each as it was found.

use http_upgrade::client::{self, Uri};
use http_upgrade::websocket::{self, Frame, Limits, WebSocket};
use http_upgrade::{
    Action, Allow, Client, Decision, Error, Misuse, Offer, Origins, Policy, Protocol, Response,
    Server, Status, UpgradeRequest, WebSocketOffer,
};

const WEBSOCKET: &str = "Upgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

/// Offers all of `input` in pieces, ignores every offer, responds at once, skips what content is left; what came of it.
fn answer_all(policy: &Policy, input: &[u8], split: usize) -> String {
    let mut server = Server::new([0; 512], policy);
    let (mut rest, mut out, mut seen) = (input, [0; 512], String::new());
    loop {
        match server.action() {
            Action::Receive if rest.is_empty() => return seen + "receive",
            Action::Receive => {
                rest = &rest[server.receive(&rest[..split.min(rest.len())])..];
                server.unread(rest.len());
            }
            Action::Decide(request) => {
                seen.push_str(request.target());
                seen.push(' ');
                server
                    .decide(Decision::Ignore)
                    .expect("any request can be ordinary");
            }
            Action::Send(_) => drop(server.send(&mut out)),
            Action::Respond(_) => {
                let len = server
                    .respond(&mut out, &Response::new(Status::OK))
                    .expect("room");
                let closes = String::from_utf8_lossy(&out[..len]).contains("Connection: close");
                seen += if closes { "200-close " } else { "200 " };
            }
            Action::Switch(protocol, _) => return seen + protocol.name(),
            Action::Close(None) => return seen + "close",
            Action::Close(Some(error)) => return seen + error.name(),
        }
    }
}

#[test]
fn content_skipped_for_one_request_is_not_charged_to_the_next() {
    let policy = Policy::new(Origins::Any).skip_limit(10);
    let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789";
    let input = post.repeat(3);
    for split in 1..=input.len() {
        assert_eq!(
            answer_all(&policy, input.as_bytes(), split),
            "/ 200 / 200 / 200 receive",
            "{split}"
        );
    }
}

#[test]
fn an_ignored_offer_with_content_does_not_let_the_next_request_through() {
    let policy = Policy::new(Origins::Any);
    let input = format!(
        "GET /ws HTTP/1.1\r\nHost: a\r\n{WEBSOCKET}Content-Length: 1\r\n\r\nxGET /admin HTTP/1.1\r\nHost: a\r\n\r\n"
    );
    for split in 1..=input.len() {
        assert_eq!(
            answer_all(&policy, input.as_bytes(), split),
            "/ws 200-close close",
            "{split}"
        );
    }
    let keep = policy.keep_after_refusal(true);
    assert_eq!(
        answer_all(&keep, input.as_bytes(), 7),
        "/ws 200 /admin 200 receive"
    );
}

#[test]
fn a_head_that_was_read_leniently_opens_no_tunnel() {
    let policy = Policy::new(Origins::Any)
        .allow(&[Allow::TUNNEL])
        .lone_lf(true);
    for head in [
        "CONNECT a:443 HTTP/1.1\nHost: a\n\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a\r\nConnection: \"x y\"\r\n\r\n",
    ] {
        let mut server = Server::new([0; 512], &policy);
        assert_eq!(server.receive(head.as_bytes()), head.len());
        assert_eq!(
            server.decide(Decision::Accept(Protocol::Tunnel)),
            Err(Misuse::NotOffered)
        );
        let Action::Decide(request) = server.action() else {
            panic!("{:?}", server.action())
        };
        assert_eq!(policy.decide(&request), Decision::Refuse(Status::FORBIDDEN));
    }
}

#[test]
fn a_policy_never_decides_what_its_server_refuses() {
    let required: [&[Protocol]; 2] = [&[Protocol::Tls], &[Protocol::WebSocket, Protocol::Tunnel]];
    for required in required {
        let policy = Policy::new(Origins::Any)
            .allow(&[Allow::WEBSOCKET, Allow::TUNNEL])
            .require(required);
        let mut server = Server::new([0; 512], &policy);
        server.receive(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        let Action::Decide(request) = server.action() else {
            panic!("{:?}", server.action())
        };
        let decision = policy.decide(&request);
        assert_eq!(decision, Decision::Refuse(Status::FORBIDDEN));
        assert_eq!(server.decide(decision), Ok(()));
    }
}

#[test]
fn inside_tls_a_page_of_http_is_not_of_the_same_host() {
    let policy = Policy::new(Origins::SameHost);
    let status = |server: Server<'_, [u8; 512]>, origin: &str| {
        let mut server = server;
        server.receive(
            format!("GET / HTTP/1.1\r\nHost: a\r\n{WEBSOCKET}Origin: {origin}\r\n\r\n").as_bytes(),
        );
        server
            .decide(Decision::Accept(Protocol::WebSocket))
            .expect("an offer");
        match server.action() {
            Action::Send(status) => status.code(),
            other => panic!("{other:?}"),
        }
    };
    let (clear, secure) = (
        || Server::new([0; 512], &policy),
        || Server::new([0; 512], &policy).inside_tls(),
    );
    assert_eq!(status(secure(), "https://a"), 101);
    assert_eq!(status(secure(), "http://a"), 403);
    assert_eq!(status(clear(), "http://a"), 101);
    // A proxy may have ended TLS in front of a server that sees clear text.
    assert_eq!(status(clear(), "https://a"), 101);
}

#[test]
fn an_empty_line_first_is_no_prior_knowledge() {
    let policy = Policy::new(Origins::Any).allow(&[Allow::PRIOR_KNOWLEDGE]);
    let mut server = Server::new([0; 512], &policy);
    server.receive(b"\r\nPRI * HTTP/2.0\r\n\r\n");
    assert!(
        matches!(
            server.action(),
            Action::Send(Status::HTTP_VERSION_NOT_SUPPORTED)
        ),
        "{:?}",
        server.action()
    );
}

#[test]
fn debug_output_holds_no_field_value_and_no_content() {
    let policy = Policy::new(Origins::Any);
    let mut server = Server::new([0; 512], &policy);
    server.receive(b"GET / HTTP/1.1\r\nHost: a\r\nCookie: secret\r\n\r\n");
    let fields = [("Set-Cookie", "secret")];
    let response = Response::new(Status::OK).fields(&fields).content(b"secret");
    let digits = format!("{:?}", b"secret");
    let digits = digits.trim_matches(['[', ']']);
    for text in [
        format!("{server:?}"),
        format!("{response:?}"),
        format!("{:?}", server.action()),
    ] {
        assert!(!text.contains("secret") && !text.contains(digits), "{text}");
    }
}

#[test]
fn every_byte_of_a_trailer_line_counts() {
    let policy = Policy::new(Origins::Any);
    let run = |lines: usize, last: usize| {
        let trailers = "a:\r\n".repeat(lines) + "a:" + &"b".repeat(last) + "\r\n";
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
        (
            trailers.len(),
            answer_all(
                &policy,
                format!("{head}{trailers}\r\n").as_bytes(),
                usize::MAX,
            ),
        )
    };
    let lines = (http_upgrade::MAX_TRAILERS as usize - 8) / 4;
    assert_eq!(
        run(lines, 4),
        (http_upgrade::MAX_TRAILERS as usize, "/ 200 receive".into())
    );
    assert_eq!(
        run(lines, 5),
        (
            http_upgrade::MAX_TRAILERS as usize + 1,
            "/ 200 trailers-too-large".into()
        )
    );
}

#[test]
fn a_refusal_stays_that_refusal_whatever_comes_of_the_content() {
    let policy = Policy::new(Origins::Any).skip_limit(4);
    let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (content, error) in [
        ("5\r\n01234", Error::ContentTooLarge),
        ("x", Error::BadChunk),
    ] {
        let mut server = Server::new([0; 512], &policy);
        server.receive(chunked.as_bytes());
        server
            .decide(Decision::Refuse(Status::UNAUTHORIZED))
            .expect("a refusal");
        server.receive(content.as_bytes());
        assert!(
            matches!(server.action(), Action::Send(Status::UNAUTHORIZED)),
            "{:?}",
            server.action()
        );
        server.send(&mut [0; 512]).expect("room");
        assert!(matches!(server.action(), Action::Close(Some(found)) if found == error));
    }
}

#[test]
fn an_empty_name_is_no_subprotocol() {
    let policy = Policy::new(Origins::Any);
    let mut server = Server::new([0; 512], &policy);
    let head = format!("GET / HTTP/1.1\r\nHost: a\r\n{WEBSOCKET}");
    server.receive(&[head.as_bytes(), b"Sec-WebSocket-Protocol: \xff, a\r\n\r\n"].concat());
    assert_eq!(
        server.decide(Decision::AcceptSubprotocol("")),
        Err(Misuse::NotOffered)
    );
}

#[test]
fn the_allow_of_a_405_stands_once() {
    let policy = Policy::new(Origins::Any);
    let mut server = Server::new([0; 512], &policy);
    server.receive(format!("POST / HTTP/1.1\r\nHost: a\r\n{WEBSOCKET}\r\n").as_bytes());
    server
        .decide(Decision::Accept(Protocol::WebSocket))
        .expect("an offer");
    assert_eq!(
        server.send_with(&mut [0; 512], &[("Allow", "POST")]),
        Err(Misuse::ReservedField)
    );
}

#[test]
fn a_205_has_no_content() {
    let policy = Policy::new(Origins::Any);
    let mut server = Server::new([0; 512], &policy);
    server.receive(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    server.decide(Decision::Ignore).expect("ordinary");
    let mut out = [0; 512];
    let reset = Status::new(205).expect("a status");
    let len = server
        .respond(&mut out, &Response::new(reset).content(b"body"))
        .expect("room");
    assert!(
        out[..len].ends_with(b"Content-Length: 0\r\n\r\n"),
        "{}",
        String::from_utf8_lossy(&out[..len])
    );
}

#[test]
fn a_proxy_keeps_the_fields_that_connection_may_not_name() {
    let policy = Policy::new(Origins::Any);
    let mut server = Server::new([0; 512], &policy);
    server.receive(
        b"POST / HTTP/1.1\r\nHost: a\r\nCookie: b\r\nX: c\r\nConnection: host, x, content-length, cookie\r\n\
        Content-Length: 1\r\n\r\n",
    );
    let Action::Decide(request) = server.action() else {
        panic!("{:?}", server.action())
    };
    let kept: Vec<&str> = request.end_to_end_fields().map(|(name, _)| name).collect();
    assert_eq!(kept, ["Host", "Cookie", "Content-Length"]);
}

#[test]
fn nothing_offered_changes_nothing() {
    let policy = Policy::new(Origins::Any).skip_limit(1);
    let mut server = Server::new([0; 512], &policy);
    server.receive(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    server.decide(Decision::Ignore).expect("ordinary");
    server.want_content().expect("in turn");
    assert_eq!(server.receive(b""), 0);
    assert!(matches!(server.action(), Action::Receive));
    assert_eq!(server.receive_content(b"01234").1, b"01234");
}

#[test]
fn a_refused_offer_of_anything_closes_with_data_behind_it() {
    let policy = Policy::new(Origins::Any).require(&[Protocol::WebSocket]);
    let behind = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
    for offer in ["foo", "h2c", "TLS/1.2"] {
        let input = format!(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: {offer}\r\n\r\n{behind}"
        );
        let mut server = Server::new([0; 512], &policy);
        let used = server.receive(input.as_bytes());
        assert_eq!(input.len() - used, behind.len());
        let Action::Decide(request) = server.action() else {
            panic!("{:?}", server.action())
        };
        let decision = policy.decide(&request);
        server.decide(decision).expect("a decision of its policy");
        server.send(&mut [0; 512]).expect("room");
        assert!(
            matches!(
                server.action(),
                Action::Close(Some(Error::DataBehindRefusal))
            ),
            "{offer}"
        );
    }
}

#[test]
fn bad_text_behind_good_in_one_piece_is_answered_with_1007() {
    for split in 1..=9 {
        let mut frame = *b"\x81\x83\0\0\0\0ab\xff";
        let (mut server, mut sent, mut at) = (WebSocket::server(Limits::DEFAULT), Vec::new(), 0);
        loop {
            match server.action() {
                websocket::Action::Receive if at == frame.len() => panic!("the frame is bad"),
                websocket::Action::Receive => {
                    let end = frame.len().min(at + split);
                    let (used, event) = server.receive(&mut frame[at..end]);
                    at += used;
                    if let Some(websocket::Event::Text { ref piece, last }) = event {
                        // The echo of a loop that ends at the first error.
                        let mut out = [0; 64];
                        server
                            .write(Frame::text(piece).last(last), &mut out)
                            .expect("an open connection");
                    }
                }
                websocket::Action::Send(_) => {
                    let mut out = [0; 131];
                    let len = server.send(&mut out).expect("room");
                    sent.extend_from_slice(&out[..len]);
                }
                _ => break,
            }
        }
        assert_eq!(sent, b"\x88\x02\x03\xef", "in pieces of {split}");
    }
}

#[test]
fn a_ping_is_answered_behind_a_close_of_our_own() {
    let mut server = WebSocket::server(Limits::DEFAULT);
    let mut ping = *b"\x89\x81\0\0\0\0p";
    server.receive(&mut ping);
    let mut out = [0; 131];
    server
        .write(Frame::close(websocket::CloseCode::NORMAL, ""), &mut out)
        .expect("room");
    assert_eq!(
        server.action(),
        websocket::Action::Send(websocket::Answer::Pong)
    );
    let len = server.send(&mut out).expect("room");
    assert_eq!(&out[..len], b"\x8a\x01p");
}

#[test]
fn a_uri_with_two_ports_is_none() {
    for uri in [
        "http://a:81:80/",
        "http://[::1]:8080:80/",
        "https://a:80:443",
        "http://a:81:/",
        "ws://a::",
    ] {
        assert_eq!(Uri::parse(uri), Err(Misuse::BadHost), "{uri}");
    }
    assert_eq!(
        Uri::parse("http://u@a:80/").map(|uri| uri.authority),
        Ok("a")
    );
    assert_eq!(Uri::parse("http://a:/").map(|uri| uri.authority), Ok("a"));
}

#[test]
fn debug_output_of_a_client_holds_no_key() {
    let (first, second) = (WebSocketOffer::new([1; 16]), WebSocketOffer::new([2; 16]));
    let (first, second) = ([Offer::websocket(&first)], [Offer::websocket(&second)]);
    let request = |offers| UpgradeRequest::get("ws://a/").expect("a URI").offer(offers);
    let (first, second) = (request(&first), request(&second));
    let mut client = Client::new([0; 512], &first).expect("a request");
    client.send(&mut [0; 512]).expect("room");
    client.receive(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
    assert!(matches!(client.action(), client::Action::Response(_)));
    client.retry(&second).expect("the same connection");
    let text = format!("{client:?}");
    assert!(
        !text.contains("65, 81, 69") && !text.contains("AQEB"),
        "{text}"
    );
}

#[test]
fn h2c_in_clear_text_is_for_targets_of_http() {
    let policy = Policy::new(Origins::Any).allow(&[Allow::H2C]);
    for (target, offered) in [
        ("/", true),
        ("HTTP://a/x", true),
        ("https://a/x", false),
        ("ftp://a/x", false),
    ] {
        let mut server = Server::new([0; 512], &policy);
        server.receive(
            format!(
                "GET {target} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\
                HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
            )
            .as_bytes(),
        );
        let Action::Decide(request) = server.action() else {
            panic!("{:?}", server.action())
        };
        assert_eq!(request.offers(Protocol::H2c), offered, "{target}");
        if offered {
            let mut prologue = Vec::new();
            http_upgrade::h2c::ServerBridge::start(&request, |bytes| {
                prologue.extend_from_slice(bytes);
            })
            .expect("an offer");
            // `:method` and `:scheme`: places 2 and 6 of the static table (RFC 7541 appendix A).
            let expected = b"\x02\x03GET\x86";
            let has = |expected: &[u8]| prologue.windows(expected.len()).any(|at| at == expected);
            assert!(has(expected), "{target}");
        }
    }
}

#[test]
fn a_connection_option_that_is_no_token_is_no_ground_for_a_switch() {
    let offers = [Offer::token("tcp")];
    let request = UpgradeRequest::get("http://a/")
        .expect("a URI")
        .offer(&offers);
    for option in ["x y", "Sec-WebSocket-Accept: x", "sec-websocket-key=\"a\""] {
        let mut client = Client::new([0; 512], &request).expect("a request");
        client.send(&mut [0; 512]).expect("room");
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade, {option}\r\n\r\n"
        );
        client.receive(answer.as_bytes());
        assert!(
            matches!(
                client.action(),
                client::Action::Close(Some(Error::SwitchWithoutConnection))
            ),
            "{option}: {:?}",
            client.action()
        );

        let allow = [Allow::token("tcp")];
        let policy = Policy::new(Origins::Any).allow(&allow);
        let mut server = Server::new([0; 512], &policy);
        let head = format!(
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: tcp\r\nConnection: Upgrade, {option}\r\n\r\n"
        );
        server.receive(head.as_bytes());
        let Action::Decide(request) = server.action() else {
            panic!("{:?}", server.action())
        };
        assert!(!request.offers(Protocol::Token("tcp")), "{option}");
    }
}

#[test]
fn connect_is_to_a_port_that_there_is() {
    for (authority, is_fine) in [
        ("a:1", true),
        ("a:65535", true),
        ("a:0", false),
        ("a:", false),
    ] {
        let request = UpgradeRequest::connect(authority);
        let outcome = Client::new([0; 512], &request).map(drop);
        let expected = if is_fine {
            Ok(())
        } else {
            Err(Misuse::BadHost)
        };
        assert_eq!(outcome, expected, "{authority}");
    }
}
