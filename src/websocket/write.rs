//! What both ends do to send.

use super::{
    CloseCode, Frame, HEADROOM, Kind, Role, SendError, WebSocket, encode,
    header::{CONTROL, Opcode},
    mask,
    state::{PING, Step},
};
use core::str;
use heapless::VecView;

fn too_small(needed: usize) -> SendError {
    SendError::BufferTooSmall { needed }
}

impl<R: Role> WebSocket<R> {
    pub(super) fn answer(&mut self, key: R::Key, out: &mut [u8]) -> Result<usize, SendError> {
        let due = self.receiver.state.due();
        let frame = match due {
            0 => return Ok(0),
            PING => Frame::pong(self.receiver.held()),
            _ => Frame::closing(self.receiver.state.code()),
        };
        let size = encode::frame(&frame, frame.opcode, R::key(key), out).map_err(too_small)?;
        self.receiver.state.sent(due);
        Ok(size)
    }

    #[inline]
    pub(super) fn copy(
        &mut self,
        frame: &Frame<'_>,
        key: R::Key,
        out: &mut [u8],
    ) -> Result<usize, SendError> {
        let opcode = self.admit(frame)?;
        let size = encode::frame(frame, opcode, R::key(key), out).map_err(too_small)?;
        self.sent(frame);
        Ok(size)
    }

    pub(super) fn extend(
        &mut self,
        frame: &Frame<'_>,
        key: R::Key,
        out: &mut VecView<u8>,
    ) -> Result<(), SendError> {
        let opcode = self.admit(frame)?;
        let key = R::key(key);
        let (before, size) = (out.len(), frame.size(key.is_some()));
        if out.resize_default(before.saturating_add(size)).is_err() {
            return Err(too_small(size));
        }
        if let Some(free) = out.get_mut(before..) {
            encode::frame(frame, opcode, key, free).map_err(too_small)?;
        }
        self.sent(frame);
        Ok(())
    }

    pub(super) fn surround<'o>(
        &mut self,
        kind: Kind,
        last: bool,
        key: R::Key,
        buffer: &'o mut [u8],
    ) -> Result<&'o [u8], SendError> {
        let key = R::key(key);
        let payload = buffer.get(HEADROOM..).ok_or(too_small(HEADROOM))?;
        let frame = match kind {
            Kind::Text => Frame::text(str::from_utf8(payload).map_err(|_| SendError::NotUtf8)?),
            Kind::Binary => Frame::binary(payload),
        }
        .last(last);
        let opcode = self.admit(&frame)?;
        self.sent(&frame);
        let (first, length) = (opcode.first_byte(last), payload.len());
        let start = HEADROOM.saturating_sub(encode::size(length, key.is_some()));
        let out = buffer.get_mut(start..).ok_or(too_small(HEADROOM))?;
        let payload = encode::header(out, first, length, key).ok_or(too_small(HEADROOM))?;
        if let Some(key) = key {
            mask::mask(payload, u32::from_le_bytes(key));
        }
        Ok(out)
    }

    /// Whether `frame` may be sent now, and with which opcode.
    #[inline]
    pub(super) fn admit(&self, frame: &Frame<'_>) -> Result<Opcode, SendError> {
        let opcode = frame.opcode;
        self.receiver.state.admits(opcode == Opcode::CLOSE)?;
        if opcode.is_control() {
            if !frame.last {
                Err(SendError::ControlFragmented)
            } else if frame.length() > CONTROL {
                Err(SendError::ControlTooLong)
            } else if frame.code.is_none_or(Self::may_send) {
                Ok(opcode)
            } else {
                Err(SendError::CloseCode)
            }
        } else if self.sending == Opcode::CONTINUATION {
            Ok(opcode)
        } else if self.sending == opcode {
            Ok(Opcode::CONTINUATION)
        } else {
            Err(SendError::MessageOpen)
        }
    }

    /// Only a client says 1010 (RFC 6455 section 7.4.1).
    fn may_send(code: CloseCode) -> bool {
        let client = !R::PEER_MASKS;
        code.is_for_the_wire() && (client || code != CloseCode::EXTENSION_NEEDED)
    }

    /// Notes that `frame` is written.
    #[inline]
    pub(super) fn sent(&mut self, frame: &Frame<'_>) {
        if !frame.opcode.is_control() {
            self.sending = if frame.last {
                Opcode::CONTINUATION
            } else {
                frame.opcode
            };
        } else if frame.opcode == Opcode::CLOSE {
            self.step(Step::OwnClose);
        }
    }
}
