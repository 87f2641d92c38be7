//! Our client against our server, through a wire that cuts, and one that changes what passes.

use http_upgrade::client;
use http_upgrade::{
    Action, Client, Decision, Error, Protocol, Response, Server, Status, UpgradeRequest,
};

use crate::input::Input;
use crate::runs::client::{REQUESTS, SECRET, Setup as ClientSetup, TLS, with_requests};
use crate::runs::server::{PAGE, decide};
use crate::runs::setup::Setup;

const OF_CLIENT: &[u8] = b"bytes of the client";
const OF_SERVER: &[u8] = b"bytes of the server";

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let ours = ClientSetup::read(&mut input);
    let mut theirs = Setup::read(&mut input);
    theirs.secure = false;
    let edits: Vec<Edit> = (0..input.byte() % 4)
        .map(|_| Edit::read(&mut input))
        .collect();
    let is_hostile = !edits.is_empty();
    let pair = with_requests(&ours, |first, retry| {
        let policy = theirs.policy();
        let client = Client::new(vec![0; ours.storage], first).expect("a request that can be sent");
        let mut pair = Pair {
            ours: &ours,
            theirs: &theirs,
            policy,
            client,
            server: Server::new(vec![0; theirs.storage], &policy),
            retry: Some(retry),
            offered: names(first),
            up: Pipe::new(edits.iter().filter(|edit| edit.up).copied()),
            down: Pipe::new(edits.iter().filter(|edit| !edit.up).copied()),
            secure: false,
            sent: Vec::new(),
            seen: Vec::new(),
            of_client: None,
            of_server: None,
        };
        pair.run(&mut input);
        Outcome {
            clear: pair.up.sent,
            sent: pair.sent,
            seen: pair.seen,
            of_client: pair.of_client,
            of_server: pair.of_server,
            offered: pair.offered,
            up: pair.up.bytes,
            down: pair.down.bytes,
        }
    });
    pair.check(&ours, &theirs, is_hostile);
}

/// What is offered, and what a switch may be called.
fn names(request: &UpgradeRequest<'_>) -> String {
    format!("{request:?}")
}

/// What somebody in the middle does with a message.
#[derive(Clone, Copy, Debug)]
struct Edit<'d> {
    up: bool,
    message: u8,
    at: usize,
    removed: usize,
    inserted: &'d [u8],
}

impl<'d> Edit<'d> {
    fn read(input: &mut Input<'d>) -> Edit<'d> {
        let (message, at, removed) = (
            input.byte(),
            usize::from(input.word()),
            usize::from(input.byte()),
        );
        Edit {
            up: message & 1 == 1,
            message: message >> 1 & 3,
            at,
            removed,
            inserted: input.counted(),
        }
    }

    fn apply(&self, message: &mut Vec<u8>) {
        let at = self.at % (message.len() + 1);
        let end = (at + self.removed).min(message.len());
        message.splice(at..end, self.inserted.iter().copied());
    }
}

struct Pipe<'e> {
    edits: Vec<Edit<'e>>,
    messages: u8,
    /// As it left in clear text.
    sent: Vec<u8>,
    bytes: Vec<u8>,
    is_closed: bool,
}

impl<'e> Pipe<'e> {
    fn new(edits: impl Iterator<Item = Edit<'e>>) -> Pipe<'e> {
        Pipe {
            edits: edits.collect(),
            messages: 0,
            sent: Vec::new(),
            bytes: Vec::new(),
            is_closed: false,
        }
    }

    fn write(&mut self, message: &[u8], secure: bool) {
        let mut message = message.to_vec();
        if !secure {
            self.sent.extend(&message);
            let edits = self
                .edits
                .iter()
                .filter(|edit| edit.message == self.messages);
            edits.for_each(|edit| edit.apply(&mut message));
        }
        self.messages = self.messages.wrapping_add(1);
        self.bytes.extend(message);
    }

    /// The next piece, of so many bytes or fewer.
    fn piece(&self, most: u8) -> &[u8] {
        let len = if most == 0 {
            self.bytes.len()
        } else {
            self.bytes.len().min(usize::from(most))
        };
        &self.bytes[..len]
    }
}

struct Pair<'a> {
    ours: &'a ClientSetup,
    theirs: &'a Setup,
    policy: http_upgrade::Policy<'a>,
    client: Client<'a, Vec<u8>>,
    server: Server<'a, Vec<u8>>,
    retry: Option<&'a UpgradeRequest<'a>>,
    offered: String,
    up: Pipe<'a>,
    down: Pipe<'a>,
    secure: bool,
    /// Statuses, those of the server and those that the client saw.
    sent: Vec<u16>,
    seen: Vec<u16>,
    of_client: Option<End>,
    of_server: Option<End>,
}

