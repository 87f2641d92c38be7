//! Any verb in any order: what is out of turn changes nothing, and what is written is well-formed.

use http_upgrade::client;
use http_upgrade::websocket::{
    CloseCode, Frame, HEADROOM, Kind, Limits, SendError, WebSocket, role,
};
use http_upgrade::{Action, Client, Decision, Misuse, Protocol, Response, Server, Status};

use crate::input::Input;
use crate::reference::frames::{self, Expected, Said};
use crate::reference::head;
use crate::runs::client::{REQUESTS, Setup as ClientSetup, with_requests};
use crate::runs::setup::Setup;

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    match input.byte() % 4 {
        0 | 1 => server(&mut input),
        2 => {
            let setup = ClientSetup::read(&mut input);
            with_requests(&setup, |first, retry| {
                let offers_nothing = [setup.request, setup.retry]
                    .iter()
                    .any(|request| [10, 13, 15, 18, 19].contains(&(request % REQUESTS)));
                if let Ok(client) = Client::new(vec![0; setup.storage], first) {
                    operate_client(client, retry, &mut input, offers_nothing);
                }
            });
        }
        _ if input.byte() & 1 == 0 => {
            websocket(ServerEnd(WebSocket::server(Limits::DEFAULT)), &mut input)
        }
        _ => websocket(ClientEnd(WebSocket::client(Limits::DEFAULT)), &mut input),
    }
}

/// The wire, and how much of it was taken.
struct Wire<'w> {
    bytes: &'w [u8],
    taken: usize,
}

impl<'w> Wire<'w> {
    /// The wire comes first, with its length in front; the verbs come behind.
    fn read(input: &mut Input<'w>) -> Wire<'w> {
        let len = usize::from(input.word() % 2048);
        Wire {
            bytes: input.bytes(len),
            taken: 0,
        }
    }

    fn next(&self, most: u8) -> &'w [u8] {
        let rest = &self.bytes[self.taken..];
        let len = if most == u8::MAX {
            rest.len()
        } else {
            usize::from(most).min(rest.len())
        };
        &rest[..len]
    }
}

const STATUSES: [Status; 9] = [
    Status::OK,
    Status::CONTINUE,
    Status::NO_CONTENT,
    Status::NOT_MODIFIED,
    Status::FORBIDDEN,
    Status::UPGRADE_REQUIRED,
    Status::INTERNAL_SERVER_ERROR,
    Status::SWITCHING_PROTOCOLS,
    Status::MOVED_PERMANENTLY,
];

const PROTOCOLS: [Protocol<'static>; 7] = [
    Protocol::WebSocket,
    Protocol::H2c,
    Protocol::Tls,
    Protocol::Tunnel,
    Protocol::PriorKnowledge,
    Protocol::Token("tcp"),
    Protocol::Token("foo"),
];

const FIELDS: [&[(&str, &str)]; 4] = [
    &[],
    &[("Set-Cookie", "a=b"), ("Date", "now")],
    &[("Connection", "close")],
    &[("X", "a\r\nY: b")],
];

fn server(input: &mut Input<'_>) {
    let setup = Setup::read(input);
    let policy = setup.policy();
    let mut server = Server::new(vec![0; setup.storage], &policy);
    if setup.secure {
        server = server.inside_tls();
    }
    let mut wire = Wire::read(input);
    let mut past = Past::default();
    for _ in 0..200 {
        if input.is_empty() {
            break;
        }
        operate_server(&mut server, &mut wire, input, &mut past);
    }
    // From wherever that led, it goes on to an end.
    for _ in 0..wire.bytes.len() * 4 + 100 {
        let mut out = [0; 2048];
        let rest = &wire.bytes[wire.taken..];
        match server.action() {
            Action::Receive if rest.is_empty() => return,
            Action::Receive => wire.taken += server.receive(rest),
            Action::Decide(_) => server
                .decide(Decision::Ignore)
                .expect("any request can be ordinary"),
            Action::Send(_) => drop(server.send(&mut out).expect("its turn, and room")),
            Action::Respond(_) => {
                let response = Response::new(Status::NOT_FOUND);
                server
                    .respond(&mut out, &response)
                    .expect("its turn, and room");
            }
            Action::Switch(Protocol::Tls, _) => server.tls_failed().expect("its turn"),
            Action::Switch(..) | Action::Close(_) => return,
        }
    }
    panic!("goes round in circles: {:?}", server.action());
}

/// What came before.
#[derive(Default)]
struct Past {
    switched: bool,
    /// The application has asked for content.
    wants: bool,
}

