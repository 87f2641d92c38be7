//! picoserve: an asynchronous server for firmware, with WebSocket.

use embedded_io_async::{ErrorType, Write as BaseWrite};
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::wire::{Wire, block_on};
use http_upgrade_benches::work::{ORDINARY, REQUEST};
use picoserve::io::Socket;
use picoserve::mem::{BorrowedBuffer, BorrowedCursor};
use picoserve::response::ws::{SocketRx, SocketTx, WebSocketCallback, WebSocketUpgrade};
use picoserve::routing::{PathRouter, get};
use picoserve::{Config, Error, Router, Server, Timeouts, Timer};
use std::convert::Infallible;
use std::{hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    driver::main(&[
        ("server", |d| server(d, usize::MAX)),
        ("server-16", |d| server(d, 16)),
        ("server-1", |d| server(d, 1)),
        ("ordinary", ordinary),
    ])
}

struct Upgraded;

impl WebSocketCallback for Upgraded {
    async fn run<R: picoserve::io::Read, W: picoserve::io::Write<Error = R::Error>>(
        self,
        _rx: SocketRx<R>,
        _tx: SocketTx<W>,
    ) -> Result<(), W::Error> {
        Ok(())
    }
}

fn server(driver: &Driver, read: usize) {
    let app = Router::new().route(
        "/chat",
        get(async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(Upgraded)),
    );
    serve(driver, &app, REQUEST, read, b"HTTP/1.1 101 ");
}

fn ordinary(driver: &Driver) {
    let app = Router::new().route("/index.html", get(async || "hello\n"));
    serve(driver, &app, ORDINARY, usize::MAX, b"HTTP/1.1 200 ");
}

fn serve<P: PathRouter>(
    driver: &Driver,
    app: &Router<P>,
    request: &[u8],
    read: usize,
    begin: &[u8],
) {
    static CONFIG: Config = Config::const_default();
    let (mut storage, mut out) = ([0; 2048], [0; 1024]);
    driver.each_apart(|| {
        let connection = Connection {
            reads: Wire::new(black_box(request), read, &mut []),
            writes: Wire::new(&[], 0, &mut out),
        };
        let server = Server::custom(app, Endless, &CONFIG, black_box(&mut storage));
        assert!(block_on(server.serve(connection)).is_ok());
        assert!(out.starts_with(begin));
        out[0] = 0;
    });
}

/// Time does not pass.
struct Endless;
struct Runtime;

impl Timer<Runtime> for Endless {
    async fn delay(&self, _: picoserve::time::Duration) {
        std::future::pending().await
    }
}

/// What is read, and what is written.
struct Connection<'w> {
    reads: Wire<'w>,
    writes: Wire<'w>,
}

impl<'w> Socket<Runtime> for Connection<'w> {
    type Error = Infallible;
    type ReadHalf<'s>
        = &'s mut Wire<'w>
    where
        Self: 's;
    type WriteHalf<'s>
        = Writes<'s, 'w>
    where
        Self: 's;

    fn split(&mut self) -> (Self::ReadHalf<'_>, Self::WriteHalf<'_>) {
        (&mut self.reads, Writes(&mut self.writes))
    }

    async fn abort<T: Timer<Runtime>>(self, _: &Timeouts, _: &T) -> Result<(), Error<Infallible>> {
        Ok(())
    }

    async fn shutdown<T: Timer<Runtime>>(
        self,
        _: &Timeouts,
        _: &T,
    ) -> Result<(), Error<Infallible>> {
        Ok(())
    }
}

/// Lends a buffer of 1 KiB, as picoserve's own half for tokio does.
struct Writes<'s, 'w>(&'s mut Wire<'w>);

impl ErrorType for Writes<'_, '_> {
    type Error = Infallible;
}

impl BaseWrite for Writes<'_, '_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        self.0.write(bytes).await
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        self.0.flush().await
    }
}

impl picoserve::io::Write for Writes<'_, '_> {
    async fn write_with<F: FnOnce(BorrowedCursor<'_>) -> R, R>(
        &mut self,
        f: F,
    ) -> Result<R, Infallible> {
        let mut buffer = [0; 1024];
        let mut buffer = BorrowedBuffer::new(&mut buffer);
        let result = f(buffer.unfilled());
        self.0.write_all(buffer.filled()).await?;
        Ok(result)
    }
}
