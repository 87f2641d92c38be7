//! Fills the lent storage with a head, strictly, and finds its end: each byte is copied once and searched once.

use core::mem::take;

use crate::Error;
use crate::fields::is_token_byte;

/// The most field lines of a head (RFC 9110 section 5.4).
pub const MAX_FIELDS: usize = 100;

/// The most empty lines before a request-line (RFC 9112 section 2.2).
const MAX_EMPTY_LINES: u8 = 4;

/// What came of a piece of input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Progress {
    /// The head goes on.
    More,
    /// The last byte taken is the last of the head.
    Complete,
}

/// How lines may end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Lines {
    /// LF without CR ends a line too.
    pub(crate) lone_lf: bool,
    /// A folded field line is joined to the one before it (RFC 9112 section 5.2): responses only.
    pub(crate) unfold: bool,
}

impl Lines {
    /// Only responses are unfolded.
    const fn bad_start_line(self) -> Error {
        if self.unfold {
            Error::BadStatusLine
        } else {
            Error::BadRequestLine
        }
    }
}

/// What was copied of a piece of input: how much, and whether a line ends there.
#[derive(Clone, Copy)]
pub(crate) struct Copied {
    pub(crate) len: usize,
    has_lf: bool,
}

/// How far the head has come.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Head {
    len: usize,
    line_start: usize,
    /// The length of the start-line, its line end included; 0 before it is there.
    start_line: usize,
    lines: u8,
    empty_lines: u8,
    lone_lf: bool,
}

impl Head {
    /// Nothing has come.
    pub(crate) const fn new() -> Head {
        Head {
            len: 0,
            line_start: 0,
            start_line: 0,
            lines: 0,
            empty_lines: 0,
            lone_lf: false,
        }
    }

    /// The bytes of the head so far.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) const fn start_line(&self) -> usize {
        self.start_line
    }

    /// Whether nothing but empty lines has come.
    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0 && self.empty_lines == 0
    }

    /// Whether empty lines came ahead of it.
    pub(crate) const fn has_empty_lines(&self) -> bool {
        self.empty_lines > 0
    }

    /// Whether a line ended in LF alone.
    pub(crate) const fn has_lone_lf(&self) -> bool {
        self.lone_lf
    }

    /// Copies `input` behind what is stored, up to the end of a line.
    pub(crate) fn copy(&mut self, storage: &mut [u8], input: &[u8]) -> Copied {
        let room = addressable(storage).get_mut(self.len..);
        let (len, has_lf) = copy_line(room.unwrap_or_default(), input);
        self.len += len;
        Copied { len, has_lf }
    }

    /// Whether that was a piece from inside a line, with room behind it: there is nothing to judge.
    pub(crate) fn is_inside(&self, storage: &[u8], copied: Copied) -> bool {
        !copied.has_lf && self.len > copied.len && self.len < storage.len().min(u32::MAX as usize)
    }

    /// [`Head::copy`] and [`Head::go_on`] at once.
    pub(crate) fn take(
        &mut self,
        storage: &mut [u8],
        input: &[u8],
        lines: Lines,
    ) -> (usize, Result<Progress, Error>) {
        let copied = self.copy(storage, input);
        self.go_on(storage, input, copied, lines)
    }

    /// Goes on behind what was copied of `input`, up to the end of the head, and says how many bytes were taken; up to the
    /// end of an empty line ahead of it, if there is one. On an error the count includes the byte that shows it.
    pub(crate) fn go_on(
        &mut self,
        storage: &mut [u8],
        input: &[u8],
        mut copied: Copied,
        lines: Lines,
    ) -> (usize, Result<Progress, Error>) {
        if self.len == copied.len && !may_begin(input) {
            return (1, Err(lines.bad_start_line()));
        }
        let mut rest = input;
        while let Some((_, behind)) = rest.split_at_checked(copied.len) {
            rest = behind;
            if !copied.has_lf {
                break;
            }
            if let Some(end) = self.end_line(storage, lines) {
                return (input.len() - rest.len(), end);
            }
            copied = self.copy(storage, rest);
        }
        let progress = if self.len < addressable(storage).len() {
            Ok(Progress::More)
        } else {
            Err(self.overflow(storage))
        };
        (input.len() - rest.len(), progress)
    }

    /// Judges the line that what is stored ends with. Nothing comes of a part of the head.
    fn end_line(&mut self, storage: &[u8], lines: Lines) -> Option<Result<Progress, Error>> {
        let has_cr = storage.get(self.len.wrapping_sub(2)) == Some(&b'\r');
        if !has_cr {
            if !lines.lone_lf {
                return Some(Err(Error::BadLineEnd));
            }
            self.lone_lf = true;
        }
        if self.len - self.line_start == 1 + usize::from(has_cr) {
            return Some(if self.start_line == 0 {
                self.skip_empty_line(lines)
            } else {
                Ok(Progress::Complete)
            });
        }
        self.line_start = self.len;
        if self.start_line == 0 {
            self.start_line = self.len;
        } else if usize::from(self.lines) >= MAX_FIELDS {
            return Some(Err(Error::TooManyFields));
        } else {
            self.lines += 1;
        }
        None
    }

    /// Empty lines ahead of a request are skipped, up to a limit; there are none ahead of a response.
    fn skip_empty_line(&mut self, lines: Lines) -> Result<Progress, Error> {
        if lines.unfold || self.empty_lines >= MAX_EMPTY_LINES {
            return Err(Error::BadLineEnd);
        }
        (self.len, self.line_start) = (0, 0);
        self.empty_lines += 1;
        Ok(Progress::More)
    }

    /// What has outgrown the storage (RFC 9112 section 3).
    fn overflow(&self, storage: &[u8]) -> Error {
        match storage.get(..self.len()) {
            Some(start) if self.start_line == 0 && start.contains(&b' ') => Error::TargetTooLong,
            Some(_) if self.start_line == 0 => Error::MethodTooLong,
            _ => Error::HeadTooLarge,
        }
    }
}

