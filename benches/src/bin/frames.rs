//! Our frames in memory. A frame that is decoded is first copied into place, as a read would; `copy-...` of the floor is
//! that alone. Let the C library copy by vectors at every size, as callgrind counts `rep movsb` by the byte:
//! `GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1073741824:glibc.cpu.x86_non_temporal_threshold=1073741824`.

use http_upgrade::websocket::{Action, Event, Frame, HEADROOM, Kind, Limits, Role, WebSocket};
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::work::{MASK, Size};
use std::{hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    driver::main(&[
        ("text-125", |d| server(d, &Size::Text125.frame(true))),
        ("text-125-mixed", |d| server(d, &mixed())),
        ("binary-125", |d| server(d, &binary_125())),
        ("binary-16k", |d| server(d, &Size::Binary16K.frame(true))),
        ("binary-1m", |d| server(d, &Size::Binary1M.frame(true))),
        ("plain-text-125", |d| client(d, &Size::Text125.frame(false))),
        ("plain-16k", |d| client(d, &Size::Binary16K.frame(false))),
        ("plain-1m", |d| client(d, &Size::Binary1M.frame(false))),
        ("server-125", |d| encode_server(d, Size::Text125)),
        ("server-16k", |d| encode_server(d, Size::Binary16K)),
        ("server-1m", |d| encode_server(d, Size::Binary1M)),
        ("client-125", |d| encode_client(d, Size::Text125)),
        ("client-16k", |d| encode_client(d, Size::Binary16K)),
        ("client-1m", |d| encode_client(d, Size::Binary1M)),
        ("server-in-place-125", in_place_server),
        ("client-in-place-125", in_place_client),
    ])
}

fn masked(frame: Frame<'_>) -> Vec<u8> {
    let mut wire = vec![0; frame.payload().len() + HEADROOM];
    let mut client = WebSocket::client(Limits::NONE);
    let len = client.write(frame, MASK, &mut wire).expect("room");
    wire.truncate(len);
    wire
}

fn binary_125() -> Vec<u8> {
    masked(Frame::binary(&[7; 125]))
}

fn mixed() -> Vec<u8> {
    let text = "καλημέρα κόσμε ".repeat(9);
    masked(Frame::text(&text[..text.floor_char_boundary(125)]))
}

#[inline(never)]
fn server(driver: &Driver, wire: &[u8]) {
    decode(driver, WebSocket::server(Limits::DEFAULT), wire);
}

#[inline(never)]
fn client(driver: &Driver, wire: &[u8]) {
    decode(driver, WebSocket::client(Limits::DEFAULT), wire);
}

#[inline(always)]
fn decode<R: Role>(driver: &Driver, mut websocket: WebSocket<R>, wire: &[u8]) {
    let mut buffer = wire.to_vec();
    driver.each(|| {
        buffer.copy_from_slice(black_box(wire));
        assert!(websocket.action() == Action::Receive);
        let (used, event) = websocket.receive(black_box(&mut buffer));
        assert!(used == wire.len());
        match event {
            Some(Event::Text { piece, last: true }) => {
                black_box(piece.as_str());
            }
            Some(Event::Binary { piece, last: true }) => {
                black_box(piece);
            }
            _ => panic!("not a whole message"),
        }
    });
}

fn encode_server(driver: &Driver, size: Size) {
    let payload = size.payload();
    let mut server = WebSocket::server(Limits::DEFAULT);
    let mut out = vec![0; payload.len() + HEADROOM];
    driver.each(|| {
        let frame = Frame::binary(black_box(&payload));
        black_box(server.write(frame, black_box(&mut out)).unwrap());
    });
}

fn encode_client(driver: &Driver, size: Size) {
    let payload = size.payload();
    let mut client = WebSocket::client(Limits::DEFAULT);
    let mut out = vec![0; payload.len() + HEADROOM];
    driver.each(|| {
        let frame = Frame::binary(black_box(&payload));
        black_box(
            client
                .write(frame, black_box(MASK), black_box(&mut out))
                .unwrap(),
        );
    });
}

fn in_place_server(driver: &Driver) {
    let mut server = WebSocket::server(Limits::DEFAULT);
    let mut out = [0; HEADROOM + 125];
    driver.each(|| {
        let out = black_box(&mut out[..]);
        black_box(server.write_in_place(Kind::Binary, true, out).unwrap());
    });
}

fn in_place_client(driver: &Driver) {
    let mut client = WebSocket::client(Limits::DEFAULT);
    let mut out = [0; HEADROOM + 125];
    driver.each(|| {
        let out = black_box(&mut out[..]);
        black_box(
            client
                .write_in_place(Kind::Binary, true, black_box(MASK), out)
                .unwrap(),
        );
    });
}
