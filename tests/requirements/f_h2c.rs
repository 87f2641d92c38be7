//! The upgrade to h2c: RFC 7540 section 3.2, retired by RFC 9113.

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::harness::{
    H2C, Step, allowing, drive, facts, get, h2c, request, respond, send, serve, serve_through_tls,
    serve_with, server_at, tls, values, websocket,
};
use http_upgrade::h2c::{MAX_SETTINGS, Setting, Settings, SettingsError};
use http_upgrade::{
    Action, Allow, Decision, Misuse, Origins, Policy, Protocol, Response, Server, Status,
};

const H2: &[Allow<'static>] = &[Allow::H2C];
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS_FRAME: &[u8] = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00";

/// The upgrade with that value of HTTP2-Settings.
fn settings(value: &str) -> String {
    get(&[H2C[0], H2C[1], &format!("HTTP2-Settings: {value}")])
}

fn with(head: impl AsRef<[u8]>, behind: &[u8]) -> Vec<u8> {
    [head.as_ref(), behind].concat()
}

/// The upgrade happens.
fn upgraded(input: impl AsRef<[u8]>) {
    let run = serve(&allowing(H2), &input);
    assert_eq!(
        run.short(),
        "request, 101, switch h2c",
        "{}",
        String::from_utf8_lossy(input.as_ref())
    );
}

/// The request is served in HTTP/1.1.
fn ordinary(input: impl AsRef<[u8]>) {
    let run = serve(&allowing(H2), &input);
    assert_eq!(
        run.short(),
        "request, respond",
        "{}",
        String::from_utf8_lossy(input.as_ref())
    );
    assert!(facts(&allowing(H2), &input, |request| request
        .http2_settings()
        .is_none()));
}

fn decoded(value: &str) -> Vec<(u16, u32)> {
    let settings = Settings::decode(value.as_bytes()).expect("settings");
    settings
        .iter()
        .map(|Setting { id, value }| (id, value))
        .collect()
}

#[test]
fn r7540_02_settings_are_base64url_without_padding() {
    assert_eq!(decoded("AAMAAABkAAQAAP__"), [(3, 100), (4, 65_535)]);
    assert_eq!(decoded("AAR_____"), [(4, 0x7fff_ffff)]);
    assert_eq!(
        decoded("AAMAAABkAAQCAAAAAAIAAAAA"),
        [(3, 100), (4, 1 << 25), (2, 0)]
    );
    assert_eq!(decoded("--______"), [(0xfbef, 0xffff_ffff)]);
    let shown = facts(&allowing(H2), h2c(&[]), |request| {
        let settings = request.http2_settings()?;
        Some((settings.get(3), settings.get(4), settings.get(2)))
    });
    assert_eq!(shown, Some((Some(100), Some(65_535), None)));
}

/// Every octet in every place of a setting.
#[test]
fn r7540_02_settings_are_read_as_base64ct_reads_them() {
    for place in 0..8 {
        for octet in 0..=u8::MAX {
            let mut group = *b"AJkAAAAB";
            group[place] = octet;
            let mut octets = [0; 6];
            let expected = match Base64UrlUnpadded::decode(group, &mut octets) {
                Ok(_) => {
                    let [a, b, c, d, e, f] = octets;
                    let (id, value) =
                        (u16::from_be_bytes([a, b]), u32::from_be_bytes([c, d, e, f]));
                    Ok(vec![Setting { id, value }])
                }
                Err(_) => Err(SettingsError::BadCharacter),
            };
            let found = Settings::decode(&group).map(|settings| settings.iter().collect());
            assert_eq!(found, expected, "{}", group.escape_ascii());
        }
    }
}

#[test]
fn r7540_03_one_http2_settings_or_no_upgrade() {
    ordinary(get(&[H2C[0], H2C[1]]));
    ordinary(h2c(&[H2C[2]]));
    ordinary(h2c(&["http2-settings: AAIAAAAA"]));
    ordinary(h2c(&["HTTP2-Settings:"]));
    ordinary(settings("AAMAAABkAAQAAP__,AAMAAABkAAQAAP__"));
    ordinary(settings("AAMAAABk, AAMAAABkAAQAA"));
    ordinary(settings("AAMAAABk,AAQAAP_"));
    let policy = allowing(H2);
    let (mut server, _) = server_at(&policy, &get(&[H2C[0], H2C[1]]));
    assert_eq!(
        server.decide(Decision::Accept(Protocol::H2c)),
        Err(Misuse::NotOffered),
        "nor by force"
    );
    upgraded(settings("AAMAAABkAAQAAP__"));
    upgraded(settings("\tAAMAAABkAAQAAP__  "));
}

#[test]
fn r7540_04_settings_that_connection_does_not_name_were_misforwarded() {
    for connection in [
        "Connection: Upgrade",
        "Connection: Upgrade, HTTP2-Setting",
        "Connection: HTTP2-Settings",
        "Connection: Upgrade, \"HTTP2-Settings\"",
    ] {
        ordinary(get(&[connection, H2C[1], H2C[2]]));
    }
    upgraded(get(&[
        "Connection: http2-SETTINGS",
        "Connection: keep-alive,upgrade",
        H2C[1],
        H2C[2],
    ]));
}

#[test]
fn r7540_05_the_value_is_whole_settings() {
    for value in [
        "AAMAAABkAAQAAP//",
        "AAMAA",
        "",
        "AAMAAABkAAQAAP__=",
        "AAMAAABk AAQAAP__",
        "AAMAAABkAAQAAP_=",
        "AAMAAABkAAQAAP+_",
        "AAMAAABkAAQAA===",
        "AAMA\tAABkAAQAAP_",
        "\"AAMAAABkAAQAA\"",
        "AAMAAABkAAQAAP_\u{e9}",
        "AAMAAABkAAQAAP\u{e9}",
    ] {
        ordinary(settings(value));
        assert!(Settings::decode(value.as_bytes()).is_err(), "{value}");
    }
    assert_eq!(Settings::decode(b""), Err(SettingsError::Empty));
    assert_eq!(
        Settings::decode(b"AAMAAABkAAQAAP//"),
        Err(SettingsError::BadCharacter)
    );
    assert_eq!(
        Settings::decode(b"AAMAAABkAAQAAP_="),
        Err(SettingsError::BadCharacter)
    );
    // More settings than are held: no upgrade, as if the server knew no HTTP/2.
    upgraded(settings(&"AJkAAAAB".repeat(MAX_SETTINGS)));
    ordinary(settings(&"AJkAAAAB".repeat(MAX_SETTINGS + 1)));
    assert_eq!(
        Settings::decode("AJkAAAAB".repeat(MAX_SETTINGS + 1).as_bytes()),
        Err(SettingsError::TooMany)
    );
}

#[test]
fn r7540_06_six_octets_a_setting() {
    for value in [
        "AAAAAAA",
        "AAAABAAAAGQAAAAHAAD__w",
        "AAMAAAB",
        "AAMAAABkA",
        "AAMAAABkAAQA",
    ] {
        ordinary(settings(value));
        assert_eq!(
            Settings::decode(value.as_bytes()),
            Err(SettingsError::BadLength),
            "{value}"
        );
    }
}

#[test]
fn r7540_07_illegal_values_are_no_upgrade() {
    for (value, id, number) in [
        ("AAIAAAAC", 2, 2),
        ("AASAAAAA", 4, 1 << 31),
        ("AAUAAD__", 5, 16_383),
        ("AAUBAAAA", 5, 1 << 24),
        ("AAL_____", 2, u32::MAX),
        ("AAUAAAAA", 5, 0),
    ] {
        ordinary(settings(value));
        ordinary(settings(&format!("AAMAAABk{value}AAMAAABk")));
        let bad = Setting { id, value: number };
        assert_eq!(
            Settings::decode(value.as_bytes()),
            Err(SettingsError::BadValue(bad)),
            "{value}"
        );
    }
    for value in [
        "AAUAAEAA", "AAIAAAAA", "AAIAAAAB", "AAR_____", "AAQAAAAA", "AAUA____", "AAH_____",
        "AAP_____", "AAb_____",
    ] {
        upgraded(settings(value));
    }
}

#[test]
fn r7540_08_unknown_settings_are_ignored_the_last_counts() {
    upgraded(settings("AJkAAAAB"));
    let get = |value: &str, id| {
        facts(&allowing(H2), settings(value), |request| {
            request.http2_settings()?.get(id)
        })
    };
    assert_eq!(get("AAMAAABkAAMAAAAF", 3), Some(5));
    assert_eq!(get("AAMAAAAFAJkAAAABAAMAAABk", 3), Some(100));
    assert_eq!(get("AJkAAAAB", 3), None);
    assert_eq!(
        decoded("AAMAAABkAAMAAAAF"),
        [(3, 100), (3, 5)],
        "in their order"
    );
}

#[test]
fn r7540_09_the_token_of_http_2_over_tls_is_ignored() {
    for token in [
        "h2", "H2", "h2-14", "h2c-14", "h2c/2", "h2c/", "HTTP/2.0", "h22c",
    ] {
        ordinary(get(&[H2C[0], &format!("Upgrade: {token}"), H2C[2]]));
    }
    upgraded(get(&[H2C[0], "Upgrade: h2, h2c", H2C[2]]));
    upgraded(get(&[H2C[0], "Upgrade: H2C", H2C[2]]));
    let run = serve(&allowing(H2), get(&[H2C[0], "Upgrade: h2, H2C", H2C[2]]));
    assert_eq!(values(run.message(101), "upgrade"), ["h2c"]);
}

#[test]
fn r7540_10_no_h2c_inside_tls() {
    let allow = [Allow::H2C.via_proxy(), Allow::TLS, Allow::WEBSOCKET];
    let policy = allowing(&allow);
    let mut server = Server::new(vec![0; 2048], &policy).inside_tls();
    assert_eq!(
        drive(&mut server, &policy, h2c(&[]).as_bytes(), 9).short(),
        "request, respond"
    );
    let (_, inside) = serve_through_tls(&policy, tls("TLS/1.2"), h2c(&[]));
    assert_eq!(inside.short(), "respond, request, respond");
    // Nor is it asked for there.
    let mut server = Server::new(vec![0; 2048], &policy).inside_tls();
    server.receive(h2c(&[]).as_bytes());
    assert_eq!(
        server.decide(Decision::Accept(Protocol::H2c)),
        Err(Misuse::NotOffered)
    );
    assert!(
        server
            .request()
            .is_some_and(|request| request.http2_settings().is_none())
    );
    server
        .decide(Decision::Require(&[Protocol::H2c, Protocol::WebSocket]))
        .unwrap();
    assert_eq!(values(&send(&mut server, &[]), "upgrade"), ["websocket"]);
    let policy = policy.require(&[Protocol::H2c]);
    let mut server = Server::new(vec![0; 2048], &policy).inside_tls();
    assert_eq!(
        drive(&mut server, &policy, get(&[]).as_bytes(), 9).short(),
        "request, 403",
        "what cannot be had"
    );
}

#[test]
fn r7540_11_the_101_has_nothing_of_http_2() {
    let golden = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n";
    assert_eq!(serve(&allowing(H2), h2c(&[])).message(101), golden);
    let policy = allowing(H2);
    let (mut server, _) = server_at(&policy, &h2c(&[]));
    server.decide(Decision::Accept(Protocol::H2c)).unwrap();
    let field = [("HTTP2-Settings", "AAMAAABkAAQAAP__")];
    assert_eq!(
        server.send_with(&mut [0; 512], &field),
        Err(Misuse::ReservedField)
    );
    let response = Response::new(Status::OK).fields(&field);
    let (mut server, _) = server_at(&policy, &get(&[]));
    server.decide(Decision::Ignore).unwrap();
    assert_eq!(
        server.respond(&mut [0; 512], &response),
        Err(Misuse::ReservedField)
    );
    assert_eq!(
        serve(&allowing(&[Allow::WEBSOCKET]), h2c(&[])).short(),
        "request, respond",
        "without HTTP/2"
    );
}

#[test]
fn r7540_12_nothing_is_written_behind_the_101() {
    let policy = allowing(H2);
    let (mut server, _) = server_at(&policy, &h2c(&[]));
    server.decide(Decision::Accept(Protocol::H2c)).unwrap();
    assert!(send(&mut server, &[]).ends_with("Connection: Upgrade\r\n\r\n"));
    assert!(matches!(server.action(), Action::Switch(Protocol::H2c, _)));
    assert_eq!(
        server.send(&mut [0; 512]),
        Err(Misuse::OutOfTurn),
        "SETTINGS is the next thing on the wire"
    );
    assert_eq!(
        server.respond(&mut [0; 512], &Response::new(Status::OK)),
        Err(Misuse::OutOfTurn)
    );
    let run = serve(&policy, with(h2c(&[]), PREFACE));
    assert_eq!(
        (run.short().as_str(), &run.rest[..]),
        ("request, 101, switch h2c", PREFACE)
    );
}

#[test]
fn r7540_16_the_content_is_read_as_http_1_1() {
    let lines = [&H2C[..], &["Content-Length: 24"]].concat();
    let head = request("POST / HTTP/1.1", &lines);
    let run = serve(
        &allowing(H2),
        with(with(&head, PREFACE), &[PREFACE, SETTINGS_FRAME].concat()),
    );
    assert_eq!(run.short(), "request, content 24, 101, switch h2c");
    assert_eq!(run.steps[1], Step::Content(PREFACE.to_vec()));
    assert_eq!(run.rest, [PREFACE, SETTINGS_FRAME].concat());
    assert_eq!(
        serve(&allowing(H2), with(&head, &PREFACE[..23])).short(),
        "request",
        "one byte is missing"
    );
    let chunked = request(
        "POST / HTTP/1.1",
        &[&H2C[..], &["Transfer-Encoding: chunked"]].concat(),
    );
    let run = serve(
        &allowing(H2),
        with(
            with(chunked, b"18;x=y\r\n"),
            &[PREFACE, b"\r\n0\r\nX: y\r\n\r\n", PREFACE].concat(),
        ),
    );
    assert_eq!(run.short(), "request, content 24, 101, switch h2c");
    assert_eq!(
        (&run.steps[1], &run.rest[..]),
        (&Step::Content(PREFACE.to_vec()), PREFACE)
    );
}

#[test]
fn r7540_17_the_request_is_over_when_the_switch_comes() {
    let policy = allowing(H2);
    let input = request(
        "POST / HTTP/1.1",
        &[&H2C[..], &["Content-Length: 2"]].concat(),
    ) + "ab";
    let (mut server, rest) = server_at(&policy, &input);
    server.decide(Decision::Accept(Protocol::H2c)).unwrap();
    assert!(
        server
            .request()
            .is_some_and(|request| request.is_content_pending())
    );
    assert_eq!(server.send(&mut [0; 512]), Err(Misuse::OutOfTurn));
    assert_eq!(server.receive(rest), 2);
    send(&mut server, &[]);
    let Action::Switch(_, request) = server.action() else {
        panic!("a switch")
    };
    assert!(
        !request.is_content_pending(),
        "stream 1 is half-closed from the client"
    );
}

#[test]
fn r7540_18_what_stream_1_needs_goes_with_the_switch() {
    for (line, method, target, authority) in [
        ("HEAD /x?y HTTP/1.1", "HEAD", "/x?y", "a"),
        ("OPTIONS * HTTP/1.1", "OPTIONS", "*", "a"),
        ("GET http://b:81/z HTTP/1.1", "GET", "http://b:81/z", "b:81"),
    ] {
        let policy = allowing(H2);
        let (mut server, _) = server_at(&policy, &request(line, &H2C));
        server.decide(Decision::Accept(Protocol::H2c)).unwrap();
        send(&mut server, &[]);
        let Action::Switch(Protocol::H2c, request) = server.action() else {
            panic!("a switch")
        };
        assert_eq!(
            (request.method(), request.target(), request.authority()),
            (method, target, authority)
        );
        assert!(!request.is_secure());
        assert_eq!(
            request
                .http2_settings()
                .and_then(|settings| settings.get(4)),
            Some(65_535)
        );
    }
}

#[test]
fn r7540_19_fields_of_one_connection_are_not_of_stream_1() {
    let lines = [
        "Keep-Alive: 5",
        "Proxy-Connection: x",
        "TE: gzip",
        "X-Hop: 1",
        "Connection: x-hop",
        "Cookie: c=d",
        "Accept: */*",
    ];
    let kept = facts(&allowing(H2), h2c(&lines), |request| {
        request
            .end_to_end_fields()
            .map(|(name, value)| (name.to_owned(), value.to_vec()))
            .collect::<Vec<_>>()
    });
    let expected = [("Host", "a"), ("Cookie", "c=d"), ("Accept", "*/*")];
    assert_eq!(
        kept,
        expected.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
    );
    let chunked = request(
        "POST / HTTP/1.1",
        &[&H2C[..], &["Transfer-Encoding: chunked"]].concat(),
    );
    let names = facts(&allowing(H2), chunked, |request| {
        request
            .end_to_end_fields()
            .map(|(name, _)| name.to_owned())
            .collect::<Vec<_>>()
    });
    assert_eq!(names, ["Host"]);
}

#[test]
fn r7540_20_what_follows_is_never_read_as_http_1_1() {
    let policy = allowing(H2);
    let second = get(&[]);
    let run = serve(&policy, h2c(&[]) + &second);
    assert_eq!(run.short(), "request, 101, switch h2c");
    assert_eq!(run.rest, second.as_bytes());
    let (mut server, _) = server_at(&policy, &h2c(&[]));
    server.decide(Decision::Accept(Protocol::H2c)).unwrap();
    send(&mut server, &[]);
    assert_eq!(server.receive(second.as_bytes()), 0);
    assert_eq!(server.receive_content(second.as_bytes()), (0, &b""[..]));
    assert!(matches!(server.action(), Action::Switch(Protocol::H2c, _)));
}

#[test]
fn r7540_22_prior_knowledge_comes_first_or_never() {
    let allow = [Allow::WEBSOCKET, Allow::PRIOR_KNOWLEDGE];
    let policy = allowing(&allow);
    let run = serve(&policy, with(PREFACE, SETTINGS_FRAME));
    assert_eq!(
        run.short(),
        "request, switch prior-knowledge",
        "nothing is written"
    );
    assert_eq!(run.rest, with("SM\r\n\r\n", SETTINGS_FRAME));
    let (mut server, rest) = server_at(&policy, PREFACE);
    server
        .decide(Decision::Accept(Protocol::PriorKnowledge))
        .unwrap();
    let Action::Switch(Protocol::PriorKnowledge, request) = server.action() else {
        panic!("a switch")
    };
    assert_eq!(
        with(request.head(), rest),
        PREFACE,
        "the head is the first part of the preface"
    );

    let unsupported = "505, close unsupported-version";
    assert_eq!(serve(&allowing(H2), PREFACE).short(), unsupported);
    assert_eq!(
        serve_with(&policy, 2048, PREFACE, |_| Decision::Ignore).short(),
        format!("request, {unsupported}")
    );
    for other in [
        "PRI * HTTP/2.0\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.1\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    ] {
        assert_eq!(serve(&policy, other).short(), unsupported, "{other:?}");
    }
    // An empty line ahead of it is one of HTTP/1.
    assert_eq!(
        serve(&policy, "\r\nPRI * HTTP/2.0\r\n\r\n").short(),
        unsupported
    );
    for other in [
        "PRI / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PRI * HTTP/1.1\r\nHost: a\r\n\r\n",
        "PRI http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        assert!(
            serve(&policy, other).short().starts_with("400, close bad-"),
            "PRI is no method: {other:?}"
        );
    }
    let behind = serve(&policy, with(get(&[]), PREFACE));
    assert_eq!(
        behind.short(),
        "request, respond, 400, close bad-request-line"
    );
    // Inside TLS it is ALPN that tells HTTP/2.
    let mut server = Server::new(vec![0; 2048], &policy).inside_tls();
    assert_eq!(drive(&mut server, &policy, PREFACE, 5).short(), unsupported);
    let secured = [Allow::TLS, Allow::PRIOR_KNOWLEDGE];
    let (_, inside) = serve_through_tls(&allowing(&secured), tls("TLS/1.2"), PREFACE);
    assert_eq!(inside.short(), "respond, 400, close bad-request-line");
}

