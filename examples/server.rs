//! A server on `std` alone, one thread a connection: a page, files, and every kind of upgrade. WebSocket is spoken at `/echo`
//! and `/chat`, which the page at `/` uses; with other protocols the example ends at the switch.
//!
//! ```text
//! cargo run --example server -- [--port 8080] [--allow websocket,h2c,tls-options,tcp] [--require tls|websocket] [--root DIR]
//! ```
//!
//! `--help` says more.

#[path = "server/chat.rs"]
mod chat;
#[path = "server/echo.rs"]
mod echo;
#[path = "server/limits.rs"]
mod limits;
#[path = "replay/names.rs"]
mod names;
#[path = "replay/options.rs"]
mod options;
#[path = "server/page.rs"]
mod page;
#[path = "server/socket.rs"]
mod socket;

use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use http_upgrade::{Action, Decision, Origins, Policy, Protocol, Request, Response, Server};

use limits::Slots;
use page::Page;
use socket::{Input, Log, is_timeout, linger, read_by, write_by};

const HELP: &str = "\
usage: server [OPTIONS]

A page, its files, and upgrades, on 127.0.0.1. WebSocket is spoken at /echo and /chat; other protocols end at the switch.

  --port NUMBER           8080 unless told otherwise; 0 is any that is free
  --allow LIST            what the server accepts, best first: websocket, h2c, tls (any request), tls-options
                          (OPTIONS * only), tunnel (CONNECT), prior-knowledge, or any token such as tcp;
                          token:h2c is that token and nothing more; websocket unless told otherwise
  --require LIST          answer 426 to requests that offer none of these
  --root DIR              the files; those of the page unless told otherwise
  --connections NUMBER    how many at a time; 1000 unless told otherwise; further ones wait until one has ended
  --patience SECONDS      how long a peer may take over a head, over 64 KiB of content, over reading a message, and be silent
                          in a WebSocket; 30 unless told otherwise

Each line that is printed starts with the number of the connection and says, in the words of the replay example (see
replay --help), what the machine does. The exit status is 2 where the server cannot start.
";

/// The content for which a peer has as much time as for a head.
const PORTION: usize = 64 * 1024;

/// The pause behind a connection that could not be accepted, as for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

fn main() -> ExitCode {
    options::main("server", |_| HELP.to_owned(), run)
}

