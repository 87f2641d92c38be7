//! What goes out and comes in again, calls out of turn, sizes.

use http_upgrade::websocket::{
    Action, Assembler, CloseCode, Event, Frame, HEADROOM, Kind, Limits, MAX_CONTROL_FRAME, Message,
    MessageTooBig, SendError, WebSocket, role,
};

const KEY: [u8; 4] = [0xde, 0xad, 0xbe, 0xef];

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn text(&mut self, chars: usize) -> String {
        let alphabet: Vec<char> = "aZ é€😀\u{7ff}\u{ffff}\u{10ffff}".chars().collect();
        (0..chars)
            .map(|_| alphabet[self.below(alphabet.len())])
            .collect()
    }
}

/// The messages in `wire`, read in pieces of random size.
fn messages<R: role::Role>(
    ws: &mut WebSocket<R>,
    wire: &mut [u8],
    numbers: &mut Numbers,
) -> Vec<Vec<u8>> {
    let (mut whole, mut messages, mut at) = (Vec::new(), Vec::new(), 0);
    while at < wire.len() {
        assert_eq!(ws.action(), Action::Receive);
        let end = wire.len().min(at + 1 + numbers.below(50));
        let (used, event) = ws.receive(&mut wire[at..end]);
        assert!(used > 0);
        at += used;
        let last = match event {
            Some(Event::Text { piece, last }) => {
                whole.extend_from_slice(piece.as_bytes());
                last
            }
            Some(Event::Binary { piece, last }) => {
                whole.extend_from_slice(piece);
                last
            }
            _ => false,
        };
        if last {
            messages.push(std::mem::take(&mut whole));
        }
    }
    messages
}

#[test]
fn what_is_written_is_read_in_both_directions_and_every_form() {
    let mut numbers = Numbers(7);
    let mut server = WebSocket::server(Limits::DEFAULT);
    let mut client = WebSocket::client(Limits::DEFAULT);
    for round in 0..300 {
        let chars = numbers.below(200);
        let text = numbers.text(chars);
        let binary = vec![0xff; numbers.below(70_000)];
        let sent = [
            text.clone().into_bytes(),
            binary.clone(),
            text.clone().into_bytes(),
        ];

        let mut up = vec![0; 80_000];
        let mut n = client.write(Frame::text(&text), KEY, &mut up).unwrap();
        let half = binary.len() / 2;
        let fragment = Frame::binary(&binary[..half]).last(false);
        n += client.write(fragment, KEY, &mut up[n..]).unwrap();
        n += client
            .write(Frame::binary(&binary[half..]), KEY, &mut up[n..])
            .unwrap();
        up.truncate(n);
        let mut buffer = [&[0; HEADROOM], text.as_bytes()].concat();
        up.extend_from_slice(
            client
                .write_in_place(Kind::Text, true, KEY, &mut buffer)
                .unwrap(),
        );
        assert_eq!(
            messages(&mut server, &mut up, &mut numbers),
            sent,
            "round {round}"
        );

        let mut down = Vec::new();
        let frame = Frame::text(&text);
        down.extend_from_slice(&server.write_header(&frame).unwrap());
        down.extend_from_slice(frame.payload());
        let mut buffer = [&[0; HEADROOM], &binary[..]].concat();
        down.extend_from_slice(
            server
                .write_in_place(Kind::Binary, true, &mut buffer)
                .unwrap(),
        );
        let mut vec = heapless::Vec::<u8, 900>::new();
        server.append(Frame::text(&text), &mut vec).unwrap();
        down.extend_from_slice(&vec);
        assert_eq!(
            messages(&mut client, &mut down, &mut numbers),
            sent,
            "round {round}"
        );
    }
}

#[test]
fn every_form_writes_the_same_frame() {
    for len in [0, 1, 125, 126, 300] {
        let payload = vec![b'a'; len];
        let frame = Frame::binary(&payload);
        let mut copied = [0; 400];
        let n = WebSocket::server(Limits::DEFAULT)
            .write(frame, &mut copied)
            .unwrap();
        let copied = &copied[..n];

        let header = WebSocket::server(Limits::DEFAULT)
            .write_header(&frame)
            .unwrap();
        assert_eq!([&header[..], frame.payload()].concat(), copied);
        let mut buffer = [&[0; HEADROOM], &payload[..]].concat();
        let mut ws = WebSocket::server(Limits::DEFAULT);
        assert_eq!(
            ws.write_in_place(Kind::Binary, true, &mut buffer),
            Ok(copied)
        );
        let mut vec = heapless::Vec::<u8, 400>::from_slice(b"before").unwrap();
        WebSocket::server(Limits::DEFAULT)
            .append(frame, &mut vec)
            .unwrap();
        assert_eq!(&vec[..], [b"before", copied].concat());

        let mut masked = [0; 400];
        let n = WebSocket::client(Limits::DEFAULT)
            .write(frame, KEY, &mut masked)
            .unwrap();
        let mut buffer = [&[0; HEADROOM], &payload[..]].concat();
        let mut ws = WebSocket::client(Limits::DEFAULT);
        assert_eq!(
            ws.write_in_place(Kind::Binary, true, KEY, &mut buffer),
            Ok(&masked[..n])
        );
        let mut vec = heapless::Vec::<u8, 400>::new();
        WebSocket::client(Limits::DEFAULT)
            .append(frame, KEY, &mut vec)
            .unwrap();
        assert_eq!(vec, &masked[..n]);
    }
    let close = Frame::close(CloseCode::NORMAL, "bye");
    let mut ws = WebSocket::server(Limits::DEFAULT);
    assert_eq!(*ws.write_header(&close).unwrap(), *b"\x88\x05\x03\xe8");
    assert_eq!(ws.write_header(&close), Err(SendError::Closing));
}

