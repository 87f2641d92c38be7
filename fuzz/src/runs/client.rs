//! A client with its application, on the bytes of one connection.

use http_upgrade::client::{Action, Response, Retry, Uri};
use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::{Client, Error, Framing, Offer, Protocol, UpgradeRequest, WebSocketOffer};

use super::{Views, extensions, names, owned};
use crate::input::{Input, Splits};

/// What the input says besides the bytes of the server.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Which of the requests comes first, and which behind it.
    pub request: u8,
    pub retry: u8,
    pub storage: usize,
    pub tls_works: bool,
    pub wants_content: bool,
    /// It looks for a response before it sends content.
    pub reads_early: bool,
    pub end: End,
    pub splits: u8,
}

/// How the input ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    Open,
    Orderly,
    Lost,
    Timeout,
}

impl Setup {
    pub fn read(input: &mut Input<'_>) -> Setup {
        let (request, retry, storage, flags, splits) = (
            input.byte(),
            input.byte(),
            input.byte(),
            input.byte(),
            input.byte(),
        );
        Setup {
            request,
            retry,
            storage: match storage % 4 {
                0 => 2048,
                1 => 16 << 10,
                2 => 256,
                _ => 64 + usize::from(storage),
            },
            tls_works: flags & 1 == 0,
            wants_content: flags & 2 == 0,
            reads_early: flags & 16 != 0,
            end: match flags >> 2 & 3 {
                0 => End::Orderly,
                1 => End::Lost,
                2 => End::Timeout,
                _ => End::Open,
            },
            splits,
        }
    }
}

/// Stands between what comes behind one request and what comes behind the next.
pub const ROUND: &[u8] = b"\xfe\xff\xfe";

/// The nonce of the sample key of RFC 6455, and another.
pub const NONCE: [u8; 16] = *b"the sample nonce";
pub const OTHER_NONCE: [u8; 16] = *b"another nonce...";

pub const SUBPROTOCOLS: &[&str] = &["chat", "superchat"];
pub const EXTENSIONS: &[&str] = &["permessage-deflate; client_max_window_bits", "x-a; b=1"];
pub const TLS: &[&str] = &["TLS/1.2", "TLS/1.3"];

/// What a secret of the request is, that must not leave in clear text where TLS is a must.
pub const SECRET: &str = "session=31d4";

/// How many requests there are.
pub const REQUESTS: u8 = 20;

/// Calls `with` with that request. `is_retry`: the WebSocket key is another.
pub fn with_requests<T>(
    setup: &Setup,
    with: impl FnOnce(&UpgradeRequest<'_>, &UpgradeRequest<'_>) -> T,
) -> T {
    let mut settings = Settings::default();
    settings.push(Setting { id: 3, value: 100 }).expect("legal");
    let websockets = [NONCE, OTHER_NONCE].map(|nonce| {
        let offer = WebSocketOffer::new(nonce);
        [
            offer,
            offer.subprotocols(SUBPROTOCOLS).extensions(EXTENSIONS),
            offer.subprotocols(SUBPROTOCOLS).must_choose_subprotocol(),
        ]
    });
    let offers = websockets.each_ref().map(|[plain, rich, choosy]| {
        [
            vec![Offer::websocket(plain)],
            vec![Offer::websocket(rich)],
            vec![Offer::websocket(choosy)],
            vec![Offer::h2c(&settings)],
            vec![Offer::tls(TLS).any_request()],
            vec![Offer::token("tcp"), Offer::token("IRC/6.9")],
            vec![
                Offer::websocket(plain),
                Offer::h2c(&settings),
                Offer::tls(TLS),
                Offer::token("tcp"),
            ],
            vec![Offer::token("tcp").any_request()],
        ]
    });
    let first = request(setup.request, &offers[0]);
    let retry = request(setup.retry, &offers[1]);
    with(&first, &retry)
}

const FIELDS: &[(&str, &str)] = &[("Cookie", SECRET), ("Content-Type", "text/plain")];

