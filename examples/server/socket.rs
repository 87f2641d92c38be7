//! The socket of a connection, and what is done with it at its end.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// How many bytes are read and dropped behind the last message, and how long, so that the peer gets to read it (RFC 9112
/// section 9.6).
const LINGER: usize = 64 * 1024;
const LINGER_TIME: Duration = Duration::from_secs(2);

/// Prints lines that start with the number of a connection.
#[derive(Clone, Copy)]
pub struct Log(pub u64);

impl Log {
    pub fn line(self, line: &str) {
        println!("{} {line}", self.0);
    }
}

/// Bytes that were read and not taken.
pub struct Input {
    bytes: Vec<u8>,
    from: usize,
    to: usize,
}

impl Input {
    /// Room for 64 KiB, and what came before the switch.
    pub fn new(mut early: Vec<u8>) -> Input {
        let to = early.len();
        early.resize(to.max(64 * 1024), 0);
        Input {
            bytes: early,
            from: 0,
            to,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }

    /// Reads what is there, in place of what was taken. 0 at the end of the connection.
    pub fn fill(&mut self, mut socket: &TcpStream) -> io::Result<usize> {
        (self.from, self.to) = (0, 0);
        self.to = socket.read(&mut self.bytes)?;
        Ok(self.to)
    }

    /// Lets `take` have the bytes and say how many of them it took.
    pub fn offer<'i, T>(&'i mut self, take: impl FnOnce(&'i mut [u8]) -> (usize, T)) -> T {
        let (taken, result) = take(&mut self.bytes[self.from..self.to]);
        self.from += taken;
        result
    }
}

/// Reads what is there; a timeout at that time. A timeout for each read alone would let a peer send a byte now and then.
pub fn read_by(mut socket: &TcpStream, bytes: &mut [u8], by: Instant) -> io::Result<usize> {
    socket.set_read_timeout(Some(left(by)?))?;
    socket.read(bytes)
}

/// Writes all of it; a timeout at that time, however much the peer has taken by then.
pub fn write_by(mut socket: &TcpStream, mut bytes: &[u8], by: Instant) -> io::Result<()> {
    while !bytes.is_empty() {
        socket.set_write_timeout(Some(left(by)?))?;
        match socket.write(bytes)? {
            0 => return Err(ErrorKind::WriteZero.into()),
            written => bytes = &bytes[written..],
        }
    }
    Ok(())
}

/// How long it is until then.
fn left(by: Instant) -> io::Result<Duration> {
    by.checked_duration_since(Instant::now())
        .filter(|left| !left.is_zero())
        .ok_or(ErrorKind::TimedOut.into())
}

/// Whether a read ended for want of bytes.
pub fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Closes in stages, so that the peer gets to read the last message.
pub fn linger(socket: &TcpStream) {
    if socket.shutdown(Shutdown::Write).is_err() {
        return; // the peer has closed already
    }
    let by = Instant::now() + LINGER_TIME;
    let mut dropped = [0; 4096];
    let mut total = 0;
    while total < LINGER {
        match read_by(socket, &mut dropped, by) {
            Ok(len) if len > 0 => total += len,
            _ => break,
        }
    }
}
