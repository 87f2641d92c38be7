//! Every verb of a server in every state: it does its job, or says what is wrong with the call and changes nothing.

use http_upgrade::{
    Action, Allow, Decision, Field, Misuse, Origins, Policy, Protocol, Response, Server, Status,
};

type Tested = Server<'static, [u8; 512]>;

const POLICY: Policy<'static> = Policy::new(Origins::Any).subprotocols(&["chat"]).allow(&[
    Allow::WEBSOCKET,
    Allow::H2C,
    Allow::TLS,
    Allow::TUNNEL,
    Allow::token("tcp"),
]);

const OPENING: &str = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\n";
const CONTENT: &str = "Content-Length: 5\r\n";
const EXPECT: &str = "Content-Length: 5\r\nExpect: 100-continue\r\n";
const TLS: &str = "Upgrade: TLS/1.2\r\nConnection: Upgrade\r\n";
const CLOSE: &str = "Connection: close\r\n";

/// Where the server is, as its Debug output has it.
fn state(server: &Tested) -> String {
    let shown = format!("{server:?}");
    let start = shown.find(" state: ").expect("a state") + " state: ".len();
    shown[start..]
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect()
}

/// A server that has read a request with those field lines.
fn asked(line: &str, fields: &str) -> Tested {
    let mut server = Server::new([0; 512], &POLICY);
    let head = format!("{line} HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
    assert_eq!(server.receive(head.as_bytes()), head.len());
    server
}

/// The same, told what becomes of it.
fn decided(line: &str, fields: &str, decision: Decision<'_>) -> Tested {
    let mut server = asked(line, fields);
    server.decide(decision).expect("a decision that fits");
    server
}

/// The same, when the message that is due then has been written.
fn sent(line: &str, fields: &str, decision: Decision<'_>) -> Tested {
    let mut server = decided(line, fields, decision);
    server.send(&mut [0; 512]).expect("it fits");
    server
}

/// A server whose application wants the content.
fn wanting(fields: &str) -> Tested {
    let mut server = decided("POST /", fields, Decision::Ignore);
    server.want_content().expect("in turn");
    server
}

/// A server whose application has answered.
fn answered(fields: &str) -> Tested {
    let mut server = decided("POST /", fields, Decision::Ignore);
    server
        .respond(&mut [0; 512], &Response::new(Status::OK))
        .expect("it fits");
    server
}

/// A server in that state.
fn server_in(state: &str) -> Tested {
    const SWITCH: Decision<'_> = Decision::Accept(Protocol::WebSocket);
    const REFUSE: Decision<'_> = Decision::Refuse(Status::FORBIDDEN);
    let fields = |more: &str| format!("{OPENING}{more}");
    match state {
        "Head" => {
            let mut server = Server::new([0; 512], &POLICY);
            assert_eq!(server.receive(b"GE"), 2);
            server
        }
        "Decide" => asked("GET /", OPENING),
        "AcceptContinue" => decided("GET /", &fields(EXPECT), SWITCH),
        "AcceptContent" => decided("GET /", &fields(CONTENT), SWITCH),
        "Accept" => decided("GET /", OPENING, SWITCH),
        "Tls" => sent("OPTIONS *", TLS, Decision::Accept(Protocol::Tls)),
        "Switched" => sent("GET /", OPENING, SWITCH),
        "Respond" => decided("POST /", CONTENT, Decision::Ignore),
        "RespondContinue" => wanting(EXPECT),
        "RespondContent" => wanting(CONTENT),
        "RefuseContent" => decided("GET /", &fields(CONTENT), REFUSE),
        "Refuse" => decided("GET /", OPENING, REFUSE),
        "RefuseClose" => decided("GET /", CLOSE, REFUSE),
        "SkipContent" => answered(CONTENT),
        _ => answered(CLOSE),
    }
}

/// Where each verb leads from each state; `-` where it is out of turn and nothing changes.
const TABLE: &str = "
    state            receive  decide   send            want_content     respond      tls_established  tls_failed  timeout
    Head             Head     -        -               -                -            -                -           RefuseClose
    Decide           -        Respond  -               -                -            -                -           Closed
    AcceptContinue   -        -        AcceptContent   -                -            -                -           Closed
    AcceptContent    Accept   -        -               -                -            -                -           RefuseClose
    Accept           -        -        Switched        -                -            -                -           Closed
    Tls              -        -        -               -                -            Respond          Closed      Closed
    Switched         -        -        -               -                -            -                -           -
    Respond          -        -        -               RespondContent   SkipContent  -                -           Closed
    RespondContinue  -        -        RespondContent  -                Closed       -                -           Closed
    RespondContent   Respond  -        -               -                SkipContent  -                -           RefuseClose
    RefuseContent    Refuse   -        -               -                -            -                -           RefuseClose
    Refuse           -        -        Head            -                -            -                -           Closed
    RefuseClose      -        -        Closed          -                -            -                -           Closed
    SkipContent      Head     -        -               -                -            -                -           Closed
    Closed           -        -        -               -                -            -                -           -
";

/// The rows of the table, words apart; the first names the verbs.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    TABLE
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|row| !row.is_empty())
}

