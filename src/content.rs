//! Counts the content of a message, so that what follows starts on the right byte (RFC 9112 sections 6 and 7).

use crate::Error;
use crate::octets::{is_token_byte, is_value_byte};

/// The most bytes of chunk extensions in one message (RFC 9112 section 7.1.1).
pub const MAX_CHUNK_EXTENSIONS: u32 = 4096;

/// The most bytes of trailers in one message (RFC 9112 section 7.1.2).
pub const MAX_TRAILERS: u32 = 8192;

/// The most digits of a chunk size: 16 fill 64 bits.
const MAX_SIZE_DIGITS: u8 = 16;

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

/// Where in the content the next byte lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Place {
    /// Behind the content.
    End,
    /// In content delimited by its length.
    Counted,
    /// In content delimited by the end of the connection.
    Endless,
    ChunkData,
    /// Behind the data of a chunk: its line end.
    DataEnd,
    SizeStart,
    Size,
    /// Whitespace behind the size: only a `;` may follow.
    SizeSpace,
    Extension,
    TrailerStart,
    TrailerName,
    TrailerValue,
}

/// Counts through the content of one message.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Content {
    /// Of the content by length, or of the chunk.
    remaining: u64,
    place: Place,
    /// Bytes of chunk extensions so far; of trailers from `TrailerStart` on.
    spent: u32,
    /// Digits of the chunk size so far.
    digits: u8,
    /// CR has come: LF must follow.
    cr: bool,
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
        cr: false,
        unfold: false,
    };

    pub(crate) fn new(framing: Framing) -> Content {
        let (place, remaining) = match framing {
            Framing::None | Framing::Length(0) => (Place::End, 0),
            Framing::Length(length) => (Place::Counted, length),
            Framing::Chunked => (Place::SizeStart, 0),
            Framing::UntilClose => (Place::Endless, 0),
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

    /// Takes bytes up to the end of the first run of content, which is cut at `most`, of the message, or of `input`; says how
    /// many, and which of them are content. On an error the count includes the byte that shows it.
    pub(crate) fn take<'i>(
        &mut self,
        input: &'i [u8],
        most: usize,
    ) -> (usize, &'i [u8], Result<(), Error>) {
        let mut used = 0;
        for octet in input {
            if self.place as u8 <= Place::ChunkData as u8 {
                break;
            }
            used += 1;
            if let Err(error) = self.step(*octet) {
                return (used, &[], Err(error));
            }
        }
        let rest = input.get(used..).unwrap_or_default();
        let run = self.take_run(rest.get(..most).unwrap_or(rest));
        (used + run.len(), run, Ok(()))
    }

    fn take_run<'i>(&mut self, rest: &'i [u8]) -> &'i [u8] {
        let behind = match self.place {
            Place::Endless => return rest,
            Place::Counted => Place::End,
            Place::ChunkData => Place::DataEnd,
            _ => return &[],
        };
        let remaining = usize::try_from(self.remaining).unwrap_or(usize::MAX);
        let run = rest.get(..remaining).unwrap_or(rest);
        self.remaining = self.remaining.wrapping_sub(run.len() as u64);
        if self.remaining == 0 {
            self.place = behind;
        }
        run
    }

    /// One byte of the chunked coding outside the data (RFC 9112 section 7.1).
    #[inline(never)]
    fn step(&mut self, octet: u8) -> Result<(), Error> {
        let (from, ends_line) = (self.place, self.cr || octet == b'\r');
        let (limit, too_large, bad) = if from as u8 >= Place::TrailerStart as u8 {
            (MAX_TRAILERS, Error::TrailersTooLarge, Error::BadTrailer)
        } else {
            (
                MAX_CHUNK_EXTENSIONS,
                Error::ChunkExtensionsTooLarge,
                Error::BadChunk,
            )
        };
        let to = if ends_line {
            self.line_end(octet)
        } else {
            self.next(octet)
        };
        self.place = to.ok_or(bad)?;
        let counts = if ends_line {
            from == Place::TrailerValue
        } else {
            self.place != Place::Size
        };
        self.spent += u32::from(counts);
        if self.spent > limit {
            Err(too_large)
        } else {
            Ok(())
        }
    }

    /// Where CR leads, or what must be the LF behind it.
    fn line_end(&mut self, octet: u8) -> Option<Place> {
        let place = self.place;
        self.cr = !self.cr;
        if self.cr {
            let is_open = matches!(
                place,
                Place::SizeStart | Place::SizeSpace | Place::TrailerName
            );
            return (!is_open).then_some(place);
        }
        if octet != b'\n' {
            return None;
        }
        Some(match place {
            Place::DataEnd => Place::SizeStart,
            Place::TrailerStart => Place::End,
            Place::TrailerValue => Place::TrailerStart,
            _ if self.remaining > 0 => Place::ChunkData,
            // That was the last chunk.
            _ => {
                self.spent = 0;
                Place::TrailerStart
            }
        })
    }

    /// Where any other octet leads.
    #[inline(never)]
    fn next(&mut self, octet: u8) -> Option<Place> {
        let place = self.place;
        if matches!(place, Place::Extension | Place::TrailerValue) {
            return is_value_byte(octet).then_some(place);
        }
        if matches!(place, Place::TrailerStart | Place::TrailerName) {
            if is_token_byte(octet) {
                return Some(Place::TrailerName);
            }
            // The first trailer line has none before it that it could be folded into.
            let is_value = match place {
                Place::TrailerName => octet == b':',
                _ => self.unfold && self.spent > 0 && is_space(octet),
            };
            return is_value.then_some(Place::TrailerValue);
        }
        let is_size = matches!(place, Place::SizeStart | Place::Size);
        match octet {
            _ if is_size && octet.is_ascii_hexdigit() => self.size_digit(octet),
            _ if !matches!(place, Place::Size | Place::SizeSpace) => None,
            b';' => Some(Place::Extension),
            _ => is_space(octet).then_some(Place::SizeSpace),
        }
    }

    fn size_digit(&mut self, digit: u8) -> Option<Place> {
        if self.place == Place::SizeStart {
            self.digits = 0;
        }
        self.digits += 1;
        // Letters are behind 0x40, and A is ten. Sixteen digits of four bits each: nothing is shifted out.
        let value = (digit & 0xf) + 9 * (digit >> 6);
        self.remaining = self.remaining << 4 | u64::from(value);
        (self.digits <= MAX_SIZE_DIGITS).then_some(Place::Size)
    }
}

fn is_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}
