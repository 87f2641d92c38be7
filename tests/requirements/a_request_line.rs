//! HTTP/1.1 message syntax: the request-line and Host (RFC 9112 section 3).

use crate::app::{ACCEPTED, App, ORDINARY, POLICY, each, look};
use crate::harness::{WEBSOCKET, allowing, get, request, serve, serve_with, websocket};
use http_upgrade::{
    Action, Allow, Decision, Origins, Policy, Protocol, Response, Server, Status, Version,
};

#[test]
fn r9112_09_a_higher_minor_version_is_1_1_another_major_505() {
    for version in ["HTTP/1.2", "HTTP/1.9"] {
        each(
            &[&request(&format!("GET / {version}"), &WEBSOCKET)],
            ACCEPTED,
        );
        each(
            &[&format!("GET / {version}\r\n\r\n")],
            "400, close missing-or-repeated-host",
        );
    }
    for (version, read) in [
        ("HTTP/1.0", Version::Http10),
        ("HTTP/1.1", Version::Http11),
        ("HTTP/1.2", Version::Http11),
    ] {
        look(
            &POLICY,
            format!("GET / {version}\r\nHost: a\r\n\r\n"),
            |request| {
                assert_eq!(request.version(), read, "{version}");
            },
        );
    }
    for version in ["HTTP/0.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"] {
        each(
            &[&request(&format!("GET / {version}"), &WEBSOCKET)],
            "505, close unsupported-version",
        );
        each(
            &[&format!("GET / {version}\r\n\r\n")],
            "505, close unsupported-version",
        );
    }
}

#[test]
fn r9112_10_two_single_spaces_part_the_request_line() {
    for line in "GET  / HTTP/1.1|GET\t/ HTTP/1.1|GET / HTTP/1.1 |GET /  HTTP/1.1|\
            GET /\tHTTP/1.1|GET / HTTP/1.1\t|GET/ HTTP/1.1|GET /HTTP/1.1|\
            GET\x0b/ HTTP/1.1|GET\x0c/ HTTP/1.1|GET\u{a0}/ HTTP/1.1"
        .split('|')
    {
        let short = serve(&POLICY, request(line, &WEBSOCKET)).short();
        assert!(
            ["400, close bad-request-line", "400, close bad-version"].contains(&&short[..]),
            "{line:?}: {short}"
        );
    }
}

#[test]
fn r9112_11_a_target_that_outgrows_the_storage_is_414_a_method_501() {
    let storage = 300;
    let run = |input: &str| serve_with(&POLICY, storage, input, |request| POLICY.decide(request));
    // Without waiting for the end of the line.
    assert_eq!(
        run(&format!("GET /{}", "a".repeat(295))).short(),
        "414, close target-too-long"
    );
    assert_eq!(run(&format!("GET /{}", "a".repeat(294))).short(), "");
    assert_eq!(run(&"M".repeat(300)).short(), "501, close method-too-long");
    assert_eq!(run(&"M".repeat(299)).short(), "");
    assert_eq!(
        run(&request(&format!("{} / HTTP/1.1", "M".repeat(299)), &[])).short(),
        "414, close target-too-long"
    );
    // The request-line fits, the field lines do not.
    let line = format!("GET /{} HTTP/1.1", "a".repeat(284));
    assert_eq!(
        run(&request(&line, &[])).short(),
        "431, close head-too-large"
    );
    // 8000 octets of request-line, given the storage.
    let line = format!("GET /{} HTTP/1.1", "a".repeat(8000 - 14));
    let app = App {
        storage: 8192,
        ..App::new(&POLICY)
    };
    assert_eq!(line.len(), 8000);
    assert_eq!(app.run(request(&line, &WEBSOCKET)).short(), ACCEPTED);
    // A long method that fits is the application's to know.
    assert_eq!(
        serve(
            &POLICY,
            request(&format!("{} / HTTP/1.1", "M".repeat(300)), &[])
        )
        .short(),
        ORDINARY
    );
}

