//! h2c: RFC 7540 section 3.2.

use super::harness::{Script, Step, TLS, ask, get, h2c, leak, misuse, sent, switch};
use http_upgrade::client::{Action, Uri};
use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest};

const SWITCH: [&str; 2] = ["Upgrade: h2c", "Connection: Upgrade"];

/// An offer of those settings.
fn settings(list: &[(u16, u32)]) -> Offer<'static> {
    let mut settings = Settings::default();
    for &(id, value) in list {
        settings
            .push(Setting { id, value })
            .expect("a legal setting");
    }
    Offer::h2c(leak(settings))
}

#[test]
fn r7540_01_one_http2_settings_that_connection_names() {
    assert_eq!(
        sent(&get([h2c()])),
        "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    );
    let fields = [("HTTP2-Settings", "AAMAAABk")];
    assert_eq!(misuse(&get([h2c()]).fields(&fields)), Misuse::ReservedField);
    assert_eq!(misuse(&get([]).fields(&fields)), Misuse::ReservedField);
    assert_eq!(misuse(&get([h2c(), h2c()])), Misuse::OfferedTwice);
    assert_eq!(
        misuse(&get([settings(&[])])),
        Misuse::BadToken,
        "an empty value is no token68"
    );
}

#[test]
fn r7540_02_client_settings_are_a_payload_in_base64url() {
    let request = sent(&get([settings(&[(4, 0x7fff_ffff)])]));
    assert!(request.contains("\r\nHTTP2-Settings: AAR_____\r\n"));
    let request = sent(&get([settings(&[(3, 100), (4, 65535)])]));
    assert!(request.contains("\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"));
    let most: Vec<(u16, u32)> = (0..16).map(|id| (0xff00 + id, u32::MAX)).collect();
    let request = sent(&get([settings(&most)]));
    let value = request.split("HTTP2-Settings: ").nth(1).expect("the field");
    let value = value.split("\r\n").next().expect("the value");
    assert_eq!(
        Settings::decode(value.as_bytes())
            .expect("settings")
            .iter()
            .count(),
        16
    );
}

#[test]
fn r7540_10_client_h2c_is_no_offer_inside_tls() {
    for offer in [h2c(), Offer::token("h2c"), Offer::token("H2C")] {
        let request = get([offer]);
        let client = Client::inside_tls([0; 512], &request);
        assert_eq!(client.err(), Some(Misuse::InsideTls));
        assert_eq!(
            misuse(&request.mandatory_tls(&["TLS/1.2"])),
            Misuse::InsideTls
        );
    }
    let tls = b"HTTP/1.1 101 x\r\nUpgrade: TLS/1.2\r\nConnection: upgrade\r\n\r\n";
    let requests = [get([TLS]), get([h2c()])];
    let run = Script::new(&requests, &[tls, b"HTTP/1.1 204 \r\n\r\n"]).run();
    assert_eq!(run.steps.last(), Some(&Step::Refused(Misuse::InsideTls)));
}

#[test]
fn r7540_15_the_content_goes_before_http_2() {
    let post = get([h2c()]).method("POST");
    let run = ask(&post.content(b"abc"), switch(&SWITCH));
    assert_eq!(run.short(), "send, switch h2c");
    assert!(run.sent()[0].ends_with("\r\nContent-Length: 3\r\n\r\nabc"));
    let waits = [post.content(b"abc").expect_continue()];
    let text = switch(&SWITCH);
    let run = Script::new(&waits, &[b"HTTP/1.1 100 \r\n\r\n", text.as_bytes()]).run();
    assert_eq!(run.short(), "send, interim 100, send, switch h2c");
    assert_eq!(run.rest, b"\x01\x02");
    let streams = [post.content_length(1 << 40)];
    let run = Script::new(&streams, &[text.as_bytes(), b""]).run();
    assert_eq!(run.short(), "send, send content 1099511627776, switch h2c");
    let mut client = Client::new([0; 512], &streams[0]).expect("a request");
    client.send(&mut [0; 512]).expect("the head");
    client.content_sent((1 << 40) - 1).expect("in turn");
    assert_eq!(client.receive(text.as_bytes()), 0);
    assert!(matches!(client.action(), Action::SendContent(1)));
}

#[test]
fn r7540_18_client_the_request_travels_with_the_switch() {
    // The method decides what the response on stream 1 holds: the application has the request still.
    let run = ask(&get([h2c()]).method("HEAD"), switch(&SWITCH));
    assert_eq!(run.short(), "send, switch h2c");
    assert!(run.sent()[0].starts_with("HEAD / HTTP/1.1\r\n"));
    assert_eq!(run.seen().code, 101);
    assert_eq!(run.rest, b"\x01\x02", "the first bytes of HTTP/2");
}

#[test]
fn r7540_21_options_leads_to_http_2_too() {
    let star = Uri {
        secure: false,
        authority: "h",
        target: "*",
    };
    let request = UpgradeRequest::new("OPTIONS", star).offer(leak([h2c()]));
    assert_eq!(
        sent(&request),
        "OPTIONS * HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    );
    assert_eq!(ask(&request, switch(&SWITCH)).short(), "send, switch h2c");
}

#[test]
fn r7540_23_client_h2c_only_where_it_was_offered() {
    let request = sent(&get([]));
    assert!(!request.contains("h2c") && !request.contains("HTTP2-Settings"));
    assert_eq!(
        ask(&get([]), switch(&SWITCH)).end(),
        "close unexpected-switch"
    );
    assert_eq!(
        ask(&get([TLS]), switch(&SWITCH)).end(),
        "close switch-not-offered"
    );
    assert_eq!(
        ask(&get([TLS]).lenient_h2c(), switch(&[])).end(),
        "close switch-without-upgrade"
    );
}
