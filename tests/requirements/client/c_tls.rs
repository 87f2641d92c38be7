//! TLS inside HTTP/1.1: RFC 2817.

use super::harness::{
    End, Script, TLS, ask, get, misuse, response, sent, switch, websocket, websocket_101,
};
use http_upgrade::client::{Action, Uri};
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest};

const TO_TLS: &str = "HTTP/1.1 101 x\r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n";
const NO_CONTENT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const UPGRADE: &str = "Connection: Upgrade";

/// A request with everything that must not be seen in clear text.
fn secret() -> UpgradeRequest<'static> {
    UpgradeRequest::get("http://u:p@h:8080/secret?token=1")
        .expect("a URI")
        .method("POST")
        .fields(&[("Cookie", "session=2"), ("Authorization", "Basic 3")])
        .content(b"content=4")
        .mandatory_tls(&["TLS/1.2"])
}

const PROBE: &str =
    "OPTIONS * HTTP/1.1\r\nHost: h:8080\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n";

#[test]
fn r2817_01_client_any_request_can_carry_the_offer() {
    for method in ["GET", "HEAD", "OPTIONS", "DELETE", "x-y"] {
        let request = sent(&get([TLS]).method(method));
        assert!(request.starts_with(&format!("{method} / HTTP/1.1\r\n")));
        assert!(request.contains("\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n"));
    }
    let request = sent(&get([TLS]).method("POST").content(b"abc"));
    assert!(
        request.ends_with(
            "\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\nContent-Length: 3\r\n\r\nabc"
        )
    );
}

