//! What both ends do to send.

use super::{
    CloseCode, Frame, HEADROOM, Kind, Role, SendError, WebSocket, encode,
    frame::Content,
    header::{CONTROL, Opcode},
    mask,
    state::Step,
};
use core::str;
use heapless::VecView;

impl<R: Role> WebSocket<R> {
    pub(super) fn answer(&mut self, key: R::Key, out: &mut [u8]) -> Result<usize, SendError> {
        let mut after = self.state;
        if !after.step(Step::Sent) {
            return Ok(0);
        }
        let (opcode, frame) = if self.state.owes_pong() {
            (Opcode::PONG, Frame::pong(self.control_payload()))
        } else {
            (Opcode::CLOSE, Frame::closing(self.state.code()))
        };
        let size = encode::frame(&frame, opcode, R::key(key), out)?;
        self.state = after;
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
        let size = encode::frame(frame, opcode, R::key(key), out)?;
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
            return Err(SendError::BufferTooSmall { needed: size });
        }
        if let Some(free) = out.get_mut(before..) {
            encode::frame(frame, opcode, key, free)?;
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
        let too_small = SendError::BufferTooSmall { needed: HEADROOM };
        let payload = buffer.get(HEADROOM..).ok_or(too_small)?;
        let frame = match kind {
            Kind::Text => Frame::text(str::from_utf8(payload).map_err(|_| SendError::NotUtf8)?),
            Kind::Binary => Frame::binary(payload),
        }
        .last(last);
        let opcode = self.admit(&frame)?;
        self.sent(&frame);
        let (first, length) = (opcode.first_byte(last), payload.len());
        let start = HEADROOM.saturating_sub(encode::size(length, key.is_some()));
        let out = buffer.get_mut(start..).ok_or(too_small)?;
        let payload = encode::header(out, first, length, key).ok_or(too_small)?;
        if let Some(key) = key {
            mask::mask(payload, key);
        }
        Ok(out)
    }

    /// Whether `frame` may be sent now, and with which opcode.
    #[inline]
    pub(super) fn admit(&self, frame: &Frame<'_>) -> Result<Opcode, SendError> {
        self.state
            .admits(matches!(frame.content, Content::Close(_)))?;
        match (frame.content, self.sending) {
            (Content::Data(kind), Some(open)) if kind != open => Err(SendError::MessageOpen),
            (Content::Data(_), Some(_)) => Ok(Opcode::CONTINUATION),
            (Content::Data(Kind::Text), None) => Ok(Opcode::TEXT),
            (Content::Data(Kind::Binary), None) => Ok(Opcode::BINARY),
            _ if !frame.last => Err(SendError::ControlFragmented),
            _ if frame.length() > CONTROL => Err(SendError::ControlTooLong),
            (Content::Ping, _) => Ok(Opcode::PING),
            (Content::Pong, _) => Ok(Opcode::PONG),
            (Content::Close(code), _) if code.is_none_or(Self::may_send) => Ok(Opcode::CLOSE),
            (Content::Close(_), _) => Err(SendError::CloseCode),
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
        match frame.content {
            Content::Data(kind) => self.sending = (!frame.last).then_some(kind),
            Content::Close(_) => self.step(Step::OwnClose),
            Content::Ping | Content::Pong => {}
        }
    }
}
