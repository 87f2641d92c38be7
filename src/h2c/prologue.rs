//! What a client with prior knowledge would have sent: preface, SETTINGS, and the request as HEADERS of stream 1.

use super::frame::{
    self, CONTINUATION, END_HEADERS, END_STREAM, HEADERS, MAX_PAYLOAD, PREFACE, SETTINGS,
};
use super::settings;
use crate::Request;
use crate::names::Name;

/// The most octets of the block in a frame.
const FRAME: usize = MAX_PAYLOAD as usize;

/// Literals without indexing, of names in the static table (RFC 7541 section 6.2.2 and appendix A).
const AUTHORITY: u8 = 1;
const METHOD: u8 = 2;
const PATH: u8 = 4;

/// A whole field of the static table (RFC 7541 section 6.1).
const SCHEME_HTTP: u8 = 0x80 | 6;

/// `settings` is the value of a valid HTTP2-Settings field.
#[inline(never)]
pub(super) fn write(
    request: &Request<'_>,
    settings: &[u8],
    has_content: bool,
    to: &mut impl FnMut(&[u8]),
) {
    to(PREFACE);
    to(&frame::header(
        SETTINGS,
        0,
        settings.len() - settings.len() / 4,
    ));
    settings::octets(settings, to);
    let mut block = Block {
        len: 0,
        at: 0,
        end_stream: if has_content { 0 } else { END_STREAM },
        to,
    };
    block.request(request);
    block.len = block.at;
    block.at = 0;
    block.request(request);
}

/// A header block, twice: it is counted first, then put into HEADERS, and what does not fit into CONTINUATION (RFC 9113
/// section 6.10).
struct Block<'s, Sink> {
    /// How many octets it has; 0 until they are counted.
    len: usize,
    /// How many of them were counted, or put into frames.
    at: usize,
    /// A flag of HEADERS, or none.
    end_stream: u8,
    /// Takes octets.
    to: &'s mut Sink,
}

impl<Sink: FnMut(&[u8])> Block<'_, Sink> {
    /// Pseudo-fields first (RFC 9113 section 8.3), then the fields that do not end at this connection. Host is `:authority`;
    /// what Expect asked for is done.
    fn request(&mut self, request: &Request<'_>) {
        self.octet(METHOD);
        self.string(request.method_octets());
        self.octet(SCHEME_HTTP);
        let authority = request.authority_octets();
        if !authority.is_empty() {
            self.octet(AUTHORITY);
            self.string(authority);
        }
        self.octet(PATH);
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
        let target_end = facts.target_end as usize;
        // The authority lies in a target that has one, else behind it, in Host.
        let start = if facts.authority.start() < target_end {
            facts.authority.end()
        } else {
            facts.method_end as usize + 1
        };
        match head.get(start..target_end).unwrap_or_default() {
            [] if head.starts_with(b"OPTIONS ") => self.string(b"*"),
            path @ [b'/' | b'*', ..] => self.string(path),
            query => {
                self.integer(query.len() + 1);
                self.octet(b'/');
                self.put(query);
            }
        }
    }

    /// A literal field without indexing (RFC 7541 section 6.2.2), as all are: it leaves no trace in the decoder. The name
    /// becomes lower-case.
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
        if self.len == 0 {
            self.at += octets.len();
            return;
        }
        while !octets.is_empty() {
            let of_frame = self.at % FRAME;
            if of_frame == 0 {
                self.begin();
            }
            let now = octets.get(..FRAME - of_frame).unwrap_or(octets);
            (self.to)(now);
            self.at += now.len();
            octets = octets.get(now.len()..).unwrap_or_default();
        }
    }

    /// Begins a frame.
    fn begin(&mut self) {
        let left = self.len.wrapping_sub(self.at);
        let (kind, mut flags) = match self.at {
            0 => (HEADERS, self.end_stream),
            _ => (CONTINUATION, 0),
        };
        if left <= FRAME {
            flags |= END_HEADERS;
        }
        (self.to)(&frame::header(kind, flags, left.min(FRAME)));
    }
}

/// The lowest seven.
#[allow(clippy::cast_possible_truncation)]
const fn low_bits(value: usize) -> u8 {
    (value & 0x7f) as u8
}
