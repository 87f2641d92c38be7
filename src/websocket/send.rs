//! The way out: answers of the machine, frames of the application.

use super::{
    Action, Answer, CloseCode, Frame, FrameHeader, HEADROOM, Kind, Role, SendError, WebSocket,
    frame::Content,
    header::{self, CONTROL, Opcode},
    mask,
    role::{Client, Server},
    state::{State, Step},
};
use core::str;
use heapless::VecView;

impl WebSocket<Server> {
    /// Writes the answer that [`Action::Send`] asks for and gives its length: at most
    /// [`MAX_CONTROL_FRAME`](super::MAX_CONTROL_FRAME). Without such an action it writes nothing and gives 0.
    pub fn send(&mut self, out: &mut [u8]) -> Result<usize, SendError> {
        self.answer((), out)
    }

    /// Writes a frame, its payload copied behind its header, and gives the number of bytes.
    #[inline]
    pub fn write(&mut self, frame: Frame<'_>, out: &mut [u8]) -> Result<usize, SendError> {
        self.copy(&frame, (), out)
    }

    /// Appends a frame to what `out` holds.
    pub fn append(&mut self, frame: Frame<'_>, out: &mut VecView<u8>) -> Result<(), SendError> {
        self.extend(&frame, (), out)
    }

    /// Writes a data frame around the payload that begins [`HEADROOM`] bytes into `buffer` and fills the rest of it. The
    /// header goes in front of it; the result is the frame.
    ///
    /// Text must be UTF-8 in each fragment.
    pub fn write_in_place<'o>(
        &mut self,
        kind: Kind,
        last: bool,
        buffer: &'o mut [u8],
    ) -> Result<&'o [u8], SendError> {
        self.surround(kind, last, (), buffer)
    }

    /// Everything of a frame but its payload, to be followed on the wire by [`Frame::payload`]: for payload that
    /// lies somewhere and need not be moved. The frame counts as written.
    pub fn write_header(&mut self, frame: &Frame<'_>) -> Result<FrameHeader, SendError> {
        let opcode = self.admit(frame)?;
        let mut bytes = [0; FrameHeader::LONGEST];
        let rest = frame.begin(&mut bytes, opcode, None);
        let rest = match (rest, frame.code()) {
            (Some(rest), Some(code)) => header::put(rest, code.get().to_be_bytes()),
            (rest, _) => rest,
        };
        let Some(free) = rest.map(|rest| rest.len()) else {
            return Err(SendError::BufferTooSmall {
                needed: bytes.len(),
            });
        };
        let len = bytes.len().saturating_sub(free);
        self.sent(frame);
        Ok(FrameHeader { bytes, len })
    }
}

/// `key` masks the frame. It must be new and unpredictable for each one: four bytes of a strong source of entropy
/// (RFC 6455 section 5.3).
impl WebSocket<Client> {
    /// Writes the answer that [`Action::Send`] asks for and gives its length: at most
    /// [`MAX_CONTROL_FRAME`](super::MAX_CONTROL_FRAME). Without such an action it writes nothing and gives 0.
    pub fn send(&mut self, key: [u8; 4], out: &mut [u8]) -> Result<usize, SendError> {
        self.answer(key, out)
    }

    /// Writes a frame, its payload copied behind its header and masked there, and gives the number of bytes.
    #[inline]
    pub fn write(
        &mut self,
        frame: Frame<'_>,
        key: [u8; 4],
        out: &mut [u8],
    ) -> Result<usize, SendError> {
        self.copy(&frame, key, out)
    }

    /// Appends a frame to what `out` holds.
    pub fn append(
        &mut self,
        frame: Frame<'_>,
        key: [u8; 4],
        out: &mut VecView<u8>,
    ) -> Result<(), SendError> {
        self.extend(&frame, key, out)
    }

    /// Writes a data frame around the payload that begins [`HEADROOM`] bytes into `buffer` and fills the rest of it. The
    /// header goes in front of it and the payload is masked where it lies; the result is the frame.
    ///
    /// Text must be UTF-8 in each fragment.
    pub fn write_in_place<'o>(
        &mut self,
        kind: Kind,
        last: bool,
        key: [u8; 4],
        buffer: &'o mut [u8],
    ) -> Result<&'o [u8], SendError> {
        self.surround(kind, last, key, buffer)
    }
}

