//! Frames in memory, for counting instructions.
//!
//! `frames NAME ROUNDS` does one operation `ROUNDS` times. Under `valgrind --tool=callgrind`, the difference between N and
//! 2N rounds, divided by N, is what one operation takes. A decoded frame is first copied into place, as a read would;
//! `copy-...` is that alone. Let the C library copy by vectors at every size, as it counts `rep movsb` by the byte:
//! `GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1073741824:glibc.cpu.x86_non_temporal_threshold=1073741824`.

use http_upgrade::websocket::{Action, Event, Frame, HEADROOM, Kind, Limits, WebSocket};
use std::{env, hint::black_box, process::ExitCode};

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let (Some(name), Some(Ok(rounds))) = (args.next(), args.next().map(|n| n.parse())) else {
        eprintln!("frames NAME ROUNDS");
        return ExitCode::FAILURE;
    };
    let ascii = "a text message ".repeat(9)[..125].to_owned();
    let mixed = "καλημέρα κόσμε ".repeat(9);
    let mixed = &mixed[..mixed.floor_char_boundary(125)];
    match name.as_str() {
        "copy-125" => copy(125, rounds),
        "copy-16k" => copy(16 << 10, rounds),
        "copy-1m" => copy(1 << 20, rounds),
        "text-125" => decode(Frame::text(&ascii), rounds),
        "text-125-mixed" => decode(Frame::text(mixed), rounds),
        "binary-125" => decode(Frame::binary(&[7; 125]), rounds),
        "binary-16k" => decode(Frame::binary(&[7; 16 << 10]), rounds),
        "binary-1m" => decode(Frame::binary(&vec![7; 1 << 20]), rounds),
        "server-125" => encode_server(ascii.as_bytes(), rounds),
        "client-125" => encode_client(ascii.as_bytes(), rounds),
        "server-in-place-125" => in_place_server(rounds),
        "client-in-place-125" => in_place_client(rounds),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

fn copy(len: usize, rounds: u32) {
    let (from, mut to) = (vec![7; len + 14], vec![0; len + 14]);
    for _ in 0..rounds {
        to.copy_from_slice(black_box(&from));
        black_box(&mut to);
    }
}

fn decode(frame: Frame<'_>, rounds: u32) {
    let mut wire = vec![0; frame.payload().len() + HEADROOM];
    let mut client = WebSocket::client(Limits::NONE);
    let n = client.write(frame, KEY, &mut wire).unwrap();
    let wire = &wire[..n];
    let mut buffer = wire.to_vec();
    let mut server = WebSocket::server(Limits::DEFAULT);
    let mut bytes = 0;
    for _ in 0..rounds {
        buffer.copy_from_slice(black_box(wire));
        assert!(server.action() == Action::Receive);
        let (used, event) = server.receive(black_box(&mut buffer));
        assert!(used == n);
        match event {
            Some(Event::Text { piece, last: true }) => bytes += black_box(piece.as_str()).len(),
            Some(Event::Binary { piece, last: true }) => bytes += black_box(piece).len(),
            _ => panic!("not a whole message"),
        }
    }
    assert!(bytes == rounds as usize * frame.payload().len());
}

fn encode_server(payload: &[u8], rounds: u32) {
    let mut server = WebSocket::server(Limits::DEFAULT);
    let mut out = [0; 256];
    for _ in 0..rounds {
        let frame = Frame::binary(black_box(payload));
        black_box(server.write(frame, black_box(&mut out)).unwrap());
    }
}

fn encode_client(payload: &[u8], rounds: u32) {
    let mut client = WebSocket::client(Limits::DEFAULT);
    let mut out = [0; 256];
    for _ in 0..rounds {
        let frame = Frame::binary(black_box(payload));
        black_box(
            client
                .write(frame, black_box(KEY), black_box(&mut out))
                .unwrap(),
        );
    }
}

fn in_place_server(rounds: u32) {
    let mut server = WebSocket::server(Limits::DEFAULT);
    let mut out = [0; HEADROOM + 125];
    for _ in 0..rounds {
        let out = black_box(&mut out[..]);
        black_box(server.write_in_place(Kind::Binary, true, out).unwrap());
    }
}

fn in_place_client(rounds: u32) {
    let mut client = WebSocket::client(Limits::DEFAULT);
    let mut out = [0; HEADROOM + 125];
    for _ in 0..rounds {
        let out = black_box(&mut out[..]);
        black_box(
            client
                .write_in_place(Kind::Binary, true, black_box(KEY), out)
                .unwrap(),
        );
    }
}
