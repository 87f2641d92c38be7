//! End to end over sockets of this machine: servers on tokio, each with one thread, and one client that is the same for
//! all. Prints what each server manages, as a ratio to ours: passes take turns, the median counts.
//!
//! `loopback TOKIO_SERVER` takes the example of that name, built, into the row.

use fastwebsockets::{OpCode, WebSocketError, upgrade};
use futures::{SinkExt, StreamExt};
use http_upgrade::websocket::{self, Event, Frame, Limits, WebSocket};
use http_upgrade::{Action, Origins, Policy, Server};
use http_upgrade_benches::work::{REQUEST, Size};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net;

type Ended = Result<(), Box<dyn Error>>;

const POLICY: Policy = Policy::new(Origins::Any);
const PASSES: usize = 101;

fn main() -> Result<(), Box<dyn Error>> {
    let program = std::env::args().nth(1).ok_or("loopback TOKIO_SERVER")?;
    let (mut example, address) = start_example(&program)?;
    let done = compare(address);
    example.kill()?;
    example.wait()?;
    done
}

fn compare(example: SocketAddr) -> Result<(), Box<dyn Error>> {
    let servers = [
        ("http-upgrade", start(|socket| ours(socket, false))),
        ("http-upgrade, examples/tokio_server.rs", example),
        (
            "http-upgrade, a write for each read",
            start(|socket| ours(socket, true)),
        ),
        ("tokio-tungstenite", start(tokio_tungstenite)),
        ("fastwebsockets", start(fastwebsockets)),
    ];
    let works: [(&str, Work); 3] = [
        ("handshakes", |server| handshakes(server, 40)),
        ("echo of 125 B", |server| {
            echo(server, Size::Text125, 64, 15)
        }),
        ("echo of 16 KiB", |server| {
            echo(server, Size::Binary16K, 8, 10)
        }),
    ];
    println!("who\twork\tratio\teach second");
    for (work, measure) in works {
        let mut rates = vec![Vec::new(); servers.len()];
        for pass in 0..=PASSES {
            for ((_, server), rates) in servers.iter().zip(&mut rates) {
                let rate = measure(*server)?;
                if pass > 0 {
                    rates.push(rate); // the first warms up
                }
            }
        }
        for ((who, _), theirs) in servers.iter().zip(&rates) {
            let ratios = theirs
                .iter()
                .zip(&rates[0])
                .map(|(theirs, ours)| theirs / ours);
            println!(
                "{who}\t{work}\t{:.2}\t{:.0}",
                median(ratios.collect()),
                median(theirs.clone())
            );
        }
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

type Work = fn(SocketAddr) -> Result<f64, Box<dyn Error>>;

/// Opens WebSockets one after another: how many a second.
fn handshakes(server: SocketAddr, count: u32) -> Result<f64, Box<dyn Error>> {
    let begin = Instant::now();
    for _ in 0..count {
        open(server)?;
    }
    Ok(f64::from(count) / begin.elapsed().as_secs_f64())
}

/// The browser's request, for the path of the example and from a page of the same host.
fn request() -> String {
    let text = str::from_utf8(REQUEST).expect("ASCII");
    text.replacen("/chat?x=1", "/echo", 1)
        .replacen("127.0.0.1:18711", "127.0.0.1:18712", 1)
}

fn open(server: SocketAddr) -> Result<TcpStream, Box<dyn Error>> {
    let mut socket = TcpStream::connect(server)?;
    socket.set_nodelay(true)?;
    socket.write_all(request().as_bytes())?;
    let (mut head, mut len) = ([0; 1024], 0);
    while !head[..len].ends_with(b"\r\n\r\n") {
        match socket.read(&mut head[len..])? {
            0 => return Err("no whole answer".into()),
            read => len += read,
        }
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "));
    Ok(socket)
}

/// Sends that many messages in a go and reads them back, again and again: how many come back in a second.
fn echo(server: SocketAddr, size: Size, at_once: u32, times: u32) -> Result<f64, Box<dyn Error>> {
    let mut socket = open(server)?;
    let sent = size.frame(true).repeat(at_once as usize);
    let mut received = Received {
        bytes: vec![0; 256 << 10],
        ..Received::default()
    };
    let begin = Instant::now();
    for time in 1..=times {
        socket.write_all(&sent)?;
        while received.messages < time * at_once {
            received.read(&mut socket)?;
        }
    }
    let rate = f64::from(times * at_once) / begin.elapsed().as_secs_f64();
    assert!(received.payload == size.payload().len() * (times * at_once) as usize);
    Ok(rate)
}

/// What comes back: frames are counted and their payload is skipped, however a message is cut into frames.
#[derive(Default)]
struct Received {
    bytes: Vec<u8>,
    filled: usize,
    /// What is missing of the frame at hand.
    rest: usize,
    is_last: bool,
    messages: u32,
    payload: usize,
}

impl Received {
    fn read(&mut self, socket: &mut TcpStream) -> Ended {
        self.filled += match socket.read(&mut self.bytes[self.filled..])? {
            0 => return Err("the server is gone".into()),
            read => read,
        };
        let mut at = 0;
        loop {
            let skipped = self.rest.min(self.filled - at);
            (at, self.rest) = (at + skipped, self.rest - skipped);
            if self.rest > 0 {
                break;
            }
            self.messages += u32::from(std::mem::take(&mut self.is_last));
            let Some((header, len)) = header(&self.bytes[at..self.filled]) else {
                break;
            };
            self.is_last = self.bytes[at] & 0x80 != 0;
            at += header;
            self.rest = len;
            self.payload += len;
        }
        self.bytes.copy_within(at..self.filled, 0);
        self.filled -= at;
        Ok(())
    }
}

/// The lengths of a header and of its payload.
fn header(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes.get(1)? {
        126 => Some((
            4,
            u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?).into(),
        )),
        127 => Some((
            10,
            u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)
                .try_into()
                .ok()?,
        )),
        len => Some((2, len.into())),
    }
}

/// The example in a process of its own, on a free port that its first line tells.
fn start_example(program: &str) -> Result<(Child, SocketAddr), Box<dyn Error>> {
    let mut child = Command::new(program)
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    lines.read_line(&mut line)?;
    let address = line
        .trim()
        .strip_prefix("listening on http://")
        .and_then(|rest| rest.strip_suffix('/'))
        .ok_or("no address")?
        .parse()?;
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    Ok((child, address))
}

/// A thread with a server.
fn start<F: Future<Output = Ended> + 'static>(serve: fn(net::TcpStream) -> F) -> SocketAddr {
    let (address, started) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .expect("a runtime");
        tokio::task::LocalSet::new().block_on(&runtime, async move {
            let listener = net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            address
                .send(listener.local_addr().expect("an address"))
                .expect("a receiver");
            loop {
                let (socket, _) = listener.accept().await.expect("a connection");
                socket.set_nodelay(true).expect("a connection");
                tokio::task::spawn_local(async move {
                    let _ = serve(socket).await; // it ends when the client goes
                });
            }
        });
    });
    started.recv().expect("a server")
}

