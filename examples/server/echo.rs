//! `/echo`: each message comes back, piece by piece while it arrives, so that none is ever held, whatever its size.

use super::socket::{Input, Log, is_timeout, linger};
use http_upgrade::websocket::{
    Action, Answer, CloseCode, Closure, Event, Frame, HEADROOM, Limits, MAX_CONTROL_FRAME,
    SendError, WebSocket, role,
};
use std::io::{self, Write};
use std::net::TcpStream;

const LIMITS: Limits = Limits::NONE.message(64 << 20).frame(64 << 20);

/// Echoes until the connection ends. A peer that is silent is asked with a Ping, once. One that sends much and does not read
/// meanwhile is left when a write has waited too long.
pub fn serve(mut socket: TcpStream, mut input: Input, log: Log) -> io::Result<()> {
    let mut echo = Echo {
        ws: WebSocket::server(LIMITS),
        out: Vec::new(),
        is_silent: false,
        log,
    };
    loop {
        match echo.ws.action() {
            Action::Receive if input.is_empty() => {
                socket.write_all(&echo.out)?;
                echo.out.clear();
                echo.read(&mut input, &socket)?;
            }
            Action::Receive => echo.receive(&mut input)?,
            Action::Send(answer) => {
                say(log, answer);
                append(&mut echo.out, MAX_CONTROL_FRAME, |free| echo.ws.send(free))?;
            }
            Action::AwaitClose | Action::Close(_) => break,
        }
    }
    if echo.ws.action() == Action::Close(Closure::Lost) {
        log.line("close 1006");
    }
    socket.write_all(&echo.out)?;
    linger(&socket);
    Ok(())
}

struct Echo {
    ws: WebSocket<role::Server>,
    /// Frames that go out before more is read.
    out: Vec<u8>,
    is_silent: bool,
    log: Log,
}

impl Echo {
    fn read(&mut self, input: &mut Input, socket: &TcpStream) -> io::Result<()> {
        match input.fill(socket) {
            Ok(0) => self.ws.end_of_input(),
            Ok(_) => self.is_silent = false,
            Err(error) if is_timeout(&error) && !self.is_silent => {
                self.is_silent = true;
                append(&mut self.out, 0, |free| {
                    self.ws.write(Frame::ping(b""), free)
                })?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn receive(&mut self, input: &mut Input) -> io::Result<()> {
        let event = input.offer(|bytes| self.ws.receive(bytes));
        let frame = match event {
            Some(Event::Text { ref piece, last }) => Frame::from(piece).last(last),
            Some(Event::Binary { piece, last }) => Frame::binary(piece).last(last),
            Some(Event::Close(code)) => {
                closed(self.log, code, self.ws.close_reason());
                return Ok(());
            }
            _ => return Ok(()),
        };
        append(&mut self.out, frame.payload().len(), |free| {
            self.ws.write(frame, free)
        })
    }
}

/// The lines for a Close of the peer.
pub fn closed(log: Log, code: CloseCode, reason: &str) {
    log.line(&format!("close {code}"));
    if !reason.is_empty() {
        log.line(&format!("reason {reason:?}"));
    }
}

/// The line for an answer of the machine.
pub fn say(log: Log, answer: Answer) {
    match answer {
        Answer::Pong => {}
        // That code is never on the wire: the frame is empty.
        Answer::Close(CloseCode::NONE) => log.line("send close"),
        Answer::Close(code) => log.line(&format!("send close {code}")),
        Answer::Fail(error) => {
            let code = error.close_code();
            log.line(&format!("fail {code} {error}"));
            log.line(&format!("send close {code}"));
        }
    }
}

/// Appends a frame with that much payload.
fn append(
    out: &mut Vec<u8>,
    payload: usize,
    write: impl FnOnce(&mut [u8]) -> Result<usize, SendError>,
) -> io::Result<()> {
    let before = out.len();
    out.resize(before + payload + HEADROOM, 0);
    let len = write(&mut out[before..]).map_err(io::Error::other)?;
    out.truncate(before + len);
    Ok(())
}