#[test]
fn r9112_12_methods_are_told_apart_by_case() {
    for method in ["get", "Get", "GeT"] {
        let run = serve(
            &POLICY,
            request(&format!("{method} / HTTP/1.1"), &WEBSOCKET),
        );
        assert_eq!(run.short(), "request, 405");
        assert!(run.message(405).contains("\r\nAllow: GET\r\n"));
    }
    each(
        &[
            &request("options * HTTP/1.1", &[]),
            &request("connect a:80 HTTP/1.1", &[]),
            &request("GET /a#b HTTP/1.1", &[]),
            &request("GET /\u{e9} HTTP/1.1", &[]),
        ],
        "400, close bad-target",
    );
    // No `head`: its answer has content.
    let demanding = POLICY.require(&[Protocol::WebSocket]);
    assert!(
        serve(&demanding, request("head / HTTP/1.1", &[]))
            .message(426)
            .ends_with("426 Upgrade Required\n")
    );
    assert!(
        serve(&demanding, request("HEAD / HTTP/1.1", &[]))
            .message(426)
            .ends_with("\r\n\r\n")
    );
}

#[test]
fn r9112_13_octets_that_no_target_holds_are_refused() {
    each(
        &[&request("GET /a b HTTP/1.1", &WEBSOCKET)],
        "400, close bad-version",
    );
    for octet in (0..=b' ').chain(0x7f..=0xff).chain(*b"#") {
        // At every place of a machine word.
        for before in 0..20 {
            let target = [
                b"GET /",
                &b"a".repeat(before)[..],
                &[octet],
                b"b HTTP/1.1\r\nHost: a\r\n\r\n",
            ]
            .concat();
            let mut server = Server::new([0; 256], &POLICY);
            server.receive(&target);
            assert!(
                matches!(server.action(), Action::Send(Status::BAD_REQUEST)),
                "{octet:#x} behind {before}"
            );
        }
    }
    for octet in b'!'..=b'~' {
        let target = [b"/", &[octet][..]].concat();
        let text = core::str::from_utf8(&target).expect("ASCII");
        if octet != b'#' {
            look(
                &POLICY,
                request(&format!("GET {text} HTTP/1.1"), &[]),
                |request| assert_eq!(request.target(), text),
            );
        }
    }
}

