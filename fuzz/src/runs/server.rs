//! A server with its application, on the bytes of one connection.

use http_upgrade::{Action, Decision, Error, Framing, Request, Response, Server, Status, Version};

use super::setup::{Answer, Setup};
use super::{Views, extensions, names, owned};
use crate::input::Splits;

/// What was read of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub authority: String,
    pub version: Version,
    /// As it was written.
    pub minor: u8,
    pub fields: Vec<(String, Vec<u8>)>,
    pub framing: Framing,
    pub expects_continue: bool,
    /// For each entry of the policy.
    pub offers: Vec<bool>,
    pub is_handshake: bool,
    pub secure: bool,
    pub origin: Option<Vec<u8>>,
    pub settings: Option<Vec<(u16, u32)>>,
    pub views: Views,
}

/// One step, with how many bytes were taken by then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    Request(Box<Seen>),
    /// Content that the application asked for.
    Content(Vec<u8>),
    Send(u16, Vec<u8>),
    Respond(Vec<u8>),
    Switch(String),
    Close(Option<Error>),
}

/// A connection from its first byte on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Log {
    pub steps: Vec<(usize, Step)>,
    /// The bytes that were taken in all.
    pub taken: usize,
    /// The machine wants more than there is.
    pub wants_more: bool,
}

impl Log {
    fn add(&mut self, step: Step) {
        self.steps.push((self.taken, step));
    }

    /// All that was written.
    pub fn written(&self) -> Vec<u8> {
        let messages = self.steps.iter().filter_map(|(_, step)| match step {
            Step::Send(_, message) | Step::Respond(message) => Some(&message[..]),
            _ => None,
        });
        messages.collect::<Vec<_>>().concat()
    }

    pub fn switch(&self) -> Option<&str> {
        self.steps.iter().find_map(|(_, step)| match step {
            Step::Switch(name) if name != "tls" => Some(&name[..]),
            _ => None,
        })
    }
}

pub const PAGE: &[u8] = b"hello\n";

/// The application's answer to a request.
pub fn decide<'p>(
    setup: &'p Setup,
    request: &Request<'_>,
    by_policy: Decision<'p>,
) -> Decision<'p> {
    match setup.answer {
        Answer::Policy => by_policy,
        Answer::Ignore => Decision::Ignore,
        Answer::Refuse if request.method() == "GET" => Decision::Refuse(Status::FORBIDDEN),
        Answer::Require if request.target().len() > 1 && !setup.required().is_empty() => {
            Decision::Require(setup.required())
        }
        Answer::Refuse | Answer::Require => by_policy,
    }
}

