//! The way in: headers, control frames, and what of them must be held.

use super::{
    CloseCode, Event, Kind, Limits, ProtocolError,
    header::{self, CONTROL, Expected, Header, Opcode, Stop},
    mask,
    state::Step,
    taken::Taken,
    utf8::Cut,
};
use core::str;

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// A header, of which `held` has the beginning.
    Header,
    /// A header too, but `held` still shows the control frame before it.
    Shown,
    /// The payload of a data frame.
    Data,
    /// The payload of a control frame, of which `held` has the beginning.
    Control,
}

#[derive(Clone, Debug)]
pub(super) struct Receiver {
    /// Of the frame's payload, what has not come.
    pub remaining: u64,
    /// What the next frame may add to its message.
    room: u64,
    limits: Limits,
    /// The key for the next byte of payload.
    pub key: [u8; 4],
    pub cut: Cut,
    /// The open message.
    pub message: Option<Kind>,
    /// Whether the frame is the last of its message.
    pub last: bool,
    pub phase: Phase,
    /// The opcode of the control frame.
    control: Opcode,
    held: heapless::Vec<u8, CONTROL, u8>,
}

impl Receiver {
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            remaining: 0,
            room: limits.message,
            limits,
            key: [0; 4],
            cut: Cut::NONE,
            message: None,
            last: false,
            phase: Phase::Header,
            control: Opcode::Pong,
            held: heapless::Vec::new(),
        }
    }

    /// The payload of the control frame that was reported last, until the next byte is taken.
    pub(super) fn shown(&self) -> &[u8] {
        match self.phase {
            Phase::Shown => &self.held,
            _ => &[],
        }
    }

    /// Takes bytes up to the next event. Of input that is not empty it takes at least one byte.
    #[inline]
    pub(super) fn receive<'b>(&mut self, input: &'b mut [u8], masked: bool) -> Taken<'b> {
        let header = match self.header(input, masked) {
            Ok(taken) => taken,
            Err(Stop::Short) => return Taken::silent(input.len()),
            Err(Stop::Broken(error, at)) => return Taken::fault(at, error),
        };
        let Some((_, payload)) = input.split_at_mut_checked(header) else {
            return Taken::silent(0);
        };
        let mut taken = self.payload(payload);
        taken.used += header;
        taken
    }

    /// Takes the rest of a header, if one is due, and gives the number of bytes that it took.
    #[inline]
    fn header(&mut self, input: &[u8], masked: bool) -> Result<usize, Stop> {
        match self.phase {
            Phase::Data | Phase::Control => return Ok(0),
            Phase::Shown if input.is_empty() => return Err(Stop::Short),
            Phase::Shown => self.held.clear(),
            Phase::Header => {}
        }
        self.phase = Phase::Header;
        if !self.held.is_empty() {
            return self.split_header(input, masked);
        }
        match header::decode(input, &self.expected(masked)) {
            Ok((header, taken)) => {
                self.begin(&header);
                Ok(taken)
            }
            Err(stop) => {
                // It always fits: what is shorter than a header is shorter than a control frame.
                let _ = self.held.extend_from_slice(input);
                Err(stop)
            }
        }
    }

    /// As `header`, where its first bytes came earlier and are held.
    #[cold]
    fn split_header(&mut self, input: &[u8], masked: bool) -> Result<usize, Stop> {
        let expected = self.expected(masked);
        for (before, byte) in input.iter().enumerate() {
            let _ = self.held.push(*byte);
            match header::decode(&self.held, &expected) {
                Ok((header, _)) => {
                    self.held.clear();
                    self.begin(&header);
                    return Ok(before + 1);
                }
                Err(Stop::Short) => {}
                Err(Stop::Broken(error, _)) => return Err(Stop::Broken(error, before + 1)),
            }
        }
        Err(Stop::Short)
    }

    #[inline]
    fn expected(&self, masked: bool) -> Expected {
        Expected {
            masked,
            open: self.message.is_some(),
            frame: self.limits.frame,
            message: self.room,
        }
    }

    /// Begins the payload of a frame.
    #[inline]
    fn begin(&mut self, header: &Header) {
        self.remaining = header.length;
        self.key = header.key;
        match header.opcode {
            Opcode::Continuation => {}
            Opcode::Text => self.message = Some(Kind::Text),
            Opcode::Binary => self.message = Some(Kind::Binary),
            control => {
                self.phase = Phase::Control;
                self.control = control;
                return;
            }
        }
        self.phase = Phase::Data;
        self.last = header.last;
        self.room = if header.last {
            self.limits.message
        } else {
            self.room.saturating_sub(header.length)
        };
    }

    #[inline]
    fn payload<'b>(&mut self, input: &'b mut [u8]) -> Taken<'b> {
        let here = usize::try_from(self.remaining).map_or(input.len(), |all| all.min(input.len()));
        let Some((piece, _)) = input.split_at_mut_checked(here) else {
            return Taken::silent(0);
        };
        match (self.phase, self.message) {
            (Phase::Control, _) => self.control(piece),
            (_, Some(Kind::Text)) if self.cut.is_empty() => self.text(piece),
            (_, Some(Kind::Text)) => self.rest_of_character(piece),
            _ => self.binary(piece),
        }
    }

    fn control<'b>(&mut self, piece: &[u8]) -> Taken<'b> {
        let used = piece.len();
        // It always fits: the header has been checked.
        let _ = self.held.extend_from_slice(piece);
        self.remaining = self.remaining.saturating_sub(used as u64);
        if self.remaining > 0 {
            return Taken::silent(used);
        }
        mask::mask(&mut self.held, self.key);
        self.phase = Phase::Shown;
        let (event, step) = match (self.control, self.close_code()) {
            (Opcode::Ping, _) => (Event::Ping, Some(Step::Ping)),
            (Opcode::Pong, _) => (Event::Pong, None),
            (_, Ok(code)) => (Event::Close(code), Some(Step::PeerClose(code))),
            (_, Err(error)) => return Taken::fault(used, error),
        };
        Taken {
            used,
            event: Some(event),
            step,
        }
    }

    /// The code in the body of a Close. A body of one byte was refused with its header.
    fn close_code(&self) -> Result<CloseCode, ProtocolError> {
        let Some((code, reason)) = self.held.split_first_chunk() else {
            return Ok(CloseCode::NONE);
        };
        let code = CloseCode::new(u16::from_be_bytes(*code));
        match str::from_utf8(reason) {
            _ if !code.is_for_the_wire() => Err(ProtocolError::CloseCodeInvalid),
            Ok(_) => Ok(code),
            Err(_) => Err(ProtocolError::CloseReasonNotUtf8),
        }
    }
}
