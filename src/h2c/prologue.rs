//! What a client with prior knowledge would have sent: preface, SETTINGS, and the request as HEADERS of stream 1.

use super::frame::{
    CONTINUATION, END_HEADERS, END_STREAM, HEADERS, Header, MAX_PAYLOAD, PREFACE, SETTINGS,
    STREAM_1,
};
use super::settings;
use crate::Request;
use crate::fields::{same_name, split_once};
use crate::span::narrow;

/// Takes octets.
type Sink<'s> = &'s mut dyn FnMut(&[u8]);

/// `settings` is the value of a valid HTTP2-Settings field.
pub(super) fn write(request: &Request<'_>, settings: &[u8], has_content: bool, to: Sink<'_>) {
    to(PREFACE);
    write_settings(settings, to);
    let mut len = 0;
    write_block(request, &mut |octets| len += octets.len());
    let mut frames = Frames {
        left: len,
        room: 0,
        kind: HEADERS,
        flags: if has_content { 0 } else { END_STREAM },
        to,
    };
    write_block(request, &mut |octets| frames.write(octets));
}

fn write_settings(value: &[u8], to: Sink<'_>) {
    let header = Header {
        len: narrow(value.len() / 4 * 3),
        kind: SETTINGS,
        flags: 0,
        stream: 0,
    };
    to(&header.octets());
    settings::octets(value, to);
}

/// Puts a header block into HEADERS, and what does not fit into CONTINUATION (RFC 9113 section 6.10).
struct Frames<'s> {
    /// Octets of the block that are in no frame yet.
    left: usize,
    /// Octets that the frame still has room for.
    room: usize,
    kind: u8,
    flags: u8,
    to: Sink<'s>,
}

impl Frames<'_> {
    fn write(&mut self, mut octets: &[u8]) {
        while !octets.is_empty() {
            if self.room == 0 {
                self.begin();
            }
            let (now, rest) = octets.split_at_checked(self.room).unwrap_or((octets, &[]));
            (self.to)(now);
            self.room = self.room.saturating_sub(now.len());
            octets = rest;
        }
    }

    fn begin(&mut self) {
        self.room = self.left.clamp(1, usize::from(MAX_PAYLOAD));
        self.left = self.left.saturating_sub(self.room);
        let last = if self.left == 0 { END_HEADERS } else { 0 };
        let header = Header {
            len: narrow(self.room),
            kind: self.kind,
            flags: self.flags | last,
            stream: STREAM_1,
        };
        (self.to)(&header.octets());
        (self.kind, self.flags) = (CONTINUATION, 0);
    }
}

/// The header block: pseudo-fields first (RFC 9113 section 8.3), then the fields that do not end at this connection. Host is
/// `:authority`; what Expect asked for is done.
fn write_block(request: &Request<'_>, to: Sink<'_>) {
    let [slash, path] = path(request);
    literal(b":method", [request.method().as_bytes(), b""], to);
    literal(b":scheme", [b"http", b""], to);
    if !request.authority().is_empty() {
        literal(b":authority", [request.authority().as_bytes(), b""], to);
    }
    literal(b":path", [slash, path], to);
    for (name, value) in request.end_to_end_fields() {
        let name = name.as_bytes();
        if !same_name(name, b"host") && !same_name(name, b"expect") {
            literal(name, [value, b""], to);
        }
    }
}

/// Of a target in any form (RFC 9113 section 8.3.1).
fn path<'a>(request: &Request<'a>) -> [&'a [u8]; 2] {
    let target = request.target().as_bytes();
    let Some(path) = path_of_absolute(target) else {
        return [target, b""];
    };
    let start: &[u8] = match (path, request.method()) {
        ([b'/', ..], _) => b"",
        ([], "OPTIONS") => b"*",
        _ => b"/",
    };
    [start, path]
}

/// Path with query of `scheme "://" authority path-abempty`.
fn path_of_absolute(target: &[u8]) -> Option<&[u8]> {
    let (_, rest) = split_once(target, b':').filter(|_| !target.starts_with(b"/"))?;
    let rest = rest.strip_prefix(b"//")?;
    let path = rest.iter().position(|byte| matches!(byte, b'/' | b'?'));
    Some(path.and_then(|at| rest.get(at..)).unwrap_or_default())
}

/// A literal field without indexing, neither string with the Huffman code (RFC 7541 section 6.2.2): it leaves no trace in
/// the decoder. The name becomes lower-case.
fn literal(name: &[u8], value: [&[u8]; 2], to: Sink<'_>) {
    let [start, end] = value;
    to(&[0]);
    integer(name.len(), to);
    for piece in name.chunks(16) {
        let mut lower = [0; 16];
        for (to, from) in lower.iter_mut().zip(piece) {
            *to = from.to_ascii_lowercase();
        }
        to(lower.get(..piece.len()).unwrap_or_default());
    }
    integer(start.len() + end.len(), to);
    to(start);
    to(end);
}

/// A length behind a clear Huffman bit (RFC 7541 section 5.1).
fn integer(value: usize, to: Sink<'_>) {
    const PREFIX: u8 = 0x7f;
    match u8::try_from(value) {
        Ok(small) if small < PREFIX => to(&[small]),
        _ => {
            to(&[PREFIX]);
            let mut rest = value.saturating_sub(usize::from(PREFIX));
            while rest >= 0x80 {
                to(&[0x80 | low_bits(rest)]);
                rest >>= 7;
            }
            to(&[low_bits(rest)]);
        }
    }
}

/// The lowest seven.
#[allow(clippy::cast_possible_truncation)]
const fn low_bits(value: usize) -> u8 {
    (value & 0x7f) as u8
}
