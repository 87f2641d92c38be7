//! HTTP, then TLS, then HTTP inside it, then another protocol: all on one connection.

use crate::Pair;
use crate::ends::{CONTENT, OF_CLIENT, PAGE};
use crate::wire::hello;
use http_upgrade::client::Uri;
use http_upgrade::{
    Allow, Offer, Origins, Policy, Protocol, Status, UpgradeRequest, WebSocketOffer,
};

pub const TLS: &[&str] = &["TLS/1.2"];

/// What no one on the way may read.
pub const SECRETS: &[(&str, &str)] = &[
    ("Authorization", "Basic c2VjcmV0OnNlY3JldA=="),
    ("Cookie", "id=secret"),
];

pub const WEBSOCKET_IN_TLS: Policy<'static> = Policy::new(Origins::SameHost)
    .allow(&[Allow::TLS, Allow::WEBSOCKET])
    .require(&[Protocol::Tls]);

pub fn uri(uri: &str) -> Uri<'_> {
    Uri::parse(uri).expect("a URI")
}

pub fn has_secret(bytes: &[u8]) -> bool {
    [&b"secret"[..], b"c2Vj", b"Sec-WebSocket"]
        .into_iter()
        .any(|secret| bytes.windows(secret.len()).any(|window| window == secret))
}

/// Mandatory TLS: `OPTIONS *` first, and the opening handshake inside.
#[test]
fn http_tls_http_websocket() {
    let websocket = WebSocketOffer::new([7; 16]);
    let offers = [Offer::websocket(&websocket)];
    let request = UpgradeRequest::new("GET", uri("ws://example.org/secret"))
        .offer(&offers)
        .fields(SECRETS)
        .mandatory_tls(TLS);
    let requests = [request];
    let pair = Pair::new(&requests, &WEBSOCKET_IN_TLS);
    for early in [&[][..], &[hello()]] {
        let run = Pair { early, ..pair }.run_with_two_cuts();
        assert_eq!(run.client, "send, switch tls, send, switch websocket");
        let server = "request OPTIONS *, send 101, switch tls, respond, request GET /secret, send 101, switch websocket";
        assert_eq!(run.server, server);
        assert!(!has_secret(&run.sent));
        assert_eq!(
            run.switched,
            [Some("websocket".into()), Some("websocket".into())]
        );
    }
}

/// Optional TLS: the response to the request that offered it comes inside, and the next one goes on to WebSocket.
#[test]
fn the_pending_response_comes_inside_tls() {
    let tls = [Offer::tls(TLS).any_request()];
    let websocket = WebSocketOffer::new([7; 16]);
    let offers = [Offer::websocket(&websocket)];
    let first = UpgradeRequest::new("POST", uri("http://example.org/form")).content(CONTENT);
    let requests = [
        first.offer(&tls),
        UpgradeRequest::new("GET", uri("ws://example.org/chat")).offer(&offers),
    ];
    let allow = [Allow::WEBSOCKET, Allow::TLS.any_request()];
    let policy = Policy::new(Origins::SameHost).allow(&allow);
    let pair = Pair::new(&requests, &policy);
    for early in [&[][..], &[hello()]] {
        let run = Pair { early, ..pair }.run_with_two_cuts();
        assert_eq!(
            run.client,
            "send, switch tls, response 200, same connection, send, switch websocket"
        );
        let server = "request POST /form, send 101, switch tls, respond, request GET /chat, send 101, switch websocket";
        assert_eq!(run.server, server);
        assert_eq!(
            (&run.client_content[..], &run.server_content[..]),
            (PAGE, CONTENT)
        );
    }
}

/// The 426 of a server that requires TLS, and the retry on the same connection.
#[test]
fn a_426_leads_into_tls() {
    let websocket = [[7; 16], [8; 16]].map(WebSocketOffer::new);
    let offers = [
        [Offer::websocket(&websocket[0])],
        [Offer::websocket(&websocket[1])],
    ];
    let plain = UpgradeRequest::new("GET", uri("ws://example.org/chat")).offer(&offers[0]);
    let requests = [plain, plain.offer(&offers[1]).mandatory_tls(TLS)];
    let run = Pair::new(&requests, &WEBSOCKET_IN_TLS).run();
    assert_eq!(
        run.client,
        "send, response 426, same connection, send, switch tls, send, switch websocket"
    );
}

