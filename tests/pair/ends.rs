//! The two applications: a client and a server, each with the loop that its machine asks for.

use crate::wire::{End, NotTls, Pipe, Tls, hello};
use http_upgrade::client::{self, Retry};
use http_upgrade::{
    Action, Client, Decision, Policy, Protocol, Response, Server, Status, UpgradeRequest,
};

/// The first bytes of the new protocol, from either side: they look like more HTTP.
pub const OF_CLIENT: &[u8] = b"\x81\x85C-NEW\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
pub const OF_SERVER: &[u8] =
    b"\x81\x05S-NEW\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\n\r\n";

/// The content of the requests that have one.
pub const CONTENT: &[u8] = b"a=b\r\n\r\n0\r\n\r\nsecret content";

/// What the server's application answers to an ordinary request.
pub const PAGE: &[u8] = b"a page\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";

pub struct Asker<'r> {
    client: Client<'r, [u8; 512]>,
    /// Those that follow on this connection, if it stays.
    more: std::slice::Iter<'r, UpgradeRequest<'r>>,
    /// What goes out right behind each request, before its answer.
    early: std::slice::Iter<'r, Vec<u8>>,
    has_spoken: bool,
    is_over: bool,
    streamed: usize,
    pub content: Vec<u8>,
    pub steps: Vec<String>,
    pub end: End,
    pub switched: Option<String>,
}

impl<'r> Asker<'r> {
    pub fn new(requests: &'r [UpgradeRequest<'r>], early: &'r [Vec<u8>]) -> Asker<'r> {
        let mut more = requests.iter();
        let first = more.next().expect("a request");
        Asker {
            client: Client::new([0; 512], first).expect("a request that can be sent"),
            more,
            early: early.iter(),
            has_spoken: false,
            is_over: false,
            streamed: 0,
            content: Vec::new(),
            steps: Vec::new(),
            end: End::default(),
            switched: None,
        }
    }

    /// One step; whether there was anything to do.
    pub fn step(&mut self, input: &mut Pipe, output: &mut Pipe) -> bool {
        match self.client.action() {
            _ if self.is_over => return false,
            client::Action::Send => {
                let mut out = [0; 1024];
                let len = self.client.send(&mut out).expect("its turn");
                self.steps.push("send".into());
                self.end.write(output, &out[..len]);
                self.request_sent(output);
            }
            client::Action::SendContent(left) => {
                let piece = &CONTENT[self.streamed..][..usize::try_from(left.min(5)).unwrap()];
                self.end.write(output, piece);
                self.client
                    .content_sent(piece.len() as u64)
                    .expect("its turn");
                self.streamed += piece.len();
                self.request_sent(output);
            }
            client::Action::Receive => return self.receive(input),
            client::Action::Interim(response) => {
                self.steps.push(format!("interim {}", response.code()));
                self.client.proceed().expect("its turn");
            }
            client::Action::Switch(Protocol::Tls, _) => return self.tls(input, output),
            client::Action::Switch(protocol, _) => {
                self.steps.push(format!("switch {protocol}"));
                self.switched = Some(protocol.name().to_owned());
                if !self.has_spoken {
                    self.end.write(output, OF_CLIENT);
                }
                self.is_over = true;
            }
            client::Action::Response(response) => {
                let (code, retry) = (response.code(), response.retry());
                if response.is_content_pending() {
                    self.steps.push(format!("response {code}"));
                    self.client.want_content().expect("its turn");
                } else {
                    self.again(retry);
                }
            }
            client::Action::Close(reason) => {
                self.steps
                    .push(reason.map_or("close".into(), |error| format!("close {error}")));
                self.is_over = true;
            }
        }
        true
    }

    /// What an eager client says behind its request, if that is all sent.
    fn request_sent(&mut self, output: &mut Pipe) {
        let is_whole = self.steps.iter().any(|step| step == "interim 100")
            || !output.sent.ends_with(b"\r\nExpect: 100-continue\r\n\r\n");
        if is_whole && matches!(self.client.action(), client::Action::Receive) {
            if let Some(early) = self.early.next() {
                // The bytes of TLS are no content of TLS.
                output.write(early);
                self.has_spoken = !early.is_empty();
            }
        }
    }

    fn receive(&mut self, input: &mut Pipe) -> bool {
        if self.end.inbox.is_empty() {
            match self.end.fill(input) {
                Ok(true) => {}
                Ok(false) if input.closed => self.client.end_of_input(),
                Ok(false) => return false,
                Err(NotTls) => self.client.connection_lost(),
            }
        }
        let (used, run) = self.client.receive_content(&self.end.inbox);
        self.content.extend(run);
        self.end.inbox.drain(..used);
        true
    }

