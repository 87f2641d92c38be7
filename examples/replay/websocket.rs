//! `replay websocket`: the frames of a peer in, what the machine does out.

use super::{help, options};
use http_upgrade::websocket::{
    Action, Answer, Assembler, CloseCode, Closure, Event, Limits, Message, ProtocolError, Role,
    WebSocket, role,
};
use std::fmt::Write as _;

/// What the help says of a frame and of a message: the limits of [`Limits::DEFAULT`].
const LIMIT: u64 = 16 << 20;

/// What the arguments ask for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub client: bool,
    pub limits: Limits,
    /// Bytes of the first piece of input.
    pub first: usize,
    /// Bytes of each further piece.
    pub split: usize,
}

/// Reads `args`, replays `input`: the lines, and whether the peer broke no rule.
pub fn run(args: &[String], input: &[u8]) -> Result<(String, bool), String> {
    replay(&Options::parse(args)?, input)
}

impl Options {
    pub fn parse(args: &[String]) -> Result<Self, String> {
        options::check(args, help::WEBSOCKET)?;
        let client = match options::value(args, "--role") {
            Some("client") => true,
            Some("server") => false,
            Some(other) => return Err(format!("--role is server or client, not {other:?}")),
            None => return Err("--role server or --role client is missing".to_owned()),
        };
        let split = options::split(args)?;
        let limits = Limits::DEFAULT
            .frame(options::number(args, "--max-frame", LIMIT)?)
            .message(options::number(args, "--max-message", LIMIT)?);
        Ok(Self {
            client,
            limits,
            first: split,
            split,
        })
    }
}

/// Replays `input` in the pieces that `options` ask for.
pub fn replay(options: &Options, input: &[u8]) -> Result<(String, bool), String> {
    let mut out = [0; http_upgrade::websocket::MAX_CONTROL_FRAME];
    if options.client {
        // Nothing goes to a peer, so that any key will do.
        let send = |ws: &mut WebSocket<role::Client>| ws.send([1, 2, 3, 4], &mut out).is_ok();
        Replay::new(WebSocket::client(options.limits)).run(options, input, send)
    } else {
        let send = |ws: &mut WebSocket<role::Server>| ws.send(&mut out).is_ok();
        Replay::new(WebSocket::server(options.limits)).run(options, input, send)
    }
}

struct Replay<R> {
    ws: WebSocket<R>,
    assembler: Assembler<Vec<u8>>,
    lines: String,
    failed: Option<ProtocolError>,
}

impl<R: Role> Replay<R> {
    fn new(ws: WebSocket<R>) -> Self {
        let assembler = Assembler::new(Vec::new());
        Self {
            ws,
            assembler,
            lines: String::new(),
            failed: None,
        }
    }

    fn run(
        mut self,
        options: &Options,
        input: &[u8],
        mut send: impl FnMut(&mut WebSocket<R>) -> bool,
    ) -> Result<(String, bool), String> {
        self.assembler = Assembler::new(vec![0; input.len()]);
        let mut input = input.to_vec();
        let (mut at, mut end) = (0, options.first.min(input.len()));
        loop {
            match self.ws.action() {
                Action::Receive if at == input.len() => {
                    self.line("receive");
                    break;
                }
                Action::Receive => {
                    if at == end {
                        end = end.saturating_add(options.split).min(input.len());
                    }
                    let (used, event) = self.ws.receive(&mut input[at..end]);
                    at += used;
                    if let Some(event) = event {
                        self.event(event)?;
                    }
                }
                Action::Send(answer) => {
                    self.answer(answer);
                    if !send(&mut self.ws) {
                        return Err("an answer did not fit".into());
                    }
                }
                Action::Close(Closure::Failed(error)) => {
                    self.fail(error);
                    break;
                }
                Action::AwaitClose | Action::Close(_) => break,
            }
        }
        self.line(&format!("rest {}", input.len() - at));
        Ok((self.lines, self.failed.is_none()))
    }

    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        let line = match event {
            Event::Ping => format!("ping {}", self.ws.control_payload().len()),
            Event::Pong => format!("pong {}", self.ws.control_payload().len()),
            Event::Close(code) => format!("close {code}"),
            data => match self
                .assembler
                .push(data)
                .map_err(|error| error.to_string())?
            {
                Some(Message::Text(text)) => format!("text {text:?}"),
                Some(Message::Binary(bytes)) => format!("binary {}", bytes.len()),
                None => return Ok(()),
            },
        };
        self.line(&line);
        Ok(())
    }

    fn answer(&mut self, answer: Answer) {
        let code = match answer {
            Answer::Pong => {
                let line = format!("send pong {}", self.ws.control_payload().len());
                return self.line(&line);
            }
            // That code is never on the wire: the frame is empty.
            Answer::Close(CloseCode::NONE) => return self.line("send close"),
            Answer::Close(code) => code,
            Answer::Fail(error) => {
                self.fail(error);
                error.close_code()
            }
        };
        self.line(&format!("send close {code}"));
    }

    /// The failure is the same before and after the Close that says so.
    fn fail(&mut self, error: ProtocolError) {
        if self.failed.replace(error).is_none() {
            self.line(&format!("fail {} {error}", error.close_code()));
        }
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.lines, "{line}");
    }
}
