//! The way in: headers, control frames, and what of them must be held.

use super::{
    CloseCode, Event, Limits, ProtocolError,
    header::{CONTROL, Header, Opcode},
    utf8::Cut,
};
use core::str;

/// The small fields come first: short instructions reach the first 32 bytes only.
#[derive(Clone, Debug)]
#[repr(C)]
pub(super) struct Receiver {
    /// The character that the last piece of text has cut.
    pub cut: Cut,
    pub header: Header,
    held: Held,
}

/// The payload of a control frame, as far as it has come.
#[derive(Clone, Debug)]
#[repr(C)]
struct Held {
    len: u8,
    bytes: [u8; CONTROL],
}

impl Held {
    const NONE: Self = Self {
        len: 0,
        bytes: [0; CONTROL],
    };

    #[inline]
    fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&[])
    }

    /// Adds bytes. There is always space: a header that announces more breaks a rule.
    fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(place) = self.bytes.get_mut(usize::from(self.len)) {
                *place = *byte;
                self.len += 1;
            }
        }
    }
}

impl Receiver {
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            cut: Cut::NONE,
            header: Header::none(limits),
            held: Held::NONE,
        }
    }

    /// The payload of the control frame that was reported last, until the next byte is taken.
    pub(super) fn shown(&self) -> &[u8] {
        if self.header.come == 0 {
            self.held.bytes()
        } else {
            &[]
        }
    }

    /// Takes bytes up to the next event and counts them. Of input that is not empty it takes at least one byte.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn receive<'b>(
        &mut self,
        input: &'b mut [u8],
        masked: bool,
        taken: &mut (usize, Option<Event<'b>>),
    ) -> Result<(), ProtocolError> {
        let (used, event) = taken;
        if self.header.come == 0 && !input.is_empty() {
            self.held.len = 0;
            #[cfg(target_pointer_width = "64")]
            self.header.take_whole(input, masked, used)?;
        }
        while !self.header.is_whole() {
            let Some(&byte) = input.get(*used) else {
                return Ok(());
            };
            *used += 1;
            self.header.take(byte, masked)?;
        }
        let is_control = self.header.opcode.is_control();
        let is_text = self.header.message == Opcode::TEXT;
        let left = input.len().saturating_sub(*used);
        let mut here = usize::try_from(self.header.remaining).map_or(left, |all| all.min(left));
        if !is_control {
            here = self.cut.trim(here);
        }
        let start = *used;
        *used += here;
        let Some(piece) = input.get_mut(start..*used) else {
            return Ok(());
        };
        let ended = self.header.pass(piece);
        if is_control {
            self.held.push(piece);
            if ended {
                *event = Some(self.control()?);
            }
            return Ok(());
        }
        let last = ended && self.header.last;
        if last {
            self.header.message = Opcode::CONTINUATION;
        }
        if is_text {
            return self.text(piece, last, taken);
        }
        if last || here > 0 {
            *event = Some(Event::Binary { piece, last });
        }
        Ok(())
    }

    /// What the control frame that has come to its end says.
    #[inline]
    fn control(&self) -> Result<Event<'static>, ProtocolError> {
        match self.header.opcode {
            Opcode::PING => Ok(Event::Ping),
            Opcode::PONG => Ok(Event::Pong),
            _ => self.close_code().map(Event::Close),
        }
    }

    /// The code in the body of a Close. A body of one byte was refused with its header.
    #[inline]
    fn close_code(&self) -> Result<CloseCode, ProtocolError> {
        let Some((code, reason)) = self.held.bytes().split_first_chunk() else {
            return Ok(CloseCode::NONE);
        };
        let code = CloseCode::new(u16::from_be_bytes(*code));
        if !code.is_for_the_wire() {
            return Err(ProtocolError::CloseCodeInvalid);
        }
        match str::from_utf8(reason) {
            Ok(_) => Ok(code),
            Err(_) => Err(ProtocolError::CloseReasonNotUtf8),
        }
    }
}