fn states() -> impl Iterator<Item = &'static str> {
    rows().skip(1).map(|row| row[0])
}

/// Calls that verb in a way that fits any state it has a place in.
fn call(server: &mut Tested, verb: &str, out: &mut [u8]) -> Result<usize, Misuse> {
    match verb {
        "receive" => Ok(server.receive(b"HELLO")),
        "decide" => server.decide(Decision::Ignore).map(|()| 0),
        "send" => server.send(out),
        "want_content" => server.want_content().map(|()| 0),
        "respond" => server.respond(out, &Response::new(Status::OK)),
        "tls_established" => server.tls_established().map(|()| 0),
        "tls_failed" => server.tls_failed().map(|()| 0),
        _ => {
            server.timeout();
            Ok(0)
        }
    }
}

#[test]
fn every_verb_in_every_state_does_its_job_or_changes_nothing() {
    let verbs = rows().next().expect("the verbs");
    assert_eq!((states().count(), verbs.len()), (15, 9));
    for row in rows().skip(1) {
        for (verb, expected) in verbs.iter().zip(&row).skip(1) {
            let mut server = server_in(row[0]);
            assert_eq!(state(&server), row[0]);
            let before = format!("{server:?}");
            let mut out = [0xaa; 512];
            let result = call(&mut server, verb, &mut out);
            if *expected != "-" {
                assert!(result.is_ok(), "{verb} in {}: {result:?}", row[0]);
                assert_eq!(state(&server), *expected, "{verb} in {}", row[0]);
                continue;
            }
            let silent = matches!(*verb, "receive" | "timeout");
            let nothing = if silent {
                Ok(0)
            } else {
                Err(Misuse::OutOfTurn)
            };
            assert_eq!(result, nothing, "{verb} in {}", row[0]);
            assert_eq!(format!("{server:?}"), before, "{verb} in {}", row[0]);
            assert_eq!(out, [0xaa; 512], "{verb} in {}", row[0]);
        }
    }
}