/// Places in the storage are kept as `u32`: what is behind 4 GiB is not used.
fn addressable(storage: &mut [u8]) -> &mut [u8] {
    let len = storage.len().min(u32::MAX as usize);
    storage.get_mut(..len).unwrap_or_default()
}

/// Whether a message can begin like that: with a method or a version, or an empty line before it. What is no HTTP at all,
/// such as a TLS record, shows itself here.
fn may_begin(input: &[u8]) -> bool {
    input
        .first()
        .is_none_or(|&byte| is_token_byte(byte) || matches!(byte, b'\r' | b'\n'))
}

/// Copies up to the end of a line, its LF included, or as much as there is and has room: how much, and whether it ends in
/// LF. A few bytes more may be copied, which do not count.
#[inline(never)]
fn copy_line(to: &mut [u8], from: &[u8]) -> (usize, bool) {
    let len = to.len().min(from.len());
    let (Some(mut to), Some(mut from)) = (to.get_mut(..len), from.get(..len)) else {
        return (0, false);
    };
    // Blocks without LF are the most; the compiler looks at all octets of one at once where the target can.
    while let Some((block, rest)) = from.split_first_chunk::<16>() {
        if block
            .iter()
            .fold(false, |found, &byte| found | (byte == b'\n'))
        {
            break;
        }
        let Some((place, room)) = take(&mut to).split_first_chunk_mut() else {
            break;
        };
        *place = *block;
        (from, to) = (rest, room);
    }
    while let Some((word, rest)) = from.split_first_chunk::<WORD>() {
        let Some((place, room)) = take(&mut to).split_first_chunk_mut() else {
            break;
        };
        *place = *word;
        let found = lf_octets(usize::from_le_bytes(*word));
        if found != 0 {
            return (
                len - from.len() + (found.trailing_zeros() / 8) as usize + 1,
                true,
            );
        }
        (from, to) = (rest, room);
    }
    for (at, (place, byte)) in (len - from.len()..).zip(to.iter_mut().zip(from)) {
        *place = *byte;
        if *byte == b'\n' {
            return (at + 1, true);
        }
    }
    (len, false)
}

const WORD: usize = size_of::<usize>();

/// The high bit of the first octet that is LF, and perhaps of some behind it.
fn lf_octets(word: usize) -> usize {
    const ONES: usize = usize::MAX / 0xff;
    let zero_at_lf = word ^ (ONES * 0x0a);
    zero_at_lf.wrapping_sub(ONES) & !zero_at_lf & (ONES << 7)
}