/// One verb. What fails changes nothing; what succeeds was what the action names.
fn operate_server(
    server: &mut Server<'_, Vec<u8>>,
    wire: &mut Wire<'_>,
    input: &mut Input<'_>,
    past: &mut Past,
) {
    let before = format!("{server:?}");
    let head = server.request().map(|request| request.head().to_vec());
    let action = kind(server.action());
    assert_eq!(action, kind(server.action()), "asking changes the answer");
    let (verb, detail) = (input.byte() % 13, input.byte());
    let mut out = vec![0; usize::from(detail) * 4];
    let pick = |len: usize| usize::from(detail) % len;
    let outcome: Result<(), Misuse> = match verb {
        0 | 1 => {
            let piece = wire.next(detail);
            let used = if verb == 0 {
                server.receive(piece)
            } else {
                server.receive_content(piece).0
            };
            assert!(
                used <= piece.len() && (used == 0 || action == "receive"),
                "takes out of turn"
            );
            wire.taken += used;
            return;
        }
        2 => {
            server.unread(wire.bytes.len() - wire.taken);
            return;
        }
        3 => {
            server.timeout();
            assert!(matches!(kind(server.action()), "send" | "close" | "switch"));
            return;
        }
        4 => server.decide(Decision::Accept(PROTOCOLS[pick(PROTOCOLS.len())])),
        5 => server.decide(match detail % 4 {
            0 => Decision::Ignore,
            1 => Decision::Require(&PROTOCOLS[..pick(PROTOCOLS.len())]),
            2 => Decision::AcceptSubprotocol("chat"),
            _ => Decision::Refuse(STATUSES[usize::from(detail >> 2) % STATUSES.len()]),
        }),
        6 | 7 => {
            let fields = FIELDS[usize::from(input.byte()) % FIELDS.len()];
            let sent = server.send_with(&mut out, fields);
            check_needed(sent, &out, |out| server.send_with(out, fields));
            sent.map(|len| message(&out[..len], fields))
        }
        8 => server.want_content(),
        9 | 10 => {
            let (how, fields) = (
                input.byte(),
                FIELDS[usize::from(input.byte()) % FIELDS.len()],
            );
            let response =
                Response::new(STATUSES[usize::from(how) % STATUSES.len()]).fields(fields);
            let response = match how >> 5 {
                0 => response,
                1 => response.content(b"hello"),
                2 => response.content_length(7),
                3 => response.chunked(),
                4 => response.until_close(),
                5 => response.close(),
                _ => response.advertise(),
            };
            let sent = server.respond(&mut out, &response);
            check_needed(sent, &out, |out| server.respond(out, &response));
            sent.map(|len| message(&out[..len], fields))
        }
        11 if detail & 1 == 0 => server.tls_established(),
        11 => server.tls_failed(),
        _ => {
            let untouched = server.clone().hand_over();
            if let Ok((storage, len)) = untouched {
                assert!(
                    matches!(action, "decide" | "respond"),
                    "handed over out of turn"
                );
                assert_eq!(Some(&storage[..len]), head.as_deref());
            }
            return;
        }
    };
    // Content that the application wants need not have come, nor the 100 gone out.
    let is_early = matches!(verb, 9 | 10) && past.wants && matches!(action, "receive" | "send");
    let turn = match verb {
        4 | 5 => "decide",
        6 | 7 => "send",
        8..=10 => "respond",
        _ => "switch",
    };
    if outcome.is_ok() {
        assert!(action == turn || is_early, "succeeds out of turn");
        assert!(!past.switched, "something behind the switch");
        past.wants = verb == 8 || (past.wants && turn != "decide" && turn != "respond");
        past.switched = kind(server.action()) == "switch"
            && !matches!(server.action(), Action::Switch(Protocol::Tls, _));
    } else {
        assert!(
            action == turn || is_early || outcome == Err(Misuse::OutOfTurn),
            "{outcome:?} at {action}"
        );
        assert_eq!(
            format!("{server:?}"),
            before,
            "{outcome:?} changes something"
        );
        assert_eq!(
            server.request().map(|request| request.head().to_vec()),
            head
        );
    }
}

/// A buffer that is too small by a byte is too small, and one that is not is enough; the first call changed nothing.
fn check_needed(
    outcome: Result<usize, Misuse>,
    out: &[u8],
    mut again: impl FnMut(&mut [u8]) -> Result<usize, Misuse>,
) {
    let Err(Misuse::BufferTooSmall { needed }) = outcome else {
        return;
    };
    assert!(needed > out.len(), "too small: {needed} of {}", out.len());
    assert_eq!(again(&mut vec![0; needed - 1]), outcome);
}

fn message(message: &[u8], fields: &[(&str, &str)]) {
    let response = head::Response::read(message, false)
        .complete()
        .expect("a message that is none");
    for (name, value) in fields {
        assert!(
            response.lines.all(name).contains(&value.as_bytes()),
            "{name} is missing"
        );
    }
}

