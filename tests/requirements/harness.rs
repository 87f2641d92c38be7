//! Runs a server on bytes and writes down what it does.

use http_upgrade::{
    Action, Allow, Decision, Error, Origins, Policy, Request, Response, Server, Status,
};

/// One step of a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A head is complete: method and target.
    Request(String, String),
    /// Content of the request, all of it.
    Content(Vec<u8>),
    /// A message of the machine.
    Send(u16, String),
    /// A response of the application: 200 without content.
    Respond(String),
    /// A switch, with the name of the protocol.
    Switch(String),
    /// The end, and why.
    Close(Option<Error>),
}

/// What a server did with some bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    pub steps: Vec<Step>,
    /// The bytes that were not taken.
    pub rest: Vec<u8>,
}

impl Run {
    /// The steps in short: `request`, `content N`, `100`, `101`, `respond`, `switch NAME`, `close` or `close NAME`.
    pub fn short(&self) -> String {
        let word = |step: &Step| match step {
            Step::Request(..) => "request".to_owned(),
            Step::Content(content) => format!("content {}", content.len()),
            Step::Send(status, _) => status.to_string(),
            Step::Respond(_) => "respond".to_owned(),
            Step::Switch(name) => format!("switch {name}"),
            Step::Close(None) => "close".to_owned(),
            Step::Close(Some(error)) => format!("close {}", error.name()),
        };
        self.steps.iter().map(word).collect::<Vec<_>>().join(", ")
    }

    /// The message with that status.
    pub fn message(&self, status: u16) -> &str {
        let find = |step: &Step| matches!(step, Step::Send(found, _) if *found == status);
        match self.steps.iter().find(|step| find(step)) {
            Some(Step::Send(_, text)) => text,
            _ => panic!("no {status} in {:?}", self.steps),
        }
    }
}

