//! What no RFC states, and attackers know: who may open what, and what lies behind it.

use crate::app::{ACCEPTED, App, Content, ORDINARY, POLICY, decided};
use crate::harness::{allowing, get, h2c, request, serve, websocket};
use http_upgrade::{Action, Allow, Decision, Origins, Policy, Protocol, Response, Server, Status};

#[test]
fn sec_03_h2c_is_off_until_asked_for_and_refuses_proxies() {
    let direct = allowing(&[Allow::H2C]);
    let proxied = [Allow::H2C.via_proxy()];
    let proxied = allowing(&proxied);
    assert_eq!(serve(&POLICY, h2c(&[])).short(), ORDINARY);
    assert_eq!(serve(&direct, h2c(&[])).short(), "request, 101, switch h2c");
    for name in
        "Via;via;VIA;Forwarded;X-Forwarded-For;X-Forwarded-By;X-Forwarded-Proto;x-forwarded-host;\
        X-Forwarded-Port;X-Forwarded-Client-Cert;X-FORWARDED-"
            .split(';')
    {
        for line in [format!("{name}: 1.1 p"), format!("{name}:")] {
            assert_eq!(serve(&direct, h2c(&[&line])).short(), ORDINARY, "{line}");
            let input = request(
                "GET / HTTP/1.1",
                &[&[&line[..]], &crate::harness::H2C[..]].concat(),
            );
            assert_eq!(serve(&direct, input).short(), ORDINARY, "{line}");
            assert_eq!(
                serve(&proxied, h2c(&[&line])).short(),
                "request, 101, switch h2c",
                "{line}"
            );
        }
    }
    for line in ["Viable: x", "X-Forward: x", "X-Via: p", "Not-Forwarded: x"] {
        assert_eq!(
            serve(&direct, h2c(&[line])).short(),
            "request, 101, switch h2c",
            "{line}"
        );
    }
}

#[test]
fn sec_04_the_facts_of_a_switch_are_those_of_its_request() {
    let policy = allowing(&[Allow::H2C]);
    let first = request("GET /first HTTP/1.1", &["Authorization: x"]);
    let second = h2c(&[]).replacen("GET /", "GET /second", 1);
    let mut server = Server::new([0; 512], &policy);
    let mut out = [0; 256];
    server.receive(first.as_bytes());
    server.decide(Decision::Ignore).expect("in turn");
    server
        .respond(&mut out, &Response::new(Status::OK))
        .expect("it fits");
    let stream_3 = "\0\0\0\x01\x05\0\0\0\x03";
    let used = server.receive(format!("{second}{stream_3}").as_bytes());
    assert_eq!(used, second.len(), "no later stream is looked at");
    server
        .decide(Decision::Accept(Protocol::H2c))
        .expect("offered");
    server.send(&mut out).expect("it fits");
    let Action::Switch(Protocol::H2c, request) = server.action() else {
        panic!("a switch")
    };
    assert_eq!(
        (request.target(), request.field("authorization")),
        ("/second", None)
    );
    assert!(request.http2_settings().is_some());
    assert_eq!(request.head(), second.as_bytes());
}

#[test]
fn sec_05_the_origin_is_compared_as_a_whole() {
    let with = |origins: &[&str]| -> String {
        websocket(
            &origins
                .iter()
                .map(|origin| format!("Origin: {origin}"))
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>(),
        )
    };
    let list = Policy::new(Origins::List(&["https://a"]));
    for origin in "https://a.evil;http://a;https://a:444;https://a:443;null;;https://a/;https://b;https://ab;\
        https://evil/https://a;https://a https://b;https://a,https://a;ttps://a;https:/a;a;https://a\u{e9};*".split(';') {
        assert_eq!(serve(&list, with(&[origin])).short(), "request, 403", "{origin:?}");
    }
    for origin in ["https://a", "HTTPS://A", " https://a\t"] {
        assert_eq!(
            serve(&list, with(&[origin])).short(),
            ACCEPTED,
            "{origin:?}"
        );
    }
    assert_eq!(
        serve(&list, with(&["https://a", "https://a"])).short(),
        "request, 403",
        "two lines"
    );
    assert_eq!(serve(&list, with(&[])).short(), ACCEPTED, "no browser");
    let sandboxed = Policy::new(Origins::List(&["null"]));
    assert_eq!(
        serve(&sandboxed, with(&["null"])).short(),
        ACCEPTED,
        "listed"
    );
    // The host of the request itself is `a`.
    let same = Policy::new(Origins::SameHost);
    for origin in [
        "http://a",
        "https://a",
        "http://A",
        "http://a:80",
        "https://a:443",
    ] {
        assert_eq!(serve(&same, with(&[origin])).short(), ACCEPTED, "{origin}");
    }
    for origin in "http://b;http://a.b;http://b.a;http://a:443;https://a:80;http://a:8080;null;ftp://a;http://;http://a/;\
        http://a@b;http://b@a;http://a:80:80;http:a;//a;a;http://a#;http://a?".split(';') {
        assert_eq!(serve(&same, with(&[origin])).short(), "request, 403", "{origin}");
    }
    assert_eq!(
        serve(&same, with(&["http://a", "http://a"])).short(),
        "request, 403",
        "two lines"
    );
    let nobody = Policy::new(Origins::Deny);
    for (origins, expected) in [
        (&["http://a"][..], "request, 403"),
        (&["null"], "request, 403"),
        (&[], ACCEPTED),
    ] {
        assert_eq!(serve(&nobody, with(origins)).short(), expected);
    }
    for origins in [&["null"][..], &["x", "y"], &[""]] {
        assert_eq!(serve(&POLICY, with(origins)).short(), ACCEPTED, "any");
    }
}

