//! Fields are known by their whole names: another name of the same length says nothing, whatever its value.

use http_upgrade::client::{self, Retry};
use http_upgrade::{
    Action, Allow, Client, Decision, Error, Framing, Offer, Origins, Policy, Protocol, Response,
    Server, Status, UpgradeRequest, WebSocketOffer,
};

/// As long as any name that a machine knows, and longer.
const LONGEST: usize = 40;

/// What would change the outcome of a message in one field or another.
const VALUES: &[&str] = &[
    "",
    "x",
    "7",
    "close",
    "chunked",
    "gzip",
    "h2c",
    "foo, bar",
    "websocket",
    "host",
    "100-continue",
    "http://elsewhere",
    "?0",
    "AAMAAABk",
    "permessage-deflate; x",
    "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
];

/// Field lines of another name: of each length, the first letters of names that a machine knows among them.
fn other_fields() -> impl Iterator<Item = String> {
    (0..LONGEST).flat_map(move |len| {
        ["q", "h", "upgr", "sec-websocke", "content-"].map(|first| {
            let name = format!("{first}{}", "q".repeat(len));
            let lines: Vec<String> = VALUES
                .iter()
                .map(|value| format!("{name}: {value}\r\n"))
                .collect();
            lines.concat()
        })
    })
}

/// A server that has read that request.
fn server<'p>(policy: &'p Policy<'p>, head: &str) -> Server<'p, Vec<u8>> {
    let mut server = Server::new(vec![0; 8192], policy);
    assert_eq!(server.receive(head.as_bytes()), head.len(), "{head}");
    server
}

#[test]
fn in_requests() {
    const ALLOW: &[Allow] = &[Allow::WEBSOCKET, Allow::H2C, Allow::TLS.any_request()];
    let policy = Policy::new(Origins::SameHost).allow(ALLOW);
    let websocket = "Upgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    let h2c = "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n\
        HTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    for fields in other_fields() {
        let head = |offer: &str| format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}{offer}\r\n");
        let with_origin = head("Origin: http://a\r\nContent-Length: 0\r\n");
        let server_of_page = server(&policy, &with_origin);
        let request = server_of_page.request().unwrap();
        assert_eq!(request.origin(), Some(&b"http://a"[..]));
        assert_eq!(request.framing(), Framing::None, "a length is never zero");
        for (offer, protocol) in [(websocket, Protocol::WebSocket), (h2c, Protocol::H2c)] {
            let server = server(&policy, &head(offer));
            let Action::Decide(request) = server.action() else {
                panic!("{:?}: {}", server.action(), head(offer));
            };
            assert!(request.offers(protocol), "{}", head(offer));
            assert_eq!(request.websocket(), Ok(()));
            assert_eq!(
                policy.decide(&request),
                Decision::Accept(protocol),
                "{}",
                head(offer)
            );
        }
        // The same as options of Connection.
        let option = fields.split(':').next().unwrap();
        let named = head(websocket).replace("Connection: ", &format!("Connection: {option}, "));
        let mut server_of_named = server(&policy, &named);
        server_of_named
            .decide(Decision::Accept(Protocol::WebSocket))
            .unwrap();
        let action = server_of_named.action();
        assert!(
            matches!(action, Action::Send(Status::SWITCHING_PROTOCOLS)),
            "{action:?}: {named}"
        );

        let server = server(&policy, &head(""));
        let Action::Decide(request) = server.action() else {
            panic!("{:?}: {}", server.action(), head(""));
        };
        assert_eq!(policy.decide(&request), Decision::Ignore, "{}", head(""));
        assert_eq!(request.framing(), Framing::None);
        assert!(!request.expects_continue() && !request.is_content_pending());
        assert_eq!(request.authority(), "a");
        assert_eq!(request.origin(), None);
    }
}