fn request<'a>(which: u8, offers: &'a [Vec<Offer<'a>>; 8]) -> UpgradeRequest<'a> {
    let get = UpgradeRequest::get("ws://example.org/chat?room=1")
        .expect("a URI")
        .fields(FIELDS);
    let post = get.method("POST").content(b"a=b");
    let star = Uri {
        secure: false,
        authority: "example.org",
        target: "*",
    };
    match which % REQUESTS {
        0 => get.offer(&offers[0]),
        1 => get.offer(&offers[1]),
        2 => get.offer(&offers[2]),
        3 => get.offer(&offers[3]),
        4 => get.offer(&offers[3]).lenient_h2c(),
        5 => get.offer(&offers[4]),
        6 => get.offer(&offers[4]).lenient_tls(),
        7 => get.offer(&offers[5]),
        8 => get.offer(&offers[6]),
        9 => get.offer(&offers[0]).mandatory_tls(TLS),
        10 => post.mandatory_tls(TLS).lenient_tls(),
        11 => post.offer(&offers[3]).expect_continue(),
        12 => post.offer(&offers[7]).content_length(5),
        13 => get.method("HEAD"),
        14 => get.lenient_status_line(),
        15 => UpgradeRequest::connect("example.org:443"),
        16 => UpgradeRequest::new("OPTIONS", star).offer(&offers[4]),
        17 => get.offer(&offers[5]).via_proxy(),
        18 => post.content_length(5),
        _ => post.expect_continue(),
    }
}

/// What was read of a response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    pub code: u16,
    pub fields: Vec<(String, Vec<u8>)>,
    pub framing: Framing,
    pub retry: Retry,
    pub needs_tunnel: bool,
    pub subprotocol: Option<String>,
    pub views: Views,
}

/// One step, with how many bytes of its round were taken by then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    Send(Vec<u8>),
    SendContent(u64),
    Interim(Seen),
    Response(Seen),
    Content(Vec<u8>, Retry),
    Switch(String, Seen),
    Retry,
    End,
    Close(Option<Error>),
}

/// A round, how many of its bytes were taken, and what happened.
pub type Log = Vec<(usize, usize, Step)>;

/// Runs a connection whose bytes are all there and come in pieces.
pub fn run(setup: &Setup, wire: &[u8], splits: Splits) -> Log {
    with_requests(setup, |first, retry| {
        let client =
            Client::new(vec![0; setup.storage], first).expect("a request that can be sent");
        Run {
            setup,
            client,
            retry: Some(retry),
            rounds: rounds(wire),
            round: 0,
            taken: 0,
            splits,
            content: None,
            log: Vec::new(),
        }
        .run(wire.len())
    })
}

pub fn rounds(wire: &[u8]) -> Vec<&[u8]> {
    let (mut rounds, mut rest) = (Vec::new(), wire);
    while let Some(at) = rest.windows(ROUND.len()).position(|window| window == ROUND) {
        rounds.push(&rest[..at]);
        rest = &rest[at + ROUND.len()..];
    }
    rounds.push(rest);
    rounds
}

struct Run<'r, 's> {
    setup: &'s Setup,
    client: Client<'r, Vec<u8>>,
    retry: Option<&'r UpgradeRequest<'r>>,
    rounds: Vec<&'s [u8]>,
    round: usize,
    taken: usize,
    splits: Splits,
    content: Option<Vec<u8>>,
    log: Log,
}

impl Run<'_, '_> {
    fn run(mut self, len: usize) -> Log {
        for _ in 0..len * 4 + 100 {
            if self.step() {
                return self.log;
            }
        }
        panic!("goes round in circles: {:?}", self.client.action());
    }

    fn add(&mut self, step: Step) {
        self.log.push((self.round, self.taken, step));
    }

    /// Whether that was the last.
    fn step(&mut self) -> bool {
        let mut out = [0; 1024];
        if self.setup.reads_early && self.read_early() {
            return false;
        }
        match self.client.action() {
            Action::Send => {
                let len = self.client.send(&mut out).expect("its turn, and room");
                self.add(Step::Send(out[..len].to_vec()));
            }
            Action::SendContent(left) => {
                self.client.content_sent(left).expect("its turn");
                self.add(Step::SendContent(left));
            }
            Action::Receive => return self.receive(),
            Action::Interim(response) => {
                let seen = seen(&response);
                self.add(Step::Interim(seen));
                self.client.proceed().expect("its turn");
            }
            Action::Response(response) => {
                let (seen, is_pending) = (seen(&response), response.is_content_pending());
                if let Some(content) = self.content.take() {
                    self.add(Step::Content(content, seen.retry));
                } else {
                    self.add(Step::Response(seen.clone()));
                    if is_pending && self.setup.wants_content {
                        self.client.want_content().expect("its turn");
                        self.content = Some(Vec::new());
                        return false;
                    }
                }
                return self.go_on(seen.retry, is_pending);
            }
            Action::Switch(protocol, response) => {
                let (seen, is_tls) = (seen(&response), protocol == Protocol::Tls);
                let name = protocol.name().to_owned();
                self.add(Step::Switch(name, seen));
                if !is_tls {
                    self.assert_ended();
                    return true;
                }
                self.next_round();
                if self.setup.tls_works {
                    self.client.tls_established().expect("its turn");
                } else {
                    self.client.tls_failed().expect("its turn");
                }
            }
            Action::Close(error) => {
                self.add(Step::Close(error));
                self.assert_ended();
                return true;
            }
        }
        false
    }

