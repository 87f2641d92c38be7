//! Fills the lent storage with a head, strictly, and finds its end: each byte is copied once and searched once.

use crate::Error;
use crate::block::{BLOCK, first_lf, has_lf, lf_place};
use crate::octets::is_token_byte;
use crate::scan::Scan;

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
    /// The last byte taken shows that it is none.
    Fault(Error),
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

/// How far the head has come.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Head {
    len: usize,
    /// The length of the start-line, its line end included; 0 before it is there.
    start_line: usize,
    /// The lines that have ended, the start-line among them.
    lines: u8,
    empty_lines: u8,
    lone_lf: bool,
}

impl Head {
    /// Nothing has come.
    pub(crate) const fn new() -> Head {
        Head {
            len: 0,
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

    /// What an input would be that ends as a head does: it may be one, if nothing came before, there is room for it and its
    /// first line ends in CR LF. Whoever parses it finds out, and stores it. Most heads come like that, in one read with
    /// nothing behind them, and need not be searched for their end. Small targets go without.
    pub(crate) fn guess(&self, storage: &[u8], input: &[u8]) -> Option<Head> {
        let is_fresh = self.len == 0 && self.empty_lines == 0;
        let fits = input.len() <= storage.len() && u32::try_from(input.len()).is_ok();
        let is_whole = input.ends_with(b"\r\n\r\n");
        if cfg!(not(target_pointer_width = "64")) || !is_fresh || !fits || !is_whole {
            return None;
        }
        let start_line = first_lf(input)? + 1;
        let line = input.get(..start_line)?;
        line.ends_with(b"\r\n").then_some(Head {
            len: input.len(),
            start_line,
            ..Head::new()
        })
    }

    /// Takes what is plain of a piece from inside the field lines, and says how many bytes. There is room behind them.
    /// Small targets go without.
    #[inline]
    pub(crate) fn take_plain(&mut self, storage: &mut [u8], input: &[u8]) -> usize {
        let room = addressable(storage).get_mut(self.len..).unwrap_or_default();
        if cfg!(not(target_pointer_width = "64")) || self.len == 0 || input.len() >= room.len() {
            return 0;
        }
        let mut len = if input.len() < BLOCK {
            0
        } else {
            self.copy_lines(room, input)
        };
        let places = room.get_mut(len..).unwrap_or_default().iter_mut();
        let tail = input.get(len..).unwrap_or_default();
        if tail.len() < BLOCK {
            for (place, byte) in places.zip(tail) {
                if *byte == b'\n' {
                    break;
                }
                *place = *byte;
                len += 1;
            }
        }
        self.len += len;
        len
    }

    /// Copies `input` behind what is stored, up to the end of the head, and says how many bytes were taken.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    pub(crate) fn take(
        &mut self,
        storage: &mut [u8],
        input: &[u8],
        lines: Lines,
    ) -> (usize, Progress) {
        let storage = addressable(storage);
        let mut taken = self.take_lines(storage, input);
        while let Some(octet) = input.get(taken) {
            if self.len == 0 && !may_begin(*octet) {
                return (taken + 1, Progress::Fault(lines.bad_start_line()));
            }
            let Some(place) = storage.get_mut(self.len) else {
                break;
            };
            *place = *octet;
            self.len += 1;
            taken += 1;
            if *octet == b'\n' {
                let progress = self.end_line(storage, lines);
                if progress != Progress::More {
                    return (taken, progress);
                }
                taken += self.take_lines(storage, input.get(taken..).unwrap_or_default());
            }
        }
        let is_full = self.len >= storage.len();
        let progress = if is_full {
            Progress::Fault(self.overflow(storage))
        } else {
            Progress::More
        };
        (taken, progress)
    }

    /// Takes what can be copied in blocks: how many bytes.
    #[inline(always)]
    fn take_lines(&mut self, storage: &mut [u8], input: &[u8]) -> usize {
        if self.len == 0 && !input.first().is_some_and(|&octet| may_begin(octet)) {
            return 0;
        }
        let room = storage.get_mut(self.len..).unwrap_or_default();
        let len = self.copy_lines(room, input);
        self.len += len;
        len
    }

    /// Copies blocks as long as each ends one line at most, which is not empty and ends in CR LF: how many bytes. What is
    /// behind is left to closer inspection, and whole blocks of it may be copied already.
    /// Small targets go without.
    #[inline(always)]
    fn copy_lines(&mut self, to: &mut [u8], from: &[u8]) -> usize {
        let mut at = 0_usize;
        if cfg!(not(target_pointer_width = "64")) {
            return at;
        }
        for (place, block) in to.chunks_exact_mut(BLOCK).zip(from.chunks_exact(BLOCK)) {
            if let (Some(place), Some(block)) =
                (place.first_chunk_mut::<BLOCK>(), block.first_chunk())
            {
                *place = *block;
            }
            if has_lf(block) {
                let lf = at + usize::from(lf_place(block));
                let end = from.get(lf.wrapping_sub(2)..at + BLOCK).unwrap_or_default();
                let is_full = matches!(end, [before, b'\r', b'\n', ..] if *before != b'\n');
                if !is_full || usize::from(self.lines) > MAX_FIELDS {
                    break;
                }
                if self.lines == 0 {
                    self.start_line = self.len + lf + 1;
                }
                self.lines += 1;
            }
            at += BLOCK;
        }
        at
    }

    /// Judges the line that what is stored ends with.
    #[inline(never)]
    fn end_line(&mut self, storage: &[u8], lines: Lines) -> Progress {
        let mut line = storage.get(..self.len - 1).unwrap_or_default();
        if let [start @ .., b'\r'] = line {
            line = start;
        } else if lines.lone_lf {
            self.lone_lf = true;
        } else {
            return Progress::Fault(Error::BadLineEnd);
        }
        if let [] | [.., b'\n'] = line {
            return self.end_empty_line(lines);
        }
        if self.lines == 0 {
            self.start_line = self.len;
        } else if usize::from(self.lines) > MAX_FIELDS {
            return Progress::Fault(Error::TooManyFields);
        }
        self.lines += 1;
        Progress::More
    }

    /// Empty lines ahead of a request are skipped, up to a limit; there are none ahead of a response.
    fn end_empty_line(&mut self, lines: Lines) -> Progress {
        if self.lines > 0 {
            return Progress::Complete;
        }
        if lines.unfold || self.empty_lines >= MAX_EMPTY_LINES {
            return Progress::Fault(Error::BadLineEnd);
        }
        self.empty_lines += 1;
        self.len = 0;
        Progress::More
    }

    /// What has outgrown the storage (RFC 9112 section 3).
    fn overflow(&self, storage: &[u8]) -> Error {
        if self.start_line > 0 {
            Error::HeadTooLarge
        } else if Scan::new(storage).until(b' ').is_some() {
            Error::TargetTooLong
        } else {
            Error::MethodTooLong
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
fn may_begin(octet: u8) -> bool {
    is_token_byte(octet) || matches!(octet, b'\r' | b'\n')
}
