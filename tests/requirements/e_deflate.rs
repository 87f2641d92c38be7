//! Negotiation of permessage-deflate, RFC 7692: the offers are read, and declined.

use crate::harness::{WEBSOCKET_101, allowing, facts, serve, server_at, values, websocket};
use http_upgrade::{Allow, Decision, Misuse, Origins, Policy, Protocol};

const WS: Policy<'static> = Policy::new(Origins::Any);

/// The opening handshake with those offers.
fn offering(offers: &str) -> String {
    websocket(&[&format!("Sec-WebSocket-Extensions: {offers}")])
}

/// The names of the extensions, and of their parameters.
fn names(offers: &str) -> Vec<(String, Vec<String>)> {
    facts(&WS, offering(offers), |request| {
        let parameters = |extension: http_upgrade::websocket::Extension<'_>| {
            extension
                .parameters()
                .map(|(name, _)| name.to_owned())
                .collect()
        };
        request
            .extensions()
            .map(|extension| (extension.name().to_owned(), parameters(extension)))
            .collect()
    })
}

/// The handshake succeeds, and nothing is said of extensions.
fn declined(offers: &str) {
    let run = serve(&WS, offering(offers));
    assert_eq!(run.short(), "request, 101, switch websocket", "{offers}");
    assert_eq!(run.message(101), WEBSOCKET_101, "{offers}");
}

#[test]
fn r7692_01_elements_of_one_name_are_alternatives() {
    let offers = "permessage-deflate; server_max_window_bits=10, permessage-deflate";
    let deflate = "permessage-deflate".to_owned();
    assert_eq!(
        names(offers),
        [
            (deflate.clone(), vec!["server_max_window_bits".to_owned()]),
            (deflate, vec![])
        ]
    );
    declined(offers);
}

#[test]
fn r7692_02_an_offer_is_declined_not_the_handshake() {
    for parameters in [
        "foo",
        "server_no_context_takeover=1",
        "client_no_context_takeover; client_no_context_takeover",
        "server_max_window_bits=7",
        "server_max_window_bits",
        "client_max_window_bits=99",
        "SERVER_MAX_WINDOW_BITS=10",
    ] {
        declined(&format!("permessage-deflate; {parameters}"));
        declined(&format!(
            "permessage-deflate; {parameters}, permessage-deflate"
        ));
    }
    // What is no list of extensions at all is no such offer: R6455-30.
    assert_eq!(
        serve(&WS, offering("permessage-deflate; server_max_window_bits=")).short(),
        "request, 400"
    );
}

#[test]
fn r7692_03_nothing_accepted_nothing_said() {
    for offers in [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "x-webkit-deflate-frame",
        "permessage-bzip2, permessage-deflate",
    ] {
        declined(offers);
    }
}

#[test]
fn r7692_05_window_bits_are_shown_as_they_are() {
    let is_ten = |value: &str| {
        facts(
            &WS,
            offering(&format!(
                "permessage-deflate; server_max_window_bits={value}"
            )),
            |request| {
                let extension = request.extensions().next().expect("an extension");
                let (_, value) = extension.parameters().next().expect("a parameter");
                value.is_some_and(|value| value == *"10")
            },
        )
    };
    for value in ["10", "\"10\"", "\"1\\0\""] {
        assert!(is_ten(value), "{value}");
    }
    for value in ["08", "7", "16", "+9", "9x", "010", "100", "1"] {
        assert!(!is_ten(value), "{value}");
        declined(&format!(
            "permessage-deflate; server_max_window_bits={value}"
        ));
        declined(&format!(
            "permessage-deflate; client_max_window_bits=\"{value}\""
        ));
    }
    for empty in [
        "permessage-deflate; server_max_window_bits=",
        "permessage-deflate; server_max_window_bits=\"\"",
    ] {
        assert_eq!(
            serve(&WS, offering(empty)).short(),
            "request, 400",
            "{empty}"
        );
    }
}

#[test]
fn r7692_06_server_max_window_bits_is_not_answered() {
    declined("permessage-deflate; server_max_window_bits=10");
    declined(
        "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=15",
    );
}

#[test]
fn r7692_07_client_max_window_bits_is_not_answered() {
    assert_eq!(
        names("permessage-deflate; client_max_window_bits")[0].1,
        ["client_max_window_bits"]
    );
    declined("permessage-deflate; client_max_window_bits");
    declined("permessage-deflate; client_max_window_bits=15");
    declined("permessage-deflate");
}

#[test]
fn r7692_08_context_takeover_is_not_answered() {
    declined("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    // Nor can an application agree to what the machine will not do.
    let policy = allowing(&[Allow::WEBSOCKET]);
    let input = offering("permessage-deflate; server_no_context_takeover");
    let (mut server, _) = server_at(&policy, &input);
    server
        .decide(Decision::Accept(Protocol::WebSocket))
        .unwrap();
    let agreed = [(
        "Sec-WebSocket-Extensions",
        "permessage-deflate; server_no_context_takeover",
    )];
    assert_eq!(
        server.send_with(&mut [0; 512], &agreed),
        Err(Misuse::ReservedField)
    );
    assert_eq!(
        values(
            serve(&policy, &input).message(101),
            "sec-websocket-extensions"
        ),
        Vec::<&str>::new()
    );
}
