//! Frames that go out (RFC 9113 section 6), their field lines in literals of HPACK (RFC 7541).

use core::fmt::Write;
use defmt::Format;
use heapless::{String, Vec};
use http_upgrade::Status;

/// The size of a frame's header.
pub const HEADER: usize = 9;

/// The stream of the request that was upgraded.
pub const STREAM: u32 = 1;

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PUSH_PROMISE: u8 = 5;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;

pub const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// The setting `MAX_CONCURRENT_STREAMS`: no stream but the one that the upgrade opened.
const NO_MORE_STREAMS: [u8; 6] = [0, 3, 0, 0, 0, 0];

/// Why a connection ends (RFC 9113 section 7).
#[derive(Clone, Copy, PartialEq, Eq, Format)]
pub struct ErrorCode(u32);

impl ErrorCode {
    pub const NONE: ErrorCode = ErrorCode(0);
    pub const PROTOCOL: ErrorCode = ErrorCode(1);
    pub const FLOW_CONTROL: ErrorCode = ErrorCode(3);
    pub const STREAM_CLOSED: ErrorCode = ErrorCode(5);
    pub const FRAME_SIZE: ErrorCode = ErrorCode(6);
}

/// A frame with at most 8 bytes of payload.
pub type Short = Vec<u8, { HEADER + 8 }>;

pub fn settings() -> Short {
    short(SETTINGS, 0, &NO_MORE_STREAMS)
}

pub fn settings_ack() -> Short {
    short(SETTINGS, ACK, &[])
}

pub fn ping_ack(payload: [u8; 8]) -> Short {
    short(PING, ACK, &payload)
}

/// Behind stream 1 nothing was or will be served.
pub fn go_away(ErrorCode(code): ErrorCode) -> Short {
    let [a, b, c, d] = code.to_be_bytes();
    let [e, f, g, h] = STREAM.to_be_bytes();
    short(GOAWAY, 0, &[e, f, g, h, a, b, c, d])
}

/// DATA; `out` has room for it.
pub fn data(out: &mut [u8], payload: &[u8], is_last: bool) -> usize {
    let flags = if is_last { END_STREAM } else { 0 };
    frame(out, DATA, flags, STREAM, payload)
}

/// HEADERS of a response; `out` has room for it.
pub fn headers(
    out: &mut [u8],
    status: Status,
    media_type: &str,
    length: usize,
    is_last: bool,
) -> usize {
    let mut block = Vec::<u8, 96>::new();
    let mut number = String::<20>::new();
    let _ = write!(number, "{}", status.code());
    literal(&mut block, STATUS, &number);
    literal(&mut block, CONTENT_TYPE, media_type);
    number.clear();
    let _ = write!(number, "{length}");
    literal(&mut block, CONTENT_LENGTH, &number);
    let flags = if is_last {
        END_HEADERS | END_STREAM
    } else {
        END_HEADERS
    };
    frame(out, HEADERS, flags, STREAM, &block)
}

/// Places in HPACK's table of names.
const STATUS: u8 = 8;
const CONTENT_LENGTH: u8 = 28;
const CONTENT_TYPE: u8 = 31;

/// A field line that is not to be remembered, its name by number, its value as it is (RFC 7541 section 6.2.2).
fn literal(block: &mut Vec<u8, 96>, name: u8, value: &str) {
    // A number of 4 bits, and from 15 on the rest of it in the next octet. Values are ours and shorter than 127 octets.
    let _ = match name.checked_sub(15) {
        Some(rest) => block.extend_from_slice(&[15, rest]),
        None => block.extend_from_slice(&[name]),
    };
    let len = u8::try_from(value.len()).unwrap_or_default();
    let _ = block.push(len);
    let _ = block.extend_from_slice(value.as_bytes());
}

/// A frame of the connection.
fn short(kind: u8, flags: u8, payload: &[u8]) -> Short {
    let mut out = [0; HEADER + 8];
    let len = frame(&mut out, kind, flags, 0, payload);
    out.iter().copied().take(len).collect()
}

/// Writes a frame, and says how long it is: 0 if `out` has no room for it.
fn frame(out: &mut [u8], kind: u8, flags: u8, stream: u32, payload: &[u8]) -> usize {
    let [.., a, b, c] = payload.len().to_be_bytes();
    let [d, e, f, g] = stream.to_be_bytes();
    let header = [a, b, c, kind, flags, d, e, f, g];
    let bytes = header.iter().chain(payload);
    let len = HEADER + payload.len();
    let Some(out) = out.get_mut(..len) else {
        return 0;
    };
    out.iter_mut()
        .zip(bytes)
        .for_each(|(out, byte)| *out = *byte);
    len
}
