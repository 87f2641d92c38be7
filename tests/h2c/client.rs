//! Behind the 101 of a client, octet for octet.

use crate::harness::*;
use http_upgrade::client::{Action, Uri};
use http_upgrade::h2c::{BridgeError, ClientBridge, Setting, Settings};
use http_upgrade::{Client, Offer, Protocol, UpgradeRequest};

const APACHE: [&[u8]; 2] = [
    include_bytes!("../captures/h2c-apache2471-curl.1.c2s.bin"),
    include_bytes!("../captures/h2c-apache2471-curl.1.s2c.bin"),
];
const NGHTTPX: [&[u8]; 2] = [
    include_bytes!("../captures/h2c-nghttpx-curl.1.c2s.bin"),
    include_bytes!("../captures/h2c-nghttpx-curl.1.s2c.bin"),
];

fn start() -> ClientBridge {
    ClientBridge::start(|_| {})
}

/// A bridge whose engine has made its request.
fn asked() -> ClientBridge {
    let mut bridge = start();
    client_send(
        &mut bridge,
        &[PREFACE, &settings(&[]), &frame(HEADERS, 5, 1, b"\x82")].concat(),
    );
    bridge
}

fn sends(output: &[u8]) -> Vec<u8> {
    at_every_split(start, output, |bridge, piece| Ok(bridge.send(piece))).unwrap()
}

fn behind_head(message: &[u8]) -> &[u8] {
    let end = message
        .windows(4)
        .position(|octets| octets == b"\r\n\r\n")
        .unwrap()
        + 4;
    &message[end..]
}

#[test]
fn recorded_connections_pass_both_ways() {
    for [client, server] in [APACHE, NGHTTPX] {
        let sent = behind_head(client);
        // An engine acknowledges the settings of the bridge, and makes the request once more.
        let end = 24 + 9 + 18;
        let again = frame(HEADERS, END_HEADERS | END_STREAM, 1, &[0x82; 300]);
        let output = [&sent[..end], &ack(), &again, &sent[end..]].concat();
        assert_eq!(sends(&output), sent);

        let answer = behind_head(server);
        let passed = at_every_split(asked, answer, ClientBridge::receive);
        assert_eq!(passed.unwrap(), answer);
    }
}

#[test]
fn the_engine_is_told_to_do_without_a_table() {
    let mut first = Vec::new();
    let _ = ClientBridge::start(|octets| first.extend_from_slice(octets));
    assert_eq!(first, settings(&[(1, 0)]));
}

#[test]
fn r7540_14_bridge_preface_and_settings_go_out_first() {
    let request = frame(HEADERS, END_HEADERS | END_STREAM, 1, b"\x82\x86\x84");
    for settings in [settings(&[]), settings(&[(2, 0), (4, 65_535)])] {
        let output = [PREFACE, &settings, &update(0, 9), &ack(), &request, &ack()].concat();
        assert_eq!(
            sends(&output),
            [PREFACE, &settings, &update(0, 9), &ack()].concat()
        );
        // The request may come before the acknowledgement.
        let output = [PREFACE, &settings, &request, &ack(), &ack()].concat();
        assert_eq!(sends(&output), [PREFACE, &settings, &ack()].concat());
    }
}

#[test]
fn r7540_15_bridge_content_goes_before_http_2() {
    const SWITCH: &[u8] =
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n";
    let mut settings = Settings::default();
    settings.push(Setting { id: 3, value: 100 }).unwrap();
    let offers = [Offer::h2c(&settings)];
    let uri = Uri::parse("http://a/").unwrap();
    let request = UpgradeRequest::new("POST", uri)
        .content_length(2)
        .offer(&offers);

    let mut client = Client::new([0; 512], &request).unwrap();
    client.send(&mut [0; 512]).unwrap();
    assert!(matches!(client.action(), Action::SendContent(2)));
    client.content_sent(1).unwrap();
    let mut early = client.clone();
    early.receive(SWITCH);
    assert!(
        !matches!(early.action(), Action::Switch(..)),
        "no bridge yet"
    );
    client.content_sent(1).unwrap();
    assert_eq!(client.receive(SWITCH), SWITCH.len());
    assert!(matches!(client.action(), Action::Switch(Protocol::H2c, _)));
    assert_eq!(client_send(&mut start(), PREFACE), PREFACE);
}

