//! WebSocket frames (RFC 6455 section 5), read as a whole.

use std::str::from_utf8;

/// What the peer said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    /// The code, 1005 where there is none, and the reason.
    Close(u16, String),
    /// It broke a rule: the code that goes with it.
    Fault(u16),
}

/// What a receiver expects.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub masked: bool,
    pub frame: u64,
    pub message: u64,
}

/// One frame, as far as it is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    pub last: bool,
    pub opcode: u8,
    pub masked: bool,
    pub payload: Vec<u8>,
}

struct Header {
    last: bool,
    opcode: u8,
    length: u64,
    key: Option<[u8; 4]>,
    len: usize,
}

const PROTOCOL_ERROR: u16 = 1002;
const INVALID_DATA: u16 = 1007;
const TOO_BIG: u16 = 1009;

/// All that was said, and how many bytes were taken for it; a fault takes up to the byte that shows it.
pub fn read(bytes: &[u8], expected: Expected) -> (Vec<Said>, usize) {
    let (mut said, mut at) = (Vec::new(), 0);
    let mut message: Option<(u8, Vec<u8>)> = None;
    let mut room = expected.message;
    loop {
        let header = match header(&bytes[at..], expected, message.is_some(), room) {
            Ok(Some(header)) => header,
            Ok(None) => return (said, bytes.len()),
            Err((code, len)) => {
                said.push(Said::Fault(code));
                return (said, at + len);
            }
        };
        let start = at + header.len;
        let length = usize::try_from(header.length).unwrap_or(usize::MAX);
        let there = &bytes[start..start.saturating_add(length).min(bytes.len())];
        let is_whole = there.len() == length;
        let mut payload = there.to_vec();
        if let Some(key) = header.key {
            payload
                .iter_mut()
                .zip(key.iter().cycle())
                .for_each(|(byte, key)| *byte ^= key);
        }
        at = start + there.len();
        if header.opcode >= 8 {
            if !is_whole {
                return (said, at);
            }
            said.push(control(header.opcode, payload));
            if matches!(said.last(), Some(Said::Close(..) | Said::Fault(_))) {
                return (said, at);
            }
            continue;
        }
        let (kind, mut content) = message.take().unwrap_or((header.opcode, Vec::new()));
        let before = content.len();
        content.extend(payload);
        room = if header.last {
            expected.message
        } else {
            room - header.length
        };
        let is_end = is_whole && header.last;
        if let Some(bad) = (kind == 1).then(|| not_utf8(&content, is_end)).flatten() {
            said.push(Said::Fault(INVALID_DATA));
            return (said, start + bad - before);
        }
        match (is_end, kind) {
            (true, 1) => said.push(Said::Text(String::from_utf8(content).unwrap_or_default())),
            (true, _) => said.push(Said::Binary(content)),
            (false, _) => message = Some((kind, content)),
        }
        if !is_whole {
            return (said, at);
        }
    }
}

/// Where it shows that that is no UTF-8: how many bytes from the front it takes.
fn not_utf8(text: &[u8], is_end: bool) -> Option<usize> {
    let error = from_utf8(text).err()?;
    let start = error.valid_up_to();
    let shows = |len: &usize| {
        let cut = &text[start..start + len];
        from_utf8(cut).is_err_and(|error| error.error_len().is_some())
    };
    match (1..=text.len() - start).find(shows) {
        Some(len) => Some(start + len),
        None => is_end.then_some(text.len()),
    }
}

fn header(
    bytes: &[u8],
    expected: Expected,
    is_open: bool,
    room: u64,
) -> Result<Option<Header>, (u16, usize)> {
    let [first, rest @ ..] = bytes else {
        return Ok(None);
    };
    let (last, opcode) = (first & 0x80 != 0, first & 0x0f);
    let is_fine = match opcode {
        0 => is_open,
        1 | 2 => !is_open,
        8..=10 => last,
        _ => false,
    };
    if first & 0x70 != 0 || !is_fine {
        return Err((PROTOCOL_ERROR, 1));
    }
    let [second, rest @ ..] = rest else {
        return Ok(None);
    };
    let (masked, short) = (second & 0x80 != 0, second & 0x7f);
    if masked != expected.masked || (opcode >= 8 && short > 125) || (opcode == 8 && short == 1) {
        return Err((PROTOCOL_ERROR, 2));
    }
    let extended = match short {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    if rest.len() < extended {
        return Ok(None);
    }
    let (number, rest) = rest.split_at(extended);
    let length = match extended {
        0 => u64::from(short),
        _ => number
            .iter()
            .fold(0, |sum, &byte| sum << 8 | u64::from(byte)),
    };
    let shortest = match length {
        0..=125 => 0,
        126..=0xffff => 2,
        _ => 8,
    };
    let len = 2 + extended;
    if shortest != extended || length >= 1 << 63 {
        return Err((PROTOCOL_ERROR, len));
    }
    if opcode < 8 && (length > expected.frame || length > room) {
        return Err((TOO_BIG, len));
    }
    let key = match (masked, rest.first_chunk()) {
        (false, _) => None,
        (true, Some(key)) => Some(*key),
        (true, None) => return Ok(None),
    };
    let len = len + if masked { 4 } else { 0 };
    Ok(Some(Header {
        last,
        opcode,
        length,
        key,
        len,
    }))
}

fn control(opcode: u8, payload: Vec<u8>) -> Said {
    match (opcode, &payload[..]) {
        (9, _) => Said::Ping(payload),
        (10, _) => Said::Pong(payload),
        (_, []) => Said::Close(1005, String::new()),
        (_, [a, b, reason @ ..]) => {
            let code = u16::from_be_bytes([*a, *b]);
            match from_utf8(reason) {
                _ if !is_code(code) => Said::Fault(PROTOCOL_ERROR),
                Ok(reason) => Said::Close(code, reason.to_owned()),
                Err(_) => Said::Fault(INVALID_DATA),
            }
        }
        _ => Said::Fault(PROTOCOL_ERROR),
    }
}

/// RFC 6455 section 7.4, and the registry of IANA.
pub fn is_code(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Frames that are whole and in the shortest form; `None` for anything else.
pub fn frames(mut bytes: &[u8]) -> Option<Vec<Frame>> {
    let mut frames = Vec::new();
    while let [first, second, ..] = *bytes {
        let masked = second & 0x80 != 0;
        let expected = Expected {
            masked,
            frame: u64::MAX,
            message: u64::MAX,
        };
        let is_open = first & 0x0f == 0;
        let header = header(bytes, expected, is_open, u64::MAX).ok()??;
        let end = header
            .len
            .checked_add(usize::try_from(header.length).ok()?)?;
        let mut payload = bytes.get(header.len..end)?.to_vec();
        if let Some(key) = header.key {
            payload
                .iter_mut()
                .zip(key.iter().cycle())
                .for_each(|(byte, key)| *byte ^= key);
        }
        frames.push(Frame {
            last: header.last,
            opcode: header.opcode,
            masked,
            payload,
        });
        bytes = &bytes[end..];
    }
    bytes.is_empty().then_some(frames)
}
