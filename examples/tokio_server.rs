//! A server on tokio, one task a connection: ordinary requests, and WebSocket at `/echo`. A connection has a place, a deadline
//! for each thing that its peer owes, and one read buffer; nothing that a peer does takes more.
//!
//! ```text
//! cargo run --example tokio_server -- [--port 8080] [--connections 1000] [--patience 30]
//! ```

#[path = "replay/options.rs"]
mod options;

use std::io::{self, ErrorKind};
use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use http_upgrade::websocket::{
    self, Event, Frame, HEADROOM, Limits, MAX_CONTROL_FRAME, SendError, WebSocket,
};
use http_upgrade::{
    Action, Allow, Decision, Origins, Policy, Protocol, Request, Response, Server, Status,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout, timeout_at};

const HELP: &str = "\
usage: tokio_server [OPTIONS]

Ordinary requests, and an echo over WebSocket at /echo, on 127.0.0.1.

  --port NUMBER           8080 unless told otherwise; 0 is any that is free
  --connections NUMBER    how many at a time; 1000 unless told otherwise; further ones wait until one has ended
  --patience SECONDS      how long a peer may take over a request, over reading a message, and be silent in a WebSocket;
                          30 unless told otherwise
";

const POLICY: Policy = Policy::new(Origins::SameHost).allow(&[Allow::WEBSOCKET]);
const LIMITS: Limits = Limits::NONE.message(16 << 20).frame(16 << 20);

/// What is read at a time.
const READ: usize = 32 << 10;

/// How long bytes are dropped behind the last message, so that the peer gets to read it (RFC 9112 section 9.6).
const LINGER: Duration = Duration::from_secs(2);

/// The pause behind a connection that could not be accepted, as for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

fn main() -> ExitCode {
    options::main("tokio_server", |_| HELP.to_owned(), run)
}

fn run(args: &[String]) -> Result<bool, String> {
    let args = options::separated(args, HELP)?;
    options::check(&args, HELP)?;
    let port = options::number(&args, "--port", 8080_u16)?;
    let connections = options::number(&args, "--connections", 1000_usize)?.max(1);
    let patience = Duration::from_secs(options::number(&args, "--patience", 30_u64)?.max(1));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime
        .block_on(listen(port, connections, patience))
        .map(|()| true)
        .map_err(|error| format!("port {port}: {error}"))
}

