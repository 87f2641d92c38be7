//! One test for each requirement of RFC 6455 on frames; the transcripts hold further cases.

use http_upgrade::websocket::{
    Action, Answer, CloseCode, Closure, Event, Frame, Kind, Limits, ProtocolError, SendError,
    WebSocket,
    role::{Client, Server},
};

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
const HELLO: &[u8] = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";

fn server() -> WebSocket<Server> {
    WebSocket::server(Limits::DEFAULT)
}

fn client() -> WebSocket<Client> {
    WebSocket::client(Limits::DEFAULT)
}

/// What a server's end makes of a frame with this first byte and this payload.
fn to_server(ws: &mut WebSocket<Server>, first: u8, payload: &[u8]) -> Action {
    let length = u8::try_from(payload.len()).unwrap();
    let mut wire = [&[first, length | 0x80, 0, 0, 0, 0], payload].concat();
    ws.receive(&mut wire);
    ws.action()
}

/// What a client's end makes of these frames, and of what it did not take.
fn to_client(ws: &mut WebSocket<Client>, wire: &[u8]) -> (Action, usize) {
    let mut wire = wire.to_vec();
    let mut at = 0;
    while at < wire.len() && ws.action() == Action::Receive {
        at += ws.receive(&mut wire[at..]).0;
    }
    (ws.action(), wire.len() - at)
}

fn failed_client(wire: &[u8]) -> ProtocolError {
    match to_client(&mut client(), wire) {
        (Action::Send(Answer::Fail(error)), _) => error,
        other => panic!("{wire:x?} gave {other:?}"),
    }
}

fn answer(ws: &mut WebSocket<Server>) -> Vec<u8> {
    let mut out = [0; 131];
    let n = ws.send(&mut out).unwrap();
    out[..n].to_vec()
}

#[test]
fn r6455_38_client_frames_are_masked_with_the_key_given() {
    let mut out = [0; 32];
    let mut ws = client();
    let n = ws.write(Frame::text("Hello"), KEY, &mut out).unwrap();
    assert_eq!(&out[..n], HELLO);
    let n = ws
        .write(Frame::text("Hello"), [1, 2, 3, 4], &mut out)
        .unwrap();
    assert_eq!(&out[..n], b"\x81\x85\x01\x02\x03\x04Igohn");
    let mut ws = server();
    let mut unmasked = *b"\x81\x05Hello";
    assert_eq!(ws.receive(&mut unmasked), (2, None));
    assert_eq!(
        ws.action(),
        Action::Send(Answer::Fail(ProtocolError::Unmasked))
    );
    assert_eq!(answer(&mut ws), b"\x88\x02\x03\xea");
}

#[test]
fn r6455_39_server_frames_are_not_masked() {
    assert_eq!(failed_client(HELLO), ProtocolError::Masked);
    let mut out = [0; 32];
    let n = server().write(Frame::text("Hello"), &mut out).unwrap();
    assert_eq!(&out[..n], b"\x81\x05Hello");
}

#[test]
fn r6455_40_reserved_bits_and_opcodes_fail() {
    for first in 0..=0xff_u8 {
        let reserved = if first & 0x70 != 0 {
            Some(ProtocolError::ReservedBits)
        } else if matches!(first & 0x0f, 0x3..=0x7 | 0xb..=0xf) {
            Some(ProtocolError::ReservedOpcode)
        } else {
            None
        };
        if let Some(error) = reserved {
            assert_eq!(failed_client(&[first, 0]), error, "{first:x}");
            assert_eq!(error.close_code(), CloseCode::PROTOCOL_ERROR);
        }
    }
}

#[test]
fn r6455_41_lengths_are_minimal_both_ways() {
    let minimal = ProtocolError::LengthNotMinimal;
    assert_eq!(failed_client(b"\x82\x7e\x00\x7d"), minimal);
    assert_eq!(failed_client(b"\x82\x7f\0\0\0\0\0\0\xff\xff"), minimal);
    let top_bit = ProtocolError::LengthTopBit;
    assert_eq!(failed_client(b"\x82\x7f\x80\0\0\0\0\0\xff\xff"), top_bit);
    for (len, header) in [
        (0, &b"\x82\0"[..]),
        (125, b"\x82\x7d"),
        (126, b"\x82\x7e\x00\x7e"),
        (127, b"\x82\x7e\x00\x7f"),
        (65535, b"\x82\x7e\xff\xff"),
        (65536, b"\x82\x7f\0\0\0\0\0\x01\0\0"),
    ] {
        let payload = vec![7; len];
        let mut out = vec![0; len + 14];
        let n = server().write(Frame::binary(&payload), &mut out).unwrap();
        assert_eq!(&out[..n], [header, &payload].concat(), "{len}");
        let mut ws = client();
        let (used, event) = ws.receive(&mut out[..n]);
        assert_eq!(used, n);
        let piece = &payload[..];
        assert_eq!(event, Some(Event::Binary { piece, last: true }), "{len}");
    }
}