    /// The handshake: both hellos.
    fn tls(&mut self, input: &mut Pipe, output: &mut Pipe) -> bool {
        if self.end.tls.is_none() {
            self.steps.push("switch tls".into());
            if !std::mem::take(&mut self.has_spoken) {
                output.write(&hello());
            }
        }
        match shake_hands(&mut self.end, input) {
            Some(true) => self.client.tls_established().expect("its turn"),
            Some(false) => self.client.tls_failed().expect("its turn"),
            None => return false,
        }
        true
    }

    /// The next request, where there is one and HTTP allows it on this connection.
    fn again(&mut self, retry: Retry) {
        self.steps.push(match retry {
            Retry::SameConnection => "same connection".into(),
            Retry::NewConnection => "new connection".into(),
        });
        match self.more.next() {
            Some(next) if retry == Retry::SameConnection => {
                self.client.retry(next).expect("the response says so");
            }
            _ => self.is_over = true,
        }
    }
}

pub struct Answerer<'p> {
    server: Server<'p, [u8; 512]>,
    policy: &'p Policy<'p>,
    /// The statuses with which the first requests are refused.
    refusals: std::slice::Iter<'p, Status>,
    is_over: bool,
    pub content: Vec<u8>,
    pub steps: Vec<String>,
    pub end: End,
    pub switched: Option<String>,
}

impl<'p> Answerer<'p> {
    pub fn new(policy: &'p Policy<'p>, refusals: &'p [Status]) -> Answerer<'p> {
        Answerer {
            server: Server::new([0; 512], policy),
            policy,
            refusals: refusals.iter(),
            is_over: false,
            content: Vec::new(),
            steps: Vec::new(),
            end: End::default(),
            switched: None,
        }
    }

    /// One step; whether there was anything to do.
    pub fn step(&mut self, input: &mut Pipe, output: &mut Pipe) -> bool {
        match self.server.action() {
            _ if self.is_over => return false,
            Action::Receive => return self.receive(input),
            Action::Decide(request) => {
                self.steps
                    .push(format!("request {} {}", request.method(), request.target()));
                let decision = match self.refusals.next() {
                    Some(&status) => Decision::Refuse(status),
                    None => self.policy.decide(&request),
                };
                self.server.decide(decision).expect("its turn");
            }
            Action::Send(status) => {
                let mut out = [0; 1024];
                let challenge = [("WWW-Authenticate", "Basic")];
                let fields = if status.code() == 401 {
                    &challenge[..]
                } else {
                    &[]
                };
                let len = self.server.send_with(&mut out, fields).expect("its turn");
                self.steps.push(format!("send {}", status.code()));
                let mut message = out[..len].to_vec();
                // What comes behind the last message of HTTP comes in the same piece.
                match self.server.action() {
                    Action::Switch(Protocol::Tls, _) => message.extend(hello()),
                    Action::Switch(..) => message.extend(OF_SERVER),
                    _ => {}
                }
                self.end.write(output, &message);
            }
            Action::Respond(request) if request.is_content_pending() => {
                self.server.want_content().expect("its turn");
            }
            Action::Respond(_) => {
                let mut out = [0; 1024];
                let page = Response::new(Status::OK).content(PAGE);
                let len = self.server.respond(&mut out, &page).expect("its turn");
                self.steps.push("respond".into());
                self.end.write(output, &out[..len]);
            }
            Action::Switch(Protocol::Tls, _) => return self.tls(input),
            Action::Switch(protocol, _) => {
                self.steps.push(format!("switch {protocol}"));
                self.switched = Some(protocol.name().to_owned());
                self.is_over = true;
            }
            Action::Close(reason) => {
                self.steps
                    .push(reason.map_or("close".into(), |error| format!("close {error}")));
                output.closed = true;
                self.is_over = true;
            }
        }
        true
    }

    fn receive(&mut self, input: &mut Pipe) -> bool {
        if self.end.inbox.is_empty() {
            match self.end.fill(input) {
                Ok(true) => {}
                Ok(false) | Err(NotTls) => return false,
            }
        }
        let (used, run) = self.server.receive_content(&self.end.inbox);
        self.content.extend(run);
        self.end.inbox.drain(..used);
        self.server.unread(input.unread().len());
        true
    }

    fn tls(&mut self, input: &mut Pipe) -> bool {
        if self.end.tls.is_none() {
            self.steps.push("switch tls".into());
        }
        match shake_hands(&mut self.end, input) {
            Some(true) => self.server.tls_established().expect("its turn"),
            Some(false) => self.server.tls_failed().expect("its turn"),
            None => return false,
        }
        true
    }
}

/// Whether the peer's hello has come and is one; `None` where more bytes are needed.
fn shake_hands(end: &mut End, input: &mut Pipe) -> Option<bool> {
    let begun = if end.tls.is_none() {
        end.begin_tls()
    } else {
        Ok(())
    };
    let mut outcome = begun;
    while outcome.is_ok() && !end.tls.as_ref().is_some_and(Tls::has_peer) {
        match end.fill(input) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(NotTls) => outcome = Err(NotTls),
        }
    }
    Some(outcome.is_ok())
}