/// How it ended for one of both.
#[derive(Clone, PartialEq, Eq, Debug)]
enum End {
    Switch(String),
    Close(Option<Error>),
    Response,
}

impl Pair<'_> {
    fn run(&mut self, input: &mut Input<'_>) {
        for _ in 0..20_000 {
            let most = input.byte();
            // Who is first varies.
            let moved = if most & 0x80 == 0 {
                self.step_client(most) | self.step_server(most)
            } else {
                self.step_server(most & 0x7f) | self.step_client(most & 0x7f)
            };
            if !moved && !self.shake_hands() {
                return;
            }
        }
        panic!(
            "goes round in circles: {:?}, {:?}",
            self.client.action(),
            self.server.action()
        );
    }

    /// TLS succeeds where both begin it and nothing but TLS is on the wire.
    fn shake_hands(&mut self) -> bool {
        let client = matches!(
            self.client.action(),
            client::Action::Switch(Protocol::Tls, _)
        );
        let server = matches!(self.server.action(), Action::Switch(Protocol::Tls, _));
        if client {
            self.seen.push(101);
        }
        let is_clean = self.up.bytes.is_empty() && self.down.bytes.is_empty();
        if client && server && is_clean && self.ours.tls_works {
            self.secure = true;
            self.client.tls_established().expect("its turn");
            self.server.tls_established().expect("its turn");
            return true;
        }
        if client {
            self.client.tls_failed().expect("its turn");
        }
        if server {
            self.server.tls_failed().expect("its turn");
        }
        client || server
    }

    /// Whether the client had something to do.
    fn step_client(&mut self, most: u8) -> bool {
        if self.of_client.is_some() {
            return false;
        }
        let mut out = [0; 2048];
        match self.client.action() {
            client::Action::Send => {
                let len = self.client.send(&mut out).expect("its turn, and room");
                self.up.write(&out[..len], self.secure);
            }
            client::Action::SendContent(left) => {
                self.up.write(&vec![b'c'; left as usize], self.secure);
                self.client.content_sent(left).expect("its turn");
            }
            client::Action::Receive => {
                let piece = self.down.piece(most);
                if piece.is_empty() {
                    if self.down.is_closed {
                        self.client.end_of_input();
                    }
                    return self.down.is_closed;
                }
                let used = self.client.receive(piece);
                self.down.bytes.drain(..used);
                self.client.unread(self.down.bytes.len());
            }
            client::Action::Interim(response) => {
                self.seen.push(response.code());
                self.client.proceed().expect("its turn");
            }
            client::Action::Response(response) if response.is_content_pending() => {
                self.client.want_content().expect("its turn");
            }
            client::Action::Response(response) => {
                self.seen.push(response.code());
                let retry = self.retry.take();
                match retry.map(|retry| (retry, self.client.retry(retry))) {
                    Some((retry, Ok(()))) => self.offered += &names(retry),
                    _ => {
                        self.up.is_closed = true;
                        self.of_client = Some(End::Response);
                    }
                }
            }
            client::Action::Switch(Protocol::Tls, _) => return false,
            client::Action::Switch(protocol, response) => {
                self.seen.push(response.code());
                self.of_client = Some(End::Switch(protocol.name().to_owned()));
                self.up.write(OF_CLIENT, true);
            }
            client::Action::Close(error) => {
                self.of_client = Some(End::Close(error));
                self.up.is_closed = true;
            }
        }
        true
    }

    /// Whether the server had something to do.
    fn step_server(&mut self, most: u8) -> bool {
        if self.of_server.is_some() {
            return false;
        }
        let mut out = [0; 2048];
        match self.server.action() {
            Action::Receive => {
                let piece = self.up.piece(most);
                if piece.is_empty() {
                    if self.up.is_closed {
                        self.of_server = Some(End::Close(None));
                    }
                    return self.up.is_closed;
                }
                let used = self.server.receive(piece);
                self.up.bytes.drain(..used);
                self.server.unread(self.up.bytes.len());
            }
            Action::Decide(request) => {
                let decision = decide(self.theirs, &request, self.policy.decide(&request));
                if self.server.decide(decision).is_err() {
                    let refusal = Decision::Refuse(Status::FORBIDDEN);
                    self.server
                        .decide(refusal)
                        .expect("any request can be refused");
                }
            }
            Action::Send(status) => {
                let len = self.server.send(&mut out).expect("its turn, and room");
                self.sent.push(status.code());
                self.down.write(&out[..len], self.secure);
            }
            Action::Respond(request)
                if request.is_content_pending() && self.theirs.wants_content =>
            {
                self.server.want_content().expect("its turn");
            }
            Action::Respond(_) => {
                let page = Response::new(Status::OK).content(PAGE);
                let none = Response::new(Status::NOT_FOUND).content(PAGE);
                let len = self
                    .server
                    .respond(&mut out, &page)
                    .or_else(|_| self.server.respond(&mut out, &none));
                let len = len.expect("its turn, and room");
                self.sent.push(if out.starts_with(b"HTTP/1.1 200") {
                    200
                } else {
                    404
                });
                self.down.write(&out[..len], self.secure);
            }
            Action::Switch(Protocol::Tls, _) => return false,
            Action::Switch(protocol, _) => {
                self.of_server = Some(End::Switch(protocol.name().to_owned()));
                self.down.write(OF_SERVER, true);
            }
            Action::Close(error) => {
                self.of_server = Some(End::Close(error));
                self.down.is_closed = true;
            }
        }
        true
    }
}

