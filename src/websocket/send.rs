//! The way out: answers of the machine, frames of the application.

use super::{
    Frame, FrameHeader, Kind, SendError, WebSocket, encode,
    role::{Client, Server},
};
use heapless::VecView;

impl WebSocket<Server> {
    /// Writes the answer that [`Action::Send`](super::Action::Send) asks for and gives its length: at most
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

    /// Writes a data frame around the payload that begins [`HEADROOM`](super::HEADROOM) bytes into `buffer` and fills the
    /// rest of it. The header goes in front of it; the result is the frame.
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
        let rest = encode::header(
            &mut bytes,
            opcode.first_byte(frame.last),
            frame.length(),
            None,
        );
        let rest = match (rest, frame.code) {
            (Some(rest), Some(code)) => encode::put(rest, code.get().to_be_bytes()),
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
    /// Writes the answer that [`Action::Send`](super::Action::Send) asks for and gives its length: at most
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

    /// Writes a data frame around the payload that begins [`HEADROOM`](super::HEADROOM) bytes into `buffer` and fills the
    /// rest of it. The header goes in front of it and the payload is masked where it lies; the result is the frame.
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