#[test]
fn the_other_forms_of_a_verb_keep_its_turn() {
    const DECISIONS: &[Decision<'_>] = &[
        Decision::Accept(Protocol::WebSocket),
        Decision::AcceptSubprotocol("chat"),
        Decision::Require(&[Protocol::WebSocket]),
        Decision::Refuse(Status::NOT_FOUND),
    ];
    for name in states() {
        let before = format!("{:?}", server_in(name));
        for &decision in DECISIONS {
            let mut server = server_in(name);
            let result = server.decide(decision);
            assert_eq!(result.is_ok(), name == "Decide", "{decision:?} in {name}");
            assert!(
                result.is_ok() || format!("{server:?}") == before,
                "{decision:?} in {name}"
            );
        }
        let (mut server, mut out) = (server_in(name), [0xaa; 512]);
        let result = server.send_with(&mut out, &[("X", "y")]);
        assert_eq!(
            result.is_ok(),
            call(&mut server_in(name), "send", &mut [0; 512]).is_ok(),
            "{name}"
        );
        assert!(
            result.is_ok() || (format!("{server:?}") == before && out == [0xaa; 512]),
            "{name}"
        );
        // The two forms of receive take the same.
        let (mut skipping, mut reading) = (server_in(name), server_in(name));
        let (used, run) = reading.receive_content(b"HELLO");
        assert_eq!(skipping.receive(b"HELLO"), used, "{name}");
        assert_eq!(state(&skipping), state(&reading), "{name}");
        assert_eq!(run.is_empty(), used == 0 || name == "Head", "{name}");
        // Nothing to take is nothing.
        let mut server = server_in(name);
        assert_eq!(
            (server.receive(b""), server.receive_content(b"")),
            (0, (0, &b""[..])),
            "{name}"
        );
        assert_eq!(format!("{server:?}"), before, "{name}");
    }
}

#[test]
fn bytes_that_were_not_taken_count_behind_a_whole_request_only() {
    for name in states() {
        let before = format!("{:?}", server_in(name));
        let mut server = server_in(name);
        server.unread(0);
        assert_eq!(format!("{server:?}"), before, "{name}");
        server.unread(1);
        let counts = matches!(name, "Decide" | "Accept" | "Tls" | "Refuse" | "RefuseClose");
        assert_eq!(format!("{server:?}") != before, counts, "{name}");
        let expected = if name == "Refuse" {
            "RefuseClose"
        } else {
            name
        };
        assert_eq!(
            state(&server),
            expected,
            "a refused offer with bytes behind it closes"
        );
    }
}

#[test]
fn only_a_request_that_nothing_was_done_to_is_handed_over() {
    for name in states() {
        let server = server_in(name);
        let before = format!("{server:?}");
        match server.hand_over() {
            Ok((storage, len)) => {
                assert!(matches!(name, "Decide" | "Respond"), "{name}");
                assert!(
                    storage[..len].ends_with(b"\r\n\r\n")
                        && storage[len..].iter().all(|&byte| byte == 0)
                );
            }
            Err(server) => {
                assert!(!matches!(name, "Decide" | "Respond"), "{name}");
                assert_eq!(format!("{server:?}"), before, "{name}");
            }
        }
        assert_eq!(server_in(name).into_storage().len(), 512);
    }
    // Not when content was read, a 100 went out, or TLS was established.
    let mut server = wanting(CONTENT);
    server.receive(b"HELLO");
    assert_eq!(state(&server), "Respond");
    assert!(server.hand_over().is_err());
    let mut server = wanting("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n");
    server.send(&mut [0; 64]).expect("it fits");
    server.receive(b"0\r\n\r\n");
    assert_eq!(state(&server), "Respond");
    assert!(server.hand_over().is_err());
    let mut server = server_in("Tls");
    server.tls_established().expect("in turn");
    assert!(server.hand_over().is_err());
    // But when the application asked for content that there is not.
    let mut server = decided("GET /", "", Decision::Ignore);
    let before = format!("{server:?}");
    assert_eq!(server.want_content(), Ok(()));
    assert_eq!(format!("{server:?}"), before);
    assert!(server.hand_over().is_ok());
}

#[test]
fn looking_changes_nothing() {
    for name in states() {
        let server = server_in(name);
        let before = format!("{server:?}");
        let (once, twice) = (
            format!("{:?}", server.action()),
            format!("{:?}", server.action()),
        );
        assert_eq!(once, twice, "{name}");
        let has_request = !matches!(name, "Head");
        assert_eq!(server.request().is_some(), has_request, "{name}");
        assert_eq!(format!("{server:?}"), before, "{name}");
    }
}

