//! What this crate makes of messages: one a line on standard input, one object of JSON a line on standard output.
//!
//! A line is `server HEX`, or `client METHOD OFFER HEX` where OFFER is a token or `-`. Each is read at once and byte by byte,
//! with the same result. What we write comes for `answer allow HEX` and `answer require HEX`: the messages of a server that
//! allows upgrades, or requires one, each with its status.

use std::fmt::Write as _;
use std::io::{BufRead as _, Write as _};

use http_upgrade::client::{self, Client, Retry, UpgradeRequest, Uri};
use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::{
    Action, Allow, Decision, Offer, Origins, Policy, Protocol, Request, Response, Server, Status,
    Version, WebSocketOffer,
};

const POLICY: Policy = Policy::new(Origins::Any).allow(&[
    Allow::WEBSOCKET,
    Allow::H2C,
    Allow::TLS.any_request(),
    Allow::token("tcp").any_request(),
    Allow::TUNNEL,
]);
const REQUIRE: Policy = POLICY.require(&[Protocol::Tls, Protocol::WebSocket]);
const UPGRADES: [Protocol; 5] = [
    Protocol::WebSocket,
    Protocol::H2c,
    Protocol::Tls,
    Protocol::Token("tcp"),
    Protocol::Tunnel,
];

/// Room for a head: none of the messages is to fail for want of it.
const STORAGE: usize = 64 * 1024;

fn main() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("text");
        let words: Vec<&str> = line.split(' ').collect();
        if let ["answer", policy, hex] = words[..] {
            let policy = if policy == "require" { REQUIRE } else { POLICY };
            writeln!(out, "{}", answers(&policy, &unhex(hex))).expect("standard output");
            continue;
        }
        let read = |input: &[u8], split| match words[..] {
            ["server", _] => request(input, split),
            ["client", method, offer, _] => response(method, offer, input, split),
            _ => panic!("no such line: {line}"),
        };
        let input = unhex(words.last().expect("a word"));
        let mut run = read(&input, STORAGE);
        assert_eq!(
            run,
            read(&input, 1),
            "a different result byte by byte: {line}"
        );
        if run.verdict == "accept" {
            // What lies behind the message may end the connection: whether the message does is asked without.
            let end = run.messages.last().expect("a message").end;
            run.persists = read(&input[..end], STORAGE).persists;
        }
        writeln!(out, "{}", run.json()).expect("standard output");
    }
}

#[derive(PartialEq, Default, Debug)]
struct Run {
    verdict: &'static str,
    /// The name of the error.
    why: &'static str,
    messages: Vec<Message>,
    persists: bool,
    /// Whether the request offers something that could be accepted, or the response switches.
    upgrades: bool,
}

#[derive(PartialEq, Default, Debug)]
struct Message {
    method: String,
    target: String,
    version: &'static str,
    status: u16,
    fields: Vec<(String, Vec<u8>)>,
    content: Vec<u8>,
    end: usize,
}

/// The first request of the input.
fn request(input: &[u8], split: usize) -> Run {
    let mut server = Server::new(vec![0; STORAGE], &POLICY);
    let (mut run, mut at, mut out) = (Run::default(), 0, [0; 2048]);
    loop {
        match server.action() {
            Action::Receive if at == input.len() => return run.with("more", ""),
            Action::Receive => {
                let (used, content) =
                    server.receive_content(&input[at..input.len().min(at + split)]);
                at += used;
                server.unread(input.len() - at);
                if let Some(message) = run.messages.last_mut() {
                    message.content.extend_from_slice(content);
                    message.end = at;
                }
            }
            Action::Decide(request) => {
                run.upgrades = UPGRADES.iter().any(|protocol| request.offers(*protocol));
                let is_tunnel = request.offers(Protocol::Tunnel);
                run.messages.push(head_of(&request, at));
                let decision = if is_tunnel {
                    Decision::Accept(Protocol::Tunnel)
                } else {
                    Decision::Ignore
                };
                server
                    .decide(decision)
                    .expect("a decision that is possible");
            }
            Action::Send(_) => drop(server.send(&mut out).expect("a message that is due")),
            Action::Respond(request) if request.is_content_pending() => {
                server.want_content().expect("in turn")
            }
            Action::Respond(_) => {
                server
                    .respond(&mut out, &Response::new(Status::OK))
                    .expect("in turn");
                run.persists = matches!(server.action(), Action::Receive);
                return run.with("accept", "");
            }
            Action::Switch(..) => return run.with("accept", ""),
            Action::Close(error) => {
                return run.with("refuse", error.map_or("", |error| error.name()));
            }
        }
    }
}

/// All that a server writes that decides as its policy says, and answers with 200 and a word. It ends with the
/// first final response.
fn answers(policy: &Policy, input: &[u8]) -> String {
    let mut server = Server::new(vec![0; STORAGE], policy);
    let (mut written, mut at, mut out) = (Vec::new(), 0, [0; 2048]);
    loop {
        let (status, len) = match server.action() {
            Action::Receive if at == input.len() => break,
            Action::Receive => {
                at += server.receive(&input[at..]);
                continue;
            }
            Action::Decide(request) => {
                let decision = policy.decide(&request);
                server.decide(decision).expect("what the policy says");
                continue;
            }
            Action::Send(status) => (status, server.send(&mut out)),
            Action::Respond(request) if request.method() == "CONNECT" => {
                let refusal = Response::new(Status::FORBIDDEN).content(b"no");
                (Status::FORBIDDEN, server.respond(&mut out, &refusal))
            }
            Action::Respond(_) => {
                let response = Response::new(Status::OK).content(b"word");
                (Status::OK, server.respond(&mut out, &response))
            }
            Action::Switch(..) | Action::Close(_) => break,
        };
        let message = &out[..len.expect("a message that is due")];
        written.push(format!("[{},{}]", status.code(), text(message)));
        if status.code() >= 200 {
            break;
        }
    }
    format!("[{}]", written.join(","))
}

