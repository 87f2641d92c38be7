//! hyper behind the server machine: HTTP/1.1, upgrades to h2c, and HTTP/2 with prior knowledge on one port.
//!
//! ```text
//! cargo run --example h2c_server -- [--port 8080]
//! ```
//!
//! GET is answered with 200 and a line, or with as many bytes as the path `/bytes/N` says; POST and PUT with 200 and the
//! number of bytes received. Each line that it prints starts with the number of the connection.

#[path = "replay/options.rs"]
mod options;
#[path = "h2c/pump.rs"]
mod pump;

use std::error::Error;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use http_upgrade::h2c::ServerBridge;
use http_upgrade::{
    Action, Allow, Decision, Framing, Origins, Policy, Protocol, Request, Server, Status,
};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::net::{TcpListener, TcpStream};

const POLICY: Policy = Policy::new(Origins::SameHost).allow(&[Allow::H2C, Allow::PRIOR_KNOWLEDGE]);

/// The most content of a request that is upgraded.
const LIMIT: u64 = 64 << 20;

/// How much content makes a run for the engine, but for the last.
const RUN: usize = 4 << 10;

/// How long a peer may take over the next bytes that it owes before the switch.
const PATIENCE: Duration = Duration::from_secs(30);

/// More than an engine writes before the 101: the windows of a peer that has not spoken yet take 64 KiB.
const PIPE: usize = 256 << 10;

const HELP: &str = "\
usage: h2c_server [OPTIONS]

HTTP/1.1, upgrades to h2c and HTTP/2 with prior knowledge on one port of 127.0.0.1. GET /bytes/N is answered with N bytes,
another GET with a line, POST and PUT with the number of bytes received.

  --port NUMBER           8080 unless told otherwise; 0 is any that is free
";

fn main() -> ExitCode {
    options::main("h2c_server", |_| HELP.to_owned(), run)
}

fn run(args: &[String]) -> Result<bool, String> {
    let args = options::separated(args, HELP)?;
    options::check(&args, HELP)?;
    let port = options::number(&args, "--port", 8080_u16)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime
        .block_on(listen(port))
        .map(|()| true)
        .map_err(|error| format!("port {port}: {error}"))
}

async fn listen(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}/", listener.local_addr()?);
    for number in 1_u64.. {
        let (socket, _) = listener.accept().await?;
        let log = Log(number);
        tokio::spawn(async move {
            if let Err(error) = serve(socket, log).await {
                log.line(&format!("lost: {error}"));
            }
        });
    }
    Ok(())
}

/// HTTP/1.1 up to the first decision.
async fn serve(mut socket: TcpStream, log: Log) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut server = Server::new(vec![0; 16 << 10], &POLICY);
    let mut read = Vec::with_capacity(16 << 10); // and not taken
    let mut upgrade = None::<Upgrade>;
    loop {
        match server.action() {
            Action::Receive => {
                if read.is_empty() && !fill(&mut socket, &mut read, &mut server).await? {
                    return Ok(());
                }
                let (used, run) = server.receive_content(&read);
                if let Some(upgrade) = &mut upgrade {
                    upgrade.content(run).await?;
                }
                read.drain(..used);
            }
            Action::Decide(request) => {
                log.line(&format!(
                    "request {} {}",
                    request.method(),
                    request.target()
                ));
                let decision = decide(&request);
                server.decide(decision).map_err(io::Error::other)?;
                match server.request() {
                    Some(request) if decision == Decision::Accept(Protocol::H2c) => {
                        upgrade = Some(Upgrade::start(&request, log).await?);
                    }
                    _ => {}
                }
            }
            Action::Send(status) => {
                log.line(&format!("send {}", status.code()));
                let mut message = [0; 1024];
                let len = server.send(&mut message).map_err(io::Error::other)?;
                if let (Some(upgrade), Status::SWITCHING_PROTOCOLS) = (&mut upgrade, status) {
                    upgrade.end_content().await?;
                }
                socket.write_all(&message[..len]).await?;
            }
            Action::Respond(_) => {
                log.line("hand over to HTTP/1.1");
                let (mut head, len) = server.hand_over().map_err(|_| io::ErrorKind::Other)?;
                head.truncate(len);
                head.append(&mut read);
                let connection = TokioIo::new(behind(head, socket));
                let service = service_fn(move |request| answer(request, log));
                let http_1 = http1::Builder::new().serve_connection(connection, service);
                return http_1.await.map_err(io::Error::other);
            }
            Action::Switch(Protocol::PriorKnowledge, request) => {
                log.line("switch prior-knowledge");
                let mut start = request.head().to_vec();
                start.append(&mut read);
                return http_2(behind(start, socket), log).await;
            }
            Action::Switch(..) => {
                log.line("switch h2c");
                let upgrade = upgrade.ok_or(io::ErrorKind::Other)?;
                return upgrade.go_on(socket, read).await;
            }
            Action::Close(reason) => {
                log.line(&reason.map_or("close".to_owned(), |error| format!("close {error}")));
                return Ok(());
            }
        }
    }
}

/// h2c and prior knowledge where they are offered; not with more content than is wanted.
fn decide(request: &Request) -> Decision<'static> {
    match request.framing() {
        Framing::Length(length) if length > LIMIT => Decision::Refuse(Status::CONTENT_TOO_LARGE),
        _ => POLICY.decide(request),
    }
}