#[test]
fn a_decision_that_does_not_fit_says_why() {
    let no_token = [Protocol::Tunnel];
    let unknown = [Protocol::WebSocket, Protocol::Token("irc")];
    let rows: &[(&str, Decision<'_>, Misuse)] = &[
        (
            "",
            Decision::Accept(Protocol::WebSocket),
            Misuse::NotOffered,
        ),
        ("", Decision::AcceptSubprotocol("chat"), Misuse::NotOffered),
        (
            OPENING,
            Decision::AcceptSubprotocol("other"),
            Misuse::NotOffered,
        ),
        (
            OPENING,
            Decision::AcceptSubprotocol("Chat"),
            Misuse::NotOffered,
        ),
        (OPENING, Decision::AcceptSubprotocol(""), Misuse::NotOffered),
        (OPENING, Decision::Accept(Protocol::H2c), Misuse::NotOffered),
        (OPENING, Decision::Accept(Protocol::Tls), Misuse::NotOffered),
        (
            OPENING,
            Decision::Accept(Protocol::Tunnel),
            Misuse::NotOffered,
        ),
        (
            OPENING,
            Decision::Accept(Protocol::Token("websocket")),
            Misuse::NotAllowed,
        ),
        (
            OPENING,
            Decision::Accept(Protocol::PriorKnowledge),
            Misuse::NotAllowed,
        ),
        (TLS, Decision::Accept(Protocol::Tls), Misuse::NotOffered),
        (
            "Upgrade: irc\r\nConnection: Upgrade\r\n",
            Decision::Accept(Protocol::Token("irc")),
            Misuse::NotAllowed,
        ),
        (OPENING, Decision::Require(&[]), Misuse::NotAllowed),
        (OPENING, Decision::Require(&no_token), Misuse::NotAllowed),
        (OPENING, Decision::Require(&unknown), Misuse::NotAllowed),
        (OPENING, Decision::Refuse(Status::OK), Misuse::BadStatus),
        (
            OPENING,
            Decision::Refuse(Status::SWITCHING_PROTOCOLS),
            Misuse::BadStatus,
        ),
        (
            OPENING,
            Decision::Refuse(Status::NOT_MODIFIED),
            Misuse::BadStatus,
        ),
    ];
    for (fields, decision, misuse) in rows {
        let mut server = asked("GET /", fields);
        let before = format!("{server:?}");
        assert_eq!(
            server.decide(*decision),
            Err(*misuse),
            "{decision:?} for {fields:?}"
        );
        assert_eq!(format!("{server:?}"), before, "{decision:?} for {fields:?}");
    }
}

#[test]
fn a_message_that_does_not_fit_says_what_it_needs() {
    const FIELDS: &[Field<'_>] = &[
        ("Set-Cookie", "a=b"),
        ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ];
    let tcp = "Upgrade: tcp\r\nConnection: Upgrade\r\n";
    let h2c = "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    let old = OPENING.replace("13", "8");
    let all = [
        Protocol::WebSocket,
        Protocol::H2c,
        Protocol::Tls,
        Protocol::Token("tcp"),
    ];
    let mut servers: Vec<Tested> = states()
        .map(server_in)
        .filter(|server| matches!(server.action(), Action::Send(_)))
        .collect();
    assert_eq!(servers.len(), 5);
    servers.extend([
        decided("GET /", OPENING, Decision::AcceptSubprotocol("chat")),
        decided("GET /", h2c, Decision::Accept(Protocol::H2c)),
        decided("GET /", tcp, Decision::Accept(Protocol::Token("tcp"))),
        decided("OPTIONS *", TLS, Decision::Accept(Protocol::Tls)),
        decided("CONNECT a:80", "", Decision::Accept(Protocol::Tunnel)),
        decided("GET /", &old, Decision::Accept(Protocol::WebSocket)),
        decided("POST /", OPENING, Decision::Accept(Protocol::WebSocket)),
        decided("HEAD /", "", Decision::Require(&all)),
        decided("GET /", CLOSE, Decision::Refuse(Status::UPGRADE_REQUIRED)),
        asked("GET a b", ""),
    ]);
    for server in &servers {
        for fields in [&[][..], FIELDS] {
            let mut out = [0xaa; 1024];
            let needed = server.clone().send_with(&mut out, fields).expect("it fits");
            assert!(
                out[needed..].iter().all(|&byte| byte == 0xaa),
                "no octet more"
            );
            let shown = format!("{server:?}");
            for size in 0..needed {
                let (mut server, mut small) = (server.clone(), vec![0; size]);
                assert_eq!(
                    server.send_with(&mut small, fields),
                    Err(Misuse::BufferTooSmall { needed })
                );
                assert_eq!(format!("{server:?}"), shown);
            }
            let mut exact = vec![0; needed];
            assert_eq!(server.clone().send_with(&mut exact, fields), Ok(needed));
            assert_eq!(exact, out[..needed]);
        }
    }
}

#[test]
fn a_response_that_does_not_fit_says_what_it_needs() {
    let fields = [("Content-Type", "text/plain")];
    let ok = Response::new(Status::OK).fields(&fields);
    let responses = [
        ok,
        ok.content(b"hello"),
        ok.content_length(u64::MAX),
        ok.chunked(),
        ok.until_close(),
        ok.advertise(),
        ok.close(),
        Response::new(Status::UPGRADE_REQUIRED),
        Response::new(Status::NO_CONTENT),
        Response::new(Status::new(599).expect("a code")),
    ];
    for line in ["GET /", "HEAD /"] {
        let server = decided(line, "", Decision::Ignore);
        let shown = format!("{server:?}");
        for response in &responses {
            let mut out = [0xaa; 1024];
            let needed = server.clone().respond(&mut out, response).expect("it fits");
            assert!(
                out[needed..].iter().all(|&byte| byte == 0xaa),
                "no octet more"
            );
            for size in 0..needed {
                let (mut server, mut small) = (server.clone(), vec![0; size]);
                assert_eq!(
                    server.respond(&mut small, response),
                    Err(Misuse::BufferTooSmall { needed })
                );
                assert_eq!(format!("{server:?}"), shown);
            }
            assert_eq!(
                server.clone().respond(&mut vec![0; needed], response),
                Ok(needed)
            );
        }
        let bad = [("X", "a\r\nb")];
        let reserved = [("Upgrade", "x")];
        for (response, misuse) in [
            (
                Response::new(Status::SWITCHING_PROTOCOLS),
                Misuse::BadStatus,
            ),
            (Response::new(Status::CONTINUE), Misuse::BadStatus),
            (ok.fields(&bad), Misuse::BadField),
            (ok.fields(&reserved), Misuse::ReservedField),
        ] {
            let mut server = server.clone();
            assert_eq!(server.respond(&mut [0; 1024], &response), Err(misuse));
            assert_eq!(format!("{server:?}"), shown);
        }
    }
    let mut server = decided("CONNECT a:80", "", Decision::Ignore);
    assert_eq!(
        server.respond(&mut [0; 1024], &ok),
        Err(Misuse::BadStatus),
        "a 2xx to CONNECT is a tunnel"
    );
}

#[test]
fn a_100_is_written_once() {
    let mut server = wanting(EXPECT);
    assert!(
        server
            .request()
            .is_some_and(|request| request.expects_continue())
    );
    server.send(&mut [0; 64]).expect("it fits");
    assert!(
        server
            .request()
            .is_some_and(|request| !request.expects_continue())
    );
    server.receive(b"HELLO");
    assert_eq!(server.want_content(), Ok(()), "there is no more");
    assert_eq!(state(&server), "Respond");
}
