//! hyper: a server that upgrades; what belongs to WebSocket is by hand, as hyper leaves it to others.

use base64ct::{Base64, Encoding};
use bytes::Bytes;
use http_body_util::{Empty, Full};
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::wire::{Wire, block_on, lend};
use http_upgrade_benches::work::{CONTENT, ORDINARY, REQUEST};
use hyper::body::{Body, Incoming};
use hyper::header::{CONNECTION, UPGRADE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use std::cell::Cell;
use std::convert::Infallible;
use std::{hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, REQUEST.len())),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("426", |d| respond(d, b"HTTP/1.1 426 ", require)),
        ("ordinary", |d| respond(d, b"HTTP/1.1 200 ", ordinary)),
    ])
}

fn server(driver: &Driver, read: usize) {
    let out = Vec::leak(vec![0; 1024]);
    driver.each_apart(|| {
        let upgraded = Cell::new(None);
        // SAFETY: the connection is gone at the end of the round.
        let wire = Wire::new(black_box(REQUEST), read, unsafe { lend(out) });
        let service = service_fn(|mut request| {
            upgraded.set(Some(hyper::upgrade::on(&mut request)));
            let response = accept(&request);
            async move { Ok::<_, Infallible>(response) }
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

fn accept(request: &Request<Incoming>) -> Response<Empty<Bytes>> {
    let fields = request.headers();
    let is = |name: &str, value: &[u8]| {
        fields
            .get(name)
            .is_some_and(|field| field.as_bytes().eq_ignore_ascii_case(value))
    };
    assert!(is("connection", b"upgrade") && is("upgrade", b"websocket"));
    assert!(is("sec-websocket-version", b"13"));
    let mut sha1 = sha1_smol::Sha1::new();
    sha1.update(fields.get("sec-websocket-key").expect("a key").as_bytes());
    sha1.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    let mut accept = [0; 28];
    let accept = Base64::encode(&sha1.digest().bytes(), &mut accept).expect("room");
    Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(CONNECTION, "upgrade")
        .header(UPGRADE, "websocket")
        .header("sec-websocket-accept", accept)
        .body(Empty::new())
        .expect("a response")
}

fn respond<B>(driver: &Driver, begin: &[u8], answer: fn(Request<Incoming>) -> Response<B>)
where
    B: Body<Data = Bytes, Error = Infallible> + 'static,
{
    let mut out = [0; 1024];
    driver.each_apart(|| {
        let wire = Wire::new(black_box(ORDINARY), usize::MAX, &mut out);
        let service = service_fn(|request| {
            let response = answer(request);
            async move { Ok::<_, Infallible>(response) }
        });
        block_on(http1::Builder::new().serve_connection(wire, service)).expect("a request");
        assert!(out.starts_with(begin));
        out[0] = 0;
    });
}

fn require(_: Request<Incoming>) -> Response<Empty<Bytes>> {
    Response::builder()
        .status(StatusCode::UPGRADE_REQUIRED)
        .header(CONNECTION, "upgrade")
        .header(UPGRADE, "websocket")
        .body(Empty::new())
        .expect("a response")
}

fn ordinary(_: Request<Incoming>) -> Response<Full<Bytes>> {
    Response::new(Full::new(Bytes::from_static(CONTENT)))
}