struct Outcome {
    clear: Vec<u8>,
    sent: Vec<u16>,
    seen: Vec<u16>,
    of_client: Option<End>,
    of_server: Option<End>,
    offered: String,
    /// What nobody has read.
    up: Vec<u8>,
    down: Vec<u8>,
}

impl Outcome {
    fn check(&self, ours: &ClientSetup, theirs: &Setup, is_hostile: bool) {
        let is_mandatory = |which: u8| matches!(which % REQUESTS, 9 | 10);
        if is_mandatory(ours.request)
            && (is_mandatory(ours.retry) || self.of_client != Some(End::Response))
        {
            let secret = SECRET.as_bytes();
            let leaks = self
                .clear
                .windows(secret.len())
                .any(|window| window == secret);
            assert!(
                !leaks,
                "the secret in clear text: {:?}, with {TLS:?}",
                String::from_utf8_lossy(&self.clear)
            );
        }
        if let Some(End::Switch(name)) = &self.of_server {
            assert!(
                theirs
                    .allowed()
                    .any(|(protocol, _)| protocol.name() == name),
                "not allowed: {name}"
            );
        }
        if let Some(End::Switch(name)) = &self.of_client {
            let variant = match &name[..] {
                "websocket" => "WebSocket",
                "h2c" => "H2c",
                "tunnel" => "CONNECT",
                other => other,
            };
            assert!(
                self.offered.contains(variant),
                "{name} was not offered: {}",
                self.offered
            );
        }
        if !is_hostile {
            self.check_agreement(theirs);
        }
    }

    /// Nobody in the middle: both agree, and neither finds fault with the other.
    fn check_agreement(&self, theirs: &Setup) {
        match (&self.of_client, &self.of_server) {
            (Some(End::Switch(ours)), Some(End::Switch(theirs))) => {
                assert_eq!(ours, theirs, "switched to different protocols");
                assert_eq!(
                    (&self.up[..], &self.down[..]),
                    (OF_CLIENT, OF_SERVER),
                    "bytes of the protocol are gone"
                );
            }
            // What the client has against the 101 is that no subprotocol was chosen, or that it does not fit.
            (
                Some(End::Close(Some(Error::BadSubprotocol | Error::HeadTooLarge))),
                Some(End::Switch(_)),
            ) => {}
            (ours, Some(End::Switch(theirs))) => panic!("switched to {theirs} alone: {ours:?}"),
            (Some(End::Switch(ours)), theirs) => panic!("switched to {ours} alone: {theirs:?}"),
            _ => {}
        }
        if let Some(End::Close(Some(error))) = &self.of_client {
            use Error as E;
            let is_known = matches!(
                error,
                E::TlsRefused
                    | E::HeadTooLarge
                    | E::Incomplete
                    | E::BadSubprotocol
                    | E::TlsFailed
                    | E::ClosedBeforeRequest
            );
            assert!(is_known, "the client finds fault: {error}");
        }
        if let Some(End::Close(Some(error))) = &self.of_server {
            use Error as E;
            let is_known = matches!(
                error,
                E::HeadTooLarge
                    | E::TargetTooLong
                    | E::ContentTooLarge
                    | E::TlsFailed
                    | E::DataBehindRefusal
                    | E::EarlyData
            );
            assert!(is_known, "the server finds fault: {error}, {theirs:?}");
        }
        // The answer to the OPTIONS that leads into TLS is not shown.
        let mut sent = self.sent.iter();
        let is_part = self.seen.iter().all(|seen| sent.any(|sent| sent == seen));
        assert!(is_part, "{:?} of {:?}", self.seen, self.sent);
    }
}
