//! WebSocket on a wire, clear or inside TLS: a server that sends each message back, and a client that says one thing.

use std::io::{self, Read, Write};

use http_upgrade::websocket::{
    Action, CloseCode, Event, Frame, HEADROOM, Limits, MAX_CONTROL_FRAME, WebSocket,
};

use super::wire::Wire;

/// Echoes, piece by piece, until the connection ends.
pub fn serve<S: Read + Write>(wire: &mut Wire<S>) -> io::Result<()> {
    let mut ws = WebSocket::server(Limits::DEFAULT);
    let mut out = Vec::new();
    loop {
        match ws.action() {
            Action::Receive if wire.unread().is_empty() => {
                if wire.fill()? == 0 {
                    ws.end_of_input();
                }
            }
            Action::Receive => {
                let (used, event) = ws.receive(wire.unread());
                let frame = match event {
                    Some(Event::Text { ref piece, last }) => Some(Frame::from(piece).last(last)),
                    Some(Event::Binary { piece, last }) => Some(Frame::binary(piece).last(last)),
                    _ => None,
                };
                let mut len = 0;
                if let Some(frame) = frame {
                    out.resize(frame.payload().len() + HEADROOM, 0);
                    len = ws.write(frame, &mut out).map_err(io::Error::other)?;
                }
                wire.take(used);
                wire.write_all(&out[..len])?;
            }
            Action::Send(_) => {
                let mut answer = [0; MAX_CONTROL_FRAME];
                let len = ws.send(&mut answer).map_err(io::Error::other)?;
                wire.write_all(&answer[..len])?;
            }
            Action::AwaitClose | Action::Close(_) => return Ok(()),
        }
    }
}

/// Says that, hears one message, closes, and returns what it heard. `random` makes a masking key.
pub fn say<S: Read + Write>(
    wire: &mut Wire<S>,
    text: &str,
    random: impl Fn() -> [u8; 4],
) -> io::Result<String> {
    let mut ws = WebSocket::client(Limits::DEFAULT);
    let mut heard = String::new();
    let mut out = vec![0; text.len() + MAX_CONTROL_FRAME + HEADROOM];
    let mut len = ws
        .write(Frame::text(text), random(), &mut out)
        .map_err(io::Error::other)?;
    loop {
        wire.write_all(&out[..len])?;
        len = 0;
        match ws.action() {
            Action::Receive if wire.unread().is_empty() => {
                if wire.fill()? == 0 {
                    ws.end_of_input();
                }
            }
            Action::Receive => {
                let (used, event) = ws.receive(wire.unread());
                let mut is_whole = false;
                if let Some(Event::Text { piece, last }) = event {
                    heard += &piece;
                    is_whole = last;
                }
                wire.take(used);
                if is_whole {
                    let close = Frame::close(CloseCode::NORMAL, "");
                    len = ws
                        .write(close, random(), &mut out)
                        .map_err(io::Error::other)?;
                }
            }
            Action::Send(_) => len = ws.send(random(), &mut out).map_err(io::Error::other)?,
            // Both have closed: however the connection ends now, nothing is lost.
            Action::AwaitClose => {
                if !matches!(wire.fill(), Ok(1..)) {
                    ws.end_of_input();
                }
            }
            Action::Close(_) => return Ok(heard),
        }
    }
}