#[test]
fn in_responses() {
    let offer = WebSocketOffer::new(*b"the sample nonce");
    let offers = [Offer::websocket(&offer)];
    let request = UpgradeRequest::get("ws://h/").unwrap().offer(&offers);
    let asked = |answer: &str| {
        let mut client = Client::new(vec![0; 8192], &request).unwrap();
        client.send(&mut [0; 256]).unwrap();
        assert_eq!(client.receive(answer.as_bytes()), answer.len(), "{answer}");
        client
    };
    for fields in other_fields() {
        let switch = format!(
            "HTTP/1.1 101 x\r\n{fields}Upgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
        );
        let client = asked(&switch);
        assert!(
            matches!(
                client.action(),
                client::Action::Switch(Protocol::WebSocket, _)
            ),
            "{:?}: {switch}",
            client.action()
        );
        let refusal = format!("HTTP/1.1 403 x\r\n{fields}Content-Length: 3\r\n\r\n");
        let client = asked(&refusal);
        let client::Action::Response(response) = client.action() else {
            panic!("{:?}: {refusal}", client.action());
        };
        assert_eq!(response.framing(), Framing::Length(3));
        assert_eq!(response.retry(), Retry::SameConnection, "{refusal}");
        assert_eq!(response.field("content-length"), Some(&b"3"[..]));
        assert_eq!(response.upgrades().count(), 0);
    }
    let bad = "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    assert!(matches!(
        asked(bad).action(),
        client::Action::Close(Some(Error::BadAccept))
    ));
}

/// `message` with another first letter in each of its words in turn that name a field or an option.
fn misspelt<'m>(message: &'m str, words: &'m [&str]) -> impl Iterator<Item = String> {
    words.iter().map(move |word| {
        assert!(message.contains(word), "{word}");
        message.replace(word, &format!("q{}", &word[1..]))
    })
}

#[test]
fn a_word_that_is_nearly_right_is_none() {
    let policy = Policy::new(Origins::Any).allow(&[Allow::WEBSOCKET, Allow::H2C]);
    let websocket = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    let h2c = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: upgrade, http2-settings\r\n\
        HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n";
    let accepts = |head: &str| {
        let mut server = server(&policy, head);
        let decision = server.request().map(|request| policy.decide(&request));
        server.decide(decision.unwrap()).unwrap();
        matches!(server.action(), Action::Send(Status::SWITCHING_PROTOCOLS))
    };
    let words = [
        "Upgrade",
        "websocket",
        "Connection",
        "upgrade",
        "Sec-WebSocket-Key",
    ];
    assert!(accepts(websocket) && accepts(h2c));
    for head in misspelt(websocket, &words).chain(misspelt(
        h2c,
        &[
            "Upgrade",
            "h2c",
            "Connection",
            "upgrade",
            "http2-settings",
            "HTTP2-Settings",
        ],
    )) {
        assert!(!accepts(&head), "{head}");
    }

    let offer = WebSocketOffer::new(*b"the sample nonce");
    let offers = [Offer::websocket(&offer)];
    let request = UpgradeRequest::get("ws://h/").unwrap().offer(&offers);
    let switches = |answer: &str| {
        let mut client = Client::new([0; 256], &request).unwrap();
        client.send(&mut [0; 256]).unwrap();
        client.receive(answer.as_bytes());
        matches!(client.action(), client::Action::Switch(..))
    };
    let switch = "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    assert!(switches(switch));
    let words = [
        "Upgrade",
        "websocket",
        "Connection",
        "upgrade",
        "Sec-WebSocket-Accept",
    ];
    for answer in misspelt(switch, &words) {
        assert!(!switches(&answer), "{answer}");
    }
}

#[test]
fn an_option_that_is_nearly_right_neither_keeps_nor_ends_a_connection() {
    let policy = Policy::new(Origins::Any);
    let closes = |version: &str, option: &str| {
        let head = format!("GET / {version}\r\nHost: a\r\nConnection: {option}\r\n\r\n");
        let mut server = server(&policy, &head);
        server.decide(Decision::Ignore).unwrap();
        let response = Response::new(Status::OK).content(b"x");
        server.respond(&mut [0; 256], &response).unwrap();
        matches!(server.action(), Action::Close(None))
    };
    assert!(closes("HTTP/1.1", "close") && !closes("HTTP/1.1", "qlose"));
    assert!(!closes("HTTP/1.0", "keep-alive") && closes("HTTP/1.0", "qeep-alive"));
}
