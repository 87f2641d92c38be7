//! What the client sends: its preface, then frames, at any split (RFC 9113 sections 3.4 and 4.1).

use super::frames::{
    ACK, DATA, ErrorCode, GOAWAY, HEADER, HEADERS, PING, PUSH_PROMISE, RST_STREAM, SETTINGS,
    STREAM, WINDOW_UPDATE,
};

const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The longest payload of a frame, as our SETTINGS do not say otherwise.
const MAX_FRAME_SIZE: u32 = 16_384;

#[derive(Clone, Copy)]
pub enum Event {
    /// A setting, and whether the SETTINGS end with it; there may be none in them.
    Settings {
        setting: Option<(u16, u32)>,
        last: bool,
    },
    Ping([u8; 8]),
    Window {
        stream: u32,
        increment: u32,
    },
    Reset(u32),
    GoAway,
    /// The client broke a rule.
    Fault(ErrorCode),
}

pub struct Input {
    state: State,
    /// What has come of a header, or of a part of a payload.
    kept: [u8; HEADER],
    len: usize,
    is_first: bool,
}

#[derive(Clone, Copy)]
enum State {
    /// So many bytes of the preface were right.
    Preface(usize),
    Header,
    /// So much of the payload is still to come.
    Payload(Header, u32),
}

#[derive(Clone, Copy)]
struct Header {
    len: u32,
    kind: u8,
    flags: u8,
    stream: u32,
}

impl Input {
    pub const fn new() -> Input {
        Input {
            state: State::Preface(0),
            kept: [0; HEADER],
            len: 0,
            is_first: true,
        }
    }

    /// Takes bytes up to the next event, and says how many. Behind a fault nothing makes sense.
    pub fn read(&mut self, bytes: &[u8]) -> (usize, Option<Event>) {
        let mut used = 0;
        while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
            let (taken, event) = match self.state {
                State::Preface(done) => self.read_preface(done, rest),
                State::Header => self.read_header(rest),
                State::Payload(header, left) => self.read_payload(header, left, rest),
            };
            used += taken;
            if event.is_some() {
                return (used, event);
            }
        }
        (used, None)
    }

    fn read_preface(&mut self, done: usize, bytes: &[u8]) -> (usize, Option<Event>) {
        let expected = PREFACE.get(done..).unwrap_or_default();
        let same = expected.iter().zip(bytes).take_while(|(a, b)| a == b);
        let same = same.count();
        if same < expected.len().min(bytes.len()) {
            return (bytes.len(), Some(Event::Fault(ErrorCode::PROTOCOL)));
        }
        self.state = if same == expected.len() {
            State::Header
        } else {
            State::Preface(done + same)
        };
        (same, None)
    }

    fn read_header(&mut self, bytes: &[u8]) -> (usize, Option<Event>) {
        let taken = self.keep(bytes, HEADER);
        if self.len < HEADER {
            return (taken, None);
        }
        self.len = 0;
        let header = Header::decode(self.kept);
        if let Err(code) = header.check(self.is_first) {
            return (taken, Some(Event::Fault(code)));
        }
        self.is_first = false;
        if header.len > 0 {
            self.state = State::Payload(header, header.len);
        }
        (taken, header.event())
    }

    /// Looks at the payload in parts, or skips it.
    fn read_payload(&mut self, header: Header, left: u32, bytes: &[u8]) -> (usize, Option<Event>) {
        let taken = match header.part() {
            0 => bytes.len().min(left as usize),
            part => self.keep(bytes, part),
        };
        let left = left.saturating_sub(u32::try_from(taken).unwrap_or(left));
        self.state = match left {
            0 => State::Header,
            _ => State::Payload(header, left),
        };
        if header.part() == 0 || self.len < header.part() {
            return (taken, None);
        }
        self.len = 0;
        (taken, header.event_of(self.kept, left == 0))
    }

    /// Keeps bytes until there are as many as wanted, and says how many were taken.
    fn keep(&mut self, bytes: &[u8], wanted: usize) -> usize {
        let free = self.kept.get_mut(self.len..wanted).unwrap_or_default();
        let taken = free.len().min(bytes.len());
        free.iter_mut()
            .zip(bytes)
            .for_each(|(to, from)| *to = *from);
        self.len += taken;
        taken
    }
}

impl Header {
    fn decode([a, b, c, kind, flags, d, e, f, g]: [u8; HEADER]) -> Header {
        Header {
            len: u32::from_be_bytes([0, a, b, c]),
            kind,
            flags,
            stream: u32::from_be_bytes([d, e, f, g]) & 0x7fff_ffff,
        }
    }

    fn is_ack(self) -> bool {
        self.flags & ACK != 0
    }

    /// Whether a client may send such a frame here.
    fn check(self, is_first: bool) -> Result<(), ErrorCode> {
        let Header {
            len, kind, stream, ..
        } = self;
        let is_wrong_stream = match kind {
            SETTINGS | PING | GOAWAY => stream != 0,
            DATA | HEADERS => stream % 2 == 0,
            RST_STREAM => stream == 0,
            PUSH_PROMISE => true,
            _ => false,
        };
        let is_wrong_size = match kind {
            SETTINGS if self.is_ack() => len != 0,
            SETTINGS => len % 6 != 0,
            PING => len != 8,
            WINDOW_UPDATE | RST_STREAM => len != 4,
            _ => len > MAX_FRAME_SIZE,
        };
        match kind {
            _ if is_first && (kind != SETTINGS || self.is_ack()) => Err(ErrorCode::PROTOCOL),
            _ if is_wrong_stream => Err(ErrorCode::PROTOCOL),
            _ if is_wrong_size || len > MAX_FRAME_SIZE => Err(ErrorCode::FRAME_SIZE),
            // The request was complete before the upgrade.
            DATA | HEADERS if stream == STREAM => Err(ErrorCode::STREAM_CLOSED),
            _ => Ok(()),
        }
    }

    /// What a header says without its payload.
    fn event(self) -> Option<Event> {
        match self.kind {
            SETTINGS if self.len == 0 && !self.is_ack() => Some(Event::Settings {
                setting: None,
                last: true,
            }),
            RST_STREAM => Some(Event::Reset(self.stream)),
            GOAWAY => Some(Event::GoAway),
            _ => None,
        }
    }

    /// The size of the parts in which the payload is looked at; 0 where it is not.
    fn part(self) -> usize {
        match self.kind {
            SETTINGS => 6,
            PING if !self.is_ack() => 8,
            WINDOW_UPDATE => 4,
            _ => 0,
        }
    }

    /// What a part of the payload says.
    fn event_of(self, part: [u8; HEADER], last: bool) -> Option<Event> {
        let [a, b, c, d, e, f, g, h, _] = part;
        match self.kind {
            SETTINGS => Some(Event::Settings {
                setting: Some((u16::from_be_bytes([a, b]), u32::from_be_bytes([c, d, e, f]))),
                last,
            }),
            PING => Some(Event::Ping([a, b, c, d, e, f, g, h])),
            WINDOW_UPDATE => Some(Event::Window {
                stream: self.stream,
                increment: u32::from_be_bytes([a, b, c, d]) & 0x7fff_ffff,
            }),
            _ => None,
        }
    }
}
