//! An application with ways of its own around a server, where `harness::serve` follows the policy.

use crate::harness::{Run, Step, request, serve, up_to, websocket};
use crate::strict::assert_message;
use http_upgrade::{
    Action, Decision, Field, Misuse, Origins, Policy, Protocol, Request, Response, Server, Status,
};

/// What the application does with the content of an ordinary request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Asks for it, and reads it.
    Read,
    /// Asks for it, and lets the machine skip it.
    Skip,
    /// Answers at once.
    Leave,
}

/// An application, its storage and its policy.
#[derive(Clone, Copy)]
pub struct App<'p, 'f> {
    pub policy: &'p Policy<'p>,
    /// Bytes for a head.
    pub storage: usize,
    /// What becomes of a request, where the policy does not say it.
    pub decide: &'f dyn Fn(&Request<'_>) -> Option<Decision<'p>>,
    /// Fields for each message of the machine.
    pub fields: &'f [Field<'f>],
    /// The answer to each ordinary request.
    pub response: Response<'f>,
    pub content: Content,
    /// How the TLS handshake ends; `None` stops at the switch.
    pub tls: Option<bool>,
    /// A deadline passes when the input has ended.
    pub timeout: bool,
    /// Tells the machine of bytes that the last slice did not hold.
    pub tells: bool,
}

impl<'p, 'f> App<'p, 'f> {
    /// Follows the policy, reads content, answers 200 and stops at each switch.
    pub fn new(policy: &'p Policy<'p>) -> App<'p, 'f> {
        App {
            policy,
            storage: 2048,
            decide: &|_| None,
            fields: &[],
            response: Response::new(Status::OK),
            content: Content::Read,
            tls: None,
            timeout: false,
            tells: true,
        }
    }

    /// The run, the same at every split of `input`.
    pub fn run(&self, input: impl AsRef<[u8]>) -> Run {
        let input = input.as_ref();
        let whole = self.run_in(input, |_| usize::MAX);
        for split in 1..input.len().min(300) {
            let run = self.run_in(input, |_| split);
            assert_eq!(run, whole, "in pieces of {split} bytes: {input:?}");
            let run = self.run_in(input, up_to(input, split));
            assert_eq!(run, whole, "{split} bytes, then all of the rest: {input:?}");
        }
        whole
    }

    /// One run, in pieces of the length that `piece` says, given how many bytes are left.
    pub fn run_in(&self, input: &[u8], piece: impl FnMut(usize) -> usize) -> Run {
        let mut run = Running {
            app: self,
            server: Server::new(vec![0; self.storage], self.policy),
            rest: input,
            steps: Vec::new(),
            content: None,
            timed_out: !self.timeout,
        };
        run.drive(piece);
        Run {
            steps: run.steps,
            rest: run.rest.to_vec(),
        }
    }
}

struct Running<'r, 'p, 'f> {
    app: &'r App<'p, 'f>,
    server: Server<'p, Vec<u8>>,
    rest: &'r [u8],
    steps: Vec<Step>,
    /// Content of the request, while it comes.
    content: Option<Vec<u8>>,
    timed_out: bool,
}

