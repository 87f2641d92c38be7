//! Runs a client on the bytes of a server and writes down what it does.

use http_upgrade::client::{Action, Response, Retry};
use http_upgrade::{Client, Error, Misuse, UpgradeRequest};

pub use super::builders::*;

/// One step of a client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A request, or its content.
    Send(String),
    /// So many bytes of content that the application sends.
    SendContent(u64),
    Interim(Seen),
    Response(Seen),
    /// Content of the response, all of it.
    Content(Vec<u8>),
    /// Where the next request can go out, once the content was read.
    Retry(Retry),
    /// Why the next request cannot go out.
    Refused(Misuse),
    Switch(String, Seen),
    /// The end, and why.
    Close(Option<Error>),
}

/// What a response shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    pub code: u16,
    pub status: u16,
    pub head: Vec<u8>,
    pub fields: Vec<(String, Vec<u8>)>,
    pub upgrades: Vec<String>,
    pub subprotocol: Option<String>,
    pub extensions: Vec<String>,
    /// The names of the parameters of all extensions.
    pub parameters: Vec<String>,
    /// Sec-WebSocket-Version.
    pub versions: Vec<String>,
    pub needs_tunnel: bool,
}

impl Seen {
    fn new(response: &Response<'_>) -> Seen {
        let owned = |list: &mut dyn Iterator<Item = &str>| list.map(str::to_owned).collect();
        Seen {
            code: response.code(),
            status: response.status().code(),
            head: response.head().to_vec(),
            fields: response
                .fields()
                .map(|(name, value)| (name.to_owned(), value.to_vec()))
                .collect(),
            upgrades: owned(&mut response.upgrades()),
            subprotocol: response.subprotocol().map(str::to_owned),
            extensions: owned(&mut response.extensions().map(|extension| extension.name())),
            parameters: response
                .extensions()
                .flat_map(|extension| extension.parameters())
                .map(|(name, _)| name.to_owned())
                .collect(),
            versions: owned(&mut response.list("sec-websocket-version")),
            needs_tunnel: response.needs_tunnel(),
        }
    }
}

/// What a client did with some bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    pub steps: Vec<Step>,
    /// The bytes that were not taken.
    pub rest: Vec<u8>,
}

impl Run {
    /// The steps in short: `send`, `send content N`, `interim N`, `response N`, `content TEXT`, `same connection`,
    /// `new connection`, `refused`, `switch NAME`, `close` or `close NAME`.
    pub fn short(&self) -> String {
        let word = |step: &Step| match step {
            Step::Send(_) => "send".to_owned(),
            Step::SendContent(bytes) => format!("send content {bytes}"),
            Step::Interim(seen) => format!("interim {}", seen.code),
            Step::Response(seen) => format!("response {}", seen.code),
            Step::Content(content) => format!("content {}", String::from_utf8_lossy(content)),
            Step::Retry(Retry::SameConnection) => "same connection".to_owned(),
            Step::Retry(Retry::NewConnection) => "new connection".to_owned(),
            Step::Refused(_) => "refused".to_owned(),
            Step::Switch(name, _) => format!("switch {name}"),
            Step::Close(None) => "close".to_owned(),
            Step::Close(Some(error)) => format!("close {}", error.name()),
        };
        self.steps.iter().map(word).collect::<Vec<_>>().join(", ")
    }

    /// How the run ended: its last step in short.
    pub fn end(&self) -> String {
        let last = self.steps.last().cloned();
        let steps = last.into_iter().collect();
        let rest = Vec::new();
        Run { steps, rest }.short()
    }