fn kind(action: Action<'_>) -> &'static str {
    match action {
        Action::Receive => "receive",
        Action::Decide(_) => "decide",
        Action::Send(_) => "send",
        Action::Respond(_) => "respond",
        Action::Switch(..) => "switch",
        Action::Close(_) => "close",
    }
}

fn operate_client<'r>(
    mut client: Client<'r, Vec<u8>>,
    retry: &'r http_upgrade::UpgradeRequest<'r>,
    input: &mut Input<'_>,
    offers_nothing: bool,
) {
    let mut wire = Wire::read(input);
    for _ in 0..200 {
        if input.is_empty() {
            return;
        }
        let before = format!("{client:?}");
        let action = client_kind(client.action());
        assert_eq!(
            action,
            client_kind(client.action()),
            "asking changes the answer"
        );
        let (verb, detail) = (input.byte() % 13, input.byte());
        let mut out = vec![0; usize::from(detail) * 4];
        let outcome: Result<(), Misuse> = match verb {
            0 | 1 => {
                let piece = wire.next(detail);
                let used = if verb == 0 {
                    client.receive(piece)
                } else {
                    client.receive_content(piece).0
                };
                // Where no protocol is offered a response may come before the content has gone out.
                let is_early = offers_nothing && matches!(action, "send" | "content");
                assert!(
                    used <= piece.len() && (used == 0 || is_early || action == "receive"),
                    "takes out of turn"
                );
                wire.taken += used;
                continue;
            }
            2 => {
                client.unread(usize::from(detail));
                continue;
            }
            3 => {
                match detail % 3 {
                    0 => client.timeout(),
                    1 => client.end_of_input(),
                    _ => client.connection_lost(),
                }
                if matches!(action, "switched" | "close") {
                    assert_eq!(format!("{client:?}"), before, "moves behind the end");
                }
                continue;
            }
            4 | 5 => {
                let sent = client.send(&mut out);
                check_needed(sent, &out, |out| client.send(out));
                sent.map(drop)
            }
            6 => client.content_sent(u64::from(detail)),
            7 | 8 => client.proceed(),
            9 => client.want_content(),
            10 => client.retry(retry),
            11 => client.tls_established(),
            _ => client.tls_failed(),
        };
        let turn = match verb {
            4 | 5 => "send",
            6 => "content",
            7 | 8 => "interim",
            9 | 10 => "response",
            _ => "tls",
        };
        if outcome.is_ok() {
            assert_eq!(action, turn, "succeeds out of turn");
        } else {
            assert!(
                action == turn || outcome == Err(Misuse::OutOfTurn),
                "{outcome:?} at {action}"
            );
            assert_eq!(
                format!("{client:?}"),
                before,
                "{outcome:?} changes something"
            );
        }
    }
}

