//! Behind the 101 of a server, octet for octet.

use crate::harness::*;
use http_upgrade::Misuse;
use http_upgrade::h2c::{BridgeError, ServerBridge, Taken};

const APACHE: [&[u8]; 2] = [
    include_bytes!("../captures/h2c-apache2471-curl.1.c2s.bin"),
    include_bytes!("../captures/h2c-apache2471-curl.1.s2c.bin"),
];
const NGHTTPX: [&[u8]; 2] = [
    include_bytes!("../captures/h2c-nghttpx-curl.1.c2s.bin"),
    include_bytes!("../captures/h2c-nghttpx-curl.1.s2c.bin"),
];

fn receive<'a>(bridge: &'a mut ServerBridge, input: &'a [u8]) -> Result<Taken<'a>, BridgeError> {
    bridge.receive(input)
}

fn sends(make: impl Fn() -> ServerBridge, output: &[u8]) -> Vec<u8> {
    at_every_split(make, output, |bridge, piece| Ok(bridge.send(piece))).unwrap()
}

/// The head, and what is behind it.
fn split(message: &[u8]) -> (&[u8], &[u8]) {
    let end = message
        .windows(4)
        .position(|octets| octets == b"\r\n\r\n")
        .unwrap()
        + 4;
    message.split_at(end)
}

#[test]
fn recorded_connections_pass_both_ways() {
    for [client, server] in [APACHE, NGHTTPX] {
        let (head, behind) = split(client);
        let make = || start(head).unwrap().0;
        let frames = behind.strip_prefix(PREFACE).unwrap();
        assert_eq!(at_every_split(make, behind, receive).unwrap(), frames);

        // The engine acknowledges the settings of the prologue behind its own.
        let (_, behind) = split(server);
        let end = 9 + usize::from(behind[2]);
        let output = [&behind[..end], &ack(), &behind[end..]].concat();
        assert_eq!(sends(make, &output), behind);
    }
}

#[test]
fn r7540_12_bridge_settings_are_the_first_octets() {
    let output = [&settings(&[])[..], &ack(), &frame(HEADERS, 5, 1, b"\x88")].concat();
    let passed = sends(get, &output);
    assert_eq!(passed[..9], *b"\0\0\0\x04\0\0\0\0\0");
    assert_eq!(passed[9..], frame(HEADERS, 5, 1, b"\x88"));
}

#[test]
fn r7540_13_bridge_one_ack_for_the_preface_none_for_the_header() {
    let response = frame(HEADERS, END_HEADERS, 1, b"\x88");
    for make in [get as fn() -> ServerBridge, || post(1)] {
        let output = [&settings(&[(3, 9)])[..], &response, &ack(), &ack(), &ack()].concat();
        let passed = sends(make, &output);
        assert_eq!(
            passed,
            [&settings(&[(3, 9)])[..], &response, &ack(), &ack()].concat()
        );
    }
}

#[test]
fn r7540_20_bridge_no_preface_is_an_error() {
    let bad = Err(BridgeError::BadPreface);
    for input in [
        &b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"[..],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r",
        b"PRI * HTTP/2.0\n\nSM\n\n",
        b"\0\0\0\x04\0\0\0\0\0PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n",
    ] {
        assert_eq!(at_every_split(get, input, receive), bad);
        let mut bridge = get();
        assert!(bridge.receive(input).is_err());
        assert!(bridge.receive(PREFACE).is_err(), "it stays one");
    }
}

#[test]
fn r7540_20_bridge_settings_come_first() {
    let first = Err(BridgeError::SettingsNotFirst);
    for frame in [
        frame(PING, 0, 0, &[0; 8]),
        ack(),
        frame(HEADERS, 5, 3, b"\x82"),
    ] {
        let input = [PREFACE, &frame, &settings(&[])].concat();
        assert_eq!(at_every_split(get, &input, receive), first);
        assert_eq!(at_every_split(|| post(1), &input, receive), first);
    }
    let input = [PREFACE, &settings(&[]), &ack(), &frame(PING, 0, 0, &[0; 8])].concat();
    assert_eq!(at_every_split(get, &input, receive).unwrap(), input[24..]);
    assert_eq!(
        BridgeError::BadPreface.to_string(),
        "no HTTP/2 connection preface behind the 101"
    );
}

#[test]
fn what_offers_no_h2c_starts_no_bridge() {
    let lines = |connection: &str, upgrade: &str, settings: &str| {
        format!("GET / HTTP/1.1\r\nHost: a\r\n{connection}{upgrade}{settings}\r\n")
    };
    let (connection, upgrade, settings) = (
        "Connection: Upgrade, HTTP2-Settings\r\n",
        "Upgrade: h2c\r\n",
        "HTTP2-Settings: AAMAAABkAAQAAP__\r\n",
    );
    let value = |value: &str| lines(connection, upgrade, &format!("HTTP2-Settings: {value}\r\n"));
    assert!(start(lines(connection, upgrade, settings)).is_ok());
    for head in [
        lines(connection, upgrade, ""),
        lines(connection, upgrade, &settings.repeat(2)),
        value(""),
        value("AAMAAABkAAQAAP=="),
        value("AAMAAABkAAQAAP__="),
        value("AAMAAABkAAQA"),
        value("AAMAAABkAAQAAP//"),
        value("AAIAAAAC"),
        value("AASAAAAA"),
        value("AAUAAD__"),
        lines("Connection: Upgrade\r\n", upgrade, settings),
        lines("Connection: HTTP2-Settings\r\n", upgrade, settings),
        lines(connection, "Upgrade: h2\r\n", settings),
        lines(connection, "", settings),
        lines(connection, upgrade, settings).replace("HTTP/1.1", "HTTP/1.0"),
        lines(connection, upgrade, &format!("{settings}Via: 1.1 b\r\n")),
        lines(
            connection,
            upgrade,
            &format!("{settings}Forwarded: for=b\r\n"),
        ),
        lines(
            connection,
            upgrade,
            &format!("{settings}X-Forwarded-For: b\r\n"),
        ),
    ] {
        assert_eq!(start(&head).err(), Some(Misuse::NotOffered), "{head}");
    }
}

#[test]
fn credit_for_the_peer_passes() {
    let output = [
        &settings(&[])[..],
        &update(0, 983_041),
        &ack(),
        &update(3, 5),
        &update(0, 7),
    ]
    .concat();
    let passed = [
        &settings(&[])[..],
        &update(0, 983_041),
        &update(3, 5),
        &update(0, 7),
    ]
    .concat();
    for make in [get as fn() -> ServerBridge, || post(9)] {
        assert_eq!(sends(make, &output), passed);
    }
}

#[test]
fn what_passes_goes_in_one_piece() {
    // Behind the acknowledgement a bridge without content has no more to look at, whatever the engine writes.
    let mut bridge = get();
    assert_eq!(bridge.send(&ack()).parts, [&[][..], &[]]);
    let frames = [
        settings(&[]),
        update(0, 9),
        update(1, 9),
        ack(),
        update(0, 5),
    ]
    .concat();
    let taken = bridge.send(&frames);
    assert_eq!(taken.used, frames.len());
    assert_eq!(taken.parts, [&[][..], &frames]);

    let input = [settings(&[]), ack(), frame(PING, 0, 0, &[0; 8])].concat();
    assert_eq!(bridge.receive(PREFACE).unwrap().used, PREFACE.len());
    let taken = bridge.receive(&input).unwrap();
    assert_eq!(taken.used, input.len());
    assert_eq!(taken.parts, [&[][..], &input]);
}

#[test]
fn a_bridge_is_small() {
    assert!(size_of::<ServerBridge>() <= 72);
}
