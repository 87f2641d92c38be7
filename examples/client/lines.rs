//! A WebSocket from the terminal: each line that is typed is sent, each text that comes is printed.
//!
//! Two threads read, the terminal and the socket; the machine is in the hands of one.

use std::error::Error;
use std::io::{self, BufRead, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;

use http_upgrade::websocket::{
    Action, CloseCode, Closure, Event, Frame, HEADROOM, Limits, MAX_CONTROL_FRAME, SendError,
    WebSocket, role,
};

/// What the threads read.
enum Input {
    Line(String),
    EndOfLines,
    /// Input that is no UTF-8 or cannot be read; no line follows.
    LostLines,
    Bytes(Vec<u8>),
    EndOfBytes,
}

struct Talk {
    ws: WebSocket<role::Client>,
    socket: TcpStream,
    /// How many messages wait for an answer.
    unanswered: usize,
    /// Whether no line follows.
    is_over: bool,
    /// Whether lines were lost.
    has_lost: bool,
    /// Bytes of the binary message that is coming in.
    binary: usize,
}

/// Talks until either side closes. Behind the last line it waits until each has had an answer. Says whether all had one, none
/// was lost and the connection closed as it should.
pub fn talk(socket: TcpStream, early: Vec<u8>) -> Result<bool, Box<dyn Error>> {
    let inputs = inputs(&socket, early)?;
    let mut talk = Talk {
        ws: WebSocket::client(Limits::NONE),
        socket,
        unanswered: 0,
        is_over: false,
        has_lost: false,
        binary: 0,
    };
    let mut bytes = Vec::new();
    let mut taken = 0;
    loop {
        match talk.ws.action() {
            Action::Receive | Action::AwaitClose if taken == bytes.len() => {
                match inputs.recv_timeout(super::PATIENCE) {
                    Ok(Input::Line(line)) => talk.say(&line)?,
                    Ok(Input::EndOfLines) => talk.is_over = true,
                    Ok(Input::LostLines) => (talk.is_over, talk.has_lost) = (true, true),
                    Ok(Input::Bytes(more)) => (bytes, taken) = (more, 0),
                    Err(RecvTimeoutError::Timeout) if !talk.is_over => {}
                    Ok(Input::EndOfBytes) | Err(_) => talk.ws.end_of_input(),
                }
                talk.close_if_over()?;
            }
            Action::Receive => {
                let (used, event) = talk.ws.receive(&mut bytes[taken..]);
                taken += used;
                talk.hear(event)?;
                talk.close_if_over()?;
            }
            Action::Send(_) => talk.write(MAX_CONTROL_FRAME, WebSocket::<role::Client>::send)?,
            Action::AwaitClose => taken = bytes.len(),
            Action::Close(closure) => {
                println!("close {}", closure.code());
                let is_answered = talk.unanswered == 0 && !talk.has_lost;
                return Ok(matches!(closure, Closure::Agreed(_)) && is_answered);
            }
        }
    }
}

impl Talk {
    fn say(&mut self, line: &str) -> io::Result<()> {
        self.unanswered += 1;
        self.write(line.len(), |ws, key, out| {
            ws.write(Frame::text(line), key, out)
        })
    }

    /// Prints text while it comes, and of anything else how long it is.
    fn hear(&mut self, event: Option<Event<'_>>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let is_end = match event {
            Some(Event::Text { piece, last }) => {
                out.write_all(piece.as_bytes())?;
                last
            }
            Some(Event::Binary { piece, last }) => {
                self.binary += piece.len();
                if last {
                    write!(out, "binary {}", std::mem::take(&mut self.binary))?;
                }
                last
            }
            _ => false,
        };
        if is_end {
            writeln!(out)?;
            self.unanswered = self.unanswered.saturating_sub(1);
        }
        Ok(())
    }

    fn close_if_over(&mut self) -> io::Result<()> {
        if self.is_over && self.unanswered == 0 {
            let close = Frame::close(CloseCode::NORMAL, "");
            self.write(0, |ws, key, out| ws.write(close, key, out))?;
        }
        Ok(())
    }

    /// Sends a frame with that much payload; behind a Close, none.
    fn write(
        &mut self,
        payload: usize,
        write: impl FnOnce(&mut WebSocket<role::Client>, [u8; 4], &mut [u8]) -> Result<usize, SendError>,
    ) -> io::Result<()> {
        let mut out = vec![0; payload + HEADROOM];
        match write(&mut self.ws, super::random(), &mut out) {
            Ok(len) => self.socket.write_all(&out[..len]),
            Err(SendError::Closing | SendError::Closed) => Ok(()),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

/// Starts the threads.
fn inputs(socket: &TcpStream, early: Vec<u8>) -> io::Result<Receiver<Input>> {
    let (bytes, inputs) = mpsc::channel();
    let lines = bytes.clone();
    let reader = socket.try_clone()?;
    reader.set_read_timeout(None)?;
    thread::spawn(move || {
        // Who no longer listens has closed the connection.
        if bytes.send(Input::Bytes(early)).is_ok() {
            read_bytes(reader, &bytes);
        }
    });
    thread::spawn(move || read_lines(&lines));
    Ok(inputs)
}

fn read_bytes(mut socket: TcpStream, sender: &Sender<Input>) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(len @ 1..) = socket.read(&mut bytes) {
        if sender.send(Input::Bytes(bytes[..len].to_vec())).is_err() {
            return;
        }
    }
    let _ = sender.send(Input::EndOfBytes);
}

fn read_lines(sender: &Sender<Input>) {
    for line in io::stdin().lock().lines() {
        let sent = match line {
            Ok(line) => sender.send(Input::Line(line)),
            Err(error) => {
                eprintln!("standard input: {error}");
                let _ = sender.send(Input::LostLines);
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
    let _ = sender.send(Input::EndOfLines);
}