fn client_kind(action: client::Action<'_>) -> &'static str {
    match action {
        client::Action::Send => "send",
        client::Action::SendContent(_) => "content",
        client::Action::Receive => "receive",
        client::Action::Interim(_) => "interim",
        client::Action::Switch(Protocol::Tls, _) => "tls",
        client::Action::Switch(..) => "switched",
        client::Action::Response(_) => "response",
        client::Action::Close(_) => "close",
    }
}

const KEY: [u8; 4] = [9, 0, 200, 7];

/// One end of a WebSocket.
trait End: Clone + std::fmt::Debug {
    /// Whether what it writes is masked.
    const MASKS: bool;
    fn receive(&mut self, input: &mut [u8]) -> usize;
    fn send(&mut self, out: &mut [u8]) -> Result<usize, SendError>;
    fn write(&mut self, frame: Frame<'_>, out: &mut [u8]) -> Result<usize, SendError>;
    fn write_in_place(
        &mut self,
        kind: Kind,
        last: bool,
        buffer: &mut [u8],
    ) -> Result<Vec<u8>, SendError>;
    fn append(
        &mut self,
        frame: Frame<'_>,
        out: &mut heapless::Vec<u8, 512>,
    ) -> Result<(), SendError>;
    fn end_of_input(&mut self);
}

#[derive(Clone, Debug)]
struct ServerEnd(WebSocket<role::Server>);
#[derive(Clone, Debug)]
struct ClientEnd(WebSocket<role::Client>);

macro_rules! end {
    ($end:ident $masks:literal $($key:ident)?) => {
        impl End for $end {
            const MASKS: bool = $masks;
            fn receive(&mut self, input: &mut [u8]) -> usize {
                self.0.receive(input).0
            }
            fn send(&mut self, out: &mut [u8]) -> Result<usize, SendError> {
                self.0.send($($key,)? out)
            }
            fn write(&mut self, frame: Frame<'_>, out: &mut [u8]) -> Result<usize, SendError> {
                self.0.write(frame, $($key,)? out)
            }
            fn write_in_place(&mut self, kind: Kind, last: bool, buffer: &mut [u8]) -> Result<Vec<u8>, SendError> {
                self.0.write_in_place(kind, last, $($key,)? buffer).map(<[u8]>::to_vec)
            }
            fn append(&mut self, frame: Frame<'_>, out: &mut heapless::Vec<u8, 512>) -> Result<(), SendError> {
                self.0.append(frame, $($key,)? out)
            }
            fn end_of_input(&mut self) {
                self.0.end_of_input();
            }
        }
    };
}

end!(ServerEnd false);
end!(ClientEnd true KEY);

fn websocket<E: End>(mut end: E, input: &mut Input<'_>) {
    let mut wire = Wire::read(input);
    let mut written = Vec::new();
    for _ in 0..200 {
        if input.is_empty() {
            break;
        }
        let before = format!("{end:?}");
        let (verb, detail) = (input.byte() % 6, input.byte());
        let mut out = vec![0; usize::from(detail)];
        let outcome = match verb {
            0 => {
                let mut piece = wire.next(detail).to_vec();
                wire.taken += end.receive(&mut piece);
                continue;
            }
            1 => end
                .send(&mut out)
                .map(|len| written.extend_from_slice(&out[..len])),
            2 if detail == 0 => {
                end.end_of_input();
                continue;
            }
            _ => {
                let kind = input.byte();
                let text = String::from_utf8_lossy(input.counted());
                let frame = frame(kind, &text);
                write(&mut end, verb, frame, &mut out).map(|bytes| written.extend(bytes))
            }
        };
        if outcome.is_err() {
            assert_eq!(format!("{end:?}"), before, "{outcome:?} changes something");
        }
    }
    let all = Expected {
        masked: E::MASKS,
        frame: u64::MAX,
        message: u64::MAX,
    };
    let (said, taken) = frames::read(&written, all);
    assert!(
        !said.iter().any(|said| matches!(said, Said::Fault(_))),
        "a peer would fail: {said:?}"
    );
    // A ping that came before the peer's Close is answered still (RFC 6455 section 5.5.2).
    let behind = frames::frames(&written[taken..]).expect("frames behind the Close");
    assert!(
        behind.iter().all(|frame| frame.opcode == 10),
        "behind the Close: {behind:?}"
    );
}

fn frame(kind: u8, text: &str) -> Frame<'_> {
    let code = CloseCode::new(match kind >> 4 {
        0..8 => 1000 + u16::from(kind >> 4),
        8..12 => 1000 + u16::from(kind >> 4) + 3,
        12 => 2999,
        13 => 3000,
        14 => 4999,
        _ => 5000,
    });
    match kind % 8 {
        0 => Frame::text(text),
        1 => Frame::text(text).last(false),
        2 => Frame::binary(text.as_bytes()),
        3 => Frame::binary(text.as_bytes()).last(false),
        4 => Frame::ping(text.as_bytes()),
        5 => Frame::pong(text.as_bytes()).last(kind & 16 == 0),
        6 => Frame::close(code, text),
        _ => Frame::close_without_code(),
    }
}

/// Writes a frame in one of the ways; all ways give the same.
fn write<E: End>(
    end: &mut E,
    way: u8,
    frame: Frame<'_>,
    out: &mut [u8],
) -> Result<Vec<u8>, SendError> {
    let mut other = end.clone();
    let outcome = end.write(frame, out).map(|len| out[..len].to_vec());
    if let Err(SendError::BufferTooSmall { needed }) = outcome {
        assert!(needed > out.len());
        let mut more = vec![0; needed];
        let len = other.clone().write(frame, &mut more[..needed - 1]);
        assert_eq!(len, Err(SendError::BufferTooSmall { needed }));
        assert_eq!(other.write(frame, &mut more), Ok(needed));
        return outcome;
    }
    let again = match way {
        3 => {
            let mut vec = heapless::Vec::from_slice(b"before").expect("room");
            other.append(frame, &mut vec).map(|()| vec[6..].to_vec())
        }
        4 => match in_place(frame) {
            Some((kind, last)) => {
                let mut buffer = [&[0; HEADROOM], frame.payload()].concat();
                other.write_in_place(kind, last, &mut buffer)
            }
            None => return outcome,
        },
        _ => return outcome,
    };
    assert_eq!(again, outcome, "another frame by another way");
    assert_eq!(format!("{other:?}"), format!("{end:?}"));
    outcome
}

/// The kind of a data frame, and whether it is the last.
fn in_place(frame: Frame<'_>) -> Option<(Kind, bool)> {
    let text = std::str::from_utf8(frame.payload()).ok()?;
    for last in [false, true] {
        if frame == Frame::text(text).last(last) {
            return Some((Kind::Text, last));
        }
        if frame == Frame::binary(frame.payload()).last(last) {
            return Some((Kind::Binary, last));
        }
    }
    None
}
