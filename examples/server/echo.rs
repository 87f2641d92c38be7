//! `/echo`: each message comes back, piece by piece while it arrives, so that none is ever held, whatever its size.

use super::socket::{Input, Log, is_timeout, linger};
use http_upgrade::websocket::{
    Action, Answer, Closure, Event, Frame, HEADROOM, Limits, MAX_CONTROL_FRAME, SendError,
    WebSocket,
};
use std::io::{self, Write};
use std::net::TcpStream;

const LIMITS: Limits = Limits::NONE.message(64 << 20).frame(64 << 20);

/// Echoes until the connection ends. A peer that is silent is asked with a Ping, once. One that sends much and does not read
/// meanwhile is left when a write has waited too long.
pub fn serve(mut socket: TcpStream, mut input: Input, log: Log) -> io::Result<()> {
    let mut ws = WebSocket::server(LIMITS);
    let mut out = Vec::new();
    let mut is_silent = false;
    loop {
        match ws.action() {
            Action::Receive if input.is_empty() => {
                socket.write_all(&out)?;
                out.clear();
                match input.fill(&socket) {
                    Ok(0) => ws.end_of_input(),
                    Ok(_) => is_silent = false,
                    Err(error) if is_timeout(&error) && !is_silent => {
                        is_silent = true;
                        append(&mut out, 0, |free| ws.write(Frame::ping(b""), free))?;
                    }
                    Err(error) => return Err(error),
                }
            }
            Action::Receive => {
                let event = input.offer(|bytes| ws.receive(bytes));
                let frame = match event {
                    Some(Event::Text { ref piece, last }) => Frame::text(piece).last(last),
                    Some(Event::Binary { piece, last }) => Frame::binary(piece).last(last),
                    Some(Event::Close(code)) => {
                        log.line(&format!("close {code}"));
                        continue;
                    }
                    _ => continue,
                };
                append(&mut out, frame.payload().len(), |free| {
                    ws.write(frame, free)
                })?;
            }
            Action::Send(answer) => {
                say(log, answer);
                append(&mut out, MAX_CONTROL_FRAME, |free| ws.send(free))?;
            }
            Action::AwaitClose | Action::Close(_) => break,
        }
    }
    if ws.action() == Action::Close(Closure::Lost) {
        log.line("close 1006");
    }
    socket.write_all(&out)?;
    linger(&socket)
}

/// The line for an answer of the machine.
pub fn say(log: Log, answer: Answer) {
    match answer {
        Answer::Pong => {}
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
