//! Our client and our server, each with an HTTP/2 engine that knows nothing of the upgrade, over wires of any width.

#[path = "../../examples/h2c/pump.rs"]
mod pump;

use std::future::poll_fn;
use std::time::Duration;

use bytes::Bytes;
use h2::{client, server};
use http::{HeaderMap, Method, Response, StatusCode};
use http_upgrade::client::{Action as ClientAction, Uri};
use http_upgrade::h2c::{ClientBridge, ServerBridge, Setting, Settings};
use http_upgrade::{Action, Client, Decision, Offer, Protocol, Server, Status, UpgradeRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use crate::harness::POLICY;

/// How many bytes a wire holds, and so the most that is read of it at a time.
const WIDTHS: [usize; 6] = [1, 2, 9, 13, 100, 1 << 16];

const PIPE: usize = 256 << 10;

/// What the test asks for in one connection.
#[derive(Clone)]
struct Case {
    method: &'static str,
    /// Content of the request that is upgraded.
    content: Vec<u8>,
    /// Content of each request behind it.
    later: Vec<usize>,
    engine: server::Builder,
    /// The application reads the content of stream 1 only when it has seen so many requests.
    patience: usize,
}

fn case(method: &'static str, content: usize, later: &[usize]) -> Case {
    Case {
        method,
        content: vec![7; content],
        later: later.to_vec(),
        engine: server::Builder::new(),
        patience: 1,
    }
}

fn run(case: &Case) {
    // A narrow wire takes its time.
    let octets = case.content.len() + case.later.iter().sum::<usize>();
    for width in WIDTHS.into_iter().filter(|width| octets / width < 30_000) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let (near, far) = tokio::io::duplex(width);
        let both = async {
            let server = tokio::spawn(serve(far, case.clone()));
            ask(near, case).await;
            server.await.unwrap();
        };
        let both = async { tokio::time::timeout(Duration::from_secs(60), both).await };
        runtime
            .block_on(both)
            .unwrap_or_else(|_| panic!("it stalls, {width} bytes wide"));
    }
}

// The server

async fn serve(mut wire: DuplexStream, case: Case) {
    let mut server = Server::new(vec![0; 8192], &POLICY);
    let (mut read, mut early, mut out) = (Vec::new(), Vec::new(), vec![0; 512]);
    let (mut engine, theirs) = tokio::io::duplex(PIPE);
    let mut theirs = Some(theirs);
    let mut bridge = None::<ServerBridge>;
    loop {
        match server.action() {
            Action::Receive => {
                if read.is_empty() {
                    wire.read_buf(&mut read).await.unwrap();
                }
                let (used, mut run) = server.receive_content(&read);
                while let (false, Some(bridge)) = (run.is_empty(), &mut bridge) {
                    let taken = bridge.content(run);
                    engine.write_all(&taken.parts.concat()).await.unwrap();
                    run = &run[taken.used..];
                    if taken.used == 0 {
                        hear(bridge, &mut engine, &mut early).await;
                    }
                }
                read.drain(..used);
            }
            Action::Decide(_) => {
                server.decide(Decision::Accept(Protocol::H2c)).unwrap();
                let mut prologue = Vec::new();
                let request = server.request().unwrap();
                bridge =
                    ServerBridge::start(&request, |octets| prologue.extend_from_slice(octets)).ok();
                tokio::spawn(application(theirs.take().unwrap(), case.clone()));
                engine.write_all(&prologue).await.unwrap();
            }
            Action::Send(status) => {
                if let (Some(bridge), Status::SWITCHING_PROTOCOLS) = (&mut bridge, status) {
                    engine
                        .write_all(&bridge.end_content().parts.concat())
                        .await
                        .unwrap();
                }
                let len = server.send(&mut out).unwrap();
                wire.write_all(&out[..len]).await.unwrap();
            }
            Action::Switch(Protocol::H2c, _) => break,
            other => panic!("{other:?}"),
        }
    }
    pump::pump(bridge.unwrap(), wire, read, early, engine)
        .await
        .unwrap();
}

/// Keeps what the engine writes before the 101.
async fn hear(bridge: &mut ServerBridge, engine: &mut DuplexStream, early: &mut Vec<u8>) {
    let mut written = Vec::with_capacity(100);
    engine.read_buf(&mut written).await.unwrap();
    let mut rest = &written[..];
    while !rest.is_empty() {
        let taken = bridge.send(rest);
        early.extend(taken.parts.concat());
        rest = &rest[taken.used..];
    }
}

/// Answers each request with what came of it.
async fn application(pipe: DuplexStream, case: Case) {
    let mut connection = case.engine.handshake::<_, Bytes>(pipe).await.unwrap();
    let (mut waiting, mut patience) = (Vec::new(), case.patience);
    while let Some(accepted) = connection.accept().await {
        waiting.push(accepted.unwrap());
        if waiting.len() < patience {
            continue;
        }
        patience = 1;
        for (request, mut respond) in waiting.drain(..) {
            tokio::spawn(async move {
                let (head, mut body) = request.into_parts();
                let mut content = 0;
                while let Some(data) = body.data().await {
                    let data = data.unwrap();
                    assert!(data.iter().all(|&octet| octet == 7));
                    content += data.len();
                    body.flow_control().release_capacity(data.len()).unwrap();
                }
                let response = Response::builder()
                    .header("x-method", head.method.as_str())
                    .header("x-target", head.uri.to_string())
                    .header("x-large", &head.headers["x-large"])
                    .header("x-content", content)
                    .header("content-length", 5)
                    .body(())
                    .unwrap();
                let is_head = head.method == Method::HEAD;
                let mut stream = respond.send_response(response, is_head).unwrap();
                if !is_head {
                    stream
                        .send_data(Bytes::from_static(b"hello"), true)
                        .unwrap();
                }
            });
        }
    }
}