/// Content of the real request is sent inside, whether it waits for a 100 or not.
#[test]
fn content_follows_inside() {
    let post = UpgradeRequest::new("POST", uri("http://example.org/secret"))
        .fields(SECRETS)
        .mandatory_tls(TLS);
    let token = [Offer::token("tcp").any_request()];
    let allow = [Allow::TLS, Allow::token("tcp").any_request()];
    let policy = Policy::new(Origins::SameHost).allow(&allow);
    let streamed = post.content_length(CONTENT.len() as u64);
    for (request, middle) in [
        (post.content(CONTENT), ""),
        (streamed, ""),
        (
            post.content(CONTENT).expect_continue(),
            "interim 100, send, ",
        ),
        (streamed.expect_continue(), "interim 100, "),
    ] {
        let requests = [request.offer(&token)];
        let run = Pair::new(&requests, &policy).run();
        assert_eq!(
            run.client,
            format!("send, switch tls, send, {middle}switch tcp")
        );
        assert_eq!(run.server_content, CONTENT);
        assert!(!has_secret(&run.sent));
        // The same, with no offer inside.
        let requests = [request];
        let run = Pair::new(&requests, &policy).run();
        assert_eq!(
            run.client,
            format!("send, switch tls, send, {middle}response 200, same connection")
        );
        assert!(!has_secret(&run.sent));
    }
}

/// A server that has no TLS, or refuses it: what insists on TLS ends, what merely offers it goes on.
#[test]
fn a_refusal_of_tls() {
    let optional = UpgradeRequest::new("GET", uri("http://example.org/secret")).fields(SECRETS);
    let tls = [Offer::tls(TLS).any_request()];
    let none = Policy::new(Origins::SameHost);
    let some = Policy::new(Origins::SameHost).allow(&[Allow::TLS]);
    for (policy, refusals) in [
        (none, &[][..]),
        (some, &[Status::UNAUTHORIZED]),
        (some, &[Status::FORBIDDEN]),
        (some, &[Status::UPGRADE_REQUIRED]),
        (some, &[Status::SERVICE_UNAVAILABLE]),
    ] {
        let requests = [optional.mandatory_tls(TLS)];
        let run = Pair {
            refusals,
            ..Pair::new(&requests, &policy)
        }
        .run();
        assert_eq!(run.client, "send, close tls-refused");
        assert!(!has_secret(&run.sent));
        let requests = [optional.offer(&tls)];
        let run = Pair {
            refusals,
            ..Pair::new(&requests, &policy)
        }
        .run();
        let status = refusals.first().map_or(200, |status| status.code());
        assert_eq!(
            run.client,
            format!("send, response {status}, same connection")
        );
    }
}

/// Bytes behind a request whose upgrade is refused: the server closes, and both know it.
#[test]
fn early_bytes_behind_a_refusal() {
    let websocket = WebSocketOffer::new([7; 16]);
    let offers = [Offer::websocket(&websocket)];
    let requests = [UpgradeRequest::new("GET", uri("ws://example.org/chat")).offer(&offers)];
    let policy = Policy::new(Origins::SameHost);
    let early = [OF_CLIENT.to_vec()];
    let pair = Pair {
        early: &early,
        refusals: &[Status::FORBIDDEN],
        ..Pair::new(&requests, &policy)
    };
    let run = pair.run();
    assert_eq!(run.client, "send, response 403, new connection");
    assert_eq!(
        run.server,
        "request GET /chat, send 403, close data-behind-refusal"
    );
    assert_eq!(run.server_rest, OF_CLIENT);
    let careful = policy.refuse_early_data(true);
    let run = Pair {
        refusals: &[],
        policy: &careful,
        ..pair
    }
    .run();
    assert_eq!(run.client, "send, response 400, new connection");
    assert_eq!(run.server, "request GET /chat, send 400, close early-data");
}