/// Reads what is there. `false` at the end of the connection; a peer that takes too long is told so.
async fn fill(
    socket: &mut TcpStream,
    read: &mut Vec<u8>,
    server: &mut Server<'_, Vec<u8>>,
) -> io::Result<bool> {
    if let Ok(result) = tokio::time::timeout(PATIENCE, socket.read_buf(read)).await {
        return Ok(result? > 0);
    }
    server.timeout();
    Ok(true)
}

/// The engine of a connection that is upgraded, from the decision on.
struct Upgrade {
    bridge: ServerBridge,
    engine: DuplexStream,
    /// What the engine wrote before the 101.
    early: Vec<u8>,
    /// Runs of content that are to be one.
    runs: Vec<u8>,
    /// How much content of the request has come.
    content: u64,
}

impl Upgrade {
    async fn start(request: &Request<'_>, log: Log) -> io::Result<Upgrade> {
        let mut prologue = Vec::new();
        let bridge = ServerBridge::start(request, |bytes| prologue.extend_from_slice(bytes))
            .map_err(io::Error::other)?;
        let (mut engine, theirs) = tokio::io::duplex(PIPE);
        tokio::spawn(async move {
            if let Err(error) = http_2(theirs, log).await {
                log.line(&format!("HTTP/2 lost: {error}"));
            }
        });
        engine.write_all(&prologue).await?;
        Ok(Upgrade {
            bridge,
            engine,
            early: Vec::new(),
            runs: Vec::new(),
            content: 0,
        })
    }

    /// Joins small chunks, which engines take for an attack.
    async fn content(&mut self, run: &[u8]) -> io::Result<()> {
        self.content += run.len() as u64;
        if self.content > LIMIT {
            return Err(io::Error::other("too much content"));
        }
        self.runs.extend_from_slice(run);
        if self.runs.len() < RUN {
            return Ok(());
        }
        self.give_runs().await
    }

    /// Gives the engine content, at its pace.
    async fn give_runs(&mut self) -> io::Result<()> {
        let runs = std::mem::take(&mut self.runs);
        let mut rest = &runs[..];
        while !rest.is_empty() {
            let taken = self.bridge.content(rest);
            self.engine.write_all(&taken.parts.concat()).await?;
            rest = &rest[taken.used..];
            if taken.used == 0 {
                self.listen().await?;
            }
        }
        Ok(())
    }

    /// Keeps what the engine writes until the 101 is out.
    async fn listen(&mut self) -> io::Result<()> {
        let mut written = Vec::with_capacity(4096);
        if self.engine.read_buf(&mut written).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut rest = &written[..];
        while !rest.is_empty() {
            let taken = self.bridge.send(rest);
            self.early.extend(taken.parts.concat());
            rest = &rest[taken.used..];
        }
        Ok(())
    }

    async fn end_content(&mut self) -> io::Result<()> {
        self.give_runs().await?;
        let taken = self.bridge.end_content();
        self.engine.write_all(&taken.parts.concat()).await
    }

    /// Behind the 101.
    async fn go_on(self, socket: TcpStream, read: Vec<u8>) -> io::Result<()> {
        pump::pump(self.bridge, socket, read, self.early, self.engine).await
    }
}

/// HTTP/2 by hyper, which knows nothing of all this.
async fn http_2(
    connection: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    log: Log,
) -> io::Result<()> {
    let service = service_fn(move |request| answer(request, log));
    http2::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(connection), service)
        .await
        .map_err(io::Error::other)
}

/// The socket behind bytes that were read from it.
fn behind(start: Vec<u8>, socket: TcpStream) -> impl AsyncRead + AsyncWrite + Unpin + Send {
    let (read, write) = socket.into_split();
    tokio::io::join(io::Cursor::new(start).chain(read), write)
}

/// The application.
async fn answer(
    mut request: hyper::Request<Incoming>,
    log: Log,
) -> Result<hyper::Response<Full<Bytes>>, Box<dyn Error + Send + Sync>> {
    log.line(&format!(
        "{:?} {} {}",
        request.version(),
        request.method(),
        request.uri()
    ));
    let mut content = 0;
    while let Some(frame) = request.body_mut().frame().await {
        content += frame?.data_ref().map_or(0, Bytes::len);
    }
    let wanted = request.uri().path().strip_prefix("/bytes/");
    let answer = match (request.method().as_str(), wanted.map(str::parse)) {
        ("GET" | "HEAD", Some(Ok(len))) => vec![b'x'; len].into(),
        ("GET" | "HEAD", _) => "hello\n".into(),
        ("OPTIONS", _) => Bytes::new(),
        _ => format!("{content}\n").into(),
    };
    let response = hyper::Response::builder().header("content-length", answer.len());
    let is_head = request.method() == hyper::Method::HEAD;
    Ok(response.body(Full::new(if is_head { Bytes::new() } else { answer }))?)
}

/// Prints lines that start with the number of a connection.
#[derive(Clone, Copy)]
struct Log(u64);

impl Log {
    fn line(self, line: &str) {
        println!("{} {line}", self.0);
    }
}
