//! Content of the upgraded request, paced by the engine.

use crate::harness::*;
use http_upgrade::h2c::ServerBridge;
use http_upgrade::{Decision, Protocol, Server};

/// The bridge of a POST that does not say how much content it has: each run is a frame.
fn chunked() -> ServerBridge {
    start(request("POST /", "Transfer-Encoding: chunked\r\n"))
        .unwrap()
        .0
}

/// What of `run` the engine is given: the frame, or nothing.
fn give(bridge: &mut ServerBridge, run: &[u8]) -> usize {
    let taken = bridge.content(run);
    let octets = taken.parts.concat();
    if taken.used > 0 {
        assert_eq!(octets, frame(DATA, 0, 1, &run[..taken.used]));
    } else {
        assert!(octets.is_empty());
    }
    taken.used
}

/// As much as the engine takes.
fn give_all(bridge: &mut ServerBridge, run: &[u8]) -> usize {
    let mut given = 0;
    loop {
        match give(bridge, &run[given..]) {
            0 => return given,
            len => given += len,
        }
    }
}

#[test]
fn no_window_is_overrun() {
    let content = vec![7; 200_000];
    // Other initial windows hold from the ACK on, and that comes behind the 101.
    for engine in [
        settings(&[]),
        settings(&[(4, 1 << 20), (5, 1 << 20)]),
        settings(&[(4, 1)]),
    ] {
        let mut bridge = chunked();
        assert_eq!(send(&mut bridge, &engine), engine);
        assert_eq!(give(&mut bridge, b""), 0);
        assert_eq!(give(&mut bridge, b"hello"), 5);
        assert_eq!(give(&mut bridge, &content), 16_384, "no frame is larger");
        assert_eq!(give_all(&mut bridge, &content), 65_535 - 5 - 16_384);
        assert_eq!(send(&mut bridge, &update(1, 100)), b"");
        assert_eq!(
            give_all(&mut bridge, &content),
            0,
            "the connection has none"
        );
        assert_eq!(send(&mut bridge, &update(0, 40)), b"");
        assert_eq!(give_all(&mut bridge, &content), 40);
        assert_eq!(send(&mut bridge, &update(0, 1000)), b"");
        assert_eq!(
            give_all(&mut bridge, &content),
            60,
            "the stream has no more"
        );
        let end = bridge.end_content();
        assert_eq!(end.parts.concat(), frame(DATA, END_STREAM, 1, b""));
        assert_eq!(bridge.end_content().parts.concat(), b"", "once");
    }
    assert_eq!(get().end_content().parts.concat(), b"");
}

#[test]
fn credit_for_content_stays_here() {
    let make = || {
        let mut bridge = chunked();
        send(&mut bridge, &settings(&[]));
        assert_eq!(give(&mut bridge, &[7; 1000]), 1000);
        bridge
    };
    let output = [
        update(1, 1000),
        update(0, 400),
        update(0, 599),
        update(0, 31),
        update(0, 5),
        update(3, 6),
    ]
    .concat();
    let passed = at_every_split(make, &output, |bridge, piece| Ok(bridge.send(piece))).unwrap();
    assert_eq!(
        passed,
        [update(0, 30), update(0, 5), update(3, 6)].concat(),
        "the peer's part of an increment passes"
    );
}