#[test]
fn r6455_42_masks_go_on_over_every_split() {
    for cut in 0..=HELLO.len() {
        let mut wire = HELLO.to_vec();
        let (left, right) = wire.split_at_mut(cut);
        let (mut ws, mut text) = (server(), String::new());
        for part in [left, right] {
            let len = part.len();
            let (used, event) = ws.receive(part);
            assert_eq!(used, len);
            if let Some(Event::Text { piece, .. }) = event {
                text.push_str(&piece);
            }
        }
        assert_eq!(text, "Hello", "cut at {cut}");
    }
}

#[test]
fn r6455_43_fragments_both_ways() {
    let mut out = [0; 32];
    let mut ws = server();
    let n = ws.write(Frame::text("Hel").last(false), &mut out).unwrap();
    assert_eq!(&out[..n], b"\x01\x03Hel");
    let other_kind = ws.write(Frame::binary(b"lo"), &mut out);
    assert_eq!(other_kind, Err(SendError::MessageOpen));
    let n = ws.write(Frame::text("").last(false), &mut out).unwrap();
    assert_eq!(&out[..n], b"\x00\x00");
    let n = ws.write(Frame::text("lo"), &mut out).unwrap();
    assert_eq!(&out[..n], b"\x80\x02lo");
    let n = ws.write(Frame::binary(b"a new one"), &mut out).unwrap();
    assert_eq!(out[..n][0], 0x82);

    assert_eq!(
        failed_client(b"\x80\x02lo"),
        ProtocolError::NothingToContinue
    );
    let interrupted = ProtocolError::MessageInterrupted;
    assert_eq!(failed_client(b"\x01\x03Hel\x01\x02lo"), interrupted);
    assert_eq!(failed_client(b"\x01\x03Hel\x82\x02lo"), interrupted);
}

#[test]
fn r6455_44_control_frames_are_short_whole_and_may_come_between() {
    let mut ws = server();
    assert_eq!(to_server(&mut ws, 0x01, b"Hel"), Action::Receive);
    assert_eq!(
        to_server(&mut ws, 0x89, b"ping"),
        Action::Send(Answer::Pong)
    );
    assert_eq!(answer(&mut ws), b"\x8a\x04ping");
    let mut rest = *b"\x80\x82\0\0\0\0lo";
    match ws.receive(&mut rest) {
        (8, Some(Event::Text { piece, last: true })) => assert_eq!(piece.as_str(), "lo"),
        other => panic!("{other:?}"),
    }
    assert_eq!(failed_client(b"\x09\x00"), ProtocolError::ControlFragmented);
    assert_eq!(
        failed_client(b"\x89\x7e\x00\x7e"),
        ProtocolError::ControlTooLong
    );

    let mut out = [0; 256];
    let fragment = ws.write(Frame::ping(b"").last(false), &mut out);
    assert_eq!(fragment, Err(SendError::ControlFragmented));
    let long = ws.write(Frame::ping(&[0; 126]), &mut out);
    assert_eq!(long, Err(SendError::ControlTooLong));
    assert_eq!(ws.write(Frame::ping(&[0; 125]), &mut out), Ok(127));
}

#[test]
fn r6455_45_close_codes() {
    let on_the_wire = |code| matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
    for code in 0..=u16::MAX {
        let mut ws = server();
        let action = to_server(&mut ws, 0x88, &code.to_be_bytes());
        let code = CloseCode::new(code);
        let expected = if on_the_wire(code.get()) {
            Answer::Close(code)
        } else {
            Answer::Fail(ProtocolError::CloseCodeInvalid)
        };
        assert_eq!(action, Action::Send(expected));

        let mut out = [0; 16];
        let written = client().write(Frame::close(code, ""), KEY, &mut out);
        let expected = if on_the_wire(code.get()) {
            Ok(8)
        } else {
            Err(SendError::CloseCode)
        };
        assert_eq!(written, expected, "{code}");
    }
    let only_clients = server().write(Frame::close(CloseCode::new(1010), ""), &mut [0; 16]);
    assert_eq!(only_clients, Err(SendError::CloseCode));
    assert_eq!(failed_client(b"\x88\x01\x03"), ProtocolError::CloseTooShort);
    let bad_reason = ProtocolError::CloseReasonNotUtf8;
    assert_eq!(failed_client(b"\x88\x04\x03\xe8\xc3\x28"), bad_reason);
    assert_eq!(bad_reason.close_code().get(), 1007);

    let mut ws = client();
    to_client(&mut ws, b"\x88\x06\x03\xe9away");
    assert_eq!(ws.close_code(), Some(CloseCode::GOING_AWAY));
    assert_eq!(ws.close_reason(), "away");
}

