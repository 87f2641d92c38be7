//! `/chat`: what one says, all see, and each sees how long a Ping to it takes.
//!
//! A page sends text. What it receives begins with a word that says what it is: `you N BYTES` (its number, and the longest text
//! that it may send), `join N`, `leave N REASON` (that of its Close), `say N TEXT`, `ping MILLISECONDS`.

use super::socket::{Input, Log, is_timeout, linger};
use http_upgrade::websocket::{
    Action, Assembler, CloseCode, Closure, Event, Frame, HEADROOM, Limits, MAX_CONTROL_FRAME,
    Message, WebSocket, role,
};
use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The longest thing to say, in bytes.
const LONGEST: usize = 16 * 1024;
const LIMITS: Limits = Limits::NONE.message(LONGEST as u64);

/// Between two Pings.
const PING: Duration = Duration::from_secs(2);

/// How long one may be silent, Pongs included.
const SILENCE: Duration = Duration::from_secs(30);

/// How long one may keep the others waiting by not reading.
const STALL: Duration = Duration::from_secs(2);

/// Those in the room. Who says something holds the lock, so that all see the same order.
static ROOM: Mutex<Vec<Arc<Member>>> = Mutex::new(Vec::new());

/// Someone in the room: other threads write to it too.
struct Member {
    /// The lowest that nobody else in the room has.
    number: usize,
    ws: Mutex<WebSocket<role::Server>>,
    socket: TcpStream,
    log: Log,
    since: Instant,
}

/// Has a connection take part until it ends.
pub fn serve(socket: TcpStream, input: Input, log: Log) -> io::Result<()> {
    socket.set_write_timeout(Some(STALL))?;
    let member = Member::join(socket, log)?;
    let result = member.listen(input);
    member.leave();
    result
}

impl Member {
    fn join(socket: TcpStream, log: Log) -> io::Result<Arc<Member>> {
        let mut room = lock(&ROOM);
        let is_free = |number: &usize| room.iter().all(|other| other.number != *number);
        let member = Arc::new(Member {
            number: (1..=room.len() + 1).find(is_free).unwrap_or_default(),
            ws: Mutex::new(WebSocket::server(LIMITS)),
            socket,
            log,
            since: Instant::now(),
        });
        let number = member.number;
        log.line(&format!("number {number} in the chat"));
        member.write(Frame::text(&format!("you {number} {LONGEST}")))?;
        room.push(Arc::clone(&member));
        tell(&room, &format!("join {number}"));
        Ok(member)
    }

    fn leave(&self) {
        let mut room = lock(&ROOM);
        room.retain(|other| other.number != self.number);
        let reason = lock(&self.ws).close_reason().to_owned();
        tell(&room, &format!("leave {} {reason}", self.number));
    }

    fn listen(&self, mut input: Input) -> io::Result<()> {
        let mut assembler = Assembler::new([0; LONGEST]);
        let mut heard = Instant::now();
        let mut next_ping = heard;
        loop {
            let action = lock(&self.ws).action();
            match action {
                Action::Receive if input.is_empty() => {
                    if next_ping <= Instant::now() {
                        next_ping = Instant::now() + PING;
                        self.ping()?;
                    }
                    if self.read(&mut input, next_ping)? {
                        heard = Instant::now();
                    } else if heard.elapsed() > SILENCE {
                        lock(&self.ws).end_of_input();
                    }
                }
                Action::Receive => {
                    let event = input.offer(|bytes| lock(&self.ws).receive(bytes));
                    self.hear(&mut assembler, event)?;
                }
                Action::Send(answer) => {
                    super::echo::say(self.log, answer);
                    let mut ws = lock(&self.ws);
                    let mut out = [0; MAX_CONTROL_FRAME];
                    let len = ws.send(&mut out).map_err(io::Error::other)?;
                    (&self.socket).write_all(&out[..len])?;
                }
                Action::AwaitClose | Action::Close(_) => break,
            }
        }
        if lock(&self.ws).action() == Action::Close(Closure::Lost) {
            self.log.line("close 1006");
        }
        linger(&self.socket);
        Ok(())
    }

    /// Reads until then, and says whether something came.
    fn read(&self, input: &mut Input, until: Instant) -> io::Result<bool> {
        let timeout = until.saturating_duration_since(Instant::now());
        self.socket
            .set_read_timeout(Some(timeout.max(Duration::from_millis(1))))?;
        match input.fill(&self.socket) {
            Ok(0) => lock(&self.ws).end_of_input(),
            Ok(_) => return Ok(true),
            Err(error) if is_timeout(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(false)
    }

    fn hear(
        &self,
        assembler: &mut Assembler<[u8; LONGEST]>,
        event: Option<Event<'_>>,
    ) -> io::Result<()> {
        match event {
            Some(Event::Pong) => self.pong(),
            Some(Event::Close(code)) => {
                super::echo::closed(self.log, code, lock(&self.ws).close_reason());
                Ok(())
            }
            Some(data) => match assembler.push(data).map_err(io::Error::other)? {
                Some(Message::Text(text)) => {
                    self.log.line(&format!("text {text:?}"));
                    if !text.trim().is_empty() {
                        tell(&lock(&ROOM), &format!("say {} {text}", self.number));
                    }
                    Ok(())
                }
                Some(Message::Binary(bytes)) => {
                    self.log.line(&format!("binary {}", bytes.len()));
                    self.write(Frame::close(CloseCode::UNSUPPORTED, "only text is for all"))
                }
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    /// A Ping says when it was sent, so that nothing is to be remembered.
    fn ping(&self) -> io::Result<()> {
        let now = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.write(Frame::ping(&now.to_be_bytes()))
    }

    /// Says how long the Ping took that is answered.
    fn pong(&self) -> io::Result<()> {
        let sent = <[u8; 8]>::try_from(lock(&self.ws).control_payload());
        let sent = sent.map(|sent| Duration::from_micros(u64::from_be_bytes(sent)));
        let Some(time) = sent
            .ok()
            .and_then(|sent| self.since.elapsed().checked_sub(sent))
        else {
            return Ok(());
        };
        let text = format!("ping {:.2}", time.as_secs_f64() * 1000.0);
        self.write(Frame::text(&text))
    }

    /// Sends a frame. The lock is held meanwhile, so that two do not mix; behind a Close nothing is sent.
    fn write(&self, frame: Frame<'_>) -> io::Result<()> {
        let mut out = vec![0; frame.payload().len() + HEADROOM];
        let mut ws = lock(&self.ws);
        match ws.write(frame, &mut out) {
            Ok(len) => (&self.socket).write_all(&out[..len]),
            Err(_) => Ok(()),
        }
    }
}

/// Sends a text to all. Who does not take it is out.
fn tell(room: &[Arc<Member>], text: &str) {
    for member in room {
        if member.write(Frame::text(text)).is_err() {
            let _ = member.socket.shutdown(Shutdown::Both);
        }
    }
}

/// Nothing here panics while it holds a lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