#[test]
fn data_of_the_peer_waits_for_the_credit_of_the_content() {
    let data = frame(DATA, END_STREAM, 3, &[1; 100]);
    let ping = frame(PING, 0, 0, &[0; 8]);
    let input = [PREFACE, &settings(&[]), &ping, &data, &ping].concat();
    for size in 1..input.len() {
        let mut bridge = chunked();
        send(&mut bridge, &settings(&[]));
        assert_eq!(give_all(&mut bridge, &vec![7; 65_535]), 65_535);
        bridge.end_content();
        let (mut rest, mut passed, mut is_paid) = (&input[..], Vec::new(), false);
        while !rest.is_empty() {
            let taken = bridge.receive(&rest[..size.min(rest.len())]).unwrap();
            passed.extend(taken.parts.concat());
            rest = &rest[taken.used..];
            if taken.used == 0 {
                assert!(!is_paid, "it is held back once");
                assert_eq!(passed, input[24..24 + 9 + 17], "what comes before passes");
                assert_eq!(send(&mut bridge, &update(0, 99)), b"");
                assert_eq!(bridge.receive(rest).unwrap().used, 0);
                assert_eq!(send(&mut bridge, &update(0, 1)), b"");
                is_paid = true;
            }
        }
        assert!(is_paid);
        assert_eq!(passed, input[24..]);
    }
}

#[test]
fn data_beyond_what_the_peer_can_believe_is_for_the_engine_to_refuse() {
    let mut header = frame(DATA, 0, 3, &[]);
    header[..3].copy_from_slice(&[0xff; 3]);
    let input = [PREFACE, &settings(&[]), &header].concat();
    for size in 1..=input.len() {
        let mut bridge = chunked();
        send(&mut bridge, &settings(&[]));
        assert_eq!(give(&mut bridge, &[7; 100]), 100);
        bridge.end_content();
        let mut passed = Vec::new();
        for piece in input.chunks(size) {
            let mut rest = piece;
            while !rest.is_empty() {
                let taken = bridge.receive(rest).unwrap();
                assert!(taken.used > 0, "it is not held back");
                passed.extend(taken.parts.concat());
                rest = &rest[taken.used..];
            }
        }
        assert_eq!(passed, input[24..]);
    }
}

#[test]
fn content_that_the_engine_does_not_want_is_dropped() {
    let mut bridge = chunked();
    let early = [
        settings(&[]),
        frame(HEADERS, 5, 1, b"\x88"),
        frame(RST_STREAM, 0, 1, &[0; 4]),
    ]
    .concat();
    assert_eq!(send(&mut bridge, &early[..9]), settings(&[]));
    assert_eq!(give(&mut bridge, b"a"), 1);
    assert_eq!(send(&mut bridge, &early[9..]), early[9..]);
    let taken = bridge.content(&[7; 999]);
    assert_eq!((taken.used, taken.parts.concat()), (999, vec![]));
    assert_eq!(
        bridge.end_content().parts.concat(),
        b"",
        "nor is its end told"
    );
}

