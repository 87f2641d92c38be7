//! Frames of HTTP/2 (RFC 9113 section 4.1), and header blocks that leave no trace in a decoder (RFC 7541 section 6).

pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

/// A whole frame, with its octets as they came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
    pub octets: Vec<u8>,
}

impl Frame {
    /// The first frame, if it is whole.
    pub fn first(octets: &[u8]) -> Option<Frame> {
        let header: &[u8; 9] = octets.first_chunk()?;
        let len = u32::from_be_bytes([0, header[0], header[1], header[2]]) as usize;
        let octets = octets.get(..9 + len)?;
        Some(Frame {
            kind: header[3],
            flags: header[4],
            stream: u32::from_be_bytes([header[5], header[6], header[7], header[8]]) & 0x7fff_ffff,
            payload: octets[9..].to_vec(),
            octets: octets.to_vec(),
        })
    }

    /// All whole frames, and what is left.
    pub fn all(mut octets: &[u8]) -> (Vec<Frame>, &[u8]) {
        let mut frames = Vec::new();
        while let Some(frame) = Frame::first(octets) {
            octets = &octets[frame.octets.len()..];
            frames.push(frame);
        }
        (frames, octets)
    }

    pub fn is_ack(&self) -> bool {
        self.kind == SETTINGS && self.flags & 1 != 0
    }

    pub fn increment(&self) -> Option<u32> {
        let octets = self.payload[..].try_into().ok()?;
        (self.kind == WINDOW_UPDATE).then(|| u32::from_be_bytes(octets) & 0x7fff_ffff)
    }
}

/// The start of the static table (RFC 7541 appendix A).
const TABLE: [(&[u8], &[u8]); 7] = [
    (b":authority", b""),
    (b":method", b"GET"),
    (b":method", b"POST"),
    (b":path", b"/"),
    (b":path", b"/index.html"),
    (b":scheme", b"http"),
    (b":scheme", b"https"),
];

/// The fields of a block that holds nothing but fields of the static table, and literals without indexing, names and values
/// in plain octets (RFC 7541 sections 6.1 and 6.2.2).
pub fn fields(mut block: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut fields = Vec::new();
    while let [first, rest @ ..] = block {
        let index = usize::from(first & 0x7f);
        if first & 0x80 != 0 {
            let (name, value) = TABLE.get(index.checked_sub(1)?)?;
            fields.push((name.to_vec(), value.to_vec()));
            block = rest;
            continue;
        }
        let (name, rest) = match index.checked_sub(1) {
            None => string(rest)?,
            Some(place) => (TABLE.get(place)?.0.to_vec(), rest),
        };
        let (value, rest) = string(rest)?;
        fields.push((name, value));
        block = rest;
    }
    Some(fields)
}

fn string(octets: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (len, rest) = integer(octets)?;
    Some((rest.get(..len)?.to_vec(), &rest[len..]))
}

/// With a prefix of seven bits, the one before it clear (RFC 7541 section 5.1).
fn integer(octets: &[u8]) -> Option<(usize, &[u8])> {
    let (first, mut rest) = octets.split_first()?;
    if *first < 0x7f {
        return Some((usize::from(*first), rest));
    }
    let (mut value, mut shift) = (0x7f, 0);
    loop {
        let (next, behind) = rest.split_first()?;
        value += usize::from(next & 0x7f) << shift;
        (rest, shift) = (behind, shift + 7);
        if next & 0x80 == 0 {
            return (*first == 0x7f).then_some((value, rest));
        }
    }
}