/// The two loops of the README, on tokio.
async fn ours(mut socket: net::TcpStream, gathers: bool) -> Ended {
    let mut server = Server::new([0; 2048], &POLICY);
    let mut rx = vec![0; 64 * 1024];
    let mut tx = [0; 512];
    let mut rest = 0..0;
    loop {
        match server.action() {
            Action::Receive => {
                if rest.is_empty() {
                    rest = 0..socket.read(&mut rx).await?;
                    if rest.is_empty() {
                        return Ok(());
                    }
                }
                rest.start += server.receive(&rx[rest.clone()]);
            }
            Action::Decide(request) => {
                let decision = POLICY.decide(&request);
                server.decide(decision)?;
            }
            Action::Send(_) => {
                let len = server.send(&mut tx)?;
                socket.write_all(&tx[..len]).await?;
            }
            Action::Switch(..) => break,
            _ => return Ok(()),
        }
    }
    frames(socket, &mut rx, rest, gathers).await
}

/// Writes each answer at once, as the others do, or gathers what one read gave.
async fn frames(
    mut socket: net::TcpStream,
    rx: &mut [u8],
    mut rest: Range<usize>,
    gathers: bool,
) -> Ended {
    let mut websocket = WebSocket::server(Limits::DEFAULT);
    let (mut tx, mut filled) = (vec![0; 2 * rx.len() + 131], 0);
    loop {
        filled += match websocket.action() {
            websocket::Action::Receive => {
                if rest.is_empty() {
                    rest = 0..socket.read(rx).await?;
                    if rest.is_empty() {
                        websocket.end_of_input();
                    }
                }
                let (used, event) = websocket.receive(&mut rx[rest.clone()]);
                rest.start += used;
                let out = &mut tx[filled..];
                match event {
                    Some(Event::Text { ref piece, last }) => {
                        websocket.write(Frame::from(piece).last(last), out)?
                    }
                    Some(Event::Binary { piece, last }) => {
                        websocket.write(Frame::binary(piece).last(last), out)?
                    }
                    _ => 0,
                }
            }
            websocket::Action::Send(_) => websocket.send(&mut tx[filled..])?,
            websocket::Action::AwaitClose | websocket::Action::Close(_) => return Ok(()),
        };
        if filled > 0 && (rest.is_empty() || !gathers) {
            socket.write_all(&tx[..filled]).await?;
            filled = 0;
        }
    }
}

async fn tokio_tungstenite(socket: net::TcpStream) -> Ended {
    let mut websocket = tokio_tungstenite::accept_async(socket).await?;
    while let Some(message) = websocket.next().await {
        let message = message?;
        if message.is_text() || message.is_binary() {
            websocket.send(message).await?;
        }
    }
    Ok(())
}

async fn fastwebsockets(socket: net::TcpStream) -> Ended {
    let service = service_fn(async |mut request: Request<Incoming>| {
        let (response, websocket) = upgrade::upgrade(&mut request)?;
        tokio::task::spawn_local(async move {
            let mut websocket = fastwebsockets::FragmentCollector::new(websocket.await?);
            loop {
                let frame = websocket.read_frame().await?;
                match frame.opcode {
                    OpCode::Close => return Ok::<_, WebSocketError>(()),
                    OpCode::Text | OpCode::Binary => websocket.write_frame(frame).await?,
                    _ => {}
                }
            }
        });
        Ok::<_, WebSocketError>(response)
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), service);
    Ok(connection.with_upgrades().await?)
}
