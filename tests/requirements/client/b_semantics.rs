//! Upgrade, interim responses, Expect and OPTIONS: RFC 9110.

use super::harness::{
    End, Script, TLS, WEBSOCKET, ask, get, h2c, leak, misuse, offer, response, sent, switch,
    websocket, websocket_101,
};
use http_upgrade::client::{Action, Uri};
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest};

const UPGRADE: &str = "Connection: Upgrade";

/// How the run of a GET that offers `tokens` ends, with a 101 of those field lines.
fn answer<const N: usize>(tokens: [&'static str; N], fields: &[&str]) -> String {
    ask(&get(tokens.map(Offer::token)), switch(fields)).end()
}

#[test]
fn r9110_01_offers_stand_in_the_order_of_preference() {
    let websocket = || Offer::websocket(leak(offer()));
    let request = sent(&get([websocket(), Offer::token("foo/2")]));
    assert!(request.contains("\r\nUpgrade: websocket, foo/2\r\nConnection: Upgrade\r\n"));
    let request = sent(&get([Offer::token("foo/2"), websocket()]));
    assert!(request.contains("\r\nUpgrade: foo/2, websocket\r\nConnection: Upgrade\r\n"));
    let request = sent(&get([TLS, h2c(), Offer::token("x"), websocket()]));
    assert!(request.contains(
        "\r\nUpgrade: TLS/1.2, h2c, x, websocket\r\nConnection: Upgrade, HTTP2-Settings\r\n"
    ));
    // The server may take any of them, and what it takes is known.
    let all = get([TLS, h2c(), Offer::token("x"), websocket()]);
    for (token, name) in [("x", "x"), ("h2c", "h2c"), ("TLS/1.2, HTTP/1.1", "tls")] {
        let run = ask(&all, switch(&[&format!("Upgrade: {token}"), UPGRADE]));
        assert_eq!(run.end(), format!("switch {name}"));
        assert_eq!(run.rest, b"\x01\x02");
    }
    assert_eq!(ask(&all, websocket_101(&[])).end(), "switch websocket");
}

#[test]
fn r9110_01_many_offers_are_told_apart() {
    let names: Vec<String> = (0..300).map(|at| format!("p{at}")).collect();
    let names: &'static [String] = leak(names);
    let offers: Vec<Offer<'static>> = names.iter().map(|name| Offer::token(name)).collect();
    let request = UpgradeRequest::get("http://h/")
        .expect("a URI")
        .offer(leak(offers));
    for at in [0, 1, 254, 255, 256, 257, 299] {
        let run = ask(&request, switch(&[&format!("Upgrade: p{at}"), UPGRADE]));
        assert_eq!(run.end(), format!("switch p{at}"));
    }
}

#[test]
fn r9110_07_client_names_in_any_case_and_versions_as_they_are() {
    for (offered, named) in [
        ("WebSocket2", "WEBSOCKET2"),
        ("SPDY/3.1", "spdy/3.1"),
        ("foo/a", "FOO/a"),
    ] {
        let upgrade = format!("Upgrade: {named}");
        assert_eq!(
            answer([offered], &[&upgrade, UPGRADE]),
            format!("switch {offered}")
        );
    }
    for named in ["foo/A", "foo", "foo/", "foo/a/b", "fo/a", "foo/a b"] {
        let upgrade = format!("Upgrade: {named}");
        assert_eq!(
            answer(["foo/a"], &[&upgrade, UPGRADE]),
            "close switch-not-offered",
            "{named}"
        );
    }
    for named in ["tls/1.2", "Tls/1.2"] {
        let run = ask(
            &get([TLS]),
            switch(&[&format!("Upgrade: {named}"), UPGRADE]),
        );
        assert_eq!(run.short(), "send, switch tls");
    }
    let fields = ["Upgrade: wEBsocKET", WEBSOCKET[1], WEBSOCKET[2]];
    assert_eq!(ask(&websocket(), switch(&fields)).end(), "switch websocket");
    assert_eq!(
        ask(&get([h2c()]), switch(&["Upgrade: H2C", UPGRADE])).end(),
        "switch h2c"
    );
}

#[test]
fn r9110_09_client_upgrade_elsewhere_is_an_advertisement() {
    let fields = [
        "Upgrade: h2,h2c",
        "Connection: Upgrade, Keep-Alive",
        "Content-Length: 3",
    ];
    for code in ["200 OK", "301 x", "404 x", "500 x"] {
        let text = response(&format!("HTTP/1.1 {code}"), &fields, "abc");
        let run = ask(&get([h2c()]), text);
        assert!(
            run.short().ends_with(", content abc, same connection"),
            "{code}"
        );
        assert_eq!(run.seen().upgrades, ["h2", "h2c"]);
    }
    let text = response(
        "HTTP/1.1 103 x",
        &fields[..2],
        &switch(&["Upgrade: h2c", UPGRADE]),
    );
    assert_eq!(
        ask(&get([h2c()]), text).short(),
        "send, interim 103, switch h2c"
    );
}

#[test]
fn r9110_12_client_connection_names_upgrade() {
    for request in [
        websocket(),
        get([TLS]),
        get([h2c()]),
        get([Offer::token("x")]),
    ] {
        let request = sent(&request);
        assert_eq!(
            request.matches("\r\nConnection: Upgrade").count(),
            1,
            "{request}"
        );
        assert_eq!(request.matches("\r\nUpgrade: ").count(), 1, "{request}");
    }
    let probe = sent(&websocket().mandatory_tls(&["TLS/1.2"]));
    assert!(probe.contains("\r\nConnection: Upgrade\r\n"));
    let request = sent(&get([]));
    assert!(!request.contains("Connection") && !request.contains("Upgrade"));
}

#[test]
fn r9110_13_client_a_101_whose_connection_lacks_upgrade() {
    let without = "close switch-without-connection";
    for connection in [
        &[][..],
        &["Connection: Keep-Alive"],
        &["Connection: close"],
        &["Connection:"],
    ] {
        let fields = [&["Upgrade: foo"], connection].concat();
        assert_eq!(answer(["foo"], &fields), without, "{connection:?}");
        let fields = [&[WEBSOCKET[0], WEBSOCKET[2]], connection].concat();
        assert_eq!(
            ask(&websocket(), switch(&fields)).end(),
            without,
            "{connection:?}"
        );
        let fields = [&["Upgrade: TLS/1.2"], connection].concat();
        assert_eq!(
            ask(&get([TLS]), switch(&fields)).end(),
            without,
            "{connection:?}"
        );
        let lenient = get([TLS]).lenient_tls();
        assert_eq!(
            ask(&lenient, switch(&fields)).short(),
            "send, switch tls",
            "{connection:?}"
        );
    }
    // The leniency is for TLS alone.
    let both = get([TLS, Offer::token("foo")]).lenient_tls().lenient_h2c();
    assert_eq!(ask(&both, switch(&["Upgrade: foo"])).end(), without);
    assert_eq!(
        ask(&both, switch(&[UPGRADE])).end(),
        "close switch-without-upgrade"
    );
}

#[test]
fn r9110_16_the_request_is_sent_before_anything_else_is() {
    let request = get([Offer::token("foo").any_request()])
        .method("POST")
        .content_length(5);
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the head");
    let text = switch(&["Upgrade: foo", UPGRADE]);
    for sent in [3, 1] {
        assert_eq!(
            client.receive(text.as_bytes()),
            0,
            "the content comes first"
        );
        assert!(matches!(client.action(), Action::SendContent(_)));
        client.content_sent(sent).expect("in turn");
    }
    assert_eq!(client.content_sent(2), Err(Misuse::TooMuchContent));
    assert!(matches!(client.action(), Action::SendContent(1)));
    client.content_sent(1).expect("in turn");
    assert_eq!(client.receive(text.as_bytes()), text.len() - 2);
    assert!(matches!(client.action(), Action::Switch(..)));
    // A 101 in place of the 100 is none: the server has not seen the whole request.
    let waits = request.expect_continue();
    assert_eq!(ask(&waits, text).end(), "close unexpected-switch");
}

#[test]
fn r9110_17_client_malformed_members_name_nothing() {
    for member in [
        "/1", "a/", "a/b/c", "\"foo\"", "foo bar", "foo;v=1", "foo,x", "foo, /1", "é",
    ] {
        let upgrade = format!("Upgrade: {member}");
        assert_eq!(
            answer(["foo"], &[&upgrade, UPGRADE]),
            "close switch-not-offered",
            "{member}"
        );
    }
}

#[test]
fn r9110_18_client_lines_make_one_list() {
    assert_eq!(
        answer(
            ["foo"],
            &["Upgrade: foo", "Connection: keep-alive", UPGRADE]
        ),
        "switch foo"
    );
    assert_eq!(
        answer(
            ["foo"],
            &["Connection: Upgrade", "Upgrade: foo", "Connection: x"]
        ),
        "switch foo"
    );
    assert_eq!(
        answer(["foo"], &["Upgrade:", "Upgrade: foo", UPGRADE]),
        "switch foo"
    );
    assert_eq!(
        answer(["foo", "bar"], &["Upgrade: foo", "Upgrade: bar", UPGRADE]),
        "close switch-not-offered"
    );
    assert_eq!(
        answer(["foo"], &["Upgrade: foo", "Upgrade: foo", UPGRADE]),
        "close switch-not-offered"
    );
    let run = ask(
        &get([TLS]),
        switch(&["Upgrade: TLS/1.2", "Upgrade: HTTP/1.1", UPGRADE]),
    );
    assert_eq!(run.short(), "send, switch tls");
}

#[test]
fn r9110_19_client_empty_members_up_to_a_limit() {
    assert_eq!(
        answer(["foo"], &["Upgrade: ,, foo ,", "Connection: ,Upgrade"]),
        "switch foo"
    );
    assert_eq!(
        answer(["foo"], &["Upgrade: ,", UPGRADE]),
        "close switch-without-upgrade"
    );
    assert_eq!(
        answer(["foo"], &["Upgrade:", UPGRADE]),
        "close switch-without-upgrade"
    );
    let commas = ",".repeat(http_upgrade::MAX_LIST_MEMBERS - 2);
    assert_eq!(
        answer(["foo"], &[&format!("Upgrade: {commas}foo"), UPGRADE]),
        "switch foo"
    );
    assert_eq!(
        answer(
            ["foo"],
            &["Upgrade: foo", &format!("Connection: {commas}upgrade")]
        ),
        "switch foo"
    );
    for fields in [
        [&*format!("Upgrade: ,{commas}foo"), UPGRADE],
        ["Upgrade: foo", &*format!("Connection: upgrade,{commas}")],
    ] {
        assert_eq!(answer(["foo"], &fields), "close list-too-long");
    }
    let request = sent(&get([Offer::token("a"), Offer::token("b")]));
    assert!(!request.contains(",,") && !request.contains(", ,"));
}

#[test]
fn r9110_20_client_options_are_whole_tokens() {
    for option in [
        "upgraded",
        "no-upgrade",
        "\"upgrade\"",
        "upgrade;x",
        "up grade",
        "upgrade=1",
    ] {
        let connection = format!("Connection: {option}");
        assert_eq!(
            answer(["foo"], &["Upgrade: foo", &connection]),
            "close switch-without-connection",
            "{option}"
        );
    }
    assert_eq!(
        answer(
            ["foo"],
            &["Upgrade: foo", "Connection: kEEP-alive , uPGRADE"]
        ),
        "switch foo"
    );
}

#[test]
fn r9110_21_client_connection_names_what_is_for_it_and_nothing_else() {
    let request = sent(&get([h2c()]));
    assert!(request.contains("\r\nConnection: Upgrade, HTTP2-Settings\r\n"));
    let request = sent(&websocket());
    assert!(
        request.contains("\r\nConnection: Upgrade\r\n"),
        "no field of WebSocket is named"
    );
    for name in ["Connection", "TE", "Keep-Alive", "Proxy-Connection"] {
        let fields = [(name, "x")];
        assert_eq!(misuse(&get([]).fields(&fields)), Misuse::ReservedField);
    }
}

#[test]
fn r9110_22_client_a_proxy_knows_what_to_pass_on() {
    let fields = [
        "Upgrade: h2c",
        "Connection: Upgrade, x-y",
        "X-Y: 1",
        "Keep-Alive: 5",
        "Proxy-Connection: x",
        "TE: x",
        "Server: s",
        "HTTP2-Settings: x",
        "Transfer-Encoding: chunked",
    ];
    let text = response("HTTP/1.1 426 x", &fields, "0\r\n\r\n");
    let request = get([h2c()]);
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the request");
    client.receive(text.as_bytes());
    let Action::Response(response) = client.action() else {
        panic!("{:?}", client.action());
    };
    let names: Vec<&str> = response.end_to_end_fields().map(|(name, _)| name).collect();
    assert_eq!(names, ["Server"]);
    let names: Vec<&str> = response.hop_by_hop_fields().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "Upgrade",
            "Connection",
            "X-Y",
            "Keep-Alive",
            "Proxy-Connection",
            "TE",
            "HTTP2-Settings",
            "Transfer-Encoding"
        ]
    );
}

