//! fastwebsockets: asynchronous, on streams of tokio, with hyper for the handshakes.

use bytes::Bytes;
use fastwebsockets::{Frame, OpCode, Payload, Role, WebSocket, handshake, upgrade};
use http_body_util::Empty;
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::wire::{Wire, block_on, lend};
use http_upgrade_benches::work::{ANSWER, HOST, KEY, REQUEST, Size};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use std::cell::{Cell, RefCell};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::{hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, REQUEST.len())),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("client", client),
        ("text-125", |d| decode(d, Size::Text125, true)),
        ("binary-16k", |d| decode(d, Size::Binary16K, true)),
        ("binary-1m", |d| decode(d, Size::Binary1M, true)),
        ("plain-text-125", |d| decode(d, Size::Text125, false)),
        ("plain-16k", |d| decode(d, Size::Binary16K, false)),
        ("plain-1m", |d| decode(d, Size::Binary1M, false)),
        ("server-125", |d| encode(d, Size::Text125, Role::Server)),
        ("server-16k", |d| encode(d, Size::Binary16K, Role::Server)),
        ("server-1m", |d| encode(d, Size::Binary1M, Role::Server)),
        ("client-125", |d| encode(d, Size::Text125, Role::Client)),
        ("client-16k", |d| encode(d, Size::Binary16K, Role::Client)),
        ("client-1m", |d| encode(d, Size::Binary1M, Role::Client)),
    ])
}

fn server(driver: &Driver, read: usize) {
    let out = Vec::leak(vec![0; 1024]);
    driver.each_apart(|| {
        let upgraded = Cell::new(None);
        // SAFETY: the connection is gone at the end of the round.
        let wire = Wire::new(black_box(REQUEST), read, unsafe { lend(out) });
        let service = service_fn(|mut request: Request<Incoming>| {
            let begun = upgrade::upgrade(&mut request).map(|(response, websocket)| {
                upgraded.set(Some(websocket));
                response
            });
            async move { begun }
        });
        let connection = http1::Builder::new()
            .serve_connection(wire, service)
            .with_upgrades();
        block_on(connection).expect("a request");
        assert!(block_on(upgraded.take().expect("an upgrade")).is_ok());
        assert!(out.starts_with(b"HTTP/1.1 101 "));
        out[0] = 0;
    });
}

/// Holds the one task that hyper's client wants to have run.
#[derive(Default)]
struct Executor(RefCell<Option<Task>>);

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

impl hyper::rt::Executor<Task> for Executor {
    fn execute(&self, task: Task) {
        *self.0.borrow_mut() = Some(task);
    }
}

fn client(driver: &Driver) {
    let out = Vec::leak(vec![0; 1024]);
    let mut context = Context::from_waker(Waker::noop());
    driver.each_apart(|| {
        let request = Request::get(black_box("http://server.example.com/chat"))
            .header("Host", HOST)
            .header("Upgrade", "websocket")
            .header("Connection", "upgrade")
            .header("Sec-WebSocket-Key", black_box(KEY))
            .header("Sec-WebSocket-Version", "13")
            .body(Empty::<Bytes>::new())
            .expect("a request");
        // SAFETY: the connection is gone at the end of the round.
        let wire = Wire::answering(black_box(ANSWER), unsafe { lend(out) });
        let executor = Executor::default();
        let mut opening = pin!(handshake::client(&executor, request, wire));
        let opened = loop {
            if let Poll::Ready(opened) = opening.as_mut().poll(&mut context) {
                break opened;
            }
            let mut task = executor.0.borrow_mut();
            if task
                .as_mut()
                .is_some_and(|task| task.as_mut().poll(&mut context).is_ready())
            {
                *task = None;
            }
        };
        assert!(opened.is_ok());
    });
}

fn decode(driver: &Driver, size: Size, is_server: bool) {
    let frames = size.frames(is_server);
    let role = if is_server {
        Role::Server
    } else {
        Role::Client
    };
    let mut websocket = WebSocket::after_handshake(Wire::repeating(&frames, &mut []), role);
    driver.each(|| {
        let frame = block_on(websocket.read_frame()).expect("a frame");
        if size.is_text() {
            // As its documentation does: `read_frame` leaves the check to the caller.
            assert!(frame.opcode == OpCode::Text && frame.is_utf8());
        } else {
            assert!(frame.opcode == OpCode::Binary);
        }
        black_box(&frame.payload);
    });
}

fn encode(driver: &Driver, size: Size, role: Role) {
    let payload = size.payload();
    let mut out = vec![0; payload.len() + 14];
    let mut websocket = WebSocket::after_handshake(Wire::repeating(&[], &mut out), role);
    driver.each(|| {
        let frame = Frame::binary(Payload::Borrowed(black_box(&payload)));
        block_on(websocket.write_frame(frame)).expect("room");
    });
}