#[test]
fn small_runs_of_known_content_make_no_small_frames() {
    let content: Vec<u8> = (0..40_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    let expected = [
        frame(DATA, 0, 1, &content[..16_384]),
        frame(DATA, 0, 1, &content[16_384..32_768]),
        frame(DATA, 0, 1, &content[32_768..]),
        frame(DATA, END_STREAM, 1, b""),
    ]
    .concat();
    for size in [1, 2, 1000, 16_383, 16_384, 16_385, 40_000] {
        let mut bridge = post(40_000);
        send(&mut bridge, &settings(&[]));
        let mut given = Vec::new();
        for mut run in content.chunks(size) {
            while !run.is_empty() {
                let taken = bridge.content(run);
                assert!(taken.used > 0);
                given.extend(taken.parts.concat());
                run = &run[taken.used..];
            }
        }
        given.extend(bridge.end_content().parts.concat());
        assert!(given == expected, "in pieces of {size}");
    }
}

#[test]
fn a_bridge_behind_a_part_of_the_content_frames_the_rest() {
    let head = request("POST /", "Content-Length: 10\r\n");
    let mut server = Server::new([0; 1024], &POLICY);
    assert_eq!(server.receive(head.as_bytes()), head.len());
    server.decide(Decision::Accept(Protocol::H2c)).unwrap();
    assert_eq!(server.receive_content(b"hello"), (5, &b"hello"[..]));
    let mut bridge = ServerBridge::start(&server.request().unwrap(), |_| {}).unwrap();
    let header = &frame(DATA, 0, 1, b"world")[..9];
    assert_eq!(bridge.content(b"w").parts, [header, b"w"]);
}

#[test]
fn frames_of_known_content_keep_to_the_windows() {
    let mut bridge = post(70_000);
    let mut given = 0;
    while given < 65_535 - 30 {
        given += bridge.content(&vec![7; 65_535 - 30 - given]).used;
    }
    // 16 384 fit three times; the fourth frame was begun with what the windows had left.
    let rest = bridge.content(&[7; 100]);
    assert_eq!((rest.used, rest.parts), (30, [&[][..], &[7; 30]]));
    assert_eq!(bridge.content(&[7; 100]).used, 0);
    send(&mut bridge, &[update(0, 30), update(1, 50)].concat());
    assert_eq!(
        bridge.content(&[7]).parts.concat(),
        frame(DATA, 0, 1, &[7; 30])[..10]
    );
    // A frame that was begun is ended, whatever becomes of the stream.
    send(&mut bridge, &frame(RST_STREAM, 0, 1, &[0; 4]));
    let taken = bridge.content(&[7; 50]);
    assert_eq!((taken.used, taken.parts), (29, [&[][..], &[7; 29]]));
    let taken = bridge.content(&[7; 70]);
    assert_eq!((taken.used, taken.parts), (70, [&[][..], &[]]));
}

#[test]
fn the_end_of_another_stream_is_not_that_of_the_content() {
    let mut bridge = chunked();
    let reset = |stream| frame(RST_STREAM, 0, stream, &[0, 0, 0, 8]);
    send(&mut bridge, &settings(&[]));
    assert_eq!(send(&mut bridge, &reset(3)), reset(3));
    assert_eq!(give(&mut bridge, b"hello"), 5);
    assert_eq!(send(&mut bridge, &reset(1)), reset(1));
    let taken = bridge.content(b"hello");
    assert_eq!(
        (taken.used, taken.parts.concat()),
        (5, Vec::new()),
        "dropped"
    );
}

#[test]
fn data_of_the_peer_counts_until_the_window_is_even() {
    let mut bridge = chunked();
    send(&mut bridge, &settings(&[]));
    assert_eq!(give(&mut bridge, &[7; 1000]), 1000);
    bridge.end_content();
    let start = [PREFACE, &settings(&[])].concat();
    assert_eq!(bridge.receive(&start).unwrap().used, start.len());
    let offer = |bridge: &mut ServerBridge, len: usize| {
        let data = frame(DATA, 0, 3, &vec![1; len]);
        let used = bridge.receive(&data).unwrap().used;
        assert!(used == 0 || used == data.len(), "{used} of {len}");
        used > 0
    };
    for _ in 0..3 {
        assert!(offer(&mut bridge, 16_384));
    }
    // The peer believes in 65 535 octets, of which the engine has 1000 less.
    let left = 65_535 - 3 * 16_384;
    assert!(!offer(&mut bridge, left), "all that the peer believes in");
    assert!(!offer(&mut bridge, left - 999), "one more than there is");
    assert!(
        offer(&mut bridge, left + 1),
        "that is the engine's to refuse"
    );
    assert!(offer(&mut bridge, left - 1000));
    assert!(!offer(&mut bridge, 1));
    assert_eq!(send(&mut bridge, &update(0, 1000)), b"");
    assert!(offer(&mut bridge, 1000), "made good");
}

#[test]
fn what_is_no_credit_passes_as_it_is() {
    // An engine that writes these is at fault, and its peer is the one to say so.
    for payload in [&[0; 3][..], &[0; 5], &[]] {
        let mut bridge = chunked();
        send(&mut bridge, &settings(&[]));
        assert_eq!(give(&mut bridge, b"hello"), 5);
        let odd = frame(WINDOW_UPDATE, 0, 0, payload);
        assert_eq!(send(&mut bridge, &odd), odd);
        assert_eq!(
            send(&mut bridge, &update(0, 5)),
            b"",
            "what is owed still is"
        );
    }
}