// The client

fn large() -> String {
    "0123456789".repeat(150)
}

async fn ask(mut wire: DuplexStream, case: &Case) {
    let large = large();
    let fields = [("x-large", large.as_str())];
    let mut settings = Settings::default();
    settings.push(Setting { id: 2, value: 0 }).unwrap();
    let offers = [Offer::h2c(&settings)];
    let mut request = UpgradeRequest::new(case.method, Uri::parse("http://a/x").unwrap())
        .fields(&fields)
        .offer(&offers);
    if !case.content.is_empty() {
        request = request.content(&case.content);
    }
    let mut client = Client::new([0; 512], &request).unwrap();
    let mut out = vec![0; 8192 + case.content.len()];
    let mut read = Vec::new();
    loop {
        match client.action() {
            ClientAction::Send => {
                let len = client.send(&mut out).unwrap();
                wire.write_all(&out[..len]).await.unwrap();
            }
            ClientAction::Receive => {
                if read.is_empty() {
                    wire.read_buf(&mut read).await.unwrap();
                }
                read.drain(..client.receive(&read));
            }
            ClientAction::Switch(Protocol::H2c, _) => break,
            other => panic!("{other:?}"),
        }
    }
    let (mut engine, theirs) = tokio::io::duplex(PIPE);
    let mut first = Vec::new();
    let bridge = ClientBridge::start(|octets| first.extend_from_slice(octets));
    engine.write_all(&first).await.unwrap();
    let pumped = tokio::spawn(pump::pump(bridge, wire, read, Vec::new(), engine));

    let (mut sender, connection) = client::handshake(theirs).await.unwrap();
    let connection = tokio::spawn(connection);
    // All requests are under way before an answer is read.
    let mut answers = vec![exchange(&mut sender, case.method, 0, 1).await];
    for (stream, content) in (3_u32..).step_by(2).zip(&case.later) {
        answers.push(exchange(&mut sender, "POST", *content, stream).await);
    }
    for (at, answer) in answers.into_iter().enumerate() {
        let (headers, body) = answer.await.unwrap();
        let (method, content) = match at {
            0 => (case.method, case.content.len()),
            _ => ("POST", case.later[at - 1]),
        };
        assert_eq!(headers["x-method"], method);
        assert_eq!(headers["x-target"], "http://a/x");
        assert_eq!(headers["x-large"], large.as_str());
        assert_eq!(headers["x-content"], content.to_string().as_str());
        assert_eq!(headers["content-length"], "5");
        assert_eq!(body, if method == "HEAD" { &b""[..] } else { b"hello" });
    }
    drop(sender);
    connection.await.unwrap().unwrap();
    pumped.await.unwrap().unwrap();
}

/// Makes a request; the answer comes later.
async fn exchange(
    sender: &mut client::SendRequest<Bytes>,
    method: &str,
    content: usize,
    stream: u32,
) -> tokio::task::JoinHandle<(HeaderMap, Vec<u8>)> {
    poll_fn(|context| sender.poll_ready(context)).await.unwrap();
    let request = http::Request::builder()
        .method(method)
        .uri("http://a/x")
        .header("x-large", large())
        .body(())
        .unwrap();
    let (response, mut body) = sender.send_request(request, content == 0).unwrap();
    assert_eq!(u32::from(response.stream_id()), stream);
    if content > 0 {
        body.send_data(vec![7; content].into(), true).unwrap();
    }
    tokio::spawn(async move {
        let response = response.await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let (head, mut body) = response.into_parts();
        let mut content = Vec::new();
        while let Some(data) = body.data().await {
            content.extend(data.unwrap());
        }
        (head.headers, content)
    })
}

#[test]
fn several_requests_on_one_connection() {
    run(&case("GET", 0, &[0, 1, 1000, 0]));
}

#[test]
fn head_stays_head() {
    run(&case("HEAD", 0, &[3]));
}

#[test]
fn content_larger_than_the_windows() {
    run(&case("POST", 1, &[70_000]));
    run(&case("PUT", 200_000, &[10, 70_000]));
}

#[test]
fn content_at_the_pace_of_small_and_of_large_windows() {
    let mut small = case("POST", 20_000, &[20_000]);
    small.engine.initial_window_size(1000);
    run(&small);
    let mut large = case("POST", 200_000, &[100_000]);
    large
        .engine
        .initial_window_size(1 << 20)
        .initial_connection_window_size(1 << 20);
    run(&large);
}

#[test]
fn what_the_engine_still_holds_is_not_granted_twice() {
    // The client may send 65 535 bytes at once; the engine has 5 535 left until the application reads.
    let mut case = case("POST", 60_000, &[60_000, 1]);
    case.patience = 2;
    run(&case);
}
