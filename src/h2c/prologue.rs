//! What a client with prior knowledge would have sent: preface, SETTINGS, and the request as HEADERS of stream 1.

use super::frame::{
    self, CONTINUATION, END_HEADERS, END_STREAM, HEADERS, MAX_PAYLOAD, PREFACE, SETTINGS,
};
use super::settings;
use crate::Request;
use crate::names::Name;

/// Takes octets.
type Sink<'s> = &'s mut dyn FnMut(&[u8]);

/// `settings` is the value of a valid HTTP2-Settings field.
pub(super) fn write(request: &Request<'_>, settings: &[u8], has_content: bool, to: Sink<'_>) {
    to(PREFACE);
    write_settings(settings, to);
    let mut block = Block {
        left: 0,
        is_counted: false,
        room: 0,
        kind: HEADERS,
        flags: if has_content { 0 } else { END_STREAM },
        to,
    };
    block.request(request);
    block.is_counted = true;
    block.request(request);
}

fn write_settings(value: &[u8], to: Sink<'_>) {
    to(&frame::header(SETTINGS, 0, value.len() / 4 * 3));
    settings::octets(value, to);
}

/// A header block, twice: it is counted first, then put into HEADERS, and what does not fit into CONTINUATION (RFC 9113
/// section 6.10).
struct Block<'s> {
    /// Octets of the block that are in no frame yet.
    left: usize,
    /// All of them are in `left`.
    is_counted: bool,
    /// Octets that the frame still has room for.
    room: usize,
    kind: u8,
    flags: u8,
    to: Sink<'s>,
}

impl Block<'_> {
    /// Pseudo-fields first (RFC 9113 section 8.3), then the fields that do not end at this connection. Host is `:authority`;
    /// what Expect asked for is done.
    fn request(&mut self, request: &Request<'_>) {
        self.put(b"\0\x07:method");
        self.string(request.method_octets());
        self.put(b"\0\x07:scheme\x04http");
        let authority = request.authority_octets();
        if !authority.is_empty() {
            self.put(b"\0\x0a:authority");
            self.string(authority);
        }
        self.put(b"\0\x05:path");
        self.path(request);
        let fields = request.fields();
        let mut rest = fields;
        while let Some((name, value)) = rest.next_line() {
            let is_said = matches!(Name::of(name), Name::HOST | Name::EXPECT);
            if !is_said && !fields.is_hop_by_hop(name) {
                self.field(name, value);
            }
        }
    }

    /// Of a target in any form (RFC 9113 section 8.3.1).
    fn path(&mut self, request: &Request<'_>) {
        let (head, facts) = (request.storage, &request.core.facts);
        // The authority lies in a target that has one, else behind it, in Host.
        let path = head.get(facts.authority.end()..facts.target_end as usize);
        match path {
            None => self.string(facts.target(head)),
            Some([]) if head.starts_with(b"OPTIONS ") => self.string(b"*"),
            Some(path @ [b'/', ..]) => self.string(path),
            Some(query) => {
                self.integer(query.len() + 1);
                self.put(b"/");
                self.put(query);
            }
        }
    }

    /// A literal field without indexing (RFC 7541 section 6.2.2): it leaves no trace in the decoder. The name becomes
    /// lower-case.
    fn field(&mut self, name: &[u8], value: &[u8]) {
        self.octet(0);
        self.integer(name.len());
        for octet in name {
            self.octet(octet.to_ascii_lowercase());
        }
        self.string(value);
    }

    /// Without the Huffman code (RFC 7541 section 5.2).
    fn string(&mut self, octets: &[u8]) {
        self.integer(octets.len());
        self.put(octets);
    }

    /// A length behind a clear Huffman bit (RFC 7541 section 5.1).
    fn integer(&mut self, value: usize) {
        const PREFIX: u8 = 0x7f;
        let mut rest = value;
        if let Some(behind) = value.checked_sub(usize::from(PREFIX)) {
            self.octet(PREFIX);
            rest = behind;
            while rest >= 0x80 {
                self.octet(0x80 | low_bits(rest));
                rest >>= 7;
            }
        }
        self.octet(low_bits(rest));
    }

    #[inline(never)]
    fn octet(&mut self, octet: u8) {
        self.put(&[octet]);
    }

    #[inline(never)]
    fn put(&mut self, mut octets: &[u8]) {
        if !self.is_counted {
            self.left += octets.len();
            return;
        }
        while !octets.is_empty() {
            if self.room == 0 {
                self.begin();
            }
            let now = octets.get(..self.room).unwrap_or(octets);
            (self.to)(now);
            self.room -= now.len();
            octets = octets.get(now.len()..).unwrap_or_default();
        }
    }

    /// Begins a frame.
    #[inline(never)]
    fn begin(&mut self) {
        self.room = self.left.clamp(1, usize::from(MAX_PAYLOAD));
        self.left = self.left.saturating_sub(self.room);
        let last = if self.left == 0 { END_HEADERS } else { 0 };
        (self.to)(&frame::header(self.kind, self.flags | last, self.room));
        (self.kind, self.flags) = (CONTINUATION, 0);
    }
}

/// The lowest seven.
#[allow(clippy::cast_possible_truncation)]
const fn low_bits(value: usize) -> u8 {
    (value & 0x7f) as u8
}