#[test]
fn r6455_46_one_close_is_answered_and_nothing_follows_it() {
    let mut ws = server();
    to_server(&mut ws, 0x88, &1001_u16.to_be_bytes());
    let mut out = [0; 131];
    let closing = Err(SendError::Closing);
    assert_eq!(ws.write(Frame::text("late"), &mut out), closing);
    assert_eq!(answer(&mut ws), b"\x88\x02\x03\xe9");
    assert_eq!(answer(&mut ws), b"");
    let closed = Err(SendError::Closed);
    assert_eq!(ws.write(Frame::text("later"), &mut out), closed);
    assert_eq!(ws.write(Frame::close_without_code(), &mut out), closed);

    let mut ws = server();
    assert_eq!(
        ws.write(Frame::close(CloseCode::NORMAL, "bye"), &mut out),
        Ok(7)
    );
    assert_eq!(&out[..7], b"\x88\x05\x03\xe8bye");
    for frame in [
        Frame::text(""),
        Frame::ping(b""),
        Frame::close_without_code(),
    ] {
        assert_eq!(ws.write(frame, &mut out), closing);
    }
    // What was under way still comes in.
    assert_eq!(to_server(&mut ws, 0x82, b"data"), Action::Receive);
    let agreed = Action::Close(Closure::Agreed(CloseCode::NORMAL));
    assert_eq!(to_server(&mut ws, 0x88, &1000_u16.to_be_bytes()), agreed);
    assert_eq!(answer(&mut ws), b"");

    // The application's Close is as good an answer as the machine's.
    let mut ws = server();
    to_server(&mut ws, 0x88, &1000_u16.to_be_bytes());
    assert_eq!(
        ws.write(Frame::close(CloseCode::new(4000), ""), &mut out),
        Ok(4)
    );
    assert_eq!(ws.action(), agreed);
}

#[test]
fn r6455_47_a_server_closes_tcp_and_a_client_waits_for_it() {
    let mut ws = server();
    to_server(&mut ws, 0x88, b"");
    answer(&mut ws);
    assert_eq!(ws.action(), Action::Close(Closure::Agreed(CloseCode::NONE)));

    let mut ws = client();
    to_client(&mut ws, b"\x88\x02\x03\xe8");
    let n = ws.send(KEY, &mut [0; 16]).unwrap();
    assert_eq!(n, 8);
    assert_eq!(ws.action(), Action::AwaitClose);
    assert_eq!(ws.receive(&mut [0x81, 0]), (0, None));
    ws.end_of_input();
    assert_eq!(
        ws.action(),
        Action::Close(Closure::Agreed(CloseCode::NORMAL))
    );
}

#[test]
fn r6455_48_pings_are_answered_and_pongs_are_not() {
    let mut ws = server();
    assert_eq!(
        to_server(&mut ws, 0x89, b"Hello"),
        Action::Send(Answer::Pong)
    );
    assert_eq!(ws.control_payload(), b"Hello");
    // The application may write before the pong goes out.
    assert_eq!(ws.write(Frame::text("x"), &mut [0; 8]), Ok(3));
    assert_eq!(answer(&mut ws), b"\x8a\x05Hello");
    assert_eq!(to_server(&mut ws, 0x8a, b"stray"), Action::Receive);
    assert_eq!(ws.control_payload(), b"stray");
    // Our Close does not free us from answering, the peer's does.
    ws.write(Frame::close_without_code(), &mut [0; 8]).unwrap();
    assert_eq!(
        to_server(&mut ws, 0x89, b"late"),
        Action::Send(Answer::Pong)
    );
    assert_eq!(answer(&mut ws), b"\x8a\x04late");
    assert_eq!(ws.action(), Action::Receive);
    to_server(&mut ws, 0x88, b"");
    let closed = Action::Close(Closure::Agreed(CloseCode::NONE));
    assert_eq!(to_server(&mut ws, 0x89, b"after"), closed);
    assert_eq!(answer(&mut ws), b"");
}

#[test]
fn r6455_49_text_is_utf8_as_a_whole() {
    let mut ws = client();
    assert_eq!(
        to_client(&mut ws, b"\x01\x01\xc3\x80\x01\xa9"),
        (Action::Receive, 0)
    );
    let bad = ProtocolError::TextNotUtf8;
    for wire in [
        &b"\x81\x02\xc3\x28"[..],
        b"\x81\x03\xed\xa0\x80",
        b"\x81\x02\xc0\xaf",
        b"\x81\x04\xf4\x90\x80\x80",
        b"\x81\x02\xe2\x82",
        b"\x01\x02\xe2\x82\x80\x00",
    ] {
        assert_eq!(failed_client(wire), bad);
    }
    assert_eq!(bad.close_code(), CloseCode::INVALID_DATA);
    let mut buffer = *b"..............\xc3\x28";
    let written = server().write_in_place(Kind::Text, true, &mut buffer);
    assert_eq!(written, Err(SendError::NotUtf8));
}

