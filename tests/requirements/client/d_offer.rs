//! The opening handshake as it goes out: RFC 6455 sections 3, 4.1 and 9.1.

use super::harness::{
    Script, Step, ask, get, leak, misuse, offer, response, sent, websocket, websocket_101,
    websocket_with,
};
use http_upgrade::client::{Action, Uri};
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest, WebSocketOffer};

#[test]
fn r6455_01_the_handshake_is_a_get() {
    assert_eq!(
        sent(&websocket()),
        "GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    for method in ["POST", "HEAD", "OPTIONS", "get"] {
        assert_eq!(
            misuse(&websocket().method(method)),
            Misuse::ContentNotAllowed,
            "{method}"
        );
    }
    for request in [
        websocket().content(b"x"),
        websocket().content(b""),
        websocket().content_length(0),
    ] {
        assert_eq!(misuse(&request), Misuse::ContentNotAllowed);
    }
    let any = UpgradeRequest::get("ws://h/")
        .expect("a URI")
        .method("POST");
    let any = any.offer(leak([Offer::websocket(leak(offer())).any_request()]));
    assert_eq!(
        misuse(&any),
        Misuse::ContentNotAllowed,
        "there is no way around"
    );
}

#[test]
fn r6455_02_the_target_is_path_and_query() {
    for (uri, target) in [
        ("ws://h", "/"),
        ("ws://h?x", "/?x"),
        ("ws://h/a?b", "/a?b"),
        ("WS://h/%23", "/%23"),
    ] {
        let request = UpgradeRequest::get(uri).expect("a URI");
        assert!(
            sent(&request).starts_with(&format!("GET {target} HTTP/1.1\r\n")),
            "{uri}"
        );
    }
    for uri in [
        "ws://h#f",
        "ws://h/#",
        "ws://h/a#f",
        "ws://h/\u{e9}",
        "ws://h/a b",
        "ws://h/\n",
        "ws:h",
        "wsx://h/",
    ] {
        assert_eq!(
            UpgradeRequest::get(uri).err(),
            Some(Misuse::BadTarget),
            "{uri:?}"
        );
    }
    for uri in [
        "ws://",
        "ws:///x",
        "ws://:80/",
        "ws://h:x/",
        "ws://h:65536/",
        "ws://h h/",
        "ws://[::1/",
        "ws://h\n/",
    ] {
        assert_eq!(
            UpgradeRequest::get(uri).err(),
            Some(Misuse::BadHost),
            "{uri:?}"
        );
    }
}

#[test]
fn r6455_03_host_without_the_default_port() {
    for (uri, host, secure) in [
        ("ws://h:80/", "h", false),
        ("ws://h:443/", "h:443", false),
        ("wss://h:443/", "h", true),
        ("wss://h:80/", "h:80", true),
        ("wss://h:8443/", "h:8443", true),
        ("wss://[::1]:443/", "[::1]", true),
        ("WSS://h:0443/", "h", true),
    ] {
        let parts = Uri::parse(uri).expect("a URI");
        assert_eq!((parts.authority, parts.secure), (host, secure), "{uri}");
    }
    let request = UpgradeRequest::get("wss://h:8443/").expect("a URI");
    let request = request.offer(leak([Offer::websocket(leak(offer()))]));
    let run = Script::new(&[request], &[]).inside_tls().run();
    assert!(run.sent()[0].starts_with("GET / HTTP/1.1\r\nHost: h:8443\r\n"));
}

#[test]
fn r6455_04_upgrade_and_connection() {
    let request = sent(&websocket());
    assert!(request.contains("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"));
}

#[test]
fn r6455_05_the_key_is_fresh_for_each_request() {
    let entropy = *b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10";
    let request = sent(&websocket_with(WebSocketOffer::new(entropy)));
    assert!(request.contains("\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"));
    assert_eq!(request.matches("Sec-WebSocket-Key").count(), 1);
    let unauthorized: &[u8] = b"HTTP/1.1 401 x\r\nContent-Length: 0\r\n\r\n";
    let other = websocket_with(WebSocketOffer::new(entropy));
    for requests in [
        &[websocket(), websocket()][..],
        &[websocket(), get([]), websocket()],
        &[websocket(), get([Offer::token("x")]), get([]), websocket()],
        &[websocket(), other, get([]), other],
    ] {
        let run = Script::new(requests, &[unauthorized; 4]).run();
        assert_eq!(run.steps.last(), Some(&Step::Refused(Misuse::KeyReused)));
    }
    let run = Script::new(&[websocket(), other], &[unauthorized; 2]).run();
    assert_eq!(run.end(), "same connection");
    assert!(run.sent()[1].contains("AQIDBAUGBwgJCgsMDQ4PEA=="));
}

