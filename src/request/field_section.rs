//! The field lines of a finished head (RFC 9112 section 5): parsed by `httparse`, or where flash is short in a third of its
//! code, of which none panics.

#[cfg(not(target_pointer_width = "64"))]
pub(crate) use small::each_field;
#[cfg(target_pointer_width = "64")]
pub(crate) use with_httparse::each_field;

#[cfg(any(test, target_pointer_width = "64"))]
mod with_httparse {
    use crate::Error;
    use crate::head::MAX_FIELDS;
    use crate::span::Span;

    /// The most field lines that are parsed at a time: 32 bytes of stack each.
    const BATCH: usize = 16;

    /// Hands each field line to `field`. Where the head `is_guess`, it is an error too if a line does not end in CR LF right
    /// behind its value, or the head not with `bytes`.
    ///
    /// Where there are more lines than slots, `httparse` has filled the slots when it says so; the next batch starts behind
    /// the last of them.
    pub(crate) fn each_field<'h>(
        bytes: &'h [u8],
        start_line: usize,
        is_guess: bool,
        mut field: impl FnMut(&'h [u8], &'h [u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut rest = bytes.get(start_line..).unwrap_or_default();
        let mut room = MAX_FIELDS;
        loop {
            let mut slots = [httparse::EMPTY_HEADER; BATCH];
            let (filled, end) = match httparse::parse_headers(rest, &mut slots) {
                Ok(httparse::Status::Complete((len, filled))) => (filled, Some(len)),
                Err(httparse::Error::TooManyHeaders) => (slots.as_slice(), None),
                _ => return Err(Error::BadField),
            };
            room = room.checked_sub(filled.len()).ok_or(Error::TooManyFields)?;
            for header in filled {
                if is_guess && !ends_line(rest, header.value) {
                    return Err(Error::BadLineEnd);
                }
                field(header.name.as_bytes(), header.value)?;
            }
            match end {
                Some(len) if is_guess && len < rest.len() => return Err(Error::BadLineEnd),
                Some(_) => return Ok(()),
                None => {}
            }
            rest = filled
                .last()
                .and_then(|last| behind(rest, last.value))
                .ok_or(Error::BadField)?;
        }
    }

    /// Whether CR LF follows the value.
    fn ends_line(bytes: &[u8], value: &[u8]) -> bool {
        let end = Span::within(bytes, value).end();
        bytes
            .get(end..)
            .is_some_and(|rest| rest.starts_with(b"\r\n"))
    }

    /// What follows the line that `value` ends.
    fn behind<'h>(bytes: &'h [u8], value: &[u8]) -> Option<&'h [u8]> {
        let rest = bytes.get(Span::within(bytes, value).end()..)?;
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        rest.get(end + 1..)
    }
}

#[cfg(any(test, not(target_pointer_width = "64")))]
mod small {
    use crate::Error;
    use crate::field_lines::Fields;
    use crate::octets::{is_token, is_value};

    /// Hands each field line to `field`. The head is never a guess here.
    pub(crate) fn each_field<'h>(
        bytes: &'h [u8],
        start_line: usize,
        _: bool,
        mut field: impl FnMut(&'h [u8], &'h [u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let rest = bytes.get(start_line..).unwrap_or_default();
        let mut lines = Fields { rest };
        // A line without a colon is part of a name, which is none with a line end in it, or is left at the end.
        while let Some((name, value)) = lines.next_line() {
            if !is_token(name) || !is_value(value) {
                return Err(Error::BadField);
            }
            field(name, value)?;
        }
        match lines.rest {
            b"\r\n" | b"\n" => Ok(()),
            _ => Err(Error::BadField),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{small, with_httparse};
    use crate::Error;
    use std::vec::Vec;

    type Lines<'h> = (Vec<(&'h [u8], &'h [u8])>, Result<(), Error>);

    /// The lines that are handed out, and how that ends.
    fn read<'h>(
        each_field: impl FnOnce(
            &mut dyn FnMut(&'h [u8], &'h [u8]) -> Result<(), Error>,
        ) -> Result<(), Error>,
    ) -> Lines<'h> {
        let mut lines = Vec::new();
        let result = each_field(&mut |name, value| {
            lines.push((name, value));
            Ok(())
        });
        (lines, result)
    }

    fn of_small(section: &[u8]) -> Lines<'_> {
        read(|take| small::each_field(section, 0, false, take))
    }

    fn of_httparse(section: &[u8]) -> Lines<'_> {
        read(|take| with_httparse::each_field(section, 0, false, take))
    }

    /// Either all lines, the same, or an error: the lines before it depend on how many are parsed at a time.
    #[track_caller]
    fn compare(section: &[u8]) {
        let (ours, theirs) = (of_small(section), of_httparse(section));
        let text = std::string::String::from_utf8_lossy(section);
        assert_eq!(ours.1, theirs.1, "{text:?}");
        if ours.1.is_ok() {
            assert_eq!(ours.0, theirs.0, "{text:?}");
        }
    }

    /// Whether the strict pass over a head lets that section through: it ends in the first empty line, and no line starts
    /// with one.
    fn is_section(section: &[u8]) -> bool {
        let lines: Vec<&[u8]> = section.split_inclusive(|&octet| octet == b'\n').collect();
        let is_empty = |line: &&[u8]| matches!(**line, [b'\n'] | [b'\r', b'\n']);
        lines.iter().position(is_empty) == lines.len().checked_sub(1)
    }

    #[test]
    fn lines_of_every_kind_are_read_alike() {
        let lines: [&[u8]; 24] = [
            b"Host: a\r\n",
            b"a:\r\n",
            b"a: \t \r\n",
            b"a:b\n",
            b"a: b c \t\r\n",
            b" a: b\r\n",
            b"\ta\r\n",
            b"a : b\r\n",
            b": b\r\n",
            b"a\r\n",
            b"a:b:c\r\n",
            b"a: b\r\r\n",
            b"a: \rb\r\n",
            b"a: \xff\x80\r\n",
            b"a: \x7f\r\n",
            b"a: \0\r\n",
            b"\xffa: b\r\n",
            b"a\"b: c\r\n",
            b"a\r: b\r\n",
            b"a: b\x0b\r\n",
            b"!#$%&'*+-.^_`|~09: x\r\n",
            b"a: \r\r\n",
            b"a\r\r\n",
            b"a:\x1fb\r\n",
        ];
        for first in lines {
            for second in lines {
                for end in [&b"\r\n"[..], b"\n"] {
                    compare(&[first, second, end].concat());
                }
            }
        }
        compare(b"\r\n");
        compare(b"\n");
    }

    #[test]
    fn changed_sections_are_read_alike() {
        const OCTETS: &[u8] = b"a:\r\n \t,\x7f\x80\0Z\"~";
        let base =
            b"Host: example.org\r\nUpgrade: websocket\r\nConnection:Upgrade \r\nX: \r\nY:z\n\r\n";
        let mut random = 0x9e37_79b9_u32;
        let mut next = |below: usize| {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            random as usize % below
        };
        let mut read = 0;
        for _ in 0..40_000 {
            let mut section = base.to_vec();
            for _ in 0..=next(3) {
                let (at, octet) = (next(section.len()), OCTETS[next(OCTETS.len())]);
                match next(3) {
                    0 => section[at] = octet,
                    1 => section.insert(at, octet),
                    _ => drop(section.remove(at)),
                }
            }
            if is_section(&section) {
                compare(&section);
                read += u32::from(of_small(&section).1.is_ok());
            }
        }
        assert!(read > 5_000, "{read} of them are good");
    }
}