    /// What was sent, one message after the other.
    pub fn sent(&self) -> Vec<&str> {
        let steps = self.steps.iter();
        let texts = steps.filter_map(|step| match step {
            Step::Send(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    /// The last response, interim, final or the switch.
    pub fn seen(&self) -> &Seen {
        let steps = self.steps.iter().rev();
        let mut seen = steps.filter_map(|step| match step {
            Step::Interim(seen) | Step::Response(seen) | Step::Switch(_, seen) => Some(seen),
            _ => None,
        });
        seen.next().expect("a response in the run")
    }
}

/// What happens where the bytes of the server are at their end and the client waits for more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nothing.
    Silence,
    Orderly,
    Lost,
    /// A deadline passes, each time.
    Timeout,
}

/// A conversation: what the client asks one after the other, and what the server says behind each message of the client.
#[derive(Clone, Copy)]
pub struct Script<'r> {
    pub requests: &'r [UpgradeRequest<'r>],
    /// The first one comes behind the first message, the next behind the next message or behind the TLS handshake.
    pub server: &'r [&'r [u8]],
    pub storage: usize,
    pub inside_tls: bool,
    pub tls_fails: bool,
    pub end: End,
    /// Up to that many bytes long are the pieces that are tried.
    pub splits: usize,
}

impl<'r> Script<'r> {
    pub fn new(requests: &'r [UpgradeRequest<'r>], server: &'r [&'r [u8]]) -> Script<'r> {
        Script {
            requests,
            server,
            storage: 2048,
            inside_tls: false,
            tls_fails: false,
            end: End::Silence,
            splits: 400,
        }
    }

    pub fn inside_tls(self) -> Script<'r> {
        let inside_tls = true;
        Script { inside_tls, ..self }
    }

    pub fn end(self, end: End) -> Script<'r> {
        Script { end, ..self }
    }

    pub fn storage(self, storage: usize) -> Script<'r> {
        Script { storage, ..self }
    }

    /// The run, the same at every split: in pieces of every length, and in two at every place.
    pub fn run(&self) -> Run {
        let len: usize = self.server.iter().map(|bytes| bytes.len()).sum();
        let whole = self.run_split(Split::Pieces(len.max(1)));
        for at in 1..len.min(self.splits) {
            for split in [Split::Pieces(at), Split::At(at)] {
                assert_eq!(self.run_split(split), whole, "split: {split:?}");
            }
        }
        whole
    }

    fn run_split(&self, split: Split) -> Run {
        let (first, requests) = self.requests.split_first().expect("a request");
        let storage = vec![0; self.storage];
        let client = if self.inside_tls {
            Client::inside_tls(storage, first)
        } else {
            Client::new(storage, first)
        };
        let driver = Driver {
            client: client.expect("a request that can be sent"),
            script: self,
            requests,
            server: self.server,
            rest: Vec::new(),
            taken: 0,
            content: None,
            steps: Vec::new(),
        };
        driver.run(split)
    }
}

/// How bytes come.
#[derive(Clone, Copy, Debug)]
enum Split {
    /// In pieces of that length.
    Pieces(usize),
    /// All up to that place, then all behind it.
    At(usize),
}

impl Split {
    fn limit(self, taken: usize) -> usize {
        match self {
            Split::Pieces(len) => len,
            Split::At(place) if taken < place => place - taken,
            Split::At(_) => usize::MAX,
        }
    }
}

struct Driver<'s, 'r> {
    client: Client<'r, Vec<u8>>,
    script: &'s Script<'r>,
    requests: &'r [UpgradeRequest<'r>],
    server: &'r [&'r [u8]],
    /// Bytes of the server that have come and are not taken.
    rest: Vec<u8>,
    taken: usize,
    content: Option<Vec<u8>>,
    steps: Vec<Step>,
}

impl Driver<'_, '_> {
    fn run(mut self, split: Split) -> Run {
        while self.step(split) {
            assert!(self.steps.len() < 1000, "no end: {:?}", self.steps);
            self.check_turns();
        }
        self.check_turns();
        Run {
            steps: self.steps,
            rest: self.rest,
        }
    }

    /// Carries out one action; whether there is another.
    fn step(&mut self, split: Split) -> bool {
        match self.client.action() {
            Action::Send => {
                let mut out = vec![0; 4096];
                let len = self.client.send(&mut out).expect("a buffer that fits");
                let text = String::from_utf8_lossy(&out[..len]);
                self.steps.push(Step::Send(text.into_owned()));
                self.hear();
            }
            Action::SendContent(bytes) => {
                self.client.content_sent(bytes).expect("what it asks for");
                self.steps.push(Step::SendContent(bytes));
                self.hear();
            }
            Action::Receive if self.rest.is_empty() => return self.silence(),
            Action::Receive => self.receive(split),
            Action::Interim(response) => {
                self.steps.push(Step::Interim(Seen::new(&response)));
                self.client.proceed().expect("in turn");
            }
            Action::Response(response) => {
                let (seen, retry) = (Seen::new(&response), response.retry());
                let is_pending = response.is_content_pending();
                return self.respond(seen, retry, is_pending);
            }
            Action::Switch(protocol, response) => {
                let is_tls = protocol == http_upgrade::Protocol::Tls;
                let step = Step::Switch(protocol.name().to_owned(), Seen::new(&response));
                self.steps.push(step);
                return is_tls && self.tls();
            }
            Action::Close(error) => {
                self.steps.push(Step::Close(error));
                return false;
            }
        }
        true
    }

