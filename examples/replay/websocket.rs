//! `replay websocket --role server|client [--split N] [--max-frame N] [--max-message N]`: the peer's frames in, lines out.
//!
//! | line | what it says |
//! |---|---|
//! | `text "..."`, `binary N` | a whole message has come; of a binary one its length |
//! | `ping N`, `pong N` | such a frame with N bytes of payload |
//! | `close CODE` | the peer's Close; 1005 without a code |
//! | `send pong N`, `send close CODE` | the machine's answer |
//! | `fail CODE NAME` | the peer broke this rule |
//! | `receive` | the input has ended, and the machine would take more |
//! | `rest N` | always last: the bytes that were not taken |

use http_upgrade::websocket::{
    Action, Answer, Assembler, Closure, Event, Limits, Message, ProtocolError, Role, WebSocket,
    role,
};
use std::fmt::Write as _;

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
        let (mut client, mut limits, mut split) = (None, Limits::DEFAULT, usize::MAX);
        let mut args = args.iter();
        while let Some(name) = args.next() {
            let value = args.next().ok_or(format!("{name} needs a value"))?;
            let number = || {
                value
                    .parse::<u64>()
                    .map_err(|error| format!("{name}: {error}"))
            };
            match (name.as_str(), value.as_str()) {
                ("--role", "server") => client = Some(false),
                ("--role", "client") => client = Some(true),
                ("--split", _) => split = usize::try_from(number()?.max(1)).unwrap_or(usize::MAX),
                ("--max-frame", _) => limits = limits.frame(number()?),
                ("--max-message", _) => limits = limits.message(number()?),
                _ => return Err(format!("unknown: {name} {value}")),
            }
        }
        let client = client.ok_or("--role server or --role client is missing")?;
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