#[test]
fn r7540_23_h2c_is_off_until_asked_for() {
    for policy in [
        Policy::new(Origins::Any),
        Policy::new(Origins::SameHost),
        Policy::new(Origins::Any).allow(&[]),
    ] {
        assert_eq!(serve(&policy, h2c(&[])).short(), "request, respond");
        assert_eq!(
            serve(&policy, PREFACE).short(),
            "505, close unsupported-version"
        );
    }
    let advert = respond(
        &Policy::new(Origins::Any),
        get(&[]),
        &Response::new(Status::OK).advertise(),
    );
    assert_eq!(values(&advert, "upgrade"), ["websocket"], "nor advertised");
    // The switch is for good: the machine knows no other verb behind it.
    let allow = [Allow::H2C, Allow::WEBSOCKET];
    let policy = allowing(&allow);
    let (mut server, _) = server_at(&policy, &h2c(&[]));
    server.decide(Decision::Accept(Protocol::H2c)).unwrap();
    send(&mut server, &[]);
    assert_eq!(server.receive(websocket(&[]).as_bytes()), 0);
    assert_eq!(
        server.decide(Decision::Accept(Protocol::WebSocket)),
        Err(Misuse::OutOfTurn)
    );
    assert_eq!(server.tls_established(), Err(Misuse::OutOfTurn));
    server.timeout();
    assert!(matches!(server.action(), Action::Switch(Protocol::H2c, _)));
}

#[test]
fn r7540_24_h2c_without_settings_is_an_opaque_token() {
    let docker = request(
        "POST /session HTTP/1.1",
        &["Upgrade: h2c", "Connection: Upgrade"],
    );
    ordinary(&docker);
    let raw = [Allow::H2C, Allow::token("h2c").any_request()];
    let run = serve(&allowing(&raw), with(&docker, PREFACE));
    assert_eq!(run.short(), "request, 101, switch h2c");
    assert_eq!(run.rest, PREFACE);
    let chosen = |input: &str| {
        facts(&allowing(&raw), input, |request| {
            (
                request.offers(Protocol::H2c),
                request.offers(Protocol::Token("h2c")),
                request.http2_settings().is_some(),
            )
        })
    };
    assert_eq!(chosen(&docker), (false, true, false));
    assert_eq!(chosen(&h2c(&[])), (true, true, true));
    assert_eq!(
        serve(&allowing(&[Allow::token("h2c")]), docker).short(),
        "request, respond",
        "POST was not asked for"
    );
}