/// Runs a connection whose bytes are all there and come in pieces.
pub fn run(setup: &Setup, input: &[u8], mut splits: Splits) -> Log {
    let policy = setup.policy();
    let mut server = Server::new(vec![0; setup.storage], &policy);
    if setup.secure {
        server = server.inside_tls();
    }
    let (mut log, mut content, mut out) = (Log::default(), None::<Vec<u8>>, vec![0; 4096]);
    // No more than a few calls for each byte.
    for _ in 0..input.len() * 4 + 100 {
        let rest = &input[log.taken..];
        match server.action() {
            Action::Receive if rest.is_empty() => {
                log.wants_more = true;
                return log;
            }
            Action::Receive => {
                let piece = &rest[..splits.next(rest.len())];
                let is_content = server.request().is_some();
                let (used, run) = server.receive_content(piece);
                assert!(used <= piece.len(), "takes what was not offered");
                assert!(
                    run.is_empty() || piece.as_ptr_range().contains(&run.as_ptr()),
                    "content from elsewhere"
                );
                log.taken += used;
                // What was in the slice need not be told again.
                if piece.len() < rest.len() {
                    server.unread(rest.len() - used);
                }
                if let Some(content) = &mut content {
                    content.extend_from_slice(run);
                }
                let is_over = !is_content
                    || server
                        .request()
                        .is_none_or(|request| !request.is_content_pending());
                if let Some(content) = content.take_if(|_| is_over) {
                    log.add(Step::Content(content));
                }
                let moved = used > 0 || !matches!(server.action(), Action::Receive);
                assert!(moved, "takes nothing and asks for more");
            }
            Action::Decide(request) => {
                log.add(Step::Request(Box::new(seen(setup, &request))));
                let decision = decide(setup, &request, policy.decide(&request));
                if server.decide(decision).is_err() {
                    assert_ne!(
                        setup.answer,
                        Answer::Policy,
                        "its own policy's {decision:?}"
                    );
                    server
                        .decide(Decision::Refuse(Status::FORBIDDEN))
                        .expect("any request can be refused");
                }
            }
            Action::Send(status) => {
                let len = server.send(&mut out).expect("its turn, and room");
                log.add(Step::Send(status.code(), out[..len].to_vec()));
            }
            Action::Respond(request)
                if request.is_content_pending() && setup.wants_content && content.is_none() =>
            {
                server.want_content().expect("its turn");
                if setup.answers_early {
                    let too_large = Response::new(Status::CONTENT_TOO_LARGE);
                    let len = server.respond(&mut out, &too_large).expect("room");
                    log.add(Step::Respond(out[..len].to_vec()));
                } else {
                    content = Some(Vec::new());
                }
            }
            Action::Respond(_) => {
                let page = Response::new(Status::OK).content(PAGE);
                let page = if setup.tls_works {
                    page
                } else {
                    page.advertise()
                };
                // A tunnel is opened by accepting it only.
                let len = server
                    .respond(&mut out, &page)
                    .or_else(|_| server.respond(&mut out, &Response::new(Status::NOT_FOUND)))
                    .expect("its turn, and room");
                log.add(Step::Respond(out[..len].to_vec()));
            }
            Action::Switch(protocol, _) => {
                log.add(Step::Switch(protocol.name().to_owned()));
                if protocol.name() != "tls" {
                    assert_ended(&mut server, rest, &mut out);
                    return log;
                }
                let outcome = if setup.tls_works {
                    server.tls_established()
                } else {
                    server.tls_failed()
                };
                outcome.expect("its turn");
            }
            Action::Close(error) => {
                log.add(Step::Close(error));
                assert_ended(&mut server, rest, &mut out);
                return log;
            }
        }
    }
    panic!("goes round in circles: {:?}", server.action());
}

/// Nothing moves a machine that has ended.
fn assert_ended(server: &mut Server<'_, Vec<u8>>, rest: &[u8], out: &mut [u8]) {
    let before = format!("{server:?}");
    assert_eq!(server.receive(rest), 0, "takes bytes behind the end");
    server.unread(rest.len());
    server.timeout();
    let verbs = [
        server.decide(Decision::Ignore).is_err(),
        server.send(out).is_err(),
        server.respond(out, &Response::new(Status::OK)).is_err(),
        server.want_content().is_err(),
        server.tls_established().is_err(),
        server.tls_failed().is_err(),
    ];
    assert_eq!(verbs, [true; 6], "something to do behind the end");
    assert_eq!(format!("{server:?}"), before, "moves behind the end");
}

pub fn seen(setup: &Setup, request: &Request<'_>) -> Seen {
    Seen {
        method: request.method().to_owned(),
        target: request.target().to_owned(),
        authority: request.authority().to_owned(),
        version: request.version(),
        minor: minor(request.head()),
        fields: request
            .fields()
            .map(|(name, value)| (name.to_owned(), value.to_vec()))
            .collect(),
        framing: request.framing(),
        expects_continue: request.expects_continue(),
        offers: setup
            .allowed()
            .map(|(protocol, _)| request.offers(protocol))
            .collect(),
        is_handshake: request.websocket().is_ok(),
        secure: request.is_secure(),
        origin: request.origin().map(<[u8]>::to_vec),
        settings: request
            .http2_settings()
            .map(|settings| settings.iter().map(|one| (one.id, one.value)).collect()),
        views: Views {
            hop_by_hop: names(request.hop_by_hop_fields()),
            end_to_end: names(request.end_to_end_fields()),
            upgrade: owned(request.list("upgrade")),
            subprotocols: owned(request.subprotocols()),
            extensions: extensions(request.extensions()),
        },
    }
}

fn minor(head: &[u8]) -> u8 {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let digit = line.trim_ascii_end().last();
    digit.map_or(0, |digit| digit.wrapping_sub(b'0'))
}
