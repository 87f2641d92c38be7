//! HTTP, TLS, HTTP inside it, WebSocket inside it: one connection, both roles ours.

use http_upgrade::client::Retry;
use http_upgrade::{Client, Offer, Policy, WebSocketOffer};

use crate::pipe::HONEST;
use crate::tls::client::Outcome;
use crate::tls::echo;
use crate::tls::server::{ANY, CAREFUL, REQUIRE};
use crate::tls::trust::Trust;
use crate::world::{
    HOSTS, TOKENS, World, ask_on, behind_head, client, contains, content, get, records, trust,
};

const NONCE: [u8; 16] = [7; 16];

/// `OPTIONS *`, TLS, a GET, a WebSocket, with that version of TLS and reads of that many bytes.
fn all_stages(trust: &Trust, piece: usize) {
    let mut world = World::with(&CAREFUL, piece, HONEST, HONEST);
    let fields = [("Cookie", "secret=1")];
    let first = get("http://a.example/page")
        .fields(&fields)
        .mandatory_tls(TOKENS);
    let websocket = WebSocketOffer::new(NONCE);
    let offers = [Offer::websocket(&websocket)];
    let second = get("ws://a.example/echo").offer(&offers);

    let mut client = client(&first);
    let (outcome, said) = ask_on(&mut client, &mut world.wire, trust);
    assert_eq!(said[0], "send");
    assert_eq!(said[1], "switch tls");
    assert!(said[2].ends_with(&HOSTS[0].fingerprint));
    assert_eq!(said[3..], ["send", "response 200"]);
    assert_eq!(content(outcome), "/page of a.example, inside TLS\n");
    client.retry(&second).expect("the connection lives");
    let (outcome, said) = ask_on(&mut client, &mut world.wire, trust);
    assert_eq!(outcome, Outcome::WebSocket);
    assert_eq!(said, ["send", "switch websocket"]);
    let heard = echo::say(&mut world.wire, "hello inside", || [1, 2, 3, 4]).expect("an echo");
    assert_eq!(heard, "hello inside");

    let (mut lines, of_client, of_server) = world.end();
    lines.remove(3); // the version
    let expected = [
        "request OPTIONS *",
        "send 101",
        "switch tls for a.example",
        "respond 200",
        "request GET /page inside tls",
        "respond 200",
        "request GET /echo inside tls",
        "send 101",
        "switch websocket",
    ];
    assert_eq!(lines, expected);
    // All that crossed in clear text is the OPTIONS and the 101.
    assert!(of_client.starts_with(b"OPTIONS * HTTP/1.1\r\nHost: a.example\r\n"));
    records(behind_head(&of_client));
    records(behind_head(&of_server));
    for secret in ["/page", "secret", "/echo", "hello"] {
        assert!(!contains(&of_client, secret) && !contains(&of_server, secret));
    }
}

#[test]
fn http_tls_http_websocket_on_one_connection() {
    all_stages(&trust(), usize::MAX);
    all_stages(&trust(), 1);
    let pin = Some(&*HOSTS[0].fingerprint);
    let older = Trust::new(pin, &[&rustls::version::TLS12]).expect("a trust");
    all_stages(&older, usize::MAX);
    all_stages(&older, 13);
}

#[test]
fn r2817_10_the_request_that_asked_is_answered_inside_tls() {
    let offers = [Offer::tls(TOKENS)];
    let mut world = World::new(&ANY);
    let (outcome, said) = world.ask(&get("http://a.example/x").offer(&offers));
    assert_eq!(content(outcome), "/x of a.example, inside TLS\n");
    assert_eq!(
        said.iter().filter(|line| *line == "send").count(),
        1,
        "once"
    );
    let (lines, of_client, of_server) = world.end();
    assert_eq!(lines[0], "request GET /x");
    assert_eq!(lines.iter().filter(|line| line.contains("/x")).count(), 1);
    records(behind_head(&of_client));
    records(behind_head(&of_server));

    // A server that takes no such offer answers in clear text.
    let mut world = World::new(&CAREFUL);
    let (outcome, _) = world.ask(&get("http://a.example/x").offer(&offers));
    assert_eq!(content(outcome), "/x of a.example, in clear text\n");
}

