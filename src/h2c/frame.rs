//! Frame headers and the values in them (RFC 9113 sections 4.1 and 6).

/// What a client sends first (RFC 9113 section 3.4).
pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(super) const HEADER_LEN: usize = 9;
/// `WINDOW_UPDATE`, its header included.
pub(super) const UPDATE_LEN: u8 = 13;
/// The payload of `WINDOW_UPDATE`.
pub(super) const INCREMENT_LEN: u8 = 4;
/// One setting in the payload of SETTINGS.
pub(super) const SETTING_LEN: usize = 6;

/// The most payload that any peer takes before it has said otherwise: `SETTINGS_MAX_FRAME_SIZE`.
pub(super) const MAX_PAYLOAD: u16 = 1 << 14;
/// Each flow-control window before anybody has said otherwise.
pub(super) const INITIAL_WINDOW: u32 = (1 << 16) - 1;

pub(super) const DATA: u8 = 0x0;
pub(super) const HEADERS: u8 = 0x1;
pub(super) const RST_STREAM: u8 = 0x3;
pub(super) const SETTINGS: u8 = 0x4;
pub(super) const WINDOW_UPDATE: u8 = 0x8;
pub(super) const CONTINUATION: u8 = 0x9;

/// On SETTINGS.
pub(super) const ACK: u8 = 0x1;
/// On DATA and HEADERS.
pub(super) const END_STREAM: u8 = 0x1;
/// On HEADERS and CONTINUATION.
pub(super) const END_HEADERS: u8 = 0x4;

pub(super) const HEADER_TABLE_SIZE: u16 = 0x1;

/// What follows a reserved bit.
pub(super) const LOW_31: u32 = u32::MAX >> 1;

/// [`Header::stream`] of the request that was upgraded.
pub(super) const STREAM_1: u32 = 1 << 1;

/// The nine octets in front of a payload.
#[derive(Clone, Copy)]
pub(super) struct Header<'h>(pub(super) &'h [u8; HEADER_LEN]);

impl Header<'_> {
    /// 24 bits.
    pub(super) const fn len(self) -> u32 {
        let [l2, l1, l0, kind, ..] = *self.0;
        u32::from_be_bytes([l2, l1, l0, kind]) >> 8
    }

    pub(super) const fn kind(self) -> u8 {
        let [_, _, _, kind, ..] = *self.0;
        kind
    }

    pub(super) const fn has(self, flag: u8) -> bool {
        let [_, _, _, _, flags, ..] = *self.0;
        flags & flag != 0
    }

    /// Twice the number of the stream, for the reserved bit before it says nothing.
    pub(super) const fn stream(self) -> u32 {
        let [.., s3, s2, s1, s0] = *self.0;
        u32::from_be_bytes([s3, s2, s1, s0]) << 1
    }

    pub(super) const fn is_ack(self) -> bool {
        self.kind() == SETTINGS && self.has(ACK)
    }
}

/// Writes the header of a frame of the bridge's own, which is short: of the connection for SETTINGS, else of the upgraded
/// request.
#[inline(never)]
pub(super) const fn write(header: &mut [u8; HEADER_LEN], kind: u8, flags: u8, len: usize) {
    let [.., l1, l0] = len.to_be_bytes();
    let stream = (kind != SETTINGS) as u8;
    *header = [0, l1, l0, kind, flags, 0, 0, 0, stream];
}

/// The same by itself.
pub(super) const fn header(kind: u8, flags: u8, len: usize) -> [u8; HEADER_LEN] {
    let mut header = [0; HEADER_LEN];
    write(&mut header, kind, flags, len);
    header
}
