//! Attackers: who takes the offer away, who joins connections that do not belong together (the Opossum attack).

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use http_upgrade::{Client, Error, Misuse, Offer, Origins, Policy, Server};

use crate::pipe::{Change, HONEST, join, pipe};
use crate::tls::client::Outcome;
use crate::tls::server::{ANY, CAREFUL, REQUIRE};
use crate::tls::trust::Trust;
use crate::tls::wire::Wire;
use crate::world::{
    HOSTS, Running, TOKENS, World, ask_on, behind_head, client, contains, content, get, records,
    trust,
};

/// Takes the lines of Upgrade and Connection out of what passes in clear text.
const STRIP: Change = |bytes| match String::from_utf8(bytes) {
    Ok(text) => text
        .split_inclusive("\r\n")
        .filter(|line| !line.starts_with("Upgrade:") && !line.starts_with("Connection:"))
        .collect::<String>()
        .into_bytes(),
    Err(error) => error.into_bytes(),
};

const SECRETS: &[(&str, &str)] = &[("Cookie", "secret=1"), ("Authorization", "secret")];

#[test]
fn who_strips_the_offer_gets_nothing_of_a_client_that_insists() {
    let request = get("http://a.example/secret")
        .fields(SECRETS)
        .mandatory_tls(TOKENS);
    for policy in [&CAREFUL, &REQUIRE, &ANY] {
        let mut world = World::with(policy, usize::MAX, STRIP, HONEST);
        let (outcome, said) = world.ask(&request);
        assert_eq!(outcome, Outcome::Closed(Some(Error::TlsRefused)));
        assert_eq!(said, ["send", "close tls-refused"]);
        let (lines, of_client, _) = world.end();
        assert_eq!(lines[0], "request OPTIONS *");
        assert!(behind_head(&of_client).is_empty() && !contains(&of_client, "secret"));
    }
    // Out of the answer: a 101 without Upgrade is none.
    let mut world = World::with(&CAREFUL, usize::MAX, HONEST, STRIP);
    let (outcome, _) = world.ask(&request);
    assert_eq!(outcome, Outcome::Closed(Some(Error::SwitchWithoutUpgrade)));
    let (lines, of_client, of_server) = world.end();
    assert_eq!(lines.last().map(String::as_str), Some("close tls-failed"));
    assert!(behind_head(&of_client).is_empty() && behind_head(&of_server).is_empty());
}

#[test]
fn who_strips_an_offer_that_is_optional_reads_everything() {
    let offers = [Offer::tls(TOKENS)];
    let request = get("http://a.example/secret")
        .fields(SECRETS)
        .offer(&offers);
    let mut world = World::with(&ANY, usize::MAX, STRIP, HONEST);
    let (outcome, _) = world.ask(&request);
    assert_eq!(content(outcome), "/secret of a.example, in clear text\n");
    assert!(
        contains(&world.end().1, "secret=1"),
        "as the page of the docs says"
    );

    // A 426 whose Upgrade was taken away names no way to go on.
    let mut world = World::with(&REQUIRE, usize::MAX, HONEST, STRIP);
    let (outcome, _) = world.ask(&get("http://a.example/page"));
    let Outcome::Response(answer) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!((answer.code, answer.requires_tls), (426, false));
}

#[test]
fn r2817_12_nothing_follows_a_failed_handshake_in_clear_text() {
    // Somebody in the middle leads the client to another host, which has another certificate.
    let other_host: Change = |bytes| match String::from_utf8(bytes) {
        Ok(text) => text.replace("Host: a.example", "Host: b.example").into(),
        Err(error) => error.into_bytes(),
    };
    let nameless = trust().with(|config| config.enable_sni = false);
    let request = get("http://a.example/secret")
        .fields(SECRETS)
        .mandatory_tls(TOKENS);
    for trust in [trust(), nameless] {
        let mut world = World::with(&CAREFUL, usize::MAX, other_host, HONEST);
        let mut client = client(&request);
        let (outcome, _) = ask_on(&mut client, &mut world.wire, &trust);
        assert_eq!(outcome, Outcome::Closed(Some(Error::TlsFailed)));
        assert!(world.wire.write_all(b"GET /secret").is_err());
        assert_eq!(client.send(&mut [0; 512]), Err(Misuse::OutOfTurn));
        let (lines, of_client, of_server) = world.end();
        assert_eq!(lines[2], "switch tls for b.example");
        assert_eq!(lines.last().map(String::as_str), Some("close tls-failed"));
        records(behind_head(&of_client));
        records(behind_head(&of_server));
        assert!(!contains(&of_client, "secret"));
    }
}

