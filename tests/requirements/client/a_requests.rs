//! Requests: RFC 9112 sections 3 and 5 as far as they bind who writes.

use super::harness::{TLS, ask, get, h2c, leak, misuse, offer, sent, websocket, websocket_with};
use http_upgrade::client::Uri;
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest};

fn plain(uri: &str) -> UpgradeRequest<'_> {
    UpgradeRequest::get(uri).expect("a URI")
}

#[test]
fn r9112_04_client_nothing_starts_a_line_of_its_own() {
    let request = plain("http://h/");
    for value in [
        "x\r\nSet-Cookie: y",
        "x\ny",
        "x\ry",
        "x\0y",
        "x\x7fy",
        "x\x1by",
        " x",
        "x\t",
    ] {
        let fields = [("Cookie", value)];
        assert_eq!(
            misuse(&request.fields(&fields)),
            Misuse::BadField,
            "{value:?}"
        );
    }
    for name in ["", "a b", "a:", "a\r\nb", " a", "a\t", "a\0", "é"] {
        let fields = [(name, "x")];
        assert_eq!(
            misuse(&request.fields(&fields)),
            Misuse::BadField,
            "{name:?}"
        );
    }
    for method in [
        "",
        "G T",
        "GET / HTTP/1.1\r\nX: y\r\n\r\nGET",
        "GET\n",
        "GÉT",
    ] {
        assert_eq!(
            misuse(&request.method(method)),
            Misuse::BadMethod,
            "{method:?}"
        );
    }
}

#[test]
fn r9112_04_client_nothing_is_written_into_the_request_line() {
    let uri = |authority, target| Uri {
        secure: false,
        authority,
        target,
    };
    for target in [
        " HTTP/1.1\r\nX: y",
        "/ ",
        "/\r\n",
        "/a b",
        "/\0",
        "/é",
        "/#f",
        "x",
    ] {
        let request = UpgradeRequest::new("GET", uri("h", target));
        assert_eq!(misuse(&request), Misuse::BadTarget, "{target:?}");
        let request = UpgradeRequest::new("CONNECT", uri("h:1", target));
        assert_eq!(misuse(&request), Misuse::BadTarget, "CONNECT {target:?}");
        let request = UpgradeRequest::new("GET", uri("h", target)).via_proxy();
        assert_eq!(misuse(&request), Misuse::BadTarget, "proxy {target:?}");
    }
    for authority in [
        "",
        ":1",
        "h\r\nX: y",
        "h/",
        "u@h",
        "h,i",
        "h:1:2",
        "h:x",
        "[::1",
        "h h",
    ] {
        let request = UpgradeRequest::new("GET", uri(authority, "/"));
        assert_eq!(misuse(&request), Misuse::BadHost, "{authority:?}");
    }
    let through = plain("http://h:8080/x").method("CONNECT");
    assert_eq!(misuse(&through), Misuse::BadTarget, "CONNECT names no path");
}

#[test]
fn r9112_04_client_offers_hold_tokens() {
    for token in [
        "", "a b", "a/", "/1", "a/b/c", "a\r\nb", "a, b", "\"a\"", "a;v=1",
    ] {
        assert_eq!(
            misuse(&get([Offer::token(token)])),
            Misuse::BadToken,
            "{token:?}"
        );
    }
    // These have offers of their own, which check more.
    for token in ["websocket", "WebSocket", "TLS", "TLS/1.0", "tls/1.2"] {
        let offer = Offer::token(token);
        for request in [get([offer]), get([offer.any_request()]).method("POST")] {
            assert_eq!(misuse(&request), Misuse::BadToken, "{token:?}");
        }
    }
    for token in [
        "",
        "TLS/1.2\r\n",
        "TLS/12",
        "SSL/3.0",
        "TLS/1.2, TLS/1.3",
        "HTTP/1.1",
    ] {
        let tokens = leak([token]);
        assert_eq!(
            misuse(&get([Offer::tls(tokens)])),
            Misuse::BadToken,
            "{token:?}"
        );
    }
    assert_eq!(misuse(&get([Offer::tls(&[])])), Misuse::BadToken);
    for extension in ["", ",", "a\r\nb", "a; b=\"c d\"", "a;;", "a; =1", "é"] {
        let request = websocket_with(offer().extensions(leak([extension])));
        assert_eq!(misuse(&request), Misuse::BadExtension, "{extension:?}");
    }
}

#[test]
fn r9112_12_client_methods_are_told_apart_by_case() {
    let request = websocket().method("get");
    assert_eq!(
        misuse(&request),
        Misuse::ContentNotAllowed,
        "get is not GET"
    );
    // `head` is not HEAD: content follows. `connect` is not CONNECT: no tunnel.
    let run = ask(
        &plain("http://h/").method("head"),
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
    );
    assert_eq!(
        run.short(),
        "send, response 200, content ab, same connection"
    );
    let run = ask(
        &plain("http://h/").method("connect"),
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
    );
    assert_eq!(
        run.short(),
        "send, response 200, content ab, same connection"
    );
}

