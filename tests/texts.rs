//! What errors say, what policies are told apart by, and what Debug output keeps to itself.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};

use http_upgrade::client::Action;
use http_upgrade::h2c::{BridgeError, Setting, Settings, SettingsError};
use http_upgrade::websocket::{Event, HandshakeError, Limits, MessageTooBig, SendError, WebSocket};
use http_upgrade::{
    Allow, Client, Error, Misuse, Offer, Origins, Policy, Server, Status, UpgradeRequest,
    WebSocketOffer,
};

/// Each says something of its own, in one line that fits behind a colon.
fn assert_texts<T: Display>(values: &[T]) {
    let texts: BTreeSet<String> = values.iter().map(T::to_string).collect();
    assert_eq!(texts.len(), values.len(), "two of {texts:?} are the same");
    for text in &texts {
        assert!(text.len() >= 4, "{text:?}");
        assert!(!text.contains('\n') && !text.ends_with('.'), "{text:?}");
    }
}

#[test]
fn each_error_says_something_of_its_own() {
    assert_texts(Error::ALL);
    assert_texts(&[
        Misuse::OutOfTurn,
        Misuse::BufferTooSmall { needed: 7 },
        Misuse::NotOffered,
        Misuse::NotAllowed,
        Misuse::BadField,
        Misuse::ReservedField,
        Misuse::BadStatus,
        Misuse::NoChunkedInHttp10,
        Misuse::BadMethod,
        Misuse::BadTarget,
        Misuse::BadHost,
        Misuse::BadToken,
        Misuse::OfferedTwice,
        Misuse::BadSubprotocol,
        Misuse::BadExtension,
        Misuse::ContentNotAllowed,
        Misuse::ExpectWithoutContent,
        Misuse::NoContentType,
        Misuse::NeedsTls,
        Misuse::InsideTls,
        Misuse::NeedsTunnel,
        Misuse::ContentPending,
        Misuse::TooMuchContent,
        Misuse::NotReusable,
        Misuse::KeyReused,
    ]);
    assert_texts(&[
        SendError::BufferTooSmall { needed: 7 },
        SendError::Closing,
        SendError::Closed,
        SendError::MessageOpen,
        SendError::ControlFragmented,
        SendError::ControlTooLong,
        SendError::CloseCode,
        SendError::NotUtf8,
    ]);
    assert_texts(&[
        HandshakeError::Method,
        HandshakeError::Target,
        HandshakeError::BadVersion,
        HandshakeError::UnsupportedVersion,
        HandshakeError::Key,
        HandshakeError::Subprotocols,
        HandshakeError::Extensions,
        HandshakeError::Origin,
    ]);
    assert_texts(&[
        SettingsError::Empty,
        SettingsError::BadLength,
        SettingsError::BadCharacter,
        SettingsError::BadValue(Setting { id: 2, value: 9 }),
        SettingsError::BadValue(Setting { id: 4, value: 9 }),
        SettingsError::TooMany,
    ]);
    assert_texts(&[BridgeError::BadPreface, BridgeError::SettingsNotFirst]);
    assert_texts(&[MessageTooBig]);
}

#[test]
fn what_is_missing_is_said_in_numbers() {
    assert_eq!(
        Misuse::BufferTooSmall { needed: 129 }.to_string(),
        "the message needs 129 bytes"
    );
    assert_eq!(
        SendError::BufferTooSmall { needed: 131 }.to_string(),
        "the frame takes 131 bytes"
    );
    let setting = Setting { id: 2, value: 9 };
    assert_eq!(
        Settings::default().push(setting).unwrap_err().to_string(),
        "setting 2 may not be 9"
    );
}

#[test]
fn text_shows_as_the_text_that_it_is() {
    let mut wire = *b"\x81\x85\0\0\0\0a\"\xc3\xa9b";
    let mut server = WebSocket::server(Limits::DEFAULT);
    let (_, event) = server.receive(&mut wire);
    let Some(Event::Text { piece, last: true }) = event else {
        panic!("{event:?}");
    };
    assert_eq!(format!("{piece:?}"), format!("{:?}", "a\"éb"));
    assert_eq!(piece.to_string(), "a\"éb");

    let mut same = *b"\x81\x85\0\0\0\0a\"\xc3\xa9b";
    let mut other = *b"\x81\x85\0\0\0\0a\"\xc3\xaab";
    let text = |wire| match WebSocket::server(Limits::DEFAULT).receive(wire).1 {
        Some(Event::Text { piece, .. }) => piece,
        event => panic!("{event:?}"),
    };
    assert_eq!(piece, text(&mut same));
    assert_ne!(piece, text(&mut other));
}

