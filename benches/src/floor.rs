//! The floor: `httparse`, `sha1_smol` and `base64ct` by hand, with no strictness at all. What a handshake and a frame
//! cannot do without, so that the others can be read as what they add to it. Nobody should use it.

use base64ct::{Base64, Encoding};
use httparse::{EMPTY_HEADER, Header, Request, Response, Status};

const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const END: u32 = u32::from_be_bytes(*b"\r\n\r\n");

/// A head that arrives in pieces: the first is parsed at once; if it is not the whole head, the end is searched in all
/// that follows, and the head is parsed once.
pub struct Head<'s> {
    storage: &'s mut [u8],
    len: usize,
    last: u32,
}

impl<'s> Head<'s> {
    pub fn new(storage: &'s mut [u8]) -> Self {
        let (len, last) = (0, 0);
        Self { storage, len, last }
    }

    /// Takes a piece. `then` is called with what there is if that may be the whole head.
    #[inline(always)]
    pub fn receive<T>(
        &mut self,
        piece: &[u8],
        mut then: impl FnMut(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let to = self.len + piece.len();
        self.storage.get_mut(self.len..to)?.copy_from_slice(piece);
        let is_first = self.len == 0;
        self.len = to;
        if is_first && let Some(whole) = then(self.storage.get(..to)?) {
            return Some(whole);
        }
        let mut is_at_end = false;
        for byte in piece {
            self.last = self.last << 8 | u32::from(*byte);
            is_at_end |= self.last == END;
        }
        if is_at_end {
            then(self.storage.get(..to)?)
        } else {
            None
        }
    }
}

/// The length of the 101 to a request, once it is whole.
#[inline(never)]
pub fn accept(head: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut slots = [EMPTY_HEADER; 32];
    let mut request = Request::new(&mut slots);
    let Ok(Status::Complete(_)) = request.parse(head) else {
        return None;
    };
    let (mut key, mut upgrades, mut is_websocket, mut version) = (None, false, false, false);
    for Header { name, value } in request.headers.iter() {
        match name.len() {
            7 if name.eq_ignore_ascii_case("upgrade") => {
                is_websocket = value.eq_ignore_ascii_case(b"websocket");
            }
            10 if name.eq_ignore_ascii_case("connection") => {
                upgrades = value.eq_ignore_ascii_case(b"upgrade");
            }
            17 if name.eq_ignore_ascii_case("sec-websocket-key") => key = Some(*value),
            21 if name.eq_ignore_ascii_case("sec-websocket-version") => version = *value == b"13",
            _ => {}
        }
    }
    if !(upgrades && is_websocket && version) {
        return None;
    }
    let mut accept = [0; 28];
    hash(key?, &mut accept);
    write(
        out,
        &[
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ",
            &accept,
            b"\r\n\r\n",
        ],
    )
}

fn hash(key: &[u8], accept: &mut [u8; 28]) {
    let mut sha1 = sha1_smol::Sha1::new();
    sha1.update(key);
    sha1.update(GUID);
    let _ = Base64::encode(&sha1.digest().bytes(), accept);
}

#[inline(always)]
pub fn write(out: &mut [u8], parts: &[&[u8]]) -> Option<usize> {
    let mut at = 0;
    for part in parts {
        out.get_mut(at..)?
            .get_mut(..part.len())?
            .copy_from_slice(part);
        at += part.len();
    }
    Some(at)
}

/// The request of a client, and its key.
#[inline(never)]
pub fn request(
    host: &[u8],
    target: &[u8],
    nonce: &[u8; 16],
    out: &mut [u8],
) -> Option<(usize, [u8; 24])> {
    let mut key = [0; 24];
    Base64::encode(nonce, &mut key).ok()?;
    let len = write(
        out,
        &[
            b"GET ",
            target,
            b" HTTP/1.1\r\nHost: ",
            host,
            b"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ",
            &key,
            b"\r\n\r\n",
        ],
    )?;
    Some((len, key))
}

/// Whether the answer to it is the right 101.
#[inline(never)]
pub fn is_accepted(head: &[u8], key: &[u8; 24]) -> Option<bool> {
    let mut slots = [EMPTY_HEADER; 32];
    let mut response = Response::new(&mut slots);
    let Ok(Status::Complete(_)) = response.parse(head) else {
        return None;
    };
    let mut expected = [0; 28];
    hash(key, &mut expected);
    let (mut upgrades, mut is_websocket, mut is_accepted) = (false, false, false);
    for Header { name, value } in response.headers.iter() {
        match name.len() {
            7 if name.eq_ignore_ascii_case("upgrade") => {
                is_websocket = value.eq_ignore_ascii_case(b"websocket");
            }
            10 if name.eq_ignore_ascii_case("connection") => {
                upgrades = value.eq_ignore_ascii_case(b"upgrade");
            }
            20 if name.eq_ignore_ascii_case("sec-websocket-accept") => {
                is_accepted = *value == expected
            }
            _ => {}
        }
    }
    Some(response.code == Some(101) && upgrades && is_websocket && is_accepted)
}

/// An answer to a request that is read and not looked into: an ordinary one, or a 426.
#[inline(never)]
pub fn respond(head: &[u8], answer: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut slots = [EMPTY_HEADER; 32];
    let mut request = Request::new(&mut slots);
    let Ok(Status::Complete(_)) = request.parse(head) else {
        return None;
    };
    let is_upgrade = |field: &Header| field.name.eq_ignore_ascii_case("upgrade");
    if request.headers.iter().any(is_upgrade) {
        None
    } else {
        write(out, &[answer])
    }
}

/// The 101 to an upgrade to h2c, and the settings of the client.
#[inline(never)]
pub fn h2c<'s>(head: &[u8], settings: &'s mut [u8], out: &mut [u8]) -> Option<(usize, &'s [u8])> {
    let mut slots = [EMPTY_HEADER; 32];
    let mut request = Request::new(&mut slots);
    let Ok(Status::Complete(_)) = request.parse(head) else {
        return None;
    };
    let (mut is_h2c, mut payload) = (false, None);
    for Header { name, value } in request.headers.iter() {
        match name.len() {
            7 if name.eq_ignore_ascii_case("upgrade") => is_h2c = *value == b"h2c",
            14 if name.eq_ignore_ascii_case("http2-settings") => payload = Some(*value),
            _ => {}
        }
    }
    let settings =
        base64ct::Base64UrlUnpadded::decode(payload.filter(|_| is_h2c)?, settings).ok()?;
    let answer = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    Some((write(out, &[answer])?, settings))
}