    fn rest(&self) -> &[u8] {
        self.rounds
            .get(self.round)
            .map_or(&[], |round| &round[self.taken..])
    }

    fn next_round(&mut self) {
        self.round += 1;
        self.taken = 0;
    }

    fn receive(&mut self) -> bool {
        let rest: Vec<u8> = self.rest().to_vec();
        if rest.is_empty() {
            self.add(Step::End);
            match self.setup.end {
                End::Open => return true,
                End::Orderly => self.client.end_of_input(),
                End::Lost => self.client.connection_lost(),
                End::Timeout => self.client.timeout(),
            }
            return false;
        }
        let piece = &rest[..self.splits.next(rest.len())];
        let (used, run) = self.client.receive_content(piece);
        assert!(used <= piece.len(), "takes what was not offered");
        assert!(
            run.is_empty() || piece.as_ptr_range().contains(&run.as_ptr()),
            "content from elsewhere"
        );
        if let Some(content) = &mut self.content {
            content.extend_from_slice(run);
        }
        self.taken += used;
        let moved = used > 0 || !matches!(self.client.action(), Action::Receive);
        assert!(moved, "takes nothing and asks for more");
        // What was in the slice need not be told again.
        if piece.len() < rest.len() {
            self.client.unread(rest.len() - used);
        }
        false
    }

    /// Offers what is there before content is sent; whether that leads anywhere but to the content. Nothing is taken before
    /// a request is out.
    fn read_early(&mut self) -> bool {
        if !matches!(self.client.action(), Action::Send | Action::SendContent(_)) {
            return false;
        }
        loop {
            let rest: Vec<u8> = self.rest().to_vec();
            if rest.is_empty() {
                return false;
            }
            let len = self.splits.next(rest.len());
            let used = self.client.receive(&rest[..len]);
            assert!(used <= len, "takes what was not offered");
            self.taken += used;
            match self.client.action() {
                Action::Send | Action::SendContent(_) if used > 0 => {}
                Action::Send | Action::SendContent(_) => return false,
                _ if len < rest.len() => {
                    self.client.unread(rest.len() - used);
                    return true;
                }
                _ => return true,
            }
        }
    }

    /// Behind a response: another request, if there is one and it can go out here.
    fn go_on(&mut self, retry: Retry, is_pending: bool) -> bool {
        let Some(request) = self.retry.take() else {
            return true;
        };
        let outcome = self.client.retry(request);
        // A request that needs TLS from the start, or offers what it may not inside TLS, is refused as such.
        if retry == Retry::NewConnection || is_pending && !self.setup.wants_content {
            assert!(outcome.is_err(), "another request where none can follow");
        }
        if outcome.is_ok() {
            self.add(Step::Retry);
            self.next_round();
        }
        outcome.is_err()
    }

    /// Nothing moves a machine that has ended.
    fn assert_ended(&mut self) {
        let before = format!("{:?}", self.client);
        let mut out = [0; 1024];
        let rest = self.rest().to_vec();
        assert_eq!(self.client.receive(&rest), 0, "takes bytes behind the end");
        self.client.unread(rest.len());
        self.client.timeout();
        self.client.end_of_input();
        self.client.connection_lost();
        let verbs = [
            self.client.send(&mut out).is_err(),
            self.client.content_sent(0).is_err(),
            self.client.proceed().is_err(),
            self.client.want_content().is_err(),
            self.client.tls_established().is_err(),
            self.client.tls_failed().is_err(),
        ];
        assert_eq!(verbs, [true; 6], "something to do behind the end");
        assert_eq!(format!("{:?}", self.client), before, "moves behind the end");
    }
}

fn seen(response: &Response<'_>) -> Seen {
    Seen {
        code: response.code(),
        fields: response
            .fields()
            .map(|(name, value)| (name.to_owned(), value.to_vec()))
            .collect(),
        framing: response.framing(),
        retry: response.retry(),
        needs_tunnel: response.needs_tunnel(),
        subprotocol: response.subprotocol().map(str::to_owned),
        views: Views {
            hop_by_hop: names(response.hop_by_hop_fields()),
            end_to_end: names(response.end_to_end_fields()),
            upgrade: owned(response.upgrades()),
            subprotocols: owned(response.list("sec-websocket-protocol")),
            extensions: extensions(response.extensions()),
        },
    }
}