async fn listen(port: u16, connections: usize, patience: Duration) -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}/", listener.local_addr()?);
    let places = Arc::new(Semaphore::new(connections));
    for number in 1_u64.. {
        let place = Arc::clone(&places).acquire_owned().await;
        let place = place.map_err(io::Error::other)?;
        match listener.accept().await {
            Ok((socket, _)) => {
                let serve = serve(Peer::new(socket, number, patience));
                tokio::spawn(async move {
                    if let Err(error) = serve.await {
                        println!("{number} lost: {error}");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                println!("{number} lost: {error}");
                sleep(PAUSE).await;
            }
        }
    }
    Ok(())
}

/// A connection: its socket, and the bytes that were read and not taken.
struct Peer {
    socket: TcpStream,
    number: u64,
    patience: Duration,
    bytes: Vec<u8>,
    rest: Range<usize>,
}

impl Peer {
    fn new(socket: TcpStream, number: u64, patience: Duration) -> Peer {
        Peer {
            socket,
            number,
            patience,
            bytes: vec![0; READ],
            rest: 0..0,
        }
    }

    /// Reads where nothing is left over, until then. `false` at the end of the connection.
    async fn fill(&mut self, by: Instant) -> io::Result<bool> {
        if self.rest.is_empty() {
            self.rest = 0..timeout_at(by, self.socket.read(&mut self.bytes)).await??;
        }
        Ok(!self.rest.is_empty())
    }

    /// Writes all of it, however slowly the peer reads, within its time.
    async fn write(&mut self, message: &[u8]) -> io::Result<()> {
        timeout(self.patience, self.socket.write_all(message)).await?
    }

    /// Closes in stages, so that the peer gets to read the last message.
    async fn close(mut self) {
        let dropping = async {
            self.socket.shutdown().await?;
            while self.socket.read(&mut self.bytes).await? > 0 {}
            io::Result::Ok(())
        };
        // Both ends are fine: the peer has gone, or it had its time.
        let _ = timeout(LINGER, dropping).await;
    }
}

async fn serve(mut peer: Peer) -> io::Result<()> {
    peer.socket.set_nodelay(true)?;
    let mut server = Server::new([0; 4096], &POLICY);
    let mut message = [0; 1024];
    let mut by = Instant::now() + peer.patience;
    loop {
        match server.action() {
            Action::Receive => match peer.fill(by).await {
                Ok(true) => peer.rest.start += server.receive(&peer.bytes[peer.rest.clone()]),
                Ok(false) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::TimedOut => server.timeout(),
                Err(error) => return Err(error),
            },
            Action::Decide(request) => {
                println!("{} request {}", peer.number, request.target());
                server.decide(decide(&request)).map_err(io::Error::other)?;
            }
            Action::Send(status) => {
                println!("{} send {}", peer.number, status.code());
                let len = server.send(&mut message).map_err(io::Error::other)?;
                peer.write(&message[..len]).await?;
                by = Instant::now() + peer.patience;
            }
            Action::Respond(request) => {
                let response = match (request.method(), request.target()) {
                    ("GET" | "HEAD", "/") => {
                        Response::new(Status::OK).content(b"a WebSocket at /echo\n")
                    }
                    _ => Response::new(Status::NOT_FOUND).content(b"there is nothing here\n"),
                };
                let len = server
                    .respond(&mut message, &response)
                    .map_err(io::Error::other)?;
                peer.write(&message[..len]).await?;
                by = Instant::now() + peer.patience;
            }
            Action::Switch(..) => return echo(peer).await,
            Action::Close(_) => {
                peer.close().await;
                return Ok(());
            }
        }
    }
}

/// A WebSocket at `/echo`; all else is an ordinary request.
fn decide(request: &Request) -> Decision<'static> {
    match POLICY.decide(request) {
        Decision::Accept(Protocol::WebSocket) if request.target() != "/echo" => Decision::Ignore,
        decision => decision,
    }
}

/// Sends each message back, piece by piece as it comes. A peer that is silent is asked with a Ping, once.
async fn echo(mut peer: Peer) -> io::Result<()> {
    let mut websocket = WebSocket::server(LIMITS);
    let mut out = vec![0; READ + HEADROOM.max(MAX_CONTROL_FRAME)];
    let mut is_silent = false;
    loop {
        let len = match websocket.action() {
            websocket::Action::Receive => match peer.fill(Instant::now() + peer.patience).await {
                Ok(true) => {
                    is_silent = false;
                    let (used, event) = websocket.receive(&mut peer.bytes[peer.rest.clone()]);
                    peer.rest.start += used;
                    let frame = match event {
                        Some(Event::Text { ref piece, last }) => {
                            Some(Frame::from(piece).last(last))
                        }
                        Some(Event::Binary { piece, last }) => {
                            Some(Frame::binary(piece).last(last))
                        }
                        _ => None,
                    };
                    frame.map_or(Ok(0), |frame| websocket.write(frame, &mut out))
                }
                Ok(false) => {
                    websocket.end_of_input();
                    Ok(0)
                }
                Err(error) if error.kind() == ErrorKind::TimedOut && !is_silent => {
                    is_silent = true;
                    websocket.write(Frame::ping(b""), &mut out)
                }
                Err(error) => return Err(error),
            },
            websocket::Action::Send(_) => websocket.send(&mut out),
            websocket::Action::AwaitClose | websocket::Action::Close(_) => break,
        };
        let len = len.map_err(|error: SendError| io::Error::other(error))?;
        peer.write(&out[..len]).await?;
    }
    peer.close().await;
    Ok(())
}