#[test]
fn r6455_50_the_reported_code() {
    for (received, code) in [(&b"\x88\x00"[..], 1005), (b"\x88\x02\x0f\xa0", 4000)] {
        let mut ws = client();
        to_client(&mut ws, received);
        ws.send(KEY, &mut [0; 16]).unwrap();
        ws.end_of_input();
        match ws.action() {
            Action::Close(closure) => assert_eq!(closure.code().get(), code),
            other => panic!("{other:?}"),
        }
    }
    for before in [&b""[..], b"\x81", b"\x81\x05He", b"\x89\x00"] {
        let mut ws = client();
        to_client(&mut ws, before);
        ws.end_of_input();
        assert_eq!(ws.action(), Action::Close(Closure::Lost));
        assert_eq!(Closure::Lost.code(), CloseCode::ABNORMAL);
    }
    for never_sent in [CloseCode::NONE, CloseCode::ABNORMAL, CloseCode::new(1015)] {
        let written = client().write(Frame::close(never_sent, ""), KEY, &mut [0; 16]);
        assert_eq!(written, Err(SendError::CloseCode));
    }
}

#[test]
fn r6455_51_nothing_is_taken_or_written_after_a_failure() {
    let mut ws = client();
    let (action, rest) = to_client(&mut ws, b"\x83\x00\x81\x00");
    let error = ProtocolError::ReservedOpcode;
    assert_eq!((action, rest), (Action::Send(Answer::Fail(error)), 3));
    assert_eq!(ws.receive(&mut [0x81, 0]), (0, None));
    let mut out = [0; 16];
    let closed = Err(SendError::Closed);
    assert_eq!(ws.write(Frame::text("x"), KEY, &mut out), closed);
    assert_eq!(ws.send(KEY, &mut out), Ok(8));
    assert_eq!(ws.action(), Action::Close(Closure::Failed(error)));
    assert_eq!(Closure::Failed(error).code(), CloseCode::ABNORMAL);
    assert_eq!(ws.send(KEY, &mut out), Ok(0));
    assert_eq!(ws.receive(&mut [0x81, 0]), (0, None));
    assert_eq!(ws.write(Frame::ping(b""), KEY, &mut out), closed);
    ws.end_of_input();
    assert_eq!(ws.action(), Action::Close(Closure::Failed(error)));

    // Where our Close is out already, no second one follows.
    let mut ws = server();
    ws.write(Frame::close_without_code(), &mut out).unwrap();
    assert_eq!(
        to_server(&mut ws, 0x83, b""),
        Action::Close(Closure::Failed(error))
    );
}

#[test]
fn r6455_52_limits_are_checked_before_any_payload() {
    let announced = b"\x82\x7f\x10\0\0\0\0\0\0\0";
    assert_eq!(failed_client(announced), ProtocolError::FrameTooBig);
    let mut ws = WebSocket::client(Limits::NONE);
    assert_eq!(to_client(&mut ws, announced), (Action::Receive, 0));

    let mut ws = WebSocket::client(Limits::DEFAULT.message(10));
    let begun = to_client(&mut ws, b"\x02\x01a");
    assert_eq!(begun, (Action::Receive, 0));
    for _ in 1..10 {
        let fragment = to_client(&mut ws, b"\x00\x01a");
        assert_eq!(fragment, (Action::Receive, 0));
    }
    let error = ProtocolError::MessageTooBig;
    let over = to_client(&mut ws, b"\x00\x01a");
    assert_eq!(over, (Action::Send(Answer::Fail(error)), 1));
    assert_eq!(error.close_code(), CloseCode::TOO_BIG);
}

#[test]
fn r7692_03_without_compression_its_bit_fails() {
    let mut ws = server();
    let reserved = Action::Send(Answer::Fail(ProtocolError::ReservedBits));
    assert_eq!(
        to_server(&mut ws, 0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\x00"),
        reserved
    );
}

#[test]
fn r7692_11_compressed_control_and_continuation_frames_fail() {
    for wire in [
        &b"\xc9\x00"[..],
        b"\x40\x00",
        b"\x01\x00\x40\x00",
        b"\x01\x00\xc0\x00",
    ] {
        assert_eq!(failed_client(wire), ProtocolError::ReservedBits);
    }
    assert_eq!(
        to_client(&mut client(), b"\x81\x05Hello"),
        (Action::Receive, 0)
    );
}