    /// The next bytes of the server come.
    fn hear(&mut self) {
        if let Some((bytes, later)) = self.server.split_first() {
            self.rest.extend_from_slice(bytes);
            self.server = later;
        }
    }

    fn receive(&mut self, split: Split) {
        let len = split.limit(self.taken).min(self.rest.len());
        let (used, run) = self.client.receive_content(&self.rest[..len]);
        if let Some(content) = &mut self.content {
            content.extend_from_slice(run);
        } else {
            assert_eq!(run, b"", "content that nobody asked for");
        }
        self.taken += used;
        self.rest.drain(..used);
        self.client.unread(self.rest.len());
    }

    fn silence(&mut self) -> bool {
        match self.script.end {
            End::Silence => return false,
            End::Orderly => self.client.end_of_input(),
            End::Lost => self.client.connection_lost(),
            End::Timeout => self.client.timeout(),
        }
        true
    }

    fn respond(&mut self, seen: Seen, retry: Retry, is_pending: bool) -> bool {
        match self.content.take() {
            None => self.steps.push(Step::Response(seen)),
            Some(content) => self.steps.push(Step::Content(content)),
        }
        if is_pending {
            self.content = Some(Vec::new());
            self.client.want_content().expect("in turn");
            return true;
        }
        self.steps.push(Step::Retry(retry));
        let Some((next, later)) = self.requests.split_first() else {
            return false;
        };
        self.requests = later;
        match self.client.retry(next) {
            Ok(()) => true,
            Err(misuse) => {
                self.steps.push(Step::Refused(misuse));
                false
            }
        }
    }

    /// The TLS handshake: what follows of the server's bytes is inside TLS.
    fn tls(&mut self) -> bool {
        if self.script.tls_fails {
            self.client.tls_failed().expect("in turn");
        } else if self.rest.is_empty() {
            self.client.tls_established().expect("in turn");
            self.hear();
        } else {
            return false;
        }
        true
    }

    /// What is not the turn's changes nothing, whatever the state.
    fn check_turns(&self) {
        let mut client = self.client.clone();
        let action = format!("{:?}", self.client.action());
        let turn = Err(Misuse::OutOfTurn);
        let is = |actions: &[&str]| actions.iter().any(|name| action.starts_with(name));
        if !is(&["Send"]) || is(&["SendContent"]) {
            assert_eq!(client.send(&mut []), Err(Misuse::OutOfTurn), "{action}");
        }
        // While content goes out, the response to a request without an offer may come.
        if !is(&["Receive", "Send"]) {
            assert_eq!(client.receive(b"HTTP/1.1 200 \r\n\r\n"), 0, "{action}");
        }
        if !is(&["Interim"]) {
            assert_eq!(client.proceed(), turn, "{action}");
        }
        if !is(&["SendContent"]) {
            assert_eq!(client.content_sent(0), turn, "{action}");
        }
        if !is(&["Switch(Tls"]) {
            assert_eq!(client.tls_established(), turn, "{action}");
            assert_eq!(client.tls_failed(), turn, "{action}");
        }
        if !is(&["Response"]) {
            assert_eq!(client.want_content(), turn, "{action}");
            assert_eq!(client.retry(&self.script.requests[0]), turn, "{action}");
        }
        if is(&["Close"]) || (is(&["Switch"]) && !is(&["Switch(Tls"])) {
            client.unread(1);
            client.timeout();
            client.end_of_input();
            client.connection_lost();
        }
        assert_eq!(format!("{:?}", client.action()), action);
    }
}
