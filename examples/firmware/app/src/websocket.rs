//! WebSocket: an echo, and the state of the board once a second.

use crate::connection::Next;
use crate::vitals::Vitals;
use crate::wire::Wire;
use defmt::{error, info};
use http_upgrade::websocket::{Action, Event, Frame, HEADROOM, Limits, SendError, WebSocket, role};
use smoltcp::time::{Duration, Instant};

/// A message streams through the buffers of the socket, so its size does not matter to us.
const LIMITS: Limits = Limits::NONE;

const SECOND: Duration = Duration::from_secs(1);

/// A client that is silent for that long is sent a Ping. After as long a silence again, it has vanished.
const SILENCE: Duration = Duration::from_secs(10);

/// What an echoed piece may be longer than the bytes that it came from: a header, and the beginning of a character that came before.
const OVERHEAD: usize = HEADROOM + 4;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Each message comes back.
    Echo,
    /// The vitals of the board, once a second; what comes is ignored.
    Live,
}

pub struct Socket {
    machine: WebSocket<role::Server>,
    purpose: Purpose,
    next_push: Instant,
    /// When bytes came last, or a Ping went out.
    heard: Instant,
    is_asked: bool,
}

impl Socket {
    pub fn new(purpose: Purpose, now: Instant) -> Socket {
        Socket {
            machine: WebSocket::server(LIMITS),
            purpose,
            next_push: now,
            heard: now,
            is_asked: false,
        }
    }

    /// Goes as far as what has come, and the room for what goes out, allow.
    pub fn step(&mut self, wire: &mut Wire, vitals: &Vitals) -> Next {
        self.run(wire, vitals).unwrap_or_else(|mistake| {
            error!("{}", mistake); // in this file
            Next::Abort
        })
    }

    fn run(&mut self, wire: &mut Wire, vitals: &Vitals) -> Result<Next, SendError> {
        loop {
            match self.machine.action() {
                Action::AwaitClose | Action::Close(_) => return Ok(self.ended()),
                _ if self.is_silent(vitals.now) => return Ok(Next::Abort),
                _ if !wire.has_room() => return Ok(Next::Wait),
                Action::Send(_) => wire.send(|out| self.machine.send(out))?,
                Action::Receive if wire.unread() > 0 => self.receive(wire, vitals.now)?,
                Action::Receive if wire.has_ended() => self.machine.end_of_input(),
                Action::Receive if self.is_push_due(vitals.now) => self.push(wire, vitals)?,
                Action::Receive if self.is_ping_due(vitals.now) => self.ping(wire, vitals.now)?,
                Action::Receive => return Ok(Next::Wait),
            }
        }
    }

    /// Takes bytes up to the next event, and no more than their echo has room for.
    fn receive(&mut self, wire: &mut Wire, now: Instant) -> Result<(), SendError> {
        (self.heard, self.is_asked) = (now, false);
        let limit = wire.room().saturating_sub(OVERHEAD);
        let mut result = Ok(());
        wire.exchange(limit, |bytes, out| {
            let (used, event) = self.machine.receive(bytes);
            let written = match event {
                Some(event) if self.purpose == Purpose::Echo => self.echo(&event, out),
                _ => Ok(0),
            };
            (
                used,
                written.unwrap_or_else(|mistake| {
                    result = Err(mistake);
                    0
                }),
            )
        });
        result
    }

    /// Writes a piece of a message as a fragment of the same message.
    fn echo(&mut self, event: &Event, out: &mut [u8]) -> Result<usize, SendError> {
        match event {
            Event::Text { piece, last } => self.machine.write(Frame::from(piece).last(*last), out),
            Event::Binary { piece, last } => {
                self.machine.write(Frame::binary(piece).last(*last), out)
            }
            Event::Ping | Event::Pong | Event::Close(_) => Ok(0),
        }
    }

    fn is_push_due(&self, now: Instant) -> bool {
        self.purpose == Purpose::Live && now >= self.next_push
    }

    fn push(&mut self, wire: &mut Wire, vitals: &Vitals) -> Result<(), SendError> {
        // Behind time, the seconds that were missed are not made up for.
        self.next_push = vitals.now + SECOND;
        wire.send(|out| self.machine.write(Frame::text(&vitals.json()), out))
    }

    fn is_ping_due(&self, now: Instant) -> bool {
        !self.is_asked && now >= self.heard + SILENCE
    }

    fn ping(&mut self, wire: &mut Wire, now: Instant) -> Result<(), SendError> {
        (self.heard, self.is_asked) = (now, true);
        wire.send(|out| self.machine.write(Frame::ping(b""), out))
    }

    /// Whether the client vanished, or sends and does not read: then there is no room, and nothing is heard of it either.
    fn is_silent(&self, now: Instant) -> bool {
        let limit = if self.is_asked { SILENCE } else { SILENCE * 2 };
        now >= self.heard + limit
    }

    fn ended(&self) -> Next {
        info!("{} {}", self.machine.action(), self.machine.close_reason());
        Next::Close
    }
}