#[test]
fn r6455_06_origin_as_the_application_says() {
    assert!(!sent(&websocket()).contains("Origin"));
    let fields = [("Origin", "https://example.org:8443")];
    let request = sent(&websocket().fields(&fields));
    assert!(request.contains("\r\nOrigin: https://example.org:8443\r\n"));
}

#[test]
fn r6455_07_version_13_once() {
    assert_eq!(
        sent(&websocket())
            .matches("\r\nSec-WebSocket-Version: 13\r\n")
            .count(),
        1
    );
    let fields = [("sec-websocket-version", "8")];
    assert_eq!(misuse(&websocket().fields(&fields)), Misuse::ReservedField);
}

#[test]
fn r6455_08_subprotocols_are_different_tokens() {
    for names in [
        &["a", "a"][..],
        &[""],
        &["a b"],
        &["a", "b", "a"],
        &["a,b"],
        &["a\r\nX: y"],
        &["a/b"],
        &["\u{e9}"],
    ] {
        let request = websocket_with(offer().subprotocols(leak(names.to_vec())));
        assert_eq!(misuse(&request), Misuse::BadSubprotocol, "{names:?}");
    }
    let request = sent(&websocket_with(offer().subprotocols(&[
        "superchat",
        "chat",
        "Chat",
    ])));
    assert!(request.contains("\r\nSec-WebSocket-Protocol: superchat, chat, Chat\r\n"));
    assert!(!sent(&websocket()).contains("Sec-WebSocket-Protocol"));
}

#[test]
fn r6455_09_extensions_with_parameters_of_their_own() {
    let extensions = &["permessage-deflate; client_max_window_bits", "foo; a=\"1\""];
    let request = sent(&websocket_with(offer().extensions(extensions)));
    assert!(request.contains(
        "\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, foo; a=\"1\"\r\n"
    ));
    for extension in [
        "",
        ",",
        "a;",
        "a; b=",
        "a; b=\"\"",
        "a b",
        "permessage-deflate; x",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=08",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "foo, permessage-deflate; server_no_context_takeover=1",
    ] {
        let request = websocket_with(offer().extensions(leak([extension])));
        assert_eq!(misuse(&request), Misuse::BadExtension, "{extension}");
    }
    // What is not accepted is not agreed.
    let run = ask(
        &websocket_with(offer().extensions(extensions)),
        websocket_101(&[]),
    );
    assert_eq!(run.short(), "send, switch websocket");
    assert_eq!(run.seen().extensions, Vec::<String>::new());
}

#[test]
fn r6455_10_nothing_is_sent_before_the_response() {
    let request = websocket();
    let mut client = Client::new([0; 512], &request).expect("a request");
    let mut out = [0; 512];
    client.send(&mut out).expect("the handshake");
    let text = websocket_101(&[]);
    for byte in text.as_bytes().iter().take(text.len() - 2) {
        assert!(matches!(client.action(), Action::Receive));
        assert_eq!(client.send(&mut out), Err(Misuse::OutOfTurn));
        assert_eq!(client.receive(&[*byte]), 1);
    }
    assert!(matches!(client.action(), Action::Switch(..)));
}

#[test]
fn r6455_11_through_a_proxy_in_a_tunnel_and_wss_inside_tls() {
    assert_eq!(misuse(&websocket().via_proxy()), Misuse::NeedsTunnel);
    let connect = UpgradeRequest::connect("h:80");
    let run = ask(&connect, "HTTP/1.1 200 x\r\n\r\n");
    assert_eq!(run.short(), "send, switch tunnel");
    let request = UpgradeRequest::get("wss://h/").expect("a URI");
    let request = request.offer(leak([Offer::websocket(leak(offer()))]));
    assert_eq!(misuse(&request), Misuse::NeedsTls);
    let run = Script::new(&[request], &[websocket_101(&[]).as_bytes()])
        .inside_tls()
        .run();
    assert_eq!(run.short(), "send, switch websocket");
    let unauthorized = response("HTTP/1.1 426 x", &["Content-Length: 0"], "");
    let run = Script::new(&[get([]), request], &[unauthorized.as_bytes()]).run();
    assert_eq!(
        run.steps.last(),
        Some(&Step::Refused(Misuse::NeedsTls)),
        "a retry is no way around"
    );
}