#[test]
fn r9112_15_one_host_no_more_and_no_less() {
    let missing = "400, close missing-or-repeated-host";
    each(
        &[
            "GET / HTTP/1.1\r\n\r\n",
            "GET http://a/ HTTP/1.1\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\n\r\n",
            "CONNECT a:80 HTTP/1.1\r\n\r\n",
        ],
        missing,
    );
    each(
        &[
            &get(&["Host: a"]),
            &get(&["X: y", "HOST:a"]),
            &get(&["host: "]),
            &websocket(&["Host: b"]),
        ],
        missing,
    );
    each(&["GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"], missing);
    each(
        &[
            "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        ],
        "request, respond, close",
    );
    // A field that only looks like it.
    each(
        &["GET / HTTP/1.1\r\nHosts: a\r\nX-Host: a\r\nHos: a\r\n\r\n"],
        missing,
    );
}

#[test]
fn r9112_16_host_is_a_host_and_perhaps_a_port() {
    let bad = "a b~a,b~a, a~a/b~u@a~a:8x~[::1~[::1]x~[::1]:x~::1~a:80:80~a:65536~a:000080~a:-1~\
            a%:80~a:+80~a?b~a#b~a\\b~a%2~a%zz~a%2z~a%z2~[]~[::g]~[v]~[v1.a b]~[v1/]~[1]~[fe80::1%25eth0]~\"a\"~a|b~\
            http://a~\u{e9}"
        .split('~');
    for host in bad {
        let input = format!(
            "GET / HTTP/1.1\r\nHost: {host}\r\n{}\r\n\r\n",
            WEBSOCKET.join("\r\n")
        );
        each(
            &[&input, &input.replacen("GET /", "GET http://x/", 1)],
            "400, close bad-host",
        );
    }
    for host in "[::1]:80||a|a:|a:80|A.example.|127.0.0.1:19|a%2Db|a%2D.b|[v1.a:b]|xn--a|\
            a_b~c!$&'()*+;="
        .split('|')
    {
        let input = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        each(&[&input], ORDINARY);
        look(&POLICY, input, |request| {
            assert_eq!(request.authority(), host);
        });
    }
}

#[test]
fn r9112_18_the_authority_of_an_absolute_target_counts() {
    let input = format!(
        "GET http://x/p HTTP/1.1\r\nHost: y\r\n{}\r\n\r\n",
        WEBSOCKET.join("\r\n")
    );
    each(&[&input, &input.replacen("http:", "HTTPS:", 1)], ACCEPTED);
    for (target, authority) in [
        ("http://x/p", "x"),
        ("http://x:8080", "x:8080"),
        ("HTTP://[::1]:1?q", "[::1]:1"),
        ("ftp://x/", "x"),
    ] {
        let input = format!("GET {target} HTTP/1.1\r\nHost: y\r\n\r\n");
        look(&POLICY, input, |request| {
            assert_eq!((request.authority(), request.target()), (authority, target));
            assert_eq!(request.method_octets(), request.method().as_bytes());
            assert_eq!(request.target_octets(), target.as_bytes());
            assert_eq!(request.authority_octets(), authority.as_bytes());
        });
    }
    each(
        &[
            &request("GET http://u:p@x/ HTTP/1.1", &[]),
            &request("GET http:///p HTTP/1.1", &[]),
            &request("GET http://x:y/ HTTP/1.1", &[]),
        ],
        "400, close bad-host",
    );
    each(
        &[
            &request("GET http:/x HTTP/1.1", &[]),
            &request("GET ://x/ HTTP/1.1", &[]),
            &request("GET 1http://x/ HTTP/1.1", &[]),
        ],
        "400, close bad-target",
    );
    // Nor does Host decide who may open a WebSocket.
    let guarded = Policy::new(Origins::SameHost);
    let with_origin =
        |origin: &str| input.replacen("Host: y", &format!("Host: y\r\nOrigin: {origin}"), 1);
    assert_eq!(serve(&guarded, with_origin("http://x")).short(), ACCEPTED);
    assert_eq!(
        serve(&guarded, with_origin("http://y")).short(),
        "request, 403"
    );
}

#[test]
fn r9112_19_each_form_of_target_goes_with_its_method() {
    let bad = "GET *|GET a:80|CONNECT /|CONNECT *|CONNECT a|CONNECT a:|CONNECT :80|\
            CONNECT a:0x50|CONNECT http://a/|CONNECT u@a:80|CONNECT [::1]|\
            OPTIONS a:80|OPTIONS **|HEAD *|GET ?q|GET a|POST a/b|OPTIONS|GET *?"
        .split('|');
    for line in bad {
        let short = serve(&POLICY, request(&format!("{line} HTTP/1.1"), &WEBSOCKET)).short();
        let expected = if line == "OPTIONS" {
            "400, close bad-request-line"
        } else {
            "400, close bad-target"
        };
        assert_eq!(short, expected, "{line}");
    }
    each(
        &[
            &request("OPTIONS * HTTP/1.1", &[]),
            &request("OPTIONS / HTTP/1.1", &[]),
            &request("OPTIONS http://a HTTP/1.1", &[]),
        ],
        ORDINARY,
    );
    let tunnel = allowing(&[Allow::TUNNEL]);
    for target in ["a:80", "[::1]:443"] {
        assert_eq!(
            serve(&tunnel, request(&format!("CONNECT {target} HTTP/1.1"), &[])).short(),
            "request, 200, switch tunnel"
        );
    }
}

#[test]
fn r9112_20_the_space_behind_the_code_is_there_without_a_reason() {
    let status = Status::new(499).expect("a code");
    let app = App {
        response: Response::new(status),
        ..App::new(&POLICY)
    };
    let run = app.run(get(&[]));
    assert!(run.short() == ORDINARY && format!("{:?}", run.steps).contains("HTTP/1.1 499 \\r\\n"));
    let app = App {
        decide: &move |_| Some(Decision::Refuse(status)),
        ..App::new(&POLICY)
    };
    let run = app.run(get(&[]));
    assert!(
        run.message(499).starts_with("HTTP/1.1 499 \r\n")
            && run.message(499).ends_with("\r\n\r\n499 \n")
    );
}
