//! The way in: headers, control frames, and what of them must be held.

use super::{
    CloseCode, Event, Limits, ProtocolError,
    header::{CONTROL, END, Opcode},
    mask,
    state::State,
    utf8::{self, Cut},
};
use core::mem;

/// The state, and what the last header has said and the next one may say.
///
/// The limits come first and the small fields next: short instructions reach bytes among the first 32 only, and what is zero
/// at the beginning lies together.
#[derive(Clone, Debug)]
#[repr(C)]
pub(super) struct Receiver {
    pub limits: Limits,
    pub state: State,
    /// How far the header has come: the place of its next byte in the longest header.
    pub at: u8,
    /// The short form of the length.
    pub short: u8,
    pub opcode: Opcode,
    /// With which opcode the last message began.
    pub message: Opcode,
    /// Whether that goes on behind its last frame.
    pub open: bool,
    /// How much of a control frame's payload is held.
    pub held: u8,
    /// The character that the last piece of text has cut.
    pub cut: Cut,
    /// The key for the next byte of payload, that octet first. All zero, which masks nothing, in a frame that is not masked.
    pub key: u32,
    /// Of the frame's payload, what has not come.
    pub remaining: u64,
    /// What the next frame may add to its message.
    pub room: u64,
    control: [u8; CONTROL],
}

/// What is offered, as far as it is not taken, and what came of it.
pub(super) struct Input<'b> {
    pub rest: &'b mut [u8],
    pub event: Option<Event<'b>>,
    /// How many bytes of text were taken behind the one that is wrong.
    pub behind: usize,
}

impl Receiver {
    pub(super) const NEW: Self = Self {
        limits: Limits::NOTHING,
        state: State::OPEN,
        at: 0,
        short: 0,
        opcode: Opcode::CONTINUATION,
        message: Opcode::CONTINUATION,
        open: false,
        held: 0,
        cut: Cut::NONE,
        key: 0,
        remaining: 0,
        room: 0,
        control: [0; CONTROL],
    };

    /// The payload of the control frame that was reported last, until the next byte is taken.
    pub(super) fn shown(&self) -> &[u8] {
        if self.at == 0 { self.held() } else { &[] }
    }

    /// The payload of a control frame, as far as it has come.
    #[inline]
    pub(super) fn held(&self) -> &[u8] {
        self.control
            .get(..usize::from(self.held))
            .unwrap_or_default()
    }

    /// Takes bytes up to the next event. Of input that is not empty it takes at least one byte, if it takes any in this
    /// state.
    /// It gives how many bytes it leaves.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn receive(&mut self, input: &mut Input<'_>, masked: bool) -> usize {
        if !self.state.receives() {
            return input.rest.len();
        }
        let result = self.frame(input, masked);
        self.state.came(result, input.event.as_ref());
        input.rest.len() + input.behind
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn frame(&mut self, input: &mut Input<'_>, masked: bool) -> Result<(), ProtocolError> {
        #[cfg(target_pointer_width = "64")]
        self.whole_header(input, masked)?;
        while self.at != END {
            if input.rest.is_empty() {
                return Ok(());
            }
            if let Some((byte, rest)) = mem::take(&mut input.rest).split_first_mut() {
                input.rest = rest;
                self.header(*byte, masked)?;
            }
        }
        let piece = self.piece(input);
        if !self.opcode.is_control() {
            return self.data(piece, input);
        }
        self.hold(piece);
        if self.at == 0 {
            self.control_frame(input)
        } else {
            Ok(())
        }
    }

    /// The next piece of the payload, unmasked.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn piece<'b>(&mut self, input: &mut Input<'b>) -> &'b mut [u8] {
        let rest = mem::take(&mut input.rest);
        let mut here =
            usize::try_from(self.remaining).map_or(rest.len(), |all| all.min(rest.len()));
        if !self.opcode.is_control() {
            here = self.cut.trim(here);
        }
        let (piece, rest) = rest.split_at_mut_checked(here).unwrap_or_default();
        input.rest = rest;
        self.remaining -= piece.len() as u64;
        if self.remaining == 0 {
            self.at = 0;
        }
        if self.key != 0 {
            self.key = mask::mask(piece, self.key);
        }
        piece
    }

    /// Adds to what is held. There is always space: a header that announces more breaks a rule.
    #[inline]
    fn hold(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(place) = self.control.get_mut(usize::from(self.held)) {
                *place = *byte;
                self.held += 1;
            }
        }
    }

    /// What the control frame that has come to its end says.
    #[inline]
    fn control_frame(&self, input: &mut Input<'_>) -> Result<(), ProtocolError> {
        input.event = Some(match self.opcode {
            Opcode::PING => Event::Ping,
            Opcode::PONG => Event::Pong,
            _ => {
                let [high, low, reason @ ..] = &self.control;
                let mut code = CloseCode::NONE;
                // A body of one byte was refused with its header.
                if let Some(length) = usize::from(self.held).checked_sub(2) {
                    code = CloseCode::new(u16::from_be_bytes([*high, *low]));
                    if !code.is_for_the_wire() {
                        return Err(ProtocolError::CloseCodeInvalid);
                    }
                    let reason = reason.get(..length).unwrap_or_default();
                    if utf8::front(reason).as_bytes().len() != length {
                        return Err(ProtocolError::CloseReasonNotUtf8);
                    }
                }
                Event::Close(code)
            }
        });
        Ok(())
    }
}
