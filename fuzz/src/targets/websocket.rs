//! The framing machine in both roles, and any bytes of its peer.

use http_upgrade::websocket::{
    Action, Assembler, Closure, Event, Limits, MAX_CONTROL_FRAME, Message, WebSocket, role,
};

use crate::input::{Input, Splits};
use crate::reference::frames::{self, Expected, Frame, Said};

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let (role, limits, splits) = (input.byte(), input.byte(), input.byte());
    let masked = role & 1 == 0;
    let (frame, message) = match limits % 4 {
        0 => (16 << 20, 16 << 20),
        1 => (30, 40),
        2 => (u64::MAX, u64::MAX),
        _ => (u64::MAX, u64::from(limits)),
    };
    let wire = input.rest();
    let run = |splits| {
        let limits = Limits::DEFAULT.frame(frame).message(message);
        let machine = if masked {
            Machine::Server(WebSocket::server(limits))
        } else {
            Machine::Client(WebSocket::client(limits))
        };
        receive(machine, wire, splits)
    };
    let whole = run(Splits::Whole);
    assert_eq!(
        run(Splits::other(splits)),
        whole,
        "another transcript in pieces"
    );
    let (said, taken) = frames::read(
        wire,
        Expected {
            masked,
            frame,
            message,
        },
    );
    assert_eq!(
        (&whole.said, whole.taken),
        (&said, taken),
        "not what the reference reads"
    );
    let answers = frames::frames(&whole.answers).expect("answers that are no frames");
    assert_eq!(answers, expected_answers(&said, !masked), "other answers");
}

/// A machine in one of its roles.
enum Machine {
    Server(WebSocket<role::Server>),
    Client(WebSocket<role::Client>),
}

impl Machine {
    fn action(&self) -> Action {
        match self {
            Machine::Server(machine) => machine.action(),
            Machine::Client(machine) => machine.action(),
        }
    }

    fn receive<'b>(&mut self, input: &'b mut [u8]) -> (usize, Option<Event<'b>>) {
        match self {
            Machine::Server(machine) => machine.receive(input),
            Machine::Client(machine) => machine.receive(input),
        }
    }

    fn send(&mut self, out: &mut [u8]) -> usize {
        let outcome = match self {
            Machine::Server(machine) => machine.send(out),
            Machine::Client(machine) => machine.send(KEY, out),
        };
        outcome.expect("room")
    }

    fn end_of_input(&mut self) {
        match self {
            Machine::Server(machine) => machine.end_of_input(),
            Machine::Client(machine) => machine.end_of_input(),
        }
    }

    fn control_payload(&self) -> Vec<u8> {
        match self {
            Machine::Server(machine) => machine.control_payload().to_vec(),
            Machine::Client(machine) => machine.control_payload().to_vec(),
        }
    }

    fn close_reason(&self) -> String {
        match self {
            Machine::Server(machine) => machine.close_reason().to_owned(),
            Machine::Client(machine) => machine.close_reason().to_owned(),
        }
    }
}

#[derive(PartialEq, Eq, Debug, Default)]
struct Log {
    said: Vec<Said>,
    taken: usize,
    answers: Vec<u8>,
}

fn receive(mut machine: Machine, wire: &[u8], mut splits: Splits) -> Log {
    let mut log = Log::default();
    let (mut open, mut out) = (Vec::new(), [0; MAX_CONTROL_FRAME]);
    let mut assembler = Assembler::new(vec![0; wire.len()]);
    let mut assembled = Vec::new();
    loop {
        match machine.action() {
            Action::Receive if log.taken == wire.len() => break,
            Action::Receive => {
                let len = splits.next(wire.len() - log.taken);
                let mut piece = wire[log.taken..log.taken + len].to_vec();
                let bounds = piece.as_ptr_range();
                let (used, event) = machine.receive(&mut piece);
                assert!(
                    used > 0 && used <= len,
                    "takes nothing, or what was not offered"
                );
                log.taken += used;
                let Some(event) = event else { continue };
                if let Ok(Some(message)) = assembler.push(event) {
                    assembled.push(match message {
                        Message::Text(text) => Said::Text(text.to_owned()),
                        Message::Binary(bytes) => Said::Binary(bytes.to_vec()),
                    });
                }
                let said = match event {
                    Event::Text { piece, last } => {
                        open.extend_from_slice(piece.as_bytes());
                        last.then(|| {
                            Said::Text(String::from_utf8(std::mem::take(&mut open)).expect("text"))
                        })
                    }
                    Event::Binary { piece, last } => {
                        assert!(
                            piece.is_empty() || bounds.contains(&piece.as_ptr()),
                            "payload from elsewhere"
                        );
                        open.extend_from_slice(piece);
                        last.then(|| Said::Binary(std::mem::take(&mut open)))
                    }
                    Event::Ping => Some(Said::Ping(machine.control_payload())),
                    Event::Pong => Some(Said::Pong(machine.control_payload())),
                    Event::Close(code) => Some(Said::Close(code.get(), machine.close_reason())),
                };
                log.said.extend(said);
            }
            Action::Send(_) => {
                let len = machine.send(&mut out);
                log.answers.extend_from_slice(&out[..len]);
            }
            Action::AwaitClose | Action::Close(_) => break,
        }
    }
    let messages = log
        .said
        .iter()
        .filter(|said| matches!(said, Said::Text(_) | Said::Binary(_)));
    assert!(messages.eq(&assembled), "the assembler has other messages");
    if let Action::Close(Closure::Failed(error)) = machine.action() {
        log.said.push(Said::Fault(error.close_code().get()));
    }
    assert_end(&mut machine, &wire[log.taken..]);
    log
}

fn assert_end(machine: &mut Machine, rest: &[u8]) {
    machine.end_of_input();
    let end = machine.action();
    assert!(
        matches!(end, Action::Close(_)),
        "goes on behind the end: {end:?}"
    );
    assert_eq!(
        machine.receive(&mut rest.to_vec()),
        (0, None),
        "takes bytes behind the end"
    );
    assert_eq!(
        machine.send(&mut [0; MAX_CONTROL_FRAME]),
        0,
        "writes behind the end"
    );
    assert_eq!(machine.action(), end);
}

fn expected_answers(said: &[Said], masked: bool) -> Vec<Frame> {
    let answer = |said: &Said| {
        let (opcode, payload) = match said {
            Said::Ping(payload) => (10, payload.clone()),
            Said::Close(1005, _) => (8, Vec::new()),
            Said::Close(code, _) | Said::Fault(code) => (8, code.to_be_bytes().to_vec()),
            _ => return None,
        };
        Some(Frame {
            last: true,
            opcode,
            masked,
            payload,
        })
    };
    said.iter().filter_map(answer).collect()
}