#[test]
fn r9110_24_interim_responses_come_before_the_one_that_counts() {
    let interims = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 199 \r\nUpgrade: x\r\nConnection: close\r\n\r\n";
    let run = ask(&websocket(), format!("{interims}{}", websocket_101(&[])));
    assert_eq!(
        run.short(),
        "send, interim 100, interim 103, interim 199, switch websocket"
    );
    assert_eq!(run.rest, b"\x01\x02");
    let text = format!("{interims}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(
        ask(&get([]), text).short(),
        "send, interim 100, interim 103, interim 199, response 200, same connection"
    );
    let run = ask(&get([]), "HTTP/1.1 102 x\r\nLink: </a>\r\n\r\n");
    assert_eq!(run.seen().fields, [("Link".to_owned(), b"</a>".to_vec())]);
}

#[test]
fn r9110_25_a_101_that_was_not_asked_for_ends_the_connection() {
    let run = ask(&get([]), switch(&["Upgrade: foo", UPGRADE]));
    assert_eq!(
        (run.short(), run.rest),
        (
            "send, close unexpected-switch".to_owned(),
            b"\x01\x02".to_vec()
        )
    );
    assert_eq!(
        ask(&websocket(), switch(&["Upgrade: h2c", UPGRADE])).end(),
        "close switch-not-offered"
    );
    assert_eq!(
        ask(&websocket(), switch(&[UPGRADE, WEBSOCKET[2]])).end(),
        "close switch-without-upgrade"
    );
    assert_eq!(answer(["foo"], &[]), "close switch-without-upgrade");
    assert_eq!(
        ask(&get([h2c()]), switch(&[])).end(),
        "close switch-without-upgrade"
    );
    // The one leniency: h2c alone was offered, and neither field is there.
    let lenient = get([h2c()]).lenient_h2c();
    assert_eq!(ask(&lenient, switch(&[])).end(), "switch h2c");
    assert_eq!(
        ask(&lenient, switch(&["Connection: keep-alive"])).end(),
        "switch h2c"
    );
    for fields in [
        &["Upgrade:"][..],
        &["Upgrade: ,"],
        &[UPGRADE],
        &["Upgrade: foo"],
        &["Upgrade: foo", UPGRADE],
    ] {
        assert!(
            ask(&lenient, switch(fields))
                .end()
                .starts_with("close switch-"),
            "{fields:?}"
        );
    }
    let two = get([h2c(), Offer::token("foo")]).lenient_h2c();
    assert_eq!(ask(&two, switch(&[])).end(), "close switch-without-upgrade");
    let none = get([]).lenient_h2c().lenient_tls();
    assert_eq!(ask(&none, switch(&[])).end(), "close unexpected-switch");
    // In the second request what the first offered does not count.
    let requests = [get([Offer::token("foo")]), get([])];
    let text = switch(&["Upgrade: foo", UPGRADE]);
    let run = Script::new(&requests, &[b"HTTP/1.1 204 \r\n\r\n", text.as_bytes()]).run();
    assert_eq!(run.end(), "close unexpected-switch");
}