/// The Opossum attack: somebody in the middle sends this request to the port of clear text, and joins the TLS of a client,
/// which means the port of implicit TLS, to what comes behind. What that client reads in answer to its first request; what
/// the server said.
fn opossum(
    policy: &'static Policy<'static>,
    request: &str,
    trust: &Trust,
) -> (Option<Outcome>, Vec<String>) {
    let (mut attacker, theirs) = pipe();
    let server = Running::new(policy, theirs);
    attacker.write_all(request.as_bytes()).expect("a server");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        attacker.read_exact(&mut byte).expect("an answer");
        answer.extend(byte);
    }
    let (victim, outer) = pipe();
    join(outer, attacker, usize::MAX, [HONEST; 2]);
    let outcome = victim_asks(Wire::new(victim), trust);
    (outcome, server.end())
}

/// An ordinary https client; `None` where its handshake fails.
fn victim_asks(mut wire: Wire<crate::pipe::End>, trust: &Trust) -> Option<Outcome> {
    let tls = trust.connection("a.example").expect("a connection");
    wire.connect(tls).ok()?;
    let request = get("https://a.example/page");
    let mut client = Client::inside_tls(vec![0; 4096], &request).expect("a request");
    let (outcome, _) = ask_on(&mut client, &mut wire, trust);
    if !matches!(&outcome, Outcome::Response(answer) if answer.content.ends_with(b"TLS\n")
        && answer.content.starts_with(b"/page"))
    {
        // The answer to its own request is there too. Whoever looks before the next request ends the connection.
        while wire.pending() == 0 {
            wire.fill().expect("the other response");
        }
        client.unread(wire.pending());
        assert_eq!(client.retry(&request), Err(Misuse::NotReusable));
    }
    Some(outcome)
}

const OFFER: &str = " HTTP/1.1\r\nHost: a.example\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n";

fn with_offer(line: &str, behind: &str) -> String {
    format!("{line}{OFFER}{behind}")
}

#[test]
fn sec_11_opossum_against_a_server_of_this_crate() {
    static NONE: Policy = Policy::new(Origins::SameHost);
    let evil = with_offer("GET /evil", "\r\n");
    let options = with_offer("OPTIONS *", "\r\n");
    let with_data = with_offer("OPTIONS *", "Content-Length: 4\r\n\r\nevil");
    // Off; for another request than `OPTIONS *`; with data: answered in clear text, and no TLS begins behind that.
    for (policy, request) in [
        (&NONE, &evil),
        (&NONE, &options),
        (&CAREFUL, &evil),
        (&CAREFUL, &with_data),
        (&REQUIRE, &evil),
    ] {
        let (outcome, lines) = opossum(policy, request, &trust());
        assert_eq!(outcome, None, "{request}");
        assert!(!lines.iter().any(|line| line == "send 101"), "{lines:?}");
        assert_eq!(
            lines.last().map(String::as_str),
            Some("close bad-request-line")
        );
    }
    // An https client names its application protocols: the server of the example sees that it meant another port.
    let https = trust().with(|config| config.alpn_protocols = vec![b"http/1.1".to_vec()]);
    for (policy, request) in [(&CAREFUL, &options), (&ANY, &evil)] {
        let (outcome, lines) = opossum(policy, request, &https);
        assert_eq!(outcome, None);
        assert_eq!(lines.last().map(String::as_str), Some("close tls-failed"));
    }
    // It also names its host.
    let (outcome, _) = opossum(&ANY, &evil.replace("Host: a", "Host: b"), &trust());
    assert_eq!(outcome, None);

    // One that says neither: of `OPTIONS *` it gets an empty answer, nothing that the attacker chose.
    let nameless = trust().with(|config| config.enable_sni = false);
    let (outcome, lines) = opossum(&CAREFUL, &options, &nameless);
    assert_eq!(content(outcome.expect("an answer")), "");
    assert_eq!(lines[4..6], ["respond 200", "request GET /page inside tls"]);
    // Any request: what the attacker asked for is what the client reads. This is why it has to be asked for.
    let (outcome, _) = opossum(&ANY, &evil, &nameless);
    assert_eq!(
        content(outcome.expect("an answer")),
        "/evil of a.example, inside TLS\n"
    );
}

