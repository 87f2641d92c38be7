//! Writes messages into the caller's buffer: a whole message or nothing.

use crate::octets::{self, is_token};
use crate::{Misuse, Status};

/// A field that the application adds: name and value.
pub type Field<'a> = (&'a str, &'a str);

/// What is between the members of a list.
const LIST: &str = ", ";

/// Counts what is written, and writes what fits.
pub(crate) struct Writer<'b> {
    out: &'b mut [u8],
    len: usize,
    /// What goes before the next member of a list.
    separator: &'static str,
}

impl<'b> Writer<'b> {
    pub(crate) fn new(out: &'b mut [u8]) -> Writer<'b> {
        Writer {
            out,
            len: 0,
            separator: "",
        }
    }

    /// Where speed counts, most of what is copied is known to the compiler.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
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

    /// Begins a field whose value is a list: `name: `. Without members there is no such field.
    pub(crate) fn list(&mut self, name: &'static str) {
        self.separator = name;
    }

    pub(crate) fn member(&mut self, text: &str) {
        self.text(self.separator).text(text);
        self.separator = LIST;
    }

    pub(crate) fn end_list(&mut self) {
        if self.separator.len() == LIST.len() {
            self.text("\r\n");
        }
    }

    /// In 16 bits at a time: the division of 64 bits is code of its own on a small target.
    pub(crate) fn number(&mut self, number: u64) -> &mut Self {
        let mut digits = [0; 20];
        let mut start = digits.len();
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            let mut remainder = 0;
            for _ in 0..4 {
                let part = remainder << 16 | (rest >> 48) as u32;
                rest = rest << 16 | u64::from(part / 10);
                remainder = part % 10;
            }
            *digit = digit_of(remainder);
            start -= 1;
            if rest == 0 {
                break;
            }
        }
        self.bytes(digits.get(start..).unwrap_or_default())
    }

    /// The same for a number of few digits, in few bytes of code.
    pub(crate) fn small_number(&mut self, number: u32) -> &mut Self {
        if number >= 10 {
            self.small_number(number / 10);
        }
        self.bytes(&[digit_of(number % 10)])
    }

    /// The code and its reason phrase, which is looked up once.
    pub(crate) fn status(&mut self, status: Status, phrase: &[u8]) -> &mut Self {
        self.small_number(u32::from(status.code()))
            .text(" ")
            .bytes(phrase)
    }

    /// The status-line (RFC 9112 section 4).
    pub(crate) fn status_line(&mut self, status: Status) -> &mut Self {
        // The most frequent one, where speed counts.
        if cfg!(target_pointer_width = "64") && status == Status::SWITCHING_PROTOCOLS {
            return self.text("HTTP/1.1 101 Switching Protocols\r\n");
        }
        self.text("HTTP/1.1 ")
            .status(status, status.phrase())
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

#[allow(clippy::cast_possible_truncation)]
const fn digit_of(number: u32) -> u8 {
    b'0' + number as u8
}

/// To a place of that length: `copy_from_slice` would leave a panic in code that is made small.
#[inline(always)]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// The same for what may be long: word by word where a loop that is made small would go octet by octet.
#[cfg_attr(target_pointer_width = "64", inline(always))]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn copy_long(to: &mut [u8], from: &[u8]) {
    const WORD: usize = size_of::<usize>();
    if cfg!(target_pointer_width = "64") {
        return copy(to, from);
    }
    let to = to.get_mut(..from.len()).unwrap_or_default();
    let (mut places, octets) = (to.chunks_exact_mut(WORD), from.chunks_exact(WORD));
    let rest = octets.remainder();
    for (to, from) in places.by_ref().zip(octets) {
        if let (Some(to), Some(from)) = (to.first_chunk_mut::<WORD>(), from.first_chunk()) {
            *to = *from;
        }
    }
    copy(places.into_remainder(), rest);
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
    octets::is_value(bytes) && crate::fields::trim(bytes).len() == bytes.len()
}
