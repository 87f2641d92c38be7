//! All cases of an Autobahn fuzzing server, one connection each: whatever comes is sent back, piece by piece.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;

use http_upgrade::websocket::{
    Action, Event, Frame, HEADROOM, Limits, MAX_CONTROL_FRAME, WebSocket,
};

/// Goes through the cases of the server at that URI.
pub fn run(server: &str) -> Result<(), Box<dyn Error>> {
    let server = server.trim_end_matches('/');
    let count: usize = echo(&format!("{server}/getCaseCount"), false)?.parse()?;
    for case in 1..=count {
        println!("case {case} of {count}");
        // The server may break off the connection: what it makes of a case is in its report.
        if let Err(error) = echo(&format!("{server}/runCase?case={case}&agent=client"), true) {
            println!("{error}");
        }
    }
    echo(&format!("{server}/updateReports?agent=client"), false)?;
    Ok(())
}

/// Sends back what comes, or only keeps its text. Gives that text.
fn echo(uri: &str, is_echo: bool) -> Result<String, Box<dyn Error>> {
    let (mut socket, mut bytes) = super::websocket(uri)?;
    let mut taken = 0;
    let mut kept = String::new();
    let mut ws = WebSocket::client(Limits::NONE);
    loop {
        let mut out = Vec::new();
        match ws.action() {
            Action::Receive | Action::AwaitClose if taken == bytes.len() => {
                taken = 0;
                bytes.resize(64 * 1024, 0);
                let len = read(&mut socket, &mut bytes);
                bytes.truncate(len);
                if len == 0 {
                    ws.end_of_input();
                }
            }
            Action::Receive => {
                let (used, event) = ws.receive(&mut bytes[taken..]);
                taken += used;
                let frame = match event {
                    Some(Event::Text { ref piece, .. }) if !is_echo => {
                        kept += piece;
                        continue;
                    }
                    Some(Event::Text { ref piece, last }) => Frame::from(piece).last(last),
                    Some(Event::Binary { piece, last }) => Frame::binary(piece).last(last),
                    _ => continue,
                };
                out.resize(frame.payload().len() + HEADROOM, 0);
                let len = ws.write(frame, super::random(), &mut out)?;
                socket.write_all(&out[..len])?;
            }
            Action::Send(_) => {
                out.resize(MAX_CONTROL_FRAME, 0);
                let len = ws.send(super::random(), &mut out)?;
                socket.write_all(&out[..len])?;
            }
            Action::AwaitClose => taken = bytes.len(),
            Action::Close(_) => return Ok(kept),
        }
    }
}

/// 0 at the end of the connection, whatever brought it about.
fn read(socket: &mut TcpStream, bytes: &mut [u8]) -> usize {
    socket.read(bytes).unwrap_or(0)
}
