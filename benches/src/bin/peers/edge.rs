//! edge-http and edge-ws: asynchronous, without allocation, on their own traits for networks.

use edge_http::io::{client, server};
use edge_http::ws::{MAX_BASE64_KEY_LEN, MAX_BASE64_KEY_RESPONSE_LEN};
use edge_nal::NoopNet;
use edge_nal::{Close, Readable, TcpShutdown, TcpSplit};
use edge_ws::{FrameHeader, FrameType};
use embedded_io_async::{ErrorType, Read, Write};
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::wire::{Wire, block_on};
use http_upgrade_benches::work::{
    ANSWER, CONTENT, HOST, MASK, NONCE, ORDINARY, REQUEST, Size, TARGET,
};
use std::cell::Cell;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::{hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, usize::MAX)),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("client", client),
        ("426", |d| {
            respond(
                d,
                426,
                "Upgrade Required",
                &[
                    ("Connection", "Upgrade"),
                    ("Upgrade", "websocket"),
                    ("Content-Length", "0"),
                ],
                b"",
            )
        }),
        ("ordinary", |d| {
            respond(d, 200, "OK", &[("Content-Length", "6")], CONTENT)
        }),
        ("text-125", |d| decode(d, Size::Text125, true)),
        ("binary-16k", |d| decode(d, Size::Binary16K, true)),
        ("binary-1m", |d| decode(d, Size::Binary1M, true)),
        ("plain-text-125", |d| decode(d, Size::Text125, false)),
        ("plain-16k", |d| decode(d, Size::Binary16K, false)),
        ("plain-1m", |d| decode(d, Size::Binary1M, false)),
        ("server-125", |d| encode(d, Size::Text125, false)),
        ("server-16k", |d| encode(d, Size::Binary16K, false)),
        ("server-1m", |d| encode(d, Size::Binary1M, false)),
        ("client-125", |d| encode(d, Size::Text125, true)),
        ("client-16k", |d| encode(d, Size::Binary16K, true)),
        ("client-1m", |d| encode(d, Size::Binary1M, true)),
    ])
}

fn server(driver: &Driver, read: usize) {
    let (mut storage, mut out) = ([0; 2048], [0; 512]);
    driver.each_apart(|| {
        block_on(async {
            let wire = Wire::new(black_box(REQUEST), read, &mut out);
            let connection = server::Connection::<_, 32>::new(&mut storage, wire).await;
            let mut connection = connection.expect("a request");
            assert!(connection.is_ws_upgrade_request().expect("a request"));
            let mut accept = [0; MAX_BASE64_KEY_RESPONSE_LEN];
            connection
                .initiate_ws_upgrade_response(&mut accept)
                .await
                .expect("a key");
            connection.complete().await.expect("room");
            let wire = connection.unbind().expect("a connection");
            assert!(wire.written().starts_with(b"HTTP/1.1 101 "));
        });
    });
}

fn respond(driver: &Driver, status: u16, reason: &str, fields: &[(&str, &str)], content: &[u8]) {
    let (mut storage, mut out) = ([0; 2048], [0; 512]);
    driver.each_apart(|| {
        block_on(async {
            let wire = Wire::new(black_box(ORDINARY), usize::MAX, &mut out);
            let connection = server::Connection::<_, 32>::new(&mut storage, wire).await;
            let mut connection = connection.expect("a request");
            assert!(!connection.is_ws_upgrade_request().expect("a request"));
            connection
                .initiate_response(status, Some(reason), fields)
                .await
                .expect("room");
            connection.write_all(content).await.expect("room");
            connection.complete().await.expect("room");
        });
        assert!(out.starts_with(b"HTTP/1.1 "));
        out[0] = 0;
    });
}

/// The network: one connection, lent for a round.
struct Network<'w>(Cell<Option<Wire<'w>>>);

impl<'w> edge_nal::TcpConnect for Network<'w> {
    type Error = Infallible;
    type Socket<'a>
        = Socket<'w>
    where
        Self: 'a;

    async fn connect(&self, _: SocketAddr) -> Result<Self::Socket<'_>, Infallible> {
        Ok(Socket(self.0.take().expect("one connection")))
    }
}

struct Socket<'w>(Wire<'w>);

impl ErrorType for Socket<'_> {
    type Error = Infallible;
}

impl Read for Socket<'_> {
    async fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        self.0.read(buf).await
    }
}

impl Write for Socket<'_> {
    async fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
        self.0.write(buf).await
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        self.0.flush().await
    }
}

/// What a network has to be able to do and a handshake does not ask for.
impl Readable for Socket<'_> {
    async fn readable(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl TcpShutdown for Socket<'_> {
    async fn close(&mut self, _: Close) -> Result<(), Infallible> {
        Ok(())
    }

    async fn abort(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl TcpSplit for Socket<'_> {
    type Read<'a>
        = NoopNet
    where
        Self: 'a;
    type Write<'a>
        = NoopNet
    where
        Self: 'a;

    fn split(&mut self) -> (NoopNet, NoopNet) {
        unreachable!("a handshake needs both halves")
    }
}

fn client(driver: &Driver) {
    let (mut storage, mut out) = ([0; 1024], [0; 512]);
    driver.each_apart(|| {
        let network = Network(Cell::new(Some(Wire::new(
            black_box(ANSWER),
            usize::MAX,
            &mut out,
        ))));
        block_on(async {
            let address = SocketAddr::from(([127, 0, 0, 1], 80));
            let mut connection = client::Connection::<_, 32>::new(&mut storage, &network, address);
            let nonce = black_box(NONCE);
            let mut key = [0; MAX_BASE64_KEY_LEN];
            let (host, target) = (Some(black_box(HOST)), black_box(TARGET));
            let request =
                connection.initiate_ws_upgrade_request(host, None, target, None, &nonce, &mut key);
            request.await.expect("room");
            connection.initiate_response().await.expect("a response");
            let mut accept = [0; MAX_BASE64_KEY_RESPONSE_LEN];
            assert!(
                connection
                    .is_ws_upgrade_accepted(&nonce, &mut accept)
                    .expect("a response")
            );
        });
    });
}

fn decode(driver: &Driver, size: Size, is_masked: bool) {
    let frames = size.frames(is_masked);
    let mut buffer = size.frame(is_masked);
    let mut wire = Wire::repeating(&frames, &mut []);
    driver.each(|| {
        block_on(async {
            let header = FrameHeader::recv(&mut wire).await.expect("a frame");
            let payload = header
                .recv_payload(&mut wire, &mut buffer)
                .await
                .expect("a frame");
            if size.is_text() {
                // As its documentation does.
                assert!(header.frame_type == FrameType::Text(false));
                assert!(std::str::from_utf8(payload).is_ok());
            } else {
                assert!(header.frame_type == FrameType::Binary(false));
            }
            black_box(payload);
        });
    });
}

fn encode(driver: &Driver, size: Size, is_masked: bool) {
    let payload = size.payload();
    let mut out = vec![0; payload.len() + 14];
    let mut wire = Wire::repeating(&[], &mut out);
    driver.each(|| {
        let header = FrameHeader {
            frame_type: FrameType::Binary(false),
            payload_len: payload.len() as u64,
            mask_key: is_masked.then_some(black_box(u32::from_be_bytes(MASK))),
        };
        block_on(async {
            header.send(&mut wire).await.expect("room");
            header
                .send_payload(&mut wire, black_box(&payload))
                .await
                .expect("room");
        });
    });
}