fn head_of(request: &Request, end: usize) -> Message {
    Message {
        method: request.method().to_owned(),
        target: request.target().to_owned(),
        version: if request.version() == Version::Http10 {
            "1.0"
        } else {
            "1.1"
        },
        fields: request
            .fields()
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        end,
        ..Message::default()
    }
}

/// The responses of the input up to the final one.
fn response(method: &str, offer: &str, input: &[u8], split: usize) -> Run {
    let websocket = WebSocketOffer::new(*b"the sample nonce");
    let mut settings = Settings::default();
    settings.push(Setting { id: 3, value: 100 }).expect("room");
    let offers = match offer {
        "-" => vec![],
        "websocket" => vec![Offer::websocket(&websocket)],
        "h2c" => vec![Offer::h2c(&settings)],
        "tls" => vec![Offer::tls(&["TLS/1.2"])],
        token => vec![Offer::token(token).any_request()],
    };
    let request = match method {
        "CONNECT" => UpgradeRequest::connect("a:80"),
        method => UpgradeRequest::new(
            method,
            Uri {
                secure: false,
                authority: "a",
                target: "/",
            },
        ),
    };
    let request = request.offer(&offers);
    read_responses(
        Client::new(vec![0; STORAGE], &request).expect("a request that is fine"),
        input,
        split,
    )
}

fn read_responses(mut client: Client<Vec<u8>>, input: &[u8], split: usize) -> Run {
    let (mut run, mut at, mut out, mut content, mut ended) =
        (Run::default(), 0, [0; 2048], Vec::new(), false);
    loop {
        match client.action() {
            client::Action::Send => drop(client.send(&mut out).expect("in turn")),
            client::Action::SendContent(_) => panic!("no request has content"),
            client::Action::Receive if at == input.len() => {
                ended = true;
                client.end_of_input();
            }
            client::Action::Receive => {
                let (used, run) = client.receive_content(&input[at..input.len().min(at + split)]);
                content.extend_from_slice(run);
                at += used;
                client.unread(input.len() - at);
            }
            client::Action::Interim(response) => {
                run.messages.push(response_of(&response, Vec::new(), at));
                client.proceed().expect("in turn");
            }
            client::Action::Response(response) if response.is_content_pending() => {
                client.want_content().expect("in turn")
            }
            client::Action::Response(response) => {
                run.persists = response.retry() == Retry::SameConnection;
                run.messages.push(response_of(&response, content, at));
                return run.with("accept", "");
            }
            client::Action::Switch(_, response) => {
                run.upgrades = true;
                run.messages.push(response_of(&response, content, at));
                return run.with("accept", "");
            }
            client::Action::Close(_) if ended => return run.with("more", ""),
            client::Action::Close(error) => {
                return run.with("refuse", error.map_or("", |error| error.name()));
            }
        }
    }
}

fn response_of(response: &client::Response, content: Vec<u8>, end: usize) -> Message {
    Message {
        status: response.code(),
        fields: response
            .fields()
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        content,
        end,
        ..Message::default()
    }
}

impl Run {
    fn with(self, verdict: &'static str, why: &'static str) -> Run {
        Run {
            verdict,
            why,
            ..self
        }
    }

    fn json(&self) -> String {
        let messages: Vec<String> = self.messages.iter().map(Message::json).collect();
        format!(
            r#"{{"verdict":"{}","why":"{}","persists":{},"upgrades":{},"messages":[{}]}}"#,
            self.verdict,
            self.why,
            self.persists,
            self.upgrades,
            messages.join(",")
        )
    }
}

impl Message {
    fn json(&self) -> String {
        let field = |(name, value): &(String, Vec<u8>)| {
            format!("[{},{}]", text(name.as_bytes()), text(value))
        };
        let fields: Vec<String> = self.fields.iter().map(field).collect();
        format!(
            r#"{{"method":{},"target":{},"version":"{}","status":{},"fields":[{}],"content":{},"end":{}}}"#,
            text(self.method.as_bytes()),
            text(self.target.as_bytes()),
            self.version,
            self.status,
            fields.join(","),
            text(&self.content),
            self.end
        )
    }
}

/// Octets as a string of JSON, each a character below U+0100.
fn text(octets: &[u8]) -> String {
    let mut text = String::from("\"");
    for octet in octets {
        match octet {
            b'"' | b'\\' => text.extend(['\\', char::from(*octet)]),
            b' '..=b'~' => text.push(char::from(*octet)),
            _ => write!(text, "\\u{octet:04x}").expect("memory"),
        }
    }
    text + "\""
}

fn unhex(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).expect("ASCII"), 16).expect("hex"))
        .collect()
}
