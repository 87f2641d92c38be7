//! Fills the lent storage with a head, strictly, and finds its end: each byte is copied once and searched once.

use crate::Error;
use crate::fields::is_token_byte;
use crate::span::narrow;

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

/// How far the head has come.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Head {
    len: u32,
    line_start: u32,
    /// The length of the start-line, its line end included; 0 before it is there.
    start_line: u32,
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
        self.len as usize
    }

    pub(crate) const fn start_line(&self) -> usize {
        self.start_line as usize
    }

    /// Whether nothing but empty lines has come.
    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0 && self.empty_lines == 0
    }

    /// Whether a line ended in LF alone.
    pub(crate) const fn has_lone_lf(&self) -> bool {
        self.lone_lf
    }

    /// Copies bytes of `input` into `storage` up to the end of the head, and says how many. On an error the count includes
    /// the byte that shows it.
    pub(crate) fn take(
        &mut self,
        storage: &mut [u8],
        input: &[u8],
        lines: Lines,
    ) -> (usize, Result<Progress, Error>) {
        let mut used = 0;
        loop {
            let rest = input.get(used..).unwrap_or_default();
            let room = capacity(storage).saturating_sub(self.len());
            let window = rest.get(..room).unwrap_or(rest);
            if let Err(error) = self.begin_line(storage, window, lines) {
                return (used + 1, Err(error));
            }
            let Some(end) = find_lf(window) else {
                self.store(storage, window);
                used += window.len();
                let full = self.len() >= capacity(storage);
                return (
                    used,
                    if full {
                        Err(self.overflow(storage))
                    } else {
                        Ok(Progress::More)
                    },
                );
            };
            self.store(storage, window.get(..=end).unwrap_or_default());
            used += end + 1;
            match self.end_line(storage, lines) {
                Ok(Progress::More) if self.len() >= capacity(storage) => {
                    return (used, Err(self.overflow(storage)));
                }
                Ok(Progress::More) => {}
                outcome => return (used, outcome),
            }
        }
    }

    /// Looks at the first byte of a line: the first of a head tells what is no HTTP at all, and the first of a field line
    /// whether it is folded.
    fn begin_line(&mut self, storage: &mut [u8], window: &[u8], lines: Lines) -> Result<(), Error> {
        if self.len != self.line_start {
            return Ok(());
        }
        match window.first() {
            Some(&byte)
                if self.len == 0 && !is_token_byte(byte) && !matches!(byte, b'\r' | b'\n') =>
            {
                Err(if lines.unfold {
                    Error::BadStatusLine
                } else {
                    Error::BadRequestLine
                })
            }
            Some(b' ' | b'\t') if lines.unfold && self.lines > 0 => {
                let end = storage.get_mut(..self.len()).unwrap_or_default();
                if let [.., cr, lf] = end {
                    (*cr, *lf) = (b' ', b' ');
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn store(&mut self, storage: &mut [u8], bytes: &[u8]) {
        let Some(to) = storage
            .get_mut(self.len()..)
            .and_then(|tail| tail.get_mut(..bytes.len()))
        else {
            return;
        };
        to.copy_from_slice(bytes);
        self.len += narrow(bytes.len());
    }

    /// A line has ended with the LF stored last.
    fn end_line(&mut self, storage: &[u8], lines: Lines) -> Result<Progress, Error> {
        let line = storage
            .get(self.line_start as usize..self.len())
            .unwrap_or_default();
        let is_empty = match line {
            [b'\r', b'\n'] => true,
            [.., b'\r', b'\n'] => false,
            _ if !lines.lone_lf => return Err(Error::BadLineEnd),
            _ => {
                self.lone_lf = true;
                line.len() == 1
            }
        };
        self.line_start = self.len;
        match (is_empty, self.start_line) {
            (true, 0) => self.skip_empty_line(lines),
            (true, _) => Ok(Progress::Complete),
            (false, 0) => {
                self.start_line = self.len;
                Ok(Progress::More)
            }
            (false, _) => self.count_field(),
        }
    }

    /// Empty lines ahead of a request are skipped, up to a limit; there are none ahead of a response.
    fn skip_empty_line(&mut self, lines: Lines) -> Result<Progress, Error> {
        (self.len, self.line_start) = (0, 0);
        self.empty_lines += 1;
        if lines.unfold || self.empty_lines > MAX_EMPTY_LINES {
            Err(Error::BadLineEnd)
        } else {
            Ok(Progress::More)
        }
    }

    fn count_field(&mut self) -> Result<Progress, Error> {
        self.lines += 1;
        if usize::from(self.lines) > MAX_FIELDS {
            Err(Error::TooManyFields)
        } else {
            Ok(Progress::More)
        }
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

/// Places in the storage are kept as `u32`.
fn capacity(storage: &[u8]) -> usize {
    storage.len().min(u32::MAX as usize)
}

/// Where the first LF is, found a word at a time.
#[inline]
fn find_lf(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut rest = bytes;
    while let Some((word, tail)) = rest.split_first_chunk() {
        let zero_at_lf = u64::from_le_bytes(*word) ^ (ONES * b'\n' as u64);
        // The lowest set bit is exact: a borrow can only spoil the bytes above a zero byte.
        let found = zero_at_lf.wrapping_sub(ONES) & !zero_at_lf & HIGH;
        if found != 0 {
            return Some(bytes.len() - rest.len() + (found.trailing_zeros() / 8) as usize);
        }
        rest = tail;
    }
    let at = rest.iter().position(|&byte| byte == b'\n')?;
    Some(bytes.len() - rest.len() + at)
}