#[test]
fn r9110_31_a_100_is_awaited_but_not_for_ever() {
    let post = get([]).method("POST");
    assert_eq!(
        misuse(&post.expect_continue()),
        Misuse::ExpectWithoutContent
    );
    assert_eq!(
        misuse(&post.content(b"").expect_continue()),
        Misuse::ExpectWithoutContent
    );
    assert_eq!(
        misuse(&post.content_length(0).expect_continue()),
        Misuse::ExpectWithoutContent
    );
    let waits = [post.content(b"abc").expect_continue()];
    let ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let run = Script::new(&waits, &[b"HTTP/1.1 100 \r\n\r\n", ok]).run();
    assert_eq!(
        run.short(),
        "send, interim 100, send, response 200, same connection"
    );
    assert!(run.sent()[0].ends_with("\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
    assert_eq!(run.sent()[1], "abc");
    let run = Script::new(&waits, &[b"HTTP/1.1 103 \r\n\r\nHTTP/1.1 100 \r\n\r\n", ok]).run();
    assert_eq!(
        run.short(),
        "send, interim 103, interim 100, send, response 200, same connection"
    );
    let run = Script::new(&waits, &[b"", ok]).end(End::Timeout).run();
    assert_eq!(run.short(), "send, send, response 200, same connection");
    let run = Script::new(
        &waits,
        &[
            b"HTTP/1.1 103 \r\n\r\n",
            b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 204 \r\n\r\n",
        ],
    )
    .end(End::Timeout)
    .run();
    assert_eq!(
        run.short(),
        "send, interim 103, send, interim 100, response 204, same connection"
    );
}

#[test]
fn r9110_31_an_answer_without_the_content() {
    let waits = get([]).method("POST").content_length(7).expect_continue();
    let plain = get([]).method("POST").content_length(7);
    for code in ["417", "413", "200", "426"] {
        let text = response(&format!("HTTP/1.1 {code} x"), &["Content-Length: 2"], "no");
        let run = Script::new(&[waits, plain], &[text.as_bytes()]).run();
        let short = format!("send, response {code}, content no, new connection, refused");
        assert_eq!(
            run.short(),
            short,
            "the server may still wait for the content"
        );
    }
    let run = Script::new(
        &[waits],
        &[
            b"HTTP/1.1 100 \r\n\r\n",
            b"HTTP/1.1 417 x\r\nContent-Length: 0\r\n\r\n",
        ],
    )
    .run();
    assert_eq!(
        run.short(),
        "send, interim 100, send content 7, response 417, same connection"
    );
    assert!(!sent(&plain).contains("Expect"));
}

#[test]
fn r9110_32_client_content_of_options_has_a_type() {
    let star = Uri {
        secure: false,
        authority: "h",
        target: "*",
    };
    let options = UpgradeRequest::new("OPTIONS", star);
    assert_eq!(misuse(&options.content(b"x")), Misuse::NoContentType);
    assert_eq!(misuse(&options.content_length(1)), Misuse::NoContentType);
    let fields = [("Content-Type", "text/plain")];
    let request = sent(&options.content(b"x").fields(&fields));
    assert_eq!(
        request,
        "OPTIONS * HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx"
    );
}
