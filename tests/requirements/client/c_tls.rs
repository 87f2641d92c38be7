//! TLS inside HTTP/1.1: RFC 2817.

use super::harness::{
    Script, TLS, TO_TLS, ask, get, misuse, response, secret, sent, switch, websocket, websocket_101,
};
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest};

const NO_CONTENT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const UPGRADE: &str = "Connection: Upgrade";

#[test]
fn r2817_01_client_any_request_can_carry_the_offer() {
    for method in ["GET", "HEAD", "OPTIONS", "DELETE", "x-y"] {
        let request = sent(&get([TLS]).method(method));
        assert!(request.starts_with(&format!("{method} / HTTP/1.1\r\n")));
        assert!(request.contains("\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n"));
    }
    // What has content crosses in clear text first: only when told to.
    let post = get([TLS]).method("POST").content(b"abc");
    assert_eq!(misuse(&post), http_upgrade::Misuse::ContentNotAllowed);
    let request = sent(&get([TLS.any_request()]).method("POST").content(b"abc"));
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
    let post = get([TLS.any_request()]).method("POST").content(b"abc");
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