#[test]
fn r2817_02_optional_tls_goes_on_in_clear_text() {
    let run = ask(&get([TLS]), "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
    assert_eq!(
        run.short(),
        "send, response 200, content a, same connection"
    );
    let requests = [get([TLS]), get([])];
    let run = Script::new(&requests, &[NO_CONTENT.as_bytes(), NO_CONTENT.as_bytes()]).run();
    assert_eq!(
        run.short(),
        "send, response 200, same connection, send, response 200, same connection"
    );
}

#[test]
fn r2817_04_nothing_of_the_request_is_in_clear_text() {
    let inside = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let server = [TO_TLS.as_bytes(), NO_CONTENT.as_bytes(), inside.as_bytes()];
    let run = Script::new(&[secret()], &server).run();
    assert_eq!(
        run.short(),
        "send, switch tls, send, response 200, content ok, same connection"
    );
    assert_eq!(run.sent()[0], PROBE);
    assert_eq!(
        run.sent()[1],
        "POST /secret?token=1 HTTP/1.1\r\nHost: h:8080\r\nCookie: session=2\r\nAuthorization: Basic 3\r\nContent-Length: 9\r\n\r\ncontent=4"
    );
}

#[test]
fn r2817_04_whatever_the_server_says() {
    let finals = [
        "200 OK", "204 x", "301 x", "400 x", "401 x", "407 x", "417 x", "426 x", "500 x", "501 x",
        "600 x",
    ];
    let mut answers: Vec<String> = finals
        .iter()
        .map(|line| response(&format!("HTTP/1.1 {line}"), &["Content-Length: 0"], ""))
        .collect();
    answers.extend(
        [
            "HTTP/1.0 200 OK\r\n\r\n",
            "HTTP/1.1 100 \r\n\r\n",
            "HTTP/1.1 103 x\r\n\r\nHTTP/1.1 100 \r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            "x",
            "\r\n",
            "",
            "HTTP/1.1 101 x\r\n\r\n",
        ]
        .map(str::to_owned),
    );
    for upgrade in [
        "HTTP/1.1",
        "websocket",
        "h2c",
        "foo",
        "TLS/1.3",
        "HTTP/1.1, TLS/1.2",
        "TLS/1.2, h2c",
        "",
    ] {
        answers.push(switch(&[&format!("Upgrade: {upgrade}"), UPGRADE]));
    }
    answers.push(websocket_101(&[]));
    answers.push(switch(&["Upgrade: TLS/1.2"]));
    for answer in &answers {
        for end in [End::Silence, End::Orderly, End::Lost, End::Timeout] {
            let server = [
                answer.as_bytes(),
                b"HTTP/1.1 100 \r\n\r\n",
                NO_CONTENT.as_bytes(),
            ];
            for request in [
                secret(),
                secret().expect_continue(),
                secret().lenient_h2c().lenient_status_line(),
            ] {
                let run = Script::new(&[request, request], &server).end(end).run();
                assert_eq!(run.sent(), [PROBE], "{answer:?}");
                assert!(!run.short().contains(", switch "), "{answer:?}");
            }
        }
    }
}

#[test]
fn r2817_04_no_tokens_are_no_way_around() {
    let request = UpgradeRequest::get("http://h/secret").expect("a URI");
    assert_eq!(misuse(&request.mandatory_tls(&[])), Misuse::BadToken);
    assert_eq!(
        misuse(&request.mandatory_tls(&["websocket"])),
        Misuse::BadToken
    );
    assert_eq!(
        misuse(&request.mandatory_tls(&["TLS/1.2\r\nX: y"])),
        Misuse::BadToken
    );
    // A URI that says so needs TLS, whatever the offer.
    let request = UpgradeRequest::get("https://h/secret").expect("a URI");
    assert_eq!(misuse(&request), Misuse::NeedsTls);
    assert_eq!(misuse(&request.offer(&[TLS])), Misuse::NeedsTls);
    assert!(
        sent(&request.mandatory_tls(&["TLS/1.2"])).starts_with("OPTIONS * HTTP/1.1\r\nHost: h\r\n")
    );
}

#[test]
fn r2817_05_the_shape_of_the_options() {
    assert_eq!(sent(&secret()), PROBE);
    let several = secret()
        .mandatory_tls(&["TLS/1.3", "TLS/1.2"])
        .expect_continue();
    assert_eq!(sent(&several), PROBE.replace("TLS/1.2", "TLS/1.3, TLS/1.2"));
    let head = secret().method("HEAD").content_length(3);
    assert_eq!(sent(&head), PROBE);
}

#[test]
fn r2817_06_a_refusal_is_an_error() {
    for line in ["200 OK", "501 x", "400 x", "426 Upgrade Required", "304 x"] {
        let text = response(&format!("HTTP/1.1 {line}"), &["Content-Length: 1"], "x");
        let run = Script::new(&[secret(), secret()], &[text.as_bytes()]).run();
        assert_eq!(run.short(), "send, close tls-refused", "{line}");
    }
    let run = ask(&secret(), "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n");
    assert_eq!(run.short(), "send, close tls-refused");
}

#[test]
fn r2817_06_the_answer_inside_tls_leads_to_the_request() {
    let requests = [secret()];
    let run = |inside: &str| {
        let server: [&[u8]; 3] = [TO_TLS.as_bytes(), inside.as_bytes(), NO_CONTENT.as_bytes()];
        Script::new(&requests, &server).run().short()
    };
    let through = "send, switch tls, send, response 200, same connection";
    assert_eq!(run("HTTP/1.1 204 \r\n\r\n"), through);
    assert_eq!(
        run("HTTP/1.1 404 x\r\nContent-Length: 3\r\n\r\nabc"),
        through
    );
    assert_eq!(
        run("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n"),
        through
    );
    assert_eq!(
        run("HTTP/1.1 103 x\r\n\r\nHTTP/1.1 204 \r\n\r\n"),
        through.replace("tls, ", "tls, interim 103, ")
    );
    let closed = "send, switch tls, close closed-before-request";
    assert_eq!(
        run("HTTP/1.1 200 x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
        closed
    );
    assert_eq!(
        run("HTTP/1.1 200 x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"),
        closed
    );
    assert_eq!(run("HTTP/1.0 200 x\r\nContent-Length: 0\r\n\r\n"), closed);
    assert_eq!(run("HTTP/1.1 200 x\r\n\r\nabc"), closed);
    assert_eq!(
        run(&switch(&["Upgrade: TLS/1.2", UPGRADE])),
        "send, switch tls, close unexpected-switch"
    );
    assert_eq!(
        run("HTTP/1.1 200 x\r\nContent-Length: 65537\r\n\r\n"),
        "send, switch tls"
    );
    let much = format!(
        "HTTP/1.1 200 x\r\nContent-Length: 65537\r\n\r\n{}",
        "x".repeat(65537)
    );
    let server = [TO_TLS.as_bytes(), much.as_bytes()];
    let mut script = Script::new(&requests, &server);
    script.splits = 4;
    assert_eq!(script.run().end(), "close content-too-large");
}

#[test]
fn r2817_09_client_the_switch_is_right_behind_the_empty_line() {
    let run = ask(&get([TLS]), format!("{TO_TLS}\u{16}\u{3}"));
    assert_eq!(
        (run.short(), run.rest),
        ("send, switch tls".to_owned(), b"\x16\x03".to_vec())
    );
    let run = ask(&secret(), format!("{TO_TLS}\u{16}\u{3}"));
    assert_eq!(
        (run.short(), run.rest),
        ("send, switch tls".to_owned(), b"\x16\x03".to_vec())
    );
}

#[test]
fn r2817_11_the_request_is_not_sent_again() {
    let server = [
        TO_TLS.as_bytes(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ];
    let run = Script::new(&[get([TLS])], &server).run();
    assert_eq!(
        run.short(),
        "send, switch tls, response 200, content ok, same connection"
    );
    let run = Script::new(
        &[get([TLS]).method("HEAD")],
        &[
            TO_TLS.as_bytes(),
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        ],
    )
    .run();
    assert_eq!(
        run.short(),
        "send, switch tls, response 200, same connection"
    );
    let post = get([TLS]).method("POST").content(b"abc");
    let run = Script::new(&[post], &server).run();
    assert_eq!(
        run.short(),
        "send, switch tls, response 200, content ok, same connection"
    );
    // The offer is spent: another 101 is not asked for.
    for more in [TO_TLS.to_owned(), websocket_101(&[])] {
        let both = get([
            TLS,
            Offer::websocket(super::harness::leak(super::harness::offer())),
        ]);
        let run = Script::new(&[both], &[TO_TLS.as_bytes(), more.as_bytes()]).run();
        assert_eq!(run.short(), "send, switch tls, close unexpected-switch");
    }
}

#[test]
fn r2817_11_then_websocket_inside_tls() {
    let websocket_inside = websocket_101(&[]);
    let requests = [get([TLS]), websocket()];
    let server = [
        TO_TLS.as_bytes(),
        NO_CONTENT.as_bytes(),
        websocket_inside.as_bytes(),
    ];
    let run = Script::new(&requests, &server).run();
    assert_eq!(
        run.short(),
        "send, switch tls, response 200, same connection, send, switch websocket"
    );
    assert_eq!(run.rest, b"\x01\x02");
    let requests = [websocket().mandatory_tls(&["TLS/1.2"])];
    let run = Script::new(&requests, &server).run();
    assert_eq!(run.short(), "send, switch tls, send, switch websocket");
    assert_eq!(run.rest, b"\x01\x02");
    // Inside TLS, neither TLS nor h2c is left to ask for, and what insists on TLS has it.
    let requests = [get([TLS]), get([TLS])];
    let run = Script::new(&requests, &server).run();
    assert_eq!(run.end(), "refused");
    let requests = [get([TLS]), secret()];
    let run = Script::new(
        &requests,
        &[
            TO_TLS.as_bytes(),
            NO_CONTENT.as_bytes(),
            NO_CONTENT.as_bytes(),
        ],
    )
    .run();
    assert_eq!(
        run.short(),
        "send, switch tls, response 200, same connection, send, response 200, same connection"
    );
    assert!(run.sent()[1].starts_with("POST /secret"));
}

#[test]
fn r2817_12_client_nothing_follows_a_failed_handshake() {
    for request in [get([TLS]), secret()] {
        let (requests, server) = ([request], [TO_TLS.as_bytes(), NO_CONTENT.as_bytes()]);
        let mut script = Script::new(&requests, &server);
        script.tls_fails = true;
        let run = script.run();
        assert_eq!(run.short(), "send, switch tls, close tls-failed");
        assert_eq!(run.sent().len(), 1);
    }
    let request = secret();
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the OPTIONS");
    client.receive(TO_TLS.as_bytes());
    assert!(matches!(client.action(), Action::Switch(..)));
    client.end_of_input();
    assert!(
        matches!(client.action(), Action::Close(Some(_))),
        "the connection ended in the handshake"
    );
}

#[test]
fn r2817_13_the_list_of_a_tls_101() {
    let run = |request: &UpgradeRequest<'_>, upgrade: &str| {
        ask(request, switch(&[&format!("Upgrade: {upgrade}"), UPGRADE])).end()
    };
    let several = get([Offer::tls(&["TLS/1.2", "TLS/1.1"])]);
    for upgrade in [
        "TLS/1.2, HTTP/1.1",
        "TLS/1.2",
        "tls/1.2,http/1.1",
        "TLS/1.2, HTTP/1.1, HTTP/1.1",
    ] {
        assert_eq!(run(&get([TLS]), upgrade), "switch tls", "{upgrade}");
        assert_eq!(run(&several, upgrade), "switch tls", "{upgrade}");
    }
    assert_eq!(run(&several, "TLS/1.2, TLS/1.1"), "switch tls");
    assert_eq!(run(&several, "TLS/1.1, HTTP/1.1"), "switch tls");
    for upgrade in [
        "HTTP/1.1",
        "HTTP/1.1, TLS/1.2",
        "TLS/1.3",
        "TLS",
        "TLS/1.2, TLS/1.1, TLS/1.0",
        "websocket",
        "TLS/1.2, websocket",
        "TLS/1.2, HTTP/2.0",
        "TLS/1.2, HTTP/1.1, h2c",
        "TLS/1.20",
        "xTLS/1.2",
    ] {
        assert_eq!(
            run(&get([TLS]), upgrade),
            "close switch-not-offered",
            "{upgrade}"
        );
    }
    assert_eq!(run(&get([TLS]), ""), "close switch-without-upgrade");
    let lenient = get([TLS]).lenient_tls();
    for upgrade in ["TLS/1.0, HTTP/1.1", "TLS/1.2,TLS/1.1,TLS/1.0", "TLS"] {
        assert_eq!(run(&lenient, upgrade), "switch tls", "{upgrade}");
    }
    for upgrade in [
        "HTTP/1.1",
        "HTTP/1.1, TLS/1.2",
        "websocket",
        "TLS/1.2, websocket",
        "TLS/x",
        "SSL/3.0",
    ] {
        assert_eq!(
            run(&lenient, upgrade),
            "close switch-not-offered",
            "{upgrade}"
        );
    }
    // What cupsd answers to a WebSocket offer.
    assert_eq!(
        run(&websocket().lenient_tls(), "TLS/1.2,TLS/1.1,TLS/1.0"),
        "close switch-not-offered"
    );
}

#[test]
fn r2817_17_http_1_1_behind_tls_is_no_way_out() {
    let text = response(
        "HTTP/1.1 426 x",
        &["Upgrade: TLS/1.2, HTTP/1.1", UPGRADE, "Content-Length: 0"],
        "",
    );
    let run = ask(&get([]), &text);
    assert_eq!(run.short(), "send, response 426, same connection");
    assert_eq!(run.seen().upgrades, ["TLS/1.2"]);
    let text = text.replace("TLS/1.2, HTTP/1.1", "TLS/1.2, HTTP/1.1, http/1.1, h2c");
    assert_eq!(ask(&get([]), text).seen().upgrades, ["TLS/1.2", "h2c"]);
}

#[test]
fn r2817_18_client_no_tls_right_behind_a_426() {
    let request = get([]);
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the request");
    let text = response(
        "HTTP/1.1 426 x",
        &["Upgrade: TLS/1.2", UPGRADE, "Content-Length: 0"],
        "",
    );
    client.receive(text.as_bytes());
    assert_eq!(client.tls_established(), Err(Misuse::OutOfTurn));
    let requests = [get([]), get([TLS])];
    let run = Script::new(
        &requests,
        &[text.as_bytes(), TO_TLS.as_bytes(), NO_CONTENT.as_bytes()],
    )
    .run();
    assert_eq!(
        run.short(),
        "send, response 426, same connection, send, switch tls, response 200, same connection"
    );
}

#[test]
fn r2817_19_a_426_without_upgrade_asks_for_a_tunnel() {
    for (fields, needs_tunnel) in [
        (&["Content-Length: 0"][..], true),
        (&["Upgrade: ,", "Content-Length: 0"], true),
        (&["Upgrade: TLS/1.2", UPGRADE, "Content-Length: 0"], false),
    ] {
        let run = ask(&get([]), response("HTTP/1.1 426 x", fields, ""));
        assert_eq!(run.seen().needs_tunnel, needs_tunnel, "{fields:?}");
    }
    let run = ask(
        &get([]),
        response("HTTP/1.1 400 x", &["Content-Length: 0"], ""),
    );
    assert!(!run.seen().needs_tunnel);
    let requests = [get([]).via_proxy(), UpgradeRequest::connect("h:80")];
    let run = Script::new(
        &requests,
        &[
            b"HTTP/1.1 426 x\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 200 \r\n\r\n",
        ],
    )
    .run();
    assert_eq!(
        run.short(),
        "send, response 426, same connection, send, switch tunnel"
    );
}

#[test]
fn r2817_20_client_through_a_proxy_tls_needs_a_tunnel() {
    assert_eq!(misuse(&get([TLS]).via_proxy()), Misuse::NeedsTunnel);
    assert_eq!(misuse(&secret().via_proxy()), Misuse::NeedsTunnel);
    assert!(sent(&get([Offer::token("foo")]).via_proxy()).contains("\r\nConnection: Upgrade\r\n"));
}

#[test]
fn r2817_21_connect_names_a_port_and_offers_nothing() {
    let connect = UpgradeRequest::connect("h:80");
    assert_eq!(
        sent(&connect),
        "CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n"
    );
    assert_eq!(misuse(&UpgradeRequest::connect("h")), Misuse::BadHost);
    assert_eq!(misuse(&connect.offer(&[TLS])), Misuse::NeedsTunnel);
    assert_eq!(
        misuse(&connect.offer(&[Offer::token("x")])),
        Misuse::NeedsTunnel
    );
    for content in [
        connect.content(b"x"),
        connect.content(b""),
        connect.content_length(0),
    ] {
        assert_eq!(misuse(&content), Misuse::ContentNotAllowed);
    }
    // The tunnel is a connection of its own.
    let run = ask(&connect, "HTTP/1.1 200 x\r\n\r\n\u{1}");
    assert_eq!(
        (run.short(), run.rest),
        ("send, switch tunnel".to_owned(), b"\x01".to_vec())
    );
    let run = Script::new(&[get([TLS])], &[TO_TLS.as_bytes(), NO_CONTENT.as_bytes()]).run();
    assert_eq!(run.end(), "same connection");
    // To a proxy that is to be spoken to in TLS only, CONNECT goes out inside it.
    let inside = UpgradeRequest::connect("h:80").mandatory_tls(&["TLS/1.2"]);
    let run = Script::new(
        &[inside],
        &[
            TO_TLS.as_bytes(),
            NO_CONTENT.as_bytes(),
            b"HTTP/1.1 200 x\r\n\r\n\x01",
        ],
    )
    .run();
    assert_eq!(run.short(), "send, switch tls, send, switch tunnel");
}

#[test]
fn r2817_22_nothing_goes_into_a_tunnel_that_is_not_open() {
    let connect = UpgradeRequest::connect("h:80");
    let mut client = Client::new([0; 512], &connect).expect("a request");
    let mut out = [0; 512];
    let len = client.send(&mut out).expect("the request");
    assert_eq!(len, sent(&connect).len(), "the request alone");
    assert_eq!(client.send(&mut out), Err(Misuse::OutOfTurn));
    assert_eq!(client.content_sent(0), Err(Misuse::OutOfTurn));
    for line in ["100 x", "103 x", "199 x"] {
        let run = ask(&connect, response(&format!("HTTP/1.1 {line}"), &[], ""));
        assert_eq!(run.short(), format!("send, interim {}", &line[..3]));
    }
    let run = ask(&connect, "HTTP/1.1 100 \r\n\r\nHTTP/1.1 200 \r\n\r\n");
    assert_eq!(run.short(), "send, interim 100, switch tunnel");
}

#[test]
fn r2817_24_client_tokens_of_tls() {
    for tokens in [
        &["TLS/1.0"][..],
        &["TLS/1.3", "TLS/1.2", "TLS/1.1", "TLS/1.0"],
        &["TLS"],
        &["tls/9.9"],
    ] {
        let request = UpgradeRequest::get("http://h/").expect("a URI");
        let offers = [Offer::tls(tokens)];
        let request = request.offer(&offers);
        assert!(sent(&request).contains(&format!("\r\nUpgrade: {}\r\n", tokens.join(", "))));
        for token in tokens {
            let run = ask(&request, switch(&[&format!("Upgrade: {token}"), UPGRADE]));
            assert_eq!(run.short(), "send, switch tls", "{token}");
        }
    }
}

#[test]
fn r2817_26_who_insists_on_tls_asks_for_it_each_time() {
    let star = Uri {
        secure: false,
        authority: "h:8080",
        target: "*",
    };
    for request in [
        secret(),
        secret().method("GET"),
        UpgradeRequest::new("OPTIONS", star).mandatory_tls(&["TLS/1.2"]),
    ] {
        assert_eq!(sent(&request), PROBE);
    }
    // A retry on a connection that is still in clear text does, too.
    let requests = [get([]), secret()];
    let server = [
        NO_CONTENT.as_bytes(),
        TO_TLS.as_bytes(),
        NO_CONTENT.as_bytes(),
        NO_CONTENT.as_bytes(),
    ];
    let run = Script::new(&requests, &server).run();
    assert_eq!(
        run.short(),
        "send, response 200, same connection, send, switch tls, send, response 200, same connection"
    );
    assert_eq!(run.sent()[1], PROBE);
    // What a server advertises is there to be remembered.
    let text = response(
        "HTTP/1.1 200 x",
        &["Upgrade: TLS/1.2", UPGRADE, "Content-Length: 0"],
        "",
    );
    assert_eq!(ask(&get([]), text).seen().upgrades, ["TLS/1.2"]);
}