#[test]
fn r9112_14_host_is_first_and_without_user_information() {
    let request = plain("http://u:p@h:8080/x");
    assert_eq!(sent(&request), "GET /x HTTP/1.1\r\nHost: h:8080\r\n\r\n");
    for (uri, host) in [
        ("http://u@h/", "h"),
        ("http://u:p@x@h/", "h"),
        ("http://h:80/", "h"),
        ("http://h:/", "h"),
        ("HTTP://h:443/", "h:443"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://[::1]:80/", "[::1]"),
        ("http://[::1]/", "[::1]"),
        ("http://192.0.2.1/", "192.0.2.1"),
    ] {
        let start = format!("GET / HTTP/1.1\r\nHost: {host}\r\n");
        assert!(sent(&plain(uri)).starts_with(&start), "{uri}");
    }
    assert!(sent(&websocket()).starts_with("GET /chat HTTP/1.1\r\nHost: h\r\n"));
    let request = UpgradeRequest::connect("h:80");
    assert_eq!(
        sent(&request),
        "CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n"
    );
}

#[test]
fn r9112_17_origin_form_but_absolute_form_through_a_proxy() {
    let request = plain("http://h?q#f");
    assert_eq!(sent(&request), "GET /?q HTTP/1.1\r\nHost: h\r\n\r\n");
    let request = plain("http://h?q#f").via_proxy();
    assert_eq!(
        sent(&request),
        "GET http://h/?q HTTP/1.1\r\nHost: h\r\n\r\n"
    );
    let request = plain("http://h:81/a/b?c=d/e?").via_proxy();
    assert_eq!(
        sent(&request),
        "GET http://h:81/a/b?c=d/e? HTTP/1.1\r\nHost: h:81\r\n\r\n"
    );
    let request = plain("https://h/x?y").via_proxy();
    let mut inside = Client::inside_tls([0; 64], &request).expect("a request");
    let mut out = [0; 64];
    let len = inside.send(&mut out).expect("it fits");
    assert_eq!(
        out[..len],
        *b"GET https://h/x?y HTTP/1.1\r\nHost: h\r\n\r\n"
    );
    assert_eq!(
        sent(&plain("http://h")),
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    );
    assert_eq!(
        sent(&plain("http://h#")),
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    );
    for uri in [
        "",
        "h",
        "//h/",
        "ftp://h/",
        "http:/h",
        "http:///x",
        "http://?x",
        "http://#f",
    ] {
        assert!(UpgradeRequest::get(uri).is_err(), "{uri}");
    }
    for uri in [
        "http://h/#\r\nX: y",
        "http://h/# ",
        "http://h/ #f",
        "http://h/#a#b",
    ] {
        assert_eq!(
            UpgradeRequest::get(uri).err(),
            Some(Misuse::BadTarget),
            "{uri}"
        );
    }
}

#[test]
fn r9112_19_client_each_form_of_target_has_its_method() {
    let star = Uri {
        secure: false,
        authority: "h",
        target: "*",
    };
    let options = UpgradeRequest::new("OPTIONS", star);
    assert_eq!(sent(&options), "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
    for method in ["GET", "options", "CONNECT", "POST"] {
        let misuse = misuse(&options.method(method));
        assert!(
            matches!(misuse, Misuse::BadTarget | Misuse::BadHost),
            "{method}"
        );
    }
    assert_eq!(misuse(&options.via_proxy()), Misuse::BadTarget);
    for authority in [
        "h", "h:", "[::1]", "[::1]:", ":80", "h:port", "h:70000", "u@h:80", "",
    ] {
        let request = UpgradeRequest::connect(authority);
        assert_eq!(misuse(&request), Misuse::BadHost, "{authority}");
    }
    let request = UpgradeRequest::connect("[::1]:443");
    assert_eq!(
        sent(&request),
        "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n"
    );
}

#[test]
fn r9112_30_client_fields_of_the_crate_are_its_own() {
    for name in [
        "Host",
        "Connection",
        "UPGRADE",
        "content-length",
        "Transfer-Encoding",
        "Expect",
        "HTTP2-Settings",
        "TE",
        "Keep-Alive",
        "Proxy-Connection",
        "Sec-WebSocket-Key",
        "sec-websocket-version",
        "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Extensions",
        "Sec-WebSocket-Accept",
    ] {
        let fields = [("Origin", "http://h"), (name, "x")];
        assert_eq!(
            misuse(&plain("http://h/").fields(&fields)),
            Misuse::ReservedField,
            "{name}"
        );
    }
    // No field twice: each protocol is offered once.
    let twice = [
        get([h2c(), h2c()]),
        get([TLS, TLS]),
        get([Offer::token("foo"), Offer::token("FOO")]),
        get([h2c(), Offer::token("H2C")]),
        get([Offer::token("foo/1"), h2c(), Offer::token("Foo/1")]),
        get([
            Offer::websocket(leak(offer())),
            Offer::websocket(leak(offer())),
        ]),
    ];
    for request in twice {
        assert_eq!(misuse(&request), Misuse::OfferedTwice, "{request:?}");
    }
}
