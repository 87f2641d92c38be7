//! Nothing of the new protocol before the switch (RFC 9931), connect-udp (RFC 9298), and the registry of tokens.

use super::harness::{TLS, ask, get, h2c, misuse, sent, switch, websocket, websocket_101};
use http_upgrade::client::Action;
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest};

/// A client that sees the 101 octet by octet can do nothing else before the last.
fn waits(request: &UpgradeRequest<'_>, text: &str) {
    let mut client = Client::new([0; 1024], request).expect("a request");
    let mut out = [0; 1024];
    client.send(&mut out).expect("the request");
    for &byte in text.as_bytes() {
        assert!(matches!(client.action(), Action::Receive));
        assert_eq!(client.send(&mut out), Err(Misuse::OutOfTurn));
        assert_eq!(client.content_sent(1), Err(Misuse::OutOfTurn));
        assert_eq!(client.receive(&[byte]), 1);
    }
    assert!(matches!(client.action(), Action::Switch(..)));
}

#[test]
fn r9931_01_the_new_protocol_waits_for_the_101() {
    let of = |name: &str| {
        switch(&[&format!("Upgrade: {name}"), "Connection: Upgrade"]).replace("\u{1}\u{2}", "")
    };
    waits(&websocket(), &websocket_101(&[]).replace("\u{1}\u{2}", ""));
    waits(&get([h2c()]), &of("h2c"));
    waits(&get([TLS]), &of("TLS/1.2"));
    waits(&get([Offer::token("foo")]), &of("foo"));
    // Nor does anything follow a refusal.
    let run = ask(
        &get([Offer::token("foo")]),
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    );
    assert_eq!(
        (run.sent().len(), run.end()),
        (1, "same connection".to_owned())
    );
}

#[test]
fn r9931_02_a_tunnel_waits_for_the_2xx() {
    let connect = UpgradeRequest::connect("h:443");
    waits(&connect, "HTTP/1.1 200 Connection established\r\n\r\n");
    let run = ask(&connect, "HTTP/1.1 502 x\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(
        (run.sent().len(), run.end()),
        (1, "same connection".to_owned())
    );
}

#[test]
fn r9931_06_client_tokens_are_for_get_without_content() {
    let token = || get([Offer::token("foo")]);
    for request in [
        token().method("POST"),
        token().method("HEAD"),
        token().content(b"x"),
        token().content_length(1),
    ] {
        assert_eq!(misuse(&request), Misuse::ContentNotAllowed);
    }
    let any = get([Offer::token("tcp").any_request()]).method("POST");
    assert!(
        sent(&any.content(b"{}"))
            .ends_with("\r\nUpgrade: tcp\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\n{}")
    );
}

#[test]
fn r9298_01_connect_udp_is_a_get() {
    let uri = "http://h/.well-known/masque/udp/192.0.2.6/443/";
    let offers = [Offer::token("connect-udp")];
    let fields = [("Capsule-Protocol", "?1")];
    let request = UpgradeRequest::get(uri)
        .expect("a URI")
        .offer(&offers)
        .fields(&fields);
    assert_eq!(
        sent(&request),
        "GET /.well-known/masque/udp/192.0.2.6/443/ HTTP/1.1\r\nHost: h\r\nUpgrade: connect-udp\r\nConnection: Upgrade\r\nCapsule-Protocol: ?1\r\n\r\n"
    );
    for token in ["connect-udp", "connect-ip", "CONNECT-UDP"] {
        let any = get([Offer::token(token).any_request()]);
        assert_eq!(
            misuse(&any.method("POST")),
            Misuse::ContentNotAllowed,
            "{token}"
        );
        assert_eq!(
            misuse(&any.content(b"x")),
            Misuse::ContentNotAllowed,
            "{token}"
        );
    }
}

#[test]
fn r9298_02_client_the_101_names_connect_udp_once() {
    let request = get([Offer::token("connect-udp")]);
    let (upgrade, connection) = ("Upgrade: connect-udp", "Connection: Upgrade");
    assert_eq!(
        ask(&request, switch(&[upgrade, connection])).end(),
        "switch connect-udp"
    );
    for fields in [
        &[upgrade, upgrade, connection][..],
        &["Upgrade: connect-udp, connect-udp", connection],
        &[upgrade, "Upgrade: x", connection],
        &[upgrade],
        &[connection],
    ] {
        let run = ask(&request, switch(fields));
        assert!(run.end().starts_with("close switch-"), "{fields:?}");
    }
}

#[test]
fn reg_01_client_registered_spelling() {
    let request = sent(&get([
        TLS,
        h2c(),
        Offer::websocket(super::harness::leak(super::harness::offer())),
    ]));
    assert!(request.contains("\r\nUpgrade: TLS/1.2, h2c, websocket\r\n"));
    let run = ask(
        &websocket(),
        websocket_101(&[]).replace("websocket", "WEBSOCKET"),
    );
    assert_eq!(run.end(), "switch websocket");
    assert_eq!(
        ask(
            &get([Offer::token("connect-ip")]),
            switch(&["Upgrade: Connect-IP", "Connection: Upgrade"])
        )
        .end(),
        "switch connect-ip"
    );
}
