//! Writes messages into the caller's buffer: a whole message or nothing.

use crate::octets::{is_token, is_value_byte};
use crate::{Misuse, Status};

/// A field that the application adds: name and value.
pub type Field<'a> = (&'a str, &'a str);

/// Counts what is written, and writes what fits.
pub(crate) struct Writer<'b> {
    out: &'b mut [u8],
    len: usize,
}

impl<'b> Writer<'b> {
    pub(crate) fn new(out: &'b mut [u8]) -> Writer<'b> {
        Writer { out, len: 0 }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        let end = self.len.saturating_add(bytes.len());
        if let Some(to) = self.out.get_mut(self.len..end) {
            copy(to, bytes);
        }
        self.len = end;
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// `name: value`.
    pub(crate) fn field(&mut self, name: &str, value: &str) -> &mut Self {
        self.text(name).text(": ").text(value).text("\r\n")
    }

    pub(crate) fn number(&mut self, number: u64) -> &mut Self {
        let mut digits = [0; 20];
        let mut rest = number;
        let mut start = digits.len();
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            // A digit fits in a byte.
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
            start = at;
            if rest == 0 {
                break;
            }
        }
        self.bytes(digits.get(start..).unwrap_or_default())
    }

    /// A number of few digits: without the division of 64 bits, which is code of its own on a small target.
    pub(crate) fn small_number(&mut self, number: u16) -> &mut Self {
        let mut digits = [0; 5];
        let mut rest = number;
        let mut start = digits.len();
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            // A digit fits in a byte.
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
            start = at;
            if rest == 0 {
                break;
            }
        }
        self.bytes(digits.get(start..).unwrap_or_default())
    }

    /// The status-line (RFC 9112 section 4).
    pub(crate) fn status_line(&mut self, status: Status) -> &mut Self {
        self.text("HTTP/1.1 ")
            .small_number(status.code())
            .text(" ")
            .text(status.reason())
            .text("\r\n")
    }

    /// The fields of the application, checked.
    pub(crate) fn fields(&mut self, fields: &[Field<'_>]) -> Result<&mut Self, Misuse> {
        for (name, value) in fields {
            check(name, value)?;
            self.field(name, value);
        }
        Ok(self)
    }

    /// How many bytes the message has, if all of them fitted.
    pub(crate) fn finish(&self) -> Result<usize, Misuse> {
        if self.len <= self.out.len() {
            Ok(self.len)
        } else {
            Err(Misuse::BufferTooSmall { needed: self.len })
        }
    }
}

/// A `memcpy` to a place of that length: `copy_from_slice` would leave a panic in code that is made small. Most of what is
/// copied is known to the compiler.
#[cfg(target_pointer_width = "64")]
#[inline(always)]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    copy_octets(to, from);
}

/// As above, where flash is short and no `memcpy` comes of a loop that is made small: word by word.
#[cfg(not(target_pointer_width = "64"))]
#[inline(never)]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    const WORD: usize = size_of::<usize>();
    let to = to.get_mut(..from.len()).unwrap_or_default();
    let (mut places, octets) = (to.chunks_exact_mut(WORD), from.chunks_exact(WORD));
    let rest = octets.remainder();
    for (to, from) in places.by_ref().zip(octets) {
        if let (Some(to), Some(from)) = (to.first_chunk_mut::<WORD>(), from.first_chunk()) {
            *to = *from;
        }
    }
    copy_octets(places.into_remainder(), rest);
}

#[inline(always)]
fn copy_octets(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// The fields that the crate writes, or leaves out, itself.
const RESERVED: &[&str] = &[
    "connection",
    "upgrade",
    "host",
    "content-length",
    "transfer-encoding",
    "expect",
    "http2-settings",
    "keep-alive",
    "proxy-connection",
    "te",
    "sec-websocket-key",
    "sec-websocket-accept",
    "sec-websocket-version",
    "sec-websocket-protocol",
    "sec-websocket-extensions",
];

/// Whether an application may add that field: nothing in it can start another line (RFC 9112 section 11.1).
pub(crate) fn check(name: &str, value: &str) -> Result<(), Misuse> {
    if !is_token(name.as_bytes()) || !is_value(value) {
        return Err(Misuse::BadField);
    }
    let is_reserved = RESERVED
        .iter()
        .any(|reserved| name.eq_ignore_ascii_case(reserved));
    if is_reserved {
        Err(Misuse::ReservedField)
    } else {
        Ok(())
    }
}

/// Field content, without whitespace at its ends (RFC 9110 section 5.5).
pub(crate) fn is_value(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.iter().all(|&byte| is_value_byte(byte)) && crate::fields::trim(bytes).len() == bytes.len()
}