/// Two requests with a key each, and a server that answers both with a secret.
#[test]
fn debug_output_holds_neither_keys_nor_field_values() {
    let first_offer = WebSocketOffer::new(*b"the sample nonce");
    let first = [Offer::websocket(&first_offer)];
    let second_offer = WebSocketOffer::new(*b"another of these").subprotocols(&["chat"]);
    let second = [Offer::websocket(&second_offer)];
    let ask = |offers| UpgradeRequest::get("ws://h/").unwrap().offer(offers);
    let (first, second) = (ask(&first), ask(&second));
    let mut client = Client::new([0; 256], &first).unwrap();
    client.send(&mut [0; 256]).unwrap();
    let refusal = b"HTTP/1.1 403 \r\nSet-Cookie: secret\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(client.receive(refusal), refusal.len());
    let Action::Response(response) = client.action() else {
        panic!("{:?}", client.action());
    };
    let shown = format!("{response:?}");
    assert!(
        shown.starts_with("Response") && shown.contains("403"),
        "{shown}"
    );
    assert!(!shown.contains("secret"), "{shown}");

    client.retry(&second).unwrap();
    let shown = format!("{client:?}");
    assert!(shown.contains("last_key: Some(Key)"), "{shown}");
    assert!(
        shown.contains("WebSocketOffer") && shown.contains("chat"),
        "{shown}"
    );
    // As text, as base64, and as numbers.
    for secret in ["secret", "nonce", "another of", "dGhl", "116, 104, 101"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }

    let policy = Policy::new(Origins::Any);
    let mut server = Server::new([0; 256], &policy);
    server.receive(b"GET /page HTTP/1.1\r\nHost: a\r\nCookie: secret\r\n\r\n");
    let shown = format!("{server:?}");
    assert!(
        !shown.contains("secret") && !shown.contains("115, 101"),
        "{shown}"
    );
    assert_eq!(
        format!("{:?}", server.request().unwrap()),
        r#"Request { method: "GET", target: "/page", .. }"#
    );
    let fields = format!("{:?}", server.request().unwrap().fields());
    assert_eq!(fields, r#"["Host", "Cookie"]"#);
    let response = http_upgrade::Response::new(Status::OK)
        .fields(&[("Set-Cookie", "secret")])
        .content(b"secret");
    assert_eq!(
        format!("{response:?}"),
        format!("Response {{ status: {:?}, .. }}", Status::OK)
    );
}

/// Each is equal to itself alone, and shows so.
fn assert_told_apart<T: PartialEq + Debug>(values: &[T]) {
    for (at, one) in values.iter().enumerate() {
        for (place, other) in values.iter().enumerate() {
            assert_eq!(one == other, at == place, "{one:?}, {other:?}");
            assert_eq!(format!("{one:?}") == format!("{other:?}"), at == place);
        }
    }
}

#[test]
fn policies_and_their_entries_are_told_apart() {
    assert_told_apart(&[
        Allow::WEBSOCKET,
        Allow::H2C,
        Allow::H2C.via_proxy(),
        Allow::TLS,
        Allow::TLS.any_request(),
        Allow::TUNNEL,
        Allow::PRIOR_KNOWLEDGE,
        Allow::token("tcp"),
        Allow::token("udp"),
        Allow::token("tcp").any_request(),
    ]);
    let policy = Policy::new(Origins::SameHost);
    assert_told_apart(&[
        policy,
        Policy::new(Origins::Any),
        Policy::new(Origins::List(&["http://a"])),
        Policy::new(Origins::List(&["http://b"])),
        policy.allow(&[Allow::TLS]),
        policy.refuse_content(true),
        policy.skip_limit(7),
        policy.lone_lf(true),
    ]);
    assert_eq!(policy.refuse_content(true).refuse_content(false), policy);
}

#[test]
fn a_status_shows_as_code_and_phrase() {
    assert_eq!(Status::NOT_FOUND.to_string(), "404 Not Found");
    assert_eq!(
        Status::SWITCHING_PROTOCOLS.to_string(),
        "101 Switching Protocols"
    );
}