impl<R: Role> WebSocket<R> {
    fn answer(&mut self, key: R::Key, out: &mut [u8]) -> Result<usize, SendError> {
        let (opcode, frame) = match self.action() {
            Action::Send(Answer::Pong) => (Opcode::Pong, Frame::pong(self.control_payload())),
            Action::Send(Answer::Close(CloseCode::NONE)) => {
                (Opcode::Close, Frame::close_without_code())
            }
            Action::Send(Answer::Close(code)) => (Opcode::Close, Frame::close(code, "")),
            Action::Send(Answer::Fail(error)) => {
                (Opcode::Close, Frame::close(error.close_code(), ""))
            }
            Action::Receive | Action::AwaitClose | Action::Close(_) => return Ok(0),
        };
        let size = encode(&frame, opcode, R::key(key), out)?;
        self.step(Step::Sent);
        Ok(size)
    }

    #[inline]
    fn copy(&mut self, frame: &Frame<'_>, key: R::Key, out: &mut [u8]) -> Result<usize, SendError> {
        let opcode = self.admit(frame)?;
        let size = encode(frame, opcode, R::key(key), out)?;
        self.sent(frame);
        Ok(size)
    }

    fn extend(
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
            encode(frame, opcode, key, free)?;
        }
        self.sent(frame);
        Ok(())
    }

    fn surround<'o>(
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
        let start = HEADROOM.saturating_sub(header::size(length, key.is_some()));
        let out = buffer.get_mut(start..).ok_or(too_small)?;
        let payload = header::encode(out, first, length, key).ok_or(too_small)?;
        if let Some(key) = key {
            mask::mask(payload, key);
        }
        Ok(out)
    }

    /// Whether `frame` may be sent now, and with which opcode.
    #[inline]
    fn admit(&self, frame: &Frame<'_>) -> Result<Opcode, SendError> {
        match (self.state, frame.content) {
            (State::Open | State::Ponging, _) | (State::Answering(_), Content::Close(_)) => {}
            (State::Closing | State::LatePonging | State::Answering(_), _) => {
                return Err(SendError::Closing);
            }
            _ => return Err(SendError::Closed),
        }
        match (frame.content, self.sending) {
            (Content::Data(kind), Some(open)) if kind != open => Err(SendError::MessageOpen),
            (Content::Data(_), Some(_)) => Ok(Opcode::Continuation),
            (Content::Data(Kind::Text), None) => Ok(Opcode::Text),
            (Content::Data(Kind::Binary), None) => Ok(Opcode::Binary),
            _ if !frame.last => Err(SendError::ControlFragmented),
            _ if frame.length() > CONTROL => Err(SendError::ControlTooLong),
            (Content::Ping, _) => Ok(Opcode::Ping),
            (Content::Pong, _) => Ok(Opcode::Pong),
            (Content::Close(code), _) if code.is_none_or(Self::may_send) => Ok(Opcode::Close),
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
    fn sent(&mut self, frame: &Frame<'_>) {
        match frame.content {
            Content::Data(kind) => self.sending = (!frame.last).then_some(kind),
            Content::Close(_) => self.step(Step::OwnClose),
            Content::Ping | Content::Pong => {}
        }
    }
}

/// Writes a whole frame at the front of `out`, or nothing that counts.
#[inline]
fn encode(
    frame: &Frame<'_>,
    opcode: Opcode,
    key: Option<[u8; 4]>,
    out: &mut [u8],
) -> Result<usize, SendError> {
    let needed = frame.size(key.is_some());
    let too_small = SendError::BufferTooSmall { needed };
    let (out, _) = out.split_at_mut_checked(needed).ok_or(too_small)?;
    let body = frame.begin(out, opcode, key).ok_or(too_small)?;
    let payload = match frame.code() {
        Some(code) => header::put(&mut *body, code.get().to_be_bytes()).ok_or(too_small)?,
        None => &mut *body,
    };
    header::put_slice(payload, frame.payload).ok_or(too_small)?;
    if let Some(key) = key {
        mask::mask(body, key);
    }
    Ok(needed)
}