#[test]
fn sec_16_a_buffer_that_is_too_small_changes_nothing() {
    let frame = Frame::text("Hello").last(false);
    for short in 0..7 {
        let mut ws = WebSocket::server(Limits::DEFAULT);
        let needed = SendError::BufferTooSmall { needed: 7 };
        assert_eq!(ws.write(frame, &mut [0; 7][..short]), Err(needed));
        let mut vec = heapless::Vec::<u8, 8>::new();
        vec.resize_default(8 - short).unwrap();
        assert_eq!(ws.append(frame, &mut vec), Err(needed));
        assert_eq!(vec.len(), 8 - short);
        // The message has not begun: this is a whole one of the other kind.
        assert_eq!(ws.write(Frame::binary(b""), &mut [0; 2]), Ok(2));
        let close = Frame::close_without_code();
        let needed = SendError::BufferTooSmall { needed: 2 };
        assert_eq!(ws.write(close, &mut [0]), Err(needed));
        assert_eq!(ws.write(close, &mut [0; 2]), Ok(2));
    }
    let mut ws = WebSocket::client(Limits::DEFAULT);
    let needed = SendError::BufferTooSmall { needed: HEADROOM };
    assert_eq!(
        ws.write_in_place(Kind::Text, true, KEY, &mut [0; HEADROOM - 1]),
        Err(needed)
    );
    ws.receive(&mut [0x89, 2, 1, 2]);
    let needed = SendError::BufferTooSmall { needed: 8 };
    assert_eq!(ws.send(KEY, &mut [0; 7]), Err(needed));
    assert_eq!(ws.send(KEY, &mut [0; 8]), Ok(8));
    assert_eq!(ws.send(KEY, &mut [0; 8]), Ok(0));
}

#[test]
fn sec_15_receive_out_of_turn_takes_nothing() {
    let mut ws = WebSocket::client(Limits::DEFAULT);
    assert_eq!(ws.receive(&mut []), (0, None));
    assert_eq!(ws.receive(&mut [0x89, 0, 0x81, 0]), (2, Some(Event::Ping)));
    assert_eq!(ws.receive(&mut [0x81, 0]), (0, None));
    ws.send(KEY, &mut [0; MAX_CONTROL_FRAME]).unwrap();
    assert_eq!(ws.receive(&mut [0x81, 0]).0, 2);
    ws.end_of_input();
    assert_eq!(ws.receive(&mut [0x81, 0]), (0, None));
}

#[test]
fn the_longest_answer_fits() {
    let mut ws = WebSocket::client(Limits::DEFAULT);
    ws.receive(&mut [&[0x89, 125], &[7; 125][..]].concat());
    assert_eq!(ws.control_payload(), [7; 125]);
    assert_eq!(
        ws.send(KEY, &mut [0; MAX_CONTROL_FRAME]),
        Ok(MAX_CONTROL_FRAME)
    );
}

#[test]
fn what_a_control_frame_carried_is_shown_until_the_next_byte() {
    let mut ws = WebSocket::client(Limits::DEFAULT);
    ws.receive(&mut [0x8a, 1, b'x']);
    assert_eq!(ws.control_payload(), b"x");
    ws.receive(&mut []);
    assert_eq!(ws.control_payload(), b"x");
    ws.receive(&mut [0x8a]);
    assert_eq!(ws.control_payload(), b"");
    assert_eq!(ws.close_reason(), "");
    assert_eq!(ws.close_code(), None);
}

#[test]
fn a_cut_character_is_a_piece_of_its_own() {
    let mut ws = WebSocket::client(Limits::DEFAULT);
    let mut wire = *b"\x81\x06a\xe2\x82\xacbc";
    let mut pieces = Vec::new();
    let (mut at, mut end) = (0, 5);
    while at < wire.len() {
        let (used, event) = ws.receive(&mut wire[at..end]);
        (at, end) = (at + used, 8);
        if let Some(Event::Text { piece, last }) = event {
            pieces.push((piece.to_string(), last));
        }
    }
    let expected = [("a", false), ("€", false), ("bc", true)];
    assert_eq!(
        pieces,
        expected.map(|(piece, last)| (piece.to_owned(), last))
    );
}