impl Running<'_, '_, '_> {
    fn drive(&mut self, mut piece: impl FnMut(usize) -> usize) {
        let mut out = vec![0; 8192];
        loop {
            match self.server.action() {
                Action::Receive if self.rest.is_empty() && self.timed_out => return,
                Action::Receive if self.rest.is_empty() => {
                    self.timed_out = true;
                    self.server.timeout();
                }
                Action::Receive => self.receive(piece(self.rest.len())),
                Action::Decide(request) => {
                    self.steps.push(Step::Request(
                        request.method().to_owned(),
                        request.target().to_owned(),
                    ));
                    let decision =
                        (self.app.decide)(&request).unwrap_or(self.app.policy.decide(&request));
                    self.server.decide(decision).expect("a decision that fits");
                }
                Action::Send(status) => {
                    let len = self
                        .server
                        .send_with(&mut out, self.app.fields)
                        .expect("it fits");
                    self.steps
                        .push(Step::Send(status.code(), message(&out[..len])));
                }
                Action::Respond(request)
                    if request.is_content_pending() && self.app.content != Content::Leave =>
                {
                    self.server.want_content().expect("in turn");
                }
                Action::Respond(_) => {
                    let len = self
                        .server
                        .respond(&mut out, &self.app.response)
                        .expect("it fits");
                    self.steps.push(Step::Respond(message(&out[..len])));
                }
                Action::Switch(protocol, _) => {
                    self.steps.push(Step::Switch(protocol.name().to_owned()));
                    match self.app.tls {
                        Some(true) if protocol == Protocol::Tls => {
                            self.server.tls_established().expect("in turn");
                            // What follows is inside TLS now, and some of it may have come.
                            self.server.unread(self.rest.len());
                        }
                        Some(false) if protocol == Protocol::Tls => {
                            self.server.tls_failed().expect("in turn");
                        }
                        _ => return self.assert_stopped(),
                    }
                }
                Action::Close(error) => {
                    self.steps.push(Step::Close(error));
                    return self.assert_stopped();
                }
            }
        }
    }

    fn receive(&mut self, piece: usize) {
        let piece = &self.rest[..piece.min(self.rest.len())];
        let is_content = self.server.request().is_some();
        let (used, run) = match self.app.content {
            Content::Read => self.server.receive_content(piece),
            Content::Skip | Content::Leave => (self.server.receive(piece), &[][..]),
        };
        self.rest = &self.rest[used..];
        if self.app.tells {
            self.server.unread(self.rest.len());
        }
        if is_content && self.app.content == Content::Read {
            self.content.get_or_insert_default().extend_from_slice(run);
            if self
                .server
                .request()
                .is_none_or(|request| !request.is_content_pending())
            {
                self.steps
                    .push(Step::Content(self.content.take().unwrap_or_default()));
            }
        }
    }

    /// A machine that has handed over, or closed, takes and writes nothing more.
    fn assert_stopped(&mut self) {
        let mut out = [0; 8192];
        assert_eq!(self.server.receive(self.rest), 0);
        assert_eq!(self.server.receive_content(self.rest), (0, &[][..]));
        assert_eq!(self.server.send(&mut out), Err(Misuse::OutOfTurn));
        assert_eq!(
            self.server.respond(&mut out, &self.app.response),
            Err(Misuse::OutOfTurn)
        );
        assert_eq!(self.server.decide(Decision::Ignore), Err(Misuse::OutOfTurn));
    }
}

/// The text of a message, which must be one by the strictest reading.
fn message(bytes: &[u8]) -> String {
    assert_message(bytes);
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// A server that has read the head that those bytes are, and has been told what becomes of it.
pub fn decided<'p>(
    policy: &'p Policy<'p>,
    head: impl AsRef<[u8]>,
    decision: Decision<'_>,
) -> Server<'p, [u8; 2048]> {
    let mut server = Server::new([0; 2048], policy);
    assert_eq!(server.receive(head.as_ref()), head.as_ref().len());
    server.decide(decision).expect("a decision that fits");
    server
}

/// What `look` sees in the request that those bytes start with.
pub fn look<T>(
    policy: &Policy<'_>,
    input: impl AsRef<[u8]>,
    look: impl Fn(&Request<'_>) -> T,
) -> T {
    let mut server = Server::new([0; 2048], policy);
    server.receive(input.as_ref());
    match server.action() {
        Action::Decide(request) => look(&request),
        other => panic!("{other:?}"),
    }
}

/// WebSocket for any Origin, and nothing else.
pub const POLICY: Policy = Policy::new(Origins::Any);

/// The run of an ordinary request without content.
pub const ORDINARY: &str = "request, respond";

/// The run of an opening handshake.
pub const ACCEPTED: &str = "request, 101, switch websocket";

/// Each of those inputs has that run.
pub fn each(inputs: &[&str], expected: &str) {
    for input in inputs {
        assert_eq!(serve(&POLICY, input).short(), expected, "{input:?}");
    }
}

/// Each of those lines in an ordinary request gives that run.
pub fn each_field(lines: &[&[u8]], expected: &str) {
    for line in lines {
        assert_eq!(
            with_line(&POLICY, line).short(),
            expected,
            "{}",
            line.escape_ascii()
        );
    }
}

/// An opening handshake with that field line last.
pub fn with_line(policy: &Policy<'_>, line: &[u8]) -> Run {
    let start = websocket(&[]);
    let start = start
        .strip_suffix("\r\n")
        .expect("the empty line")
        .as_bytes();
    serve(policy, [start, line, b"\r\n\r\n"].concat())
}

/// POST with those field lines, and what follows.
pub fn post(fields: &[&str], behind: &str) -> String {
    request("POST / HTTP/1.1", fields) + behind
}