#[test]
fn r7540_17_bridge_stream_1_is_not_sent_again() {
    let trailers = frame(HEADERS, END_HEADERS | END_STREAM, 1, b"");
    let later = [
        frame(HEADERS, 5, 3, b"\x82"),
        frame(DATA, 0, 3, b"x"),
        ack(),
    ]
    .concat();
    let start = [PREFACE, &settings(&[])].concat();
    for request in [
        vec![
            frame(HEADERS, END_STREAM, 1, &[1; 40]),
            frame(CONTINUATION, 0, 1, &[2; 30]),
            frame(CONTINUATION, END_HEADERS, 1, b""),
        ],
        vec![
            frame(HEADERS, END_HEADERS, 1, b"\x82"),
            frame(DATA, END_STREAM, 1, b""),
        ],
        vec![
            frame(HEADERS, END_HEADERS, 1, b"\x82"),
            frame(DATA, 0, 1, b"x"),
            trailers,
        ],
        vec![
            frame(HEADERS, 0, 1, b"\x82"),
            frame(CONTINUATION, END_HEADERS, 1, b"3"),
            frame(DATA, END_STREAM, 1, b"x"),
        ],
    ] {
        let output = [&start[..], &ack(), &request.concat(), &later].concat();
        assert_eq!(sends(&output), [&start[..], &later].concat());
    }
    // What is about the response passes.
    let output = [
        &start[..],
        &ack(),
        &frame(HEADERS, 5, 1, b"\x82"),
        &update(1, 9),
        &frame(RST_STREAM, 0, 1, &[0; 4]),
    ]
    .concat();
    assert_eq!(
        sends(&output),
        [&start[..], &update(1, 9), &frame(RST_STREAM, 0, 1, &[0; 4])].concat()
    );
}

#[test]
fn the_peer_is_held_back_until_the_request_is_made() {
    let answer = [settings(&[]), frame(HEADERS, 5, 1, b"\x88")].concat();
    let mut bridge = start();
    let output = [
        PREFACE,
        &settings(&[]),
        &ack(),
        &frame(HEADERS, END_STREAM, 1, b"\x82"),
        &frame(CONTINUATION, END_HEADERS, 1, b""),
    ]
    .concat();
    for octet in output {
        assert_eq!(bridge.receive(&answer).unwrap().used, 0);
        client_send(&mut bridge, &[octet]);
    }
    let taken = bridge.receive(&answer).unwrap();
    assert_eq!(
        (taken.used, taken.parts.concat()),
        (answer.len(), answer.clone())
    );
}

#[test]
fn settings_come_first() {
    let first = Err(BridgeError::SettingsNotFirst);
    for frame in [
        frame(HEADERS, 5, 1, b"\x88"),
        ack(),
        b"HTTP/1.1 200 OK\r\n\r\n".to_vec(),
    ] {
        let outcome = at_every_split(asked, &frame, ClientBridge::receive);
        assert_eq!(outcome, first);
    }
}

#[test]
fn r7540_17_bridge_nothing_but_that_request_is_swallowed() {
    let ping = frame(PING, 0, 0, &[7; 8]);
    let request = frame(HEADERS, END_HEADERS | END_STREAM, 1, b"\x82");
    let start = [PREFACE, &settings(&[])].concat();
    // Other frames between the acknowledgement and the request, in either order.
    for around in [
        [ack(), ping.clone(), request.clone()],
        [request.clone(), ping.clone(), ack()],
        [ping.clone(), ack(), request.clone()],
    ] {
        let output = [&start[..], &around.concat(), &ping].concat();
        assert_eq!(sends(&output), [&start[..], &ping, &ping].concat());
    }
    // Behind its end, stream 1 is like any other.
    let content = [
        frame(HEADERS, END_HEADERS, 1, b"\x82"),
        frame(DATA, END_STREAM, 1, b"x"),
    ]
    .concat();
    let late = frame(HEADERS, END_HEADERS, 1, b"\x83");
    for acks in [[ack(), Vec::new()], [Vec::new(), ack()]] {
        let output = [&start[..], &acks[0], &content, &late, &acks[1]].concat();
        assert_eq!(sends(&output), [&start[..], &late].concat());
    }
}

#[test]
fn what_passes_goes_in_one_piece() {
    let mut bridge = start();
    assert_eq!(bridge.send(PREFACE).used, PREFACE.len());
    let frames = [settings(&[]), frame(PING, 0, 0, &[7; 8]), update(0, 9)].concat();
    let taken = bridge.send(&frames);
    assert_eq!(taken.used, frames.len());
    assert_eq!(taken.parts, [&[][..], &frames]);
}

#[test]
fn a_bridge_is_small() {
    assert_eq!(size_of::<ClientBridge>(), 44);
}