#[test]
fn r2817_28_the_authority_in_clear_text_selects_the_certificate() {
    // The client says no name inside TLS: the Host of before is all there is.
    let nameless = |pin: &str| {
        Trust::new(Some(pin), rustls::ALL_VERSIONS)
            .expect("a trust")
            .with(|config| config.enable_sni = false)
    };
    for (at, name) in ["a.example", "b.example"].into_iter().enumerate() {
        let url = format!("http://{name}:8080/");
        let request = get(&url).mandatory_tls(TOKENS);
        for (pin, host) in HOSTS.iter().enumerate() {
            let mut world = World::new(&CAREFUL);
            let mut client = client(&request);
            let (outcome, _) = ask_on(&mut client, &mut world.wire, &nameless(&host.fingerprint));
            let (lines, ..) = world.end();
            assert_eq!(lines[2], format!("switch tls for {name}:8080"));
            assert_eq!(matches!(outcome, Outcome::Response(_)), at == pin);
        }
    }
    // A host without a certificate here.
    let mut world = World::new(&CAREFUL);
    let (outcome, _) = world.ask(&get("http://c.example/").mandatory_tls(TOKENS));
    assert_eq!(
        outcome,
        Outcome::Closed(Some(http_upgrade::Error::TlsRefused))
    );
    assert_eq!(world.end().0, ["request OPTIONS *", "send 421"]);
}

#[test]
fn r2817_15_everything_in_clear_text_is_426() {
    let request = get("http://a.example/page");
    let insisting = request.mandatory_tls(TOKENS);
    let websocket = WebSocketOffer::new(NONCE);
    let offers = [Offer::websocket(&websocket)];
    let mut world = World::new(&REQUIRE);
    let post = http_upgrade::UpgradeRequest::new("POST", crate::world::uri("http://a.example/f"))
        .content(b"data");
    let mut asked = client(&request);
    let mut in_clear = |client: &mut Client<'_, Vec<u8>>| {
        let (outcome, _) = ask_on(client, &mut world.wire, &trust());
        let Outcome::Response(answer) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(answer.requires_tls);
        assert_eq!(answer.retry, Retry::SameConnection);
    };
    in_clear(&mut asked);
    asked.retry(&post).expect("the connection lives");
    in_clear(&mut asked);
    let opening = get("ws://a.example/echo").offer(&offers);
    asked.retry(&opening).expect("the connection lives");
    in_clear(&mut asked);
    // Asked again on the same connection, with TLS.
    asked.retry(&insisting).expect("the connection lives");
    let (outcome, _) = ask_on(&mut asked, &mut world.wire, &trust());
    assert_eq!(content(outcome), "/page of a.example, inside TLS\n");
    let (lines, ..) = world.end();
    let clear = [
        "request GET /page",
        "send 426",
        "request POST /f",
        "send 426",
    ];
    assert_eq!(lines[..4], clear);
    assert_eq!(lines[4..6], ["request GET /echo", "send 426"]);
    assert_eq!(lines[6..8], ["request OPTIONS *", "send 101"]);

    // Or on another, as libcups does.
    let mut world = World::new(&REQUIRE);
    let (outcome, _) = world.ask(&insisting);
    assert_eq!(content(outcome), "/page of a.example, inside TLS\n");
}

/// A server whose whole answer inside TLS is that, and that says goodbye or does not.
fn cut(response: &'static [u8], with_alert: bool) -> Outcome {
    use std::io::Read;
    let (outer, mut inner) = crate::pipe::pipe();
    let thread = std::thread::spawn(move || {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            inner.read_exact(&mut byte).expect("a request");
            request.extend(byte);
        }
        let mut wire = crate::tls::wire::Wire::new(inner);
        wire.write_all(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n",
        )
        .expect("a client");
        wire.accept(|hello| HOSTS[0].config_for(hello))
            .expect("a handshake");
        wire.write_all(response).expect("a client");
        if with_alert {
            wire.close();
        }
    });
    let offers = [Offer::tls(TOKENS)];
    let request = get("http://a.example/").offer(&offers);
    let mut wire = crate::tls::wire::Wire::new(outer);
    let (outcome, _) = ask_on(&mut client(&request), &mut wire, &trust());
    thread.join().expect("no panic");
    outcome
}

#[test]
fn the_end_of_the_socket_is_no_end_inside_tls() {
    use http_upgrade::Error;
    let until_close = b"HTTP/1.1 200 OK\r\n\r\nhalf of it";
    assert_eq!(content(cut(until_close, true)), "half of it");
    assert_eq!(
        cut(until_close, false),
        Outcome::Closed(Some(Error::Incomplete)),
        "somebody in the middle may have cut it"
    );
    let length = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf of it";
    for with_alert in [true, false] {
        assert_eq!(
            cut(length, with_alert),
            Outcome::Closed(Some(Error::Incomplete))
        );
    }
    let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    assert_eq!(content(cut(whole, false)), "ok");
}

/// Also of a client's offer: a policy is what decides.
#[test]
fn sec_11_off_unless_asked_for() {
    static NONE: Policy = Policy::new(http_upgrade::Origins::SameHost);
    let offers = [Offer::tls(TOKENS)];
    let mut world = World::new(&NONE);
    let (outcome, _) = world.ask(&get("http://a.example/x").offer(&offers));
    assert_eq!(content(outcome), "/x of a.example, in clear text\n");
}
