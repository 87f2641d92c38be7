//! One connection after another on one socket: HTTP, what it switched to, and the end.

use crate::h2c::H2c;
use crate::http::Http;
use crate::memory::TO_SEND;
use crate::vitals::Vitals;
use crate::websocket::Socket;
use crate::wire::Wire;
use defmt::{debug, info};
use smoltcp::socket::tcp;
use smoltcp::time::{Duration, Instant};

const PORT: u16 = 80;

/// Unacknowledged for that long, a client has vanished; probes go out while a connection is silent.
const VANISHED: Duration = Duration::from_secs(20);
const PROBE: Duration = Duration::from_secs(5);

/// How long a client may take to read the last message and close. What it sends meanwhile is dropped: unread bytes would make
/// the close a reset, and a reset can destroy that message on its way (RFC 9112 section 9.6).
const LINGER: Duration = Duration::from_secs(2);

pub struct Connection {
    stage: Stage,
}

/// Its size is that of HTTP, which a connection always begins with; there is no heap to put that on.
/// The number makes the first of them all zeros: memory that is so at the start takes no place in flash.
#[allow(clippy::large_enum_variant)]
#[repr(u8)]
enum Stage {
    /// No client yet.
    Listening = 0,
    Http(Http),
    WebSocket(Socket),
    H2c(H2c),
    Lingering {
        until: Instant,
    },
}

/// What becomes of a connection after a step.
pub enum Next {
    /// Nothing more to do until bytes have come or gone, or time has passed.
    Wait,
    WebSocket(Socket),
    H2c(H2c),
    /// Everything is said.
    Close,
    /// The client is of no more use.
    Abort,
}

impl Connection {
    pub const fn new() -> Connection {
        Connection {
            stage: Stage::Listening,
        }
    }

    /// Does what can be done now.
    pub fn step(
        &mut self,
        tcp: &mut tcp::Socket<'static>,
        scratch: &mut [u8; TO_SEND],
        vitals: &Vitals,
    ) {
        if !tcp.is_open() {
            self.listen(tcp);
            return;
        }
        if let Stage::Listening = self.stage {
            if !tcp.may_send() {
                return;
            }
            self.stage = Stage::Http(Http::new(vitals.now));
        }
        loop {
            let mut wire = Wire::new(tcp, scratch);
            let next = match &mut self.stage {
                Stage::Listening => Next::Wait,
                Stage::Http(http) => http.step(&mut wire, vitals),
                Stage::WebSocket(socket) => socket.step(&mut wire, vitals),
                Stage::H2c(h2c) => h2c.step(&mut wire, vitals.now),
                Stage::Lingering { until } => linger(&mut wire, vitals.now, *until),
            };
            self.stage = match next {
                Next::Wait => return,
                Next::WebSocket(socket) => Stage::WebSocket(socket),
                Next::H2c(h2c) => Stage::H2c(h2c),
                Next::Close => close(tcp, vitals.now),
                Next::Abort => return abort(tcp),
            };
        }
    }

    /// Waits for a client. A socket in TIME-WAIT is one that both ends have closed: with as few as there are it cannot be spared.
    fn listen(&mut self, tcp: &mut tcp::Socket) {
        self.stage = Stage::Listening;
        if tcp.listen(PORT).is_ok() {
            tcp.set_timeout(Some(VANISHED));
            tcp.set_keep_alive(Some(PROBE));
            // Buffers are small: each answer and each acknowledgement goes out at once.
            tcp.set_nagle_enabled(false);
            tcp.set_ack_delay(None);
        }
    }
}

/// Sends FIN behind what is still to be sent.
fn close(tcp: &mut tcp::Socket, now: Instant) -> Stage {
    debug!("close");
    tcp.close();
    Stage::Lingering {
        until: now + LINGER,
    }
}

/// Sends RST. The socket listens again at the next step, after that has gone out.
fn abort(tcp: &mut tcp::Socket) {
    info!("abort");
    tcp.abort();
}

fn linger(wire: &mut Wire, now: Instant, until: Instant) -> Next {
    while wire.unread() > 0 {
        wire.receive(|bytes| bytes.len());
    }
    if now >= until {
        Next::Abort
    } else {
        Next::Wait
    }
}