fn run(args: &[String]) -> Result<bool, String> {
    let args = options::separated(args, HELP)?;
    options::check(&args, HELP)?;
    let port = options::number(&args, "--port", 8080_u16)?;
    let slots = Slots::new(options::number(&args, "--connections", 1000_usize)?.max(1));
    let patience = Duration::from_secs(options::number(&args, "--patience", 30_u64)?.max(1));
    // The policy lives as long as the process.
    let policy: &Policy = Box::leak(Box::new(policy(Box::leak(Box::new(args.clone())))?));
    let root = options::value(&args, "--root")
        .unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/www"));
    let listener =
        TcpListener::bind(("127.0.0.1", port)).map_err(|error| format!("port {port}: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("listening on http://{address}/");
    for log in (1_u64..).map(Log) {
        let slot = slots.take();
        let root = PathBuf::from(root);
        let started = listener.accept().and_then(|(socket, _)| {
            std::thread::Builder::new().spawn(move || {
                let served = Connection::new(socket, policy, root, log, patience).serve();
                if let Err(error) = served {
                    log.line(&format!("lost: {error}"));
                }
                drop(slot);
            })
        });
        if let Err(error) = started {
            log.line(&format!("lost: {error}"));
            std::thread::sleep(PAUSE);
        }
    }
    Ok(true)
}

fn policy(args: &'static [String]) -> Result<Policy<'static>, String> {
    let (allowed, required) = names::protocols(args)?;
    Ok(Policy::new(Origins::SameHost)
        .subprotocols(&["chat", "echo"])
        .allow(Box::leak(allowed.into_boxed_slice()))
        .require(Box::leak(required.into_boxed_slice())))
}

/// What speaks WebSocket.
type Speaker = fn(TcpStream, Input, Log) -> io::Result<()>;

/// What speaks WebSocket at that target, if anything does.
fn speaker(target: &str) -> Option<Speaker> {
    match target.split('?').next() {
        Some("/echo") => Some(echo::serve),
        Some("/chat") => Some(chat::serve),
        _ => None,
    }
}

/// The decision of the policy; a WebSocket where none is spoken is left aside.
fn decide<'p>(policy: &'p Policy<'p>, request: &Request) -> Decision<'p> {
    match policy.decide(request) {
        Decision::Accept(Protocol::WebSocket) | Decision::AcceptSubprotocol(_)
            if speaker(request.target()).is_none() =>
        {
            Decision::Ignore
        }
        decision => decision,
    }
}

/// One connection: the machine, the socket, and the bytes that were read and not taken.
struct Connection<'p> {
    server: Server<'p, [u8; 8192]>,
    policy: &'p Policy<'p>,
    socket: TcpStream,
    read: Vec<u8>,
    root: PathBuf,
    log: Log,
    /// How much content of the request has come.
    content: usize,
    patience: Duration,
    /// When the peer must have sent what it owes.
    by: Instant,
}

impl<'p> Connection<'p> {
    fn new(
        socket: TcpStream,
        policy: &'p Policy<'p>,
        root: PathBuf,
        log: Log,
        patience: Duration,
    ) -> Connection<'p> {
        Connection {
            server: Server::new([0; 8192], policy),
            policy,
            socket,
            read: Vec::new(),
            root,
            log,
            content: 0,
            patience,
            by: Instant::now() + patience,
        }
    }

    fn serve(mut self) -> io::Result<()> {
        self.socket.set_nodelay(true)?;
        loop {
            match self.server.action() {
                Action::Receive => {
                    if self.read.is_empty() && !self.fill()? {
                        return Ok(());
                    }
                    self.take();
                }
                Action::Decide(request) => {
                    self.log.line(&format!(
                        "request {} {}",
                        request.method(),
                        request.target()
                    ));
                    let decision = decide(self.policy, &request);
                    self.by = Instant::now() + self.patience;
                    self.server.decide(decision).map_err(io::Error::other)?;
                }
                Action::Send(status) => {
                    self.log.line(&format!("send {}", status.code()));
                    let mut message = [0; 1024];
                    let len = self.server.send(&mut message).map_err(io::Error::other)?;
                    self.write(&message[..len])?;
                }
                Action::Respond(request) => {
                    let page = Page::find(&self.root, &request);
                    self.log.line("respond");
                    let mut message = vec![0; page.content.len() + 512];
                    let fields = [("Content-Type", page.kind)];
                    let response = Response::new(page.status)
                        .fields(&fields)
                        .content(&page.content);
                    let len = self
                        .server
                        .respond(&mut message, &response)
                        .map_err(io::Error::other)?;
                    self.write(&message[..len])?;
                }
                Action::Switch(protocol, request) => {
                    self.log.line(&format!("switch {}", protocol.name()));
                    self.log
                        .line(&in_plain_words(protocol, &request, self.read.len()));
                    self.socket.set_read_timeout(Some(self.patience))?;
                    self.socket.set_write_timeout(Some(self.patience))?;
                    return match speaker(request.target()) {
                        Some(speak) if protocol == Protocol::WebSocket => {
                            speak(self.socket, Input::new(self.read), self.log)
                        }
                        _ => {
                            linger(&self.socket);
                            Ok(())
                        }
                    };
                }
                Action::Close(reason) => {
                    self.log
                        .line(&reason.map_or("close".to_owned(), |error| format!("close {error}")));
                    linger(&self.socket);
                    return Ok(());
                }
            }
        }
    }

    /// Offers what was read. Content is counted, not skipped, so that no limit applies to it.
    fn take(&mut self) {
        let is_content = self.server.request().is_some();
        let (used, run) = self.server.receive_content(&self.read);
        if self.content / PORTION < (self.content + run.len()) / PORTION {
            self.by = Instant::now() + self.patience;
        }
        self.content += run.len();
        self.read.drain(..used);
        let is_pending = |request: Request| request.is_content_pending();
        if is_content && !self.server.request().is_some_and(is_pending) {
            self.log.line(&format!("content {}", self.content));
            self.content = 0;
        }
    }

    /// Reads what is there. `false` at the end of the connection; a peer that takes too long is told so.
    fn fill(&mut self) -> io::Result<bool> {
        let mut bytes = [0; 4096];
        match read_by(&self.socket, &mut bytes, self.by) {
            Ok(len) => {
                self.read.extend_from_slice(&bytes[..len]);
                Ok(len > 0)
            }
            Err(error) if is_timeout(&error) => {
                self.server.timeout();
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes a message. The time for the next one of the peer begins behind it.
    fn write(&mut self, message: &[u8]) -> io::Result<()> {
        write_by(&self.socket, message, Instant::now() + self.patience)?;
        self.by = Instant::now() + self.patience;
        Ok(())
    }
}

/// What took over, and with what facts.
fn in_plain_words(protocol: Protocol, request: &Request, early: usize) -> String {
    let target = request.target();
    let authority = request.authority();
    let what = match protocol {
        Protocol::WebSocket => {
            let origin = request
                .origin()
                .map_or("no browser".into(), String::from_utf8_lossy);
            format!("WebSocket at {target} of {authority}, opened by {origin}")
        }
        Protocol::H2c => {
            let settings = request
                .http2_settings()
                .map_or(0, |settings| settings.iter().count());
            format!(
                "HTTP/2: {} {target} is stream 1, with {settings} settings of the client",
                request.method()
            )
        }
        Protocol::Tls => format!(
            "TLS, with the certificate of {authority}; {} {target} is answered inside",
            request.method()
        ),
        other => format!("{other} at {target}"),
    };
    format!("the connection speaks {what}; {early} bytes of it are here already")
}
