//! Counts the content of a message, so that what follows starts on the right byte (RFC 9112 sections 6 and 7).

mod steps;

use self::steps::{Place, next};
use crate::Error;

/// The most bytes of chunk extensions in one message (RFC 9112 section 7.1.1).
pub const MAX_CHUNK_EXTENSIONS: u32 = 4096;

/// The most bytes of trailers in one message (RFC 9112 section 7.1.2).
pub const MAX_TRAILERS: u32 = 8192;

/// The most digits of a chunk size: 16 fill 64 bits.
const MAX_SIZE_DIGITS: u8 = 16;

/// So many bytes of extensions or trailers that one more is too many. Those of trailers are counted from below.
#[allow(clippy::cast_possible_truncation)]
const MAX_SPENT: i16 = MAX_CHUNK_EXTENSIONS as i16;
#[allow(clippy::cast_possible_truncation)]
const NO_TRAILERS: i16 = MAX_SPENT - MAX_TRAILERS as i16;

/// How the content of a message is delimited (RFC 9112 section 6.3).
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Framing {
    /// There is no content.
    #[default]
    None,
    /// That many bytes; never zero.
    Length(u64),
    /// The chunked coding.
    Chunked,
    /// Everything up to the end of the connection: responses only.
    UntilClose,
}

/// Counts through the content of one message.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Content {
    /// Of the content by length, or of the chunk.
    remaining: u64,
    place: Place,
    /// Bytes of chunk extensions so far; of trailers from `TrailerStart` on. See [`MAX_SPENT`].
    spent: i16,
    /// Digits of the chunk size so far.
    digits: u8,
    /// Trailer lines may be folded (RFC 9112 section 5.2): responses only.
    unfold: bool,
}

impl Content {
    /// No content.
    pub(crate) const NONE: Content = Content {
        remaining: 0,
        place: Place::End,
        spent: 0,
        digits: 0,
        unfold: false,
    };

    pub(crate) fn new(framing: Framing) -> Content {
        let (place, remaining) = match framing {
            Framing::None | Framing::Length(0) => (Place::End, 0),
            Framing::Length(length) => (Place::Counted, length),
            Framing::Chunked => (Place::SizeStart, 0),
            Framing::UntilClose => (Place::Endless, u64::MAX),
        };
        Content {
            remaining,
            place,
            ..Content::NONE
        }
    }

    pub(crate) fn of_response(framing: Framing) -> Content {
        Content {
            unfold: true,
            ..Content::new(framing)
        }
    }

    pub(crate) const fn is_complete(&self) -> bool {
        matches!(self.place, Place::End)
    }

    /// How many bytes are still to come, where that is certain.
    pub(crate) fn remaining(&self) -> Option<u64> {
        (self.place == Place::Counted).then_some(self.remaining)
    }

    /// Whether more bytes than that are certain to come.
    pub(crate) fn exceeds(&self, limit: u32) -> bool {
        self.place == Place::Counted && self.remaining > u64::from(limit)
    }

    /// Takes what frames the content ahead of the next run of it, and says how many bytes. On an error they include the one
    /// that shows it.
    pub(crate) fn take_framing(&mut self, input: &[u8]) -> (usize, Option<Error>) {
        let mut used = 0;
        for octet in input {
            if self.place <= Place::ChunkData {
                break;
            }
            used += 1;
            if let Err(error) = self.step(*octet) {
                return (used, Some(error));
            }
        }
        (used, None)
    }

    /// How many of so many bytes are content: a run that ends with them, with the chunk or with the message.
    pub(crate) fn take_run(&mut self, bytes: usize) -> usize {
        if self.place > Place::ChunkData {
            return 0;
        }
        let run = usize::try_from(self.remaining).map_or(bytes, |remaining| remaining.min(bytes));
        self.remaining -= run as u64;
        if self.remaining == 0 {
            self.place = if self.place == Place::ChunkData {
                Place::DataEnd
            } else {
                Place::End
            };
        }
        run
    }

    /// One byte of the chunked coding outside the data (RFC 9112 section 7.1).
    #[inline(never)]
    fn step(&mut self, octet: u8) -> Result<(), Error> {
        let is_trailer = self.place >= Place::TrailerStart;
        let is_step = self.advance(octet).is_some();
        match (is_trailer, is_step) {
            (_, true) if self.spent <= MAX_SPENT => Ok(()),
            (false, false) => Err(Error::BadChunk),
            (false, true) => Err(Error::ChunkExtensionsTooLarge),
            (true, false) => Err(Error::BadTrailer),
            (true, true) => Err(Error::TrailersTooLarge),
        }
    }

    /// Goes to where that octet leads, if anywhere.
    fn advance(&mut self, octet: u8) -> Option<()> {
        // The first trailer line has none before it that it could be folded into.
        let may_fold = self.unfold && self.spent > NO_TRAILERS;
        self.place = next(self.place, octet, may_fold)?;
        match self.place {
            Place::Size => {
                self.digits += 1;
                if self.digits > MAX_SIZE_DIGITS {
                    return None;
                }
                // Letters are behind 0x40, and A is ten. Sixteen digits of four bits each: nothing is shifted out.
                let value = (octet & 0xf) + 9 * (octet >> 6);
                self.remaining = self.remaining << 4 | u64::from(value);
            }
            Place::ChunkData => {
                self.digits = 0;
                // That was the last chunk.
                if self.remaining == 0 {
                    self.spent = NO_TRAILERS;
                    self.place = Place::TrailerStart;
                }
            }
            place if place >= Place::SizeSpace && place < Place::EndLf => self.spent += 1,
            _ => {}
        }
        Some(())
    }
}

/// The last `run` of the first `used` bytes of an input.
pub(crate) fn last(input: &[u8], used: usize, run: usize) -> &[u8] {
    let used = input.get(..used).unwrap_or_default();
    used.get(used.len().wrapping_sub(run)..).unwrap_or_default()
}