/// The payload of a whole frame, unmasked in place, with UTF-8 checked in a text.
#[inline(never)]
pub fn decode(frame: &mut [u8]) -> Option<&[u8]> {
    let (&mut [first, second], rest) = frame.split_first_chunk_mut()?;
    let (len, rest) = match second & 0x7F {
        126 => {
            let (len, rest) = rest.split_first_chunk_mut()?;
            (usize::from(u16::from_be_bytes(*len)), rest)
        }
        127 => {
            let (len, rest) = rest.split_first_chunk_mut()?;
            (usize::try_from(u64::from_be_bytes(*len)).ok()?, rest)
        }
        len => (usize::from(len), rest),
    };
    let payload = if second & 0x80 == 0 {
        rest.get_mut(..len)?
    } else {
        let (mask, rest) = rest.split_first_chunk_mut()?;
        let payload = rest.get_mut(..len)?;
        unmask(payload, *mask);
        payload
    };
    if first & 0xF == 1 && core::str::from_utf8(payload).is_err() {
        return None;
    }
    Some(payload)
}

#[inline(always)]
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let word = u32::from_ne_bytes(mask);
    let (words, rest) = payload.as_chunks_mut::<4>();
    for bytes in words {
        *bytes = (u32::from_ne_bytes(*bytes) ^ word).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask) {
        *byte ^= key;
    }
}

/// A whole frame, masked if there is a key.
#[inline(never)]
pub fn encode(first: u8, payload: &[u8], mask: Option<[u8; 4]>, out: &mut [u8]) -> Option<usize> {
    let bit = if mask.is_some() { 0x80 } else { 0 };
    let mut at = match payload.len() {
        len @ ..126 => write(out, &[&[first, bit | len as u8]])?,
        len @ ..0x1_0000 => write(out, &[&[first, bit | 126], &(len as u16).to_be_bytes()])?,
        len => write(out, &[&[first, bit | 127], &(len as u64).to_be_bytes()])?,
    };
    if let Some(mask) = mask {
        at += write(out.get_mut(at..)?, &[&mask])?;
    }
    let masked = out.get_mut(at..at + payload.len())?;
    masked.copy_from_slice(payload);
    if let Some(mask) = mask {
        unmask(masked, mask);
    }
    Some(at + payload.len())
}