#[test]
fn sec_06_a_refused_upgrade_with_bytes_behind_it_closes() {
    let admin = request("GET /admin HTTP/1.1", &[]);
    let refuse = |request: &http_upgrade::Request<'_>| {
        (request.target() == "/").then_some(Decision::Refuse(Status::FORBIDDEN))
    };
    let ignore =
        |request: &http_upgrade::Request<'_>| (request.target() == "/").then_some(Decision::Ignore);
    let openings = [
        websocket(&[]),
        websocket(&["Content-Length: 5"]) + "HELLO",
        websocket(&["Transfer-Encoding: chunked"]) + "5\r\nHELLO\r\n0\r\n\r\n",
        websocket(&[]).replacen("GET", "POST", 1),
    ];
    let trusting = POLICY.keep_after_refusal(true);
    for opening in openings {
        for content in [Content::Read, Content::Skip] {
            let app = App {
                decide: &refuse,
                content,
                ..App::new(&POLICY)
            };
            let run = app.run(format!("{opening}{admin}"));
            assert!(
                run.short().ends_with("403, close data-behind-refusal"),
                "{}",
                run.short()
            );
            assert!(run.message(403).contains("\r\nConnection: close\r\n"));
            assert_eq!(run.rest, admin.as_bytes());
            // What lies in the slice that is offered need not be told.
            let silent = App {
                tells: false,
                ..app
            };
            assert_eq!(
                silent.run_in(format!("{opening}{admin}").as_bytes(), |_| usize::MAX),
                run
            );
            // With nothing behind, the connection stays; and it does if the policy trusts the client.
            assert!(app.run(&opening).short().ends_with("403"));
            let run = App {
                policy: &trusting,
                ..app
            }
            .run(format!("{opening}{admin}"));
            assert!(
                run.short().ends_with("403, request, respond"),
                "{}",
                run.short()
            );
        }
        // An offer that the application ignores is refused, too.
        let run = App {
            decide: &ignore,
            ..App::new(&POLICY)
        }
        .run(format!("{opening}{admin}"));
        assert!(run.short().ends_with("respond, close"), "{}", run.short());
        assert_eq!(run.rest, admin.as_bytes());
    }
    // So is a handshake that breaks a rule, an Origin that may not, and what a 426 answers.
    for line in [
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: a b",
        "Origin: http://b",
    ] {
        let guarded = Policy::new(Origins::SameHost);
        let run = serve(&guarded, websocket(&[line]) + &admin);
        assert!(
            run.short().ends_with("close data-behind-refusal"),
            "{line}: {}",
            run.short()
        );
        assert_eq!(run.rest, admin.as_bytes());
    }
    let both = allowing(&[Allow::H2C, Allow::WEBSOCKET]).require(&[Protocol::H2c]);
    assert_eq!(
        serve(&both, websocket(&[]) + &admin).short(),
        "request, 426, close data-behind-refusal"
    );
    // CONNECT likewise, bytes or not.
    assert_eq!(
        serve(&POLICY, request("CONNECT a:80 HTTP/1.1", &[]) + &admin).short(),
        "request, 403, close data-behind-refusal"
    );
    // The caller tells of bytes that the machine has not seen, up to the answer.
    let mut server = decided(&POLICY, websocket(&[]), Decision::Refuse(Status::FORBIDDEN));
    server.unread(1);
    let mut out = [0; 512];
    server.send(&mut out).expect("it fits");
    assert!(matches!(
        server.action(),
        Action::Close(Some(http_upgrade::Error::DataBehindRefusal))
    ));
}

#[test]
fn sec_07_early_bytes_are_left_and_may_be_refused() {
    let strict = POLICY.refuse_early_data(true);
    for opening in [
        websocket(&[]),
        websocket(&["Content-Length: 2"]) + "ab",
        websocket(&["Expect: 100-continue"]),
    ] {
        let early = [opening.as_bytes(), b"\x81\x05HELLO"].concat();
        let run = serve(&POLICY, &early);
        assert!(run.short().ends_with("101, switch websocket"));
        assert_eq!(run.rest, b"\x81\x05HELLO");
        let run = serve(&strict, &early);
        assert!(
            run.short().ends_with("400, close early-data"),
            "{}",
            run.short()
        );
        assert_eq!(run.rest, b"\x81\x05HELLO");
        assert!(
            serve(&strict, &opening)
                .short()
                .ends_with("101, switch websocket")
        );
    }
    let mut server = decided(
        &strict,
        websocket(&[]),
        Decision::Accept(Protocol::WebSocket),
    );
    server.unread(0);
    assert!(matches!(
        server.action(),
        Action::Send(Status::SWITCHING_PROTOCOLS)
    ));
    server.unread(1);
    assert!(matches!(server.action(), Action::Send(Status::BAD_REQUEST)));
    assert_eq!(
        serve(&strict, get(&[]) + &get(&[])).short(),
        "request, respond, request, respond"
    );
}
