//! What the work takes without any strictness: see `floor.rs` of the library.

use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::floor;
use http_upgrade_benches::work::{ANSWER, H2C, HOST, MASK, NONCE, ORDINARY, REQUEST, Size, TARGET};
use std::{hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, usize::MAX)),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("client", client),
        ("426", |d| {
            respond(d, b"HTTP/1.1 426 Upgrade Required\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n")
        }),
        ("ordinary", |d| {
            respond(d, b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n")
        }),
        ("h2c", h2c),
        ("text-125", |d| decode(d, Size::Text125, true)),
        ("binary-16k", |d| decode(d, Size::Binary16K, true)),
        ("binary-1m", |d| decode(d, Size::Binary1M, true)),
        ("plain-text-125", |d| decode(d, Size::Text125, false)),
        ("plain-16k", |d| decode(d, Size::Binary16K, false)),
        ("plain-1m", |d| decode(d, Size::Binary1M, false)),
        ("server-125", |d| encode(d, Size::Text125, None)),
        ("server-16k", |d| encode(d, Size::Binary16K, None)),
        ("server-1m", |d| encode(d, Size::Binary1M, None)),
        ("client-125", |d| encode(d, Size::Text125, Some(MASK))),
        ("client-16k", |d| encode(d, Size::Binary16K, Some(MASK))),
        ("client-1m", |d| encode(d, Size::Binary1M, Some(MASK))),
        ("copy-125", |d| copy(d, 125)),
        ("copy-16k", |d| copy(d, 16 << 10)),
        ("copy-1m", |d| copy(d, 1 << 20)),
    ])
}

fn server(driver: &Driver, read: usize) {
    let (mut storage, mut out) = ([0; 2048], [0; 512]);
    driver.each(|| {
        let mut head = floor::Head::new(black_box(&mut storage));
        let out = black_box(&mut out[..]);
        let len = black_box(REQUEST)
            .chunks(read.min(REQUEST.len()))
            .find_map(|piece| take(&mut head, piece, out));
        assert!(out[..len.expect("a 101")].starts_with(b"HTTP/1.1 101 "));
    });
}

#[inline(never)]
fn take(head: &mut floor::Head, piece: &[u8], out: &mut [u8]) -> Option<usize> {
    head.receive(piece, |head| floor::accept(head, out))
}

fn client(driver: &Driver) {
    let (mut storage, mut out) = ([0; 1024], [0; 512]);
    driver.each(|| {
        let (host, target) = (black_box(HOST.as_bytes()), black_box(TARGET.as_bytes()));
        let (len, key) = floor::request(host, target, black_box(&NONCE), &mut out).expect("room");
        black_box(&out[..len]);
        let mut head = floor::Head::new(black_box(&mut storage));
        assert!(
            head.receive(black_box(ANSWER), |head| floor::is_accepted(head, &key)) == Some(true)
        );
    });
}

fn respond(driver: &Driver, answer: &[u8]) {
    let (mut storage, mut out) = ([0; 2048], [0; 512]);
    driver.each(|| {
        let mut head = floor::Head::new(black_box(&mut storage));
        let respond = |head: &[u8]| floor::respond(head, black_box(answer), black_box(&mut out));
        assert!(head.receive(black_box(ORDINARY), respond) == Some(answer.len()));
    });
}

fn h2c(driver: &Driver) {
    let (mut storage, mut settings, mut out) = ([0; 2048], [0; 128], [0; 512]);
    driver.each(|| {
        let mut head = floor::Head::new(black_box(&mut storage));
        let accept = |head: &[u8]| {
            floor::h2c(head, &mut settings, black_box(&mut out)).map(|(_, settings)| settings.len())
        };
        assert!(head.receive(black_box(H2C), accept) == Some(18));
    });
}

fn decode(driver: &Driver, size: Size, is_masked: bool) {
    let wire = size.frame(is_masked);
    let mut buffer = wire.clone();
    driver.each(|| {
        buffer.copy_from_slice(black_box(&wire));
        black_box(floor::decode(black_box(&mut buffer)).expect("a frame"));
    });
}

fn encode(driver: &Driver, size: Size, mask: Option<[u8; 4]>) {
    let payload = size.payload();
    let mut out = vec![0; payload.len() + 14];
    driver.each(|| {
        black_box(
            floor::encode(
                0x82,
                black_box(&payload),
                black_box(mask),
                black_box(&mut out),
            )
            .expect("room"),
        );
    });
}

fn copy(driver: &Driver, len: usize) {
    let (from, mut to) = (vec![7_u8; len + 14], vec![0; len + 14]);
    driver.each(|| {
        to.copy_from_slice(black_box(&from));
        black_box(&mut to);
    });
}