/// A policy for any Origin that allows those.
pub fn allowing<'p>(allow: &'p [Allow<'p>]) -> Policy<'p> {
    Policy::new(Origins::Any).allow(allow)
}

/// The run of a server with 2 KiB of storage whose application follows the policy, the same at every split of `input`.
pub fn serve(policy: &Policy<'_>, input: impl AsRef<[u8]>) -> Run {
    serve_with(policy, 2048, input, |request| policy.decide(request))
}

/// The run of a server with `storage` bytes whose application decides by `decide`, the same at every split of `input`.
pub fn serve_with<'p>(
    policy: &'p Policy<'p>,
    storage: usize,
    input: impl AsRef<[u8]>,
    decide: impl Fn(&Request<'_>) -> Decision<'p>,
) -> Run {
    let input = input.as_ref();
    let whole = run(policy, storage, input, |_| usize::MAX, &decide);
    for split in 1..input.len().min(300) {
        assert_eq!(
            run(policy, storage, input, |_| split, &decide),
            whole,
            "in pieces of {split} bytes"
        );
        assert_eq!(
            run(policy, storage, input, up_to(input, split), &decide),
            whole,
            "{split} bytes, then all of the rest"
        );
    }
    whole
}

/// How long the next piece may be where so many bytes are left: the first `place` bytes come ahead of the others.
pub fn up_to(input: &[u8], place: usize) -> impl Fn(usize) -> usize {
    let behind = input.len() - place;
    move |left| {
        left.checked_sub(behind)
            .filter(|&len| len > 0)
            .unwrap_or(left)
    }
}

fn run<'p>(
    policy: &'p Policy<'p>,
    storage: usize,
    input: &[u8],
    piece: impl Fn(usize) -> usize,
    decide: &impl Fn(&Request<'_>) -> Decision<'p>,
) -> Run {
    let mut server = Server::new(vec![0; storage], policy);
    let (mut steps, mut rest, mut content) = (Vec::new(), input, None::<Vec<u8>>);
    let mut out = vec![0; 8192];
    loop {
        match server.action() {
            Action::Receive if rest.is_empty() => break,
            Action::Receive => {
                let is_content = server.request().is_some();
                let (used, run) =
                    server.receive_content(&rest[..piece(rest.len()).min(rest.len())]);
                rest = &rest[used..];
                server.unread(rest.len());
                if is_content {
                    content.get_or_insert_default().extend_from_slice(run);
                    if server
                        .request()
                        .is_none_or(|request| !request.is_content_pending())
                    {
                        steps.push(Step::Content(content.take().unwrap_or_default()));
                    }
                }
            }
            Action::Decide(request) => {
                steps.push(Step::Request(
                    request.method().to_owned(),
                    request.target().to_owned(),
                ));
                let decision = decide(&request);
                server.decide(decision).expect("a decision that fits");
            }
            Action::Send(status) => {
                let len = server.send(&mut out).expect("a buffer that fits");
                steps.push(Step::Send(status.code(), text(&out[..len])));
            }
            Action::Respond(request) if request.is_content_pending() => {
                server.want_content().expect("in turn");
            }
            Action::Respond(_) => {
                let len = server
                    .respond(&mut out, &Response::new(Status::OK))
                    .expect("a buffer that fits");
                steps.push(Step::Respond(text(&out[..len])));
            }
            Action::Switch(protocol, _) => {
                steps.push(Step::Switch(protocol.name().to_owned()));
                break;
            }
            Action::Close(error) => {
                steps.push(Step::Close(error));
                break;
            }
        }
    }
    Run {
        steps,
        rest: rest.to_vec(),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `GET / HTTP/1.1` with Host and those field lines.
pub fn get(fields: &[&str]) -> String {
    request("GET / HTTP/1.1", fields)
}

/// That request-line, Host and those field lines.
pub fn request(line: &str, fields: &[&str]) -> String {
    let lines = fields
        .iter()
        .fold(String::new(), |lines, field| lines + field + "\r\n");
    format!("{line}\r\nHost: a\r\n{lines}\r\n")
}

/// The field lines of the sample opening handshake of RFC 6455 section 1.3.
pub const WEBSOCKET: [&str; 4] = [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
];

/// The field lines of an upgrade to h2c.
pub const H2C: [&str; 3] = [
    "Connection: Upgrade, HTTP2-Settings",
    "Upgrade: h2c",
    "HTTP2-Settings: AAMAAABkAAQAAP__",
];

/// The opening handshake with more lines behind it.
pub fn websocket(more: &[&str]) -> String {
    get(&[&WEBSOCKET[..], more].concat())
}

/// The upgrade to h2c with more lines behind it.
pub fn h2c(more: &[&str]) -> String {
    get(&[&H2C[..], more].concat())
}

/// `OPTIONS *` with that TLS token.
pub fn tls(token: &str) -> String {
    request(
        "OPTIONS * HTTP/1.1",
        &[&format!("Upgrade: {token}"), "Connection: Upgrade"],
    )
}

/// A server that has taken `input` up to the first thing to do that is no Receive, and the bytes behind.
pub fn server_at<'p, 'i>(
    policy: &'p Policy<'p>,
    input: &'i (impl AsRef<[u8]> + ?Sized),
) -> (Server<'p, Vec<u8>>, &'i [u8]) {
    let mut server = Server::new(vec![0; 2048], policy);
    let input = input.as_ref();
    let used = server.receive(input);
    (server, &input[used..])
}

/// What `read` sees in the request that `input` holds, the same at every split.
pub fn facts<T: PartialEq + std::fmt::Debug>(
    policy: &Policy<'_>,
    input: impl AsRef<[u8]>,
    read: impl Fn(&Request<'_>) -> T,
) -> T {
    let input = input.as_ref();
    let at = |split: usize| {
        let mut server = Server::new(vec![0; 2048], policy);
        let mut rest = input;
        while matches!(server.action(), Action::Receive) && !rest.is_empty() {
            let used = server.receive(&rest[..split.min(rest.len())]);
            rest = &rest[used..];
        }
        match server.action() {
            Action::Decide(request) => read(&request),
            other => panic!("no request: {other:?}"),
        }
    };
    let whole = at(input.len());
    for split in 1..input.len() {
        assert_eq!(at(split), whole, "in pieces of {split} bytes");
    }
    whole
}

/// The run of a server that may be anywhere on its connection, up to the next switch.
pub fn drive<'p>(
    server: &mut Server<'p, Vec<u8>>,
    policy: &'p Policy<'p>,
    input: &[u8],
    split: usize,
) -> Run {
    let (mut steps, mut rest, mut out) = (Vec::new(), input, vec![0; 8192]);
    loop {
        match server.action() {
            Action::Receive if rest.is_empty() => break,
            Action::Receive => {
                let used = server.receive(&rest[..split.min(rest.len())]);
                rest = &rest[used..];
                server.unread(rest.len());
            }
            Action::Decide(request) => {
                steps.push(Step::Request(
                    request.method().to_owned(),
                    request.target().to_owned(),
                ));
                let decision = policy.decide(&request);
                server.decide(decision).expect("a decision that fits");
            }
            Action::Send(status) => {
                let len = server.send(&mut out).expect("a buffer that fits");
                steps.push(Step::Send(status.code(), text(&out[..len])));
            }
            Action::Respond(_) => {
                let len = server
                    .respond(&mut out, &Response::new(Status::OK))
                    .expect("a buffer that fits");
                steps.push(Step::Respond(text(&out[..len])));
            }
            Action::Switch(protocol, _) => {
                steps.push(Step::Switch(protocol.name().to_owned()));
                break;
            }
            Action::Close(error) => {
                steps.push(Step::Close(error));
                break;
            }
        }
    }
    Run {
        steps,
        rest: rest.to_vec(),
    }
}

/// The run through a switch to TLS: what happens in `clear`, and what happens inside TLS with `inside`, both the same at
/// every split of both.
pub fn serve_through_tls(
    policy: &Policy<'_>,
    clear: impl AsRef<[u8]>,
    inside: impl AsRef<[u8]>,
) -> (Run, Run) {
    let (clear, inside) = (clear.as_ref(), inside.as_ref());
    let both = |split: usize| {
        let mut server = Server::new(vec![0; 2048], policy);
        let before = drive(&mut server, policy, clear, split);
        server.tls_established().expect("a switch to TLS");
        (before, drive(&mut server, policy, inside, split))
    };
    let whole = both(usize::MAX);
    for split in 1..clear.len().max(inside.len()) {
        assert_eq!(both(split), whole, "in pieces of {split} bytes");
    }
    whole
}

/// The message that a server is to send next, with those fields of the application.
pub fn send(server: &mut Server<'_, Vec<u8>>, fields: &[(&str, &str)]) -> String {
    let mut out = vec![0; 8192];
    let len = server
        .send_with(&mut out, fields)
        .expect("something to send");
    text(&out[..len])
}

/// That response to the request that `input` holds, its offer ignored.
pub fn respond(policy: &Policy<'_>, input: impl AsRef<[u8]>, response: &Response<'_>) -> String {
    let (mut server, _) = server_at(policy, input.as_ref());
    server.decide(Decision::Ignore).expect("a request");
    let mut out = vec![0; 8192];
    let len = server
        .respond(&mut out, response)
        .expect("a response that fits");
    text(&out[..len])
}

/// The values of all lines of that field in a message.
pub fn values<'m>(message: &'m str, name: &str) -> Vec<&'m str> {
    let head = message.split("\r\n\r\n").next().unwrap_or_default();
    let lines = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "));
    lines
        .filter(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .collect()
}

/// What stands behind the head of a message.
pub fn body(message: &str) -> &str {
    message.split_once("\r\n\r\n").expect("a whole head").1
}

/// The 101 of the sample opening handshake.
pub const WEBSOCKET_101: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