#[test]
fn sec_11_opossum_against_a_client_of_this_crate() {
    // Somebody in the middle answers the 101, and joins the client's TLS to a port of implicit TLS.
    let (mut ours, mut attacker) = pipe();
    let (outer, theirs) = pipe();
    let middle = thread::spawn(move || {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            attacker.read_exact(&mut byte).expect("a request");
            request.extend(byte);
        }
        let switch = b"HTTP/1.1 101 \r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n";
        attacker.write_all(switch).expect("a client");
        join(attacker, outer, usize::MAX, [HONEST; 2]);
    });
    let https = thread::spawn(move || {
        let mut wire = Wire::new(theirs);
        wire.accept(|_| Ok(HOSTS[0].config())).expect("a handshake");
        let mut server = Server::new([0; 1024], &CAREFUL).inside_tls();
        while let Ok(1..) = wire.fill() {
            let used = server.receive(wire.unread());
            wire.take(used);
        }
        server.request().is_some()
    });
    let request = get("http://a.example/secret")
        .fields(SECRETS)
        .mandatory_tls(TOKENS);
    ours.patience = Duration::from_millis(300);
    let mut wire = Wire::new(ours);
    let (outcome, said) = ask_on(&mut client(&request), &mut wire, &trust());
    // Each waits for the other: the server for a request, the client for the answer to the one that it has sent.
    assert_eq!(outcome, Outcome::Closed(Some(Error::Timeout)));
    assert_eq!(said[..2], ["send", "switch tls"]);
    assert_eq!(said[3..], ["close timeout"]);
    middle.join().expect("no panic");
    drop(wire);
    assert!(!https.join().expect("no panic"), "no request ever came");
}

#[test]
fn sec_11_an_answer_before_the_request_belongs_to_somebody_else() {
    let (ours, theirs) = pipe();
    let server = thread::spawn(move || {
        let mut wire = Wire::new(theirs);
        wire.accept(|_| Ok(HOSTS[0].config())).expect("a handshake");
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
        wire.write_all(answer).expect("a client");
        let mut sent = 0;
        while let Ok(len @ 1..) = wire.fill() {
            sent += len;
        }
        sent
    });
    let mut wire = Wire::new(ours);
    let tls = trust().connection("a.example").expect("a connection");
    wire.connect(tls).expect("a handshake");
    while wire.pending() == 0 {
        wire.fill().expect("an answer");
    }
    let request = get("https://a.example/page").fields(SECRETS);
    let mut client = Client::inside_tls([0; 4096].to_vec(), &request).expect("a request");
    let (outcome, said) = ask_on(&mut client, &mut wire, &trust());
    assert_eq!(outcome, Outcome::Closed(Some(Error::Unsolicited)));
    assert_eq!(said, ["close unsolicited"]);
    wire.close();
    drop(wire);
    assert_eq!(server.join().expect("no panic"), 0, "nothing was sent");
}

#[test]
fn data_goes_into_no_switch_unless_asked_for() {
    let tls = [Offer::tls(TOKENS)];
    let post = get("http://a.example/form").method("POST").content(b"data");
    let refused = post.offer(&tls);
    assert_eq!(
        Client::new([0; 512], &refused).err(),
        Some(Misuse::ContentNotAllowed)
    );
    let tls = [Offer::tls(TOKENS).any_request()];
    let mut world = World::new(&ANY);
    let (outcome, _) = world.ask(&post.offer(&tls));
    assert_eq!(content(outcome), "/form of a.example, inside TLS\n");
    // TLS that is insisted on has it inside.
    let insisting = post.mandatory_tls(TOKENS);
    let mut world = World::new(&REQUIRE);
    let (outcome, _) = world.ask(&insisting);
    assert_eq!(content(outcome), "/form of a.example, inside TLS\n");
    assert!(!contains(&world.end().1, "data"));
}
