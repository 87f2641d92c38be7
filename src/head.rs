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

/// What the lines that end in a piece of input are, with the length up to there.
enum Found {
    /// Parts of the head.
    Nothing,
    /// An empty line before the start-line.
    EmptyLine(usize),
    /// The end of the head.
    End(usize),
    Fault(usize, Error),
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
        let window = self.window(storage, input);
        if find_lf(window).is_none() && self.len > 0 {
            self.store(storage, window);
            return (window.len(), self.progress(storage));
        }
        self.take_lines(storage, input, lines)
    }

    /// As much of the input as there is room for.
    fn window<'i>(&self, storage: &[u8], input: &'i [u8]) -> &'i [u8] {
        let room = capacity(storage).saturating_sub(self.len());
        input.get(..room).unwrap_or(input)
    }

    /// A head that goes on, or has no more room to.
    fn progress(&self, storage: &[u8]) -> Result<Progress, Error> {
        if self.len() < capacity(storage) {
            Ok(Progress::More)
        } else {
            Err(self.overflow(storage))
        }
    }

    #[inline(never)]
    fn take_lines(
        &mut self,
        storage: &mut [u8],
        input: &[u8],
        lines: Lines,
    ) -> (usize, Result<Progress, Error>) {
        let mut skipped = 0;
        loop {
            let window = self.window(storage, input.get(skipped..).unwrap_or_default());
            if self.len == 0 && !window.first().is_none_or(|&byte| may_begin(byte)) {
                return (skipped + 1, Err(lines.bad_start_line()));
            }
            let (len, progress) = match self.scan(storage, window, lines) {
                Found::Nothing => {
                    self.store(storage, window);
                    (window.len(), self.progress(storage))
                }
                Found::EmptyLine(len) if self.may_skip(lines) => {
                    self.skip_empty_line();
                    skipped += len;
                    continue;
                }
                Found::EmptyLine(len) => (len, Err(Error::BadLineEnd)),
                Found::End(len) => {
                    self.store(storage, window.get(..len).unwrap_or_default());
                    (len, Ok(Progress::Complete))
                }
                Found::Fault(len, error) => {
                    // The answer depends on the method, wherever the input was cut.
                    self.store(storage, window.get(..len).unwrap_or_default());
                    (len, Err(error))
                }
            };
            return (skipped + len, progress);
        }
    }

    /// Looks at each line that ends in `window`, which follows what is stored.
    fn scan(&mut self, storage: &[u8], window: &[u8], lines: Lines) -> Found {
        let stored = storage
            .get(self.line_start as usize..self.len())
            .unwrap_or_default();
        let mut rest = window;
        while let Some((line, tail)) = split_line(rest) {
            let end = match (line, stored) {
                _ if rest.len() == window.len() && !stored.is_empty() => join(stored, line),
                ([b'\r', b'\n'], _) => LineEnd::Empty,
                ([.., b'\r', b'\n'], _) => LineEnd::Full,
                ([_], _) => LineEnd::LoneEmpty,
                _ => LineEnd::LoneFull,
            };
            rest = tail;
            let used = window.len() - rest.len();
            if matches!(end, LineEnd::LoneEmpty | LineEnd::LoneFull) {
                if !lines.lone_lf {
                    return Found::Fault(used, Error::BadLineEnd);
                }
                self.lone_lf = true;
            }
            if matches!(end, LineEnd::Empty | LineEnd::LoneEmpty) {
                return if self.start_line == 0 {
                    Found::EmptyLine(used)
                } else {
                    Found::End(used)
                };
            }
            self.line_start = self.len + narrow(used);
            if self.start_line == 0 {
                self.start_line = self.line_start;
            } else if usize::from(self.lines) >= MAX_FIELDS {
                return Found::Fault(used, Error::TooManyFields);
            } else {
                self.lines += 1;
            }
        }
        Found::Nothing
    }

    fn store(&mut self, storage: &mut [u8], bytes: &[u8]) {
        let room = storage.get_mut(self.len()..).unwrap_or_default();
        match (room, bytes) {
            // One byte at a time is how a serial line reads.
            ([to, ..], [byte]) => *to = *byte,
            (room, bytes) => {
                if let Some(to) = room.get_mut(..bytes.len()) {
                    to.copy_from_slice(bytes);
                }
            }
        }
        self.len += narrow(bytes.len());
    }

    /// Empty lines ahead of a request are skipped, up to a limit; there are none ahead of a response.
    const fn may_skip(&self, lines: Lines) -> bool {
        !lines.unfold && self.empty_lines < MAX_EMPTY_LINES
    }

    fn skip_empty_line(&mut self) {
        (self.len, self.line_start) = (0, 0);
        self.empty_lines += 1;
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

/// Whether a message can begin with that octet: a method or a version, or an empty line before it. What is no HTTP at all,
/// such as a TLS record, shows itself here.
fn may_begin(byte: u8) -> bool {
    is_token_byte(byte) || matches!(byte, b'\r' | b'\n')
}

/// How a line ends, and whether anything is in it.
enum LineEnd {
    Empty,
    Full,
    /// With LF alone.
    LoneEmpty,
    LoneFull,
}

/// The end of a line of which `stored` came before.
fn join(stored: &[u8], line: &[u8]) -> LineEnd {
    match (stored, line) {
        ([b'\r'], [b'\n']) => LineEnd::Empty,
        ([.., b'\r'], [b'\n']) | (_, [.., b'\r', b'\n']) => LineEnd::Full,
        _ => LineEnd::LoneFull,
    }
}

/// The first line with its LF, and what follows.
#[inline]
fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(find_lf(bytes)? + 1)
}

/// Where the first LF is.
#[inline]
fn find_lf(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    // Blocks without LF are the most; the compiler looks at all octets of one at once where the target can.
    while let Some((block, tail)) = rest.split_first_chunk::<16>() {
        if block
            .iter()
            .fold(false, |found, &byte| found | (byte == b'\n'))
        {
            break;
        }
        rest = tail;
    }
    while let Some((word, tail)) = rest.split_first_chunk() {
        // The high bit of each octet that is LF, and perhaps of some behind the first.
        const ONES: u64 = 0x0101_0101_0101_0101;
        let zero_at_lf = u64::from_le_bytes(*word) ^ (ONES * 0x0a);
        let found = zero_at_lf.wrapping_sub(ONES) & !zero_at_lf & (ONES << 7);
        if found != 0 {
            return Some(bytes.len() - rest.len() + (found.trailing_zeros() / 8) as usize);
        }
        rest = tail;
    }
    let skipped = bytes.len() - rest.len();
    rest.iter()
        .position(|&byte| byte == b'\n')
        .map(|at| skipped + at)
}
