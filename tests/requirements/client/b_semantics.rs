//! Upgrade and Connection: RFC 9110.

use super::harness::{
    Script, TLS, WEBSOCKET, ask, get, h2c, leak, misuse, offer, response, sent, switch, websocket,
    websocket_101,
};
use http_upgrade::{Misuse, Offer, UpgradeRequest};

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