#[test]
fn good_text_before_bad_text_in_one_piece_is_not_reported() {
    let mut ws = WebSocket::client(Limits::DEFAULT);
    let mut wire = *b"\x81\x06abc\xffde";
    assert!(matches!(ws.receive(&mut wire), (6, None)));
    assert!(matches!(ws.action(), Action::Send(_)));
}

#[test]
fn an_assembler_joins_what_fits() {
    let mut assembler = Assembler::new([0; 5]);
    let piece = |piece, last| Event::Binary { piece, last };
    assert_eq!(assembler.push(piece(b"abc", false)), Ok(None));
    assert_eq!(assembler.push(Event::Ping), Ok(None));
    assert_eq!(
        assembler.push(piece(b"de", true)),
        Ok(Some(Message::Binary(b"abcde")))
    );
    assert_eq!(assembler.push(piece(b"abc", false)), Ok(None));
    assert_eq!(assembler.push(piece(b"def", false)), Err(MessageTooBig));
    assert_eq!(assembler.push(piece(b"gh", false)), Ok(None));
    assert_eq!(assembler.push(piece(b"ij", true)), Ok(None));
    assert_eq!(assembler.push(piece(b"abc", false)), Ok(None));
    assert_eq!(assembler.push(piece(b"def", true)), Err(MessageTooBig));
    assert_eq!(
        assembler.push(piece(b"", true)),
        Ok(Some(Message::Binary(b"")))
    );
    assert_eq!(assembler.push(piece(b"abcdef", true)), Err(MessageTooBig));
    // What comes in one piece is not copied.
    let whole = *b"abcde";
    match assembler.push(piece(&whole, true)) {
        Ok(Some(Message::Binary(message))) => assert_eq!(message.as_ptr(), whole.as_ptr()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_connection_is_small() {
    assert!(size_of::<WebSocket<role::Server>>() <= 192);
    assert_eq!(
        size_of::<WebSocket<role::Server>>(),
        size_of::<WebSocket<role::Client>>()
    );
    assert!(size_of::<Event<'_>>() <= 32);
}

#[test]
fn a_message_in_one_piece_is_not_copied() {
    let mut assembler = Assembler::new([0; 16]);
    for first in [b"\x81\x85\0\0\0\0Hello", b"\x82\x85\0\0\0\0Hello"] {
        let mut wire = *first;
        let payload = wire[6..].as_ptr();
        let (used, event) = WebSocket::server(Limits::DEFAULT).receive(&mut wire);
        assert_eq!(used, first.len());
        let message = assembler.push(event.expect("a message")).expect("it fits");
        let octets = match message.expect("the whole of it") {
            Message::Text(text) => text.as_bytes(),
            Message::Binary(octets) => octets,
        };
        assert_eq!(octets, b"Hello");
        assert_eq!(octets.as_ptr(), payload, "it lies where it was read");
    }
}

#[test]
fn nothing_is_reported_before_there_is_payload() {
    for first in [0x01, 0x02, 0x81, 0x82] {
        let mut server = WebSocket::server(Limits::default());
        assert_eq!(server.receive(&mut [first, 0x85, 1, 2, 3, 4]), (6, None));
        assert_eq!(server.receive(&mut []), (0, None));
        let mut octet = [b'H' ^ 1];
        assert!(matches!(
            server.receive(&mut octet),
            (
                1,
                Some(Event::Text { last: false, .. } | Event::Binary { last: false, .. })
            )
        ));
    }
}

#[test]
fn the_limits_that_go_without_saying() {
    assert_eq!(Limits::default(), Limits::DEFAULT);
    assert_ne!(Limits::default(), Limits::NONE);
}

#[test]
fn a_pong_that_nobody_asked_for() {
    let (mut server, mut client) = (
        WebSocket::server(Limits::DEFAULT),
        WebSocket::client(Limits::DEFAULT),
    );
    let mut wire = [0; MAX_CONTROL_FRAME];
    let len = client.write(Frame::pong(b"beat"), KEY, &mut wire).unwrap();
    assert_eq!(wire[..6], [0x8a, 0x84, 0xde, 0xad, 0xbe, 0xef]);
    assert_eq!(server.receive(&mut wire[..len]), (len, Some(Event::Pong)));
    assert_eq!(server.control_payload(), b"beat");
    assert_eq!(server.action(), Action::Receive, "it is not answered");
    let long = [0; 126];
    assert_eq!(
        client.write(Frame::pong(&long), KEY, &mut wire),
        Err(SendError::ControlTooLong)
    );
}
