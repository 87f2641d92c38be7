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
    SizeStart,
    Size,
    /// Whitespace behind the size: only a `;` may follow.
    SizeSpace,
    Extension,
    SizeLf,
    ChunkData,
    DataCr,
    DataLf,
    TrailerStart,
    TrailerName,
    TrailerValue,
    TrailerLf,
    EndLf,
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
            Framing::UntilClose => (Place::Endless, 0),
        };
        Content {
            remaining,
            place,
            spent: 0,
            digits: 0,
            unfold: false,
        }
    }

    pub(crate) fn of_response(framing: Framing) -> Content {
        Content {
            unfold: true,
            ..Content::new(framing)
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.place == Place::End
    }

    /// The bytes that are certain to come, where the message tells.
    pub(crate) fn known_remaining(&self) -> u64 {
        if self.place == Place::Counted {
            self.remaining
        } else {
            0
        }
    }

    /// Takes bytes up to the end of the first run of content, of the message, or of `input`; says how many, and which of
    /// them are content. On an error the count includes the byte that shows it.
    pub(crate) fn take<'i>(&mut self, input: &'i [u8]) -> (usize, &'i [u8], Result<(), Error>) {
        let mut used = 0;
        while let Some((&byte, _)) = input.get(used..).and_then(<[u8]>::split_first) {
            match self.place {
                Place::End => break,
                Place::Counted | Place::ChunkData | Place::Endless => {
                    let run = self.take_run(input.get(used..).unwrap_or_default());
                    return (used + run.len(), run, Ok(()));
                }
                place => match self.step(place, byte) {
                    Ok(next) => self.place = next,
                    Err(error) => return (used + 1, &[], Err(error)),
                },
            }
            used += 1;
        }
        (used, &[], Ok(()))
    }

    fn take_run<'i>(&mut self, rest: &'i [u8]) -> &'i [u8] {
        if self.place == Place::Endless {
            return rest;
        }
        let len = usize::try_from(self.remaining)
            .map_or(rest.len(), |remaining| remaining.min(rest.len()));
        self.remaining = self.remaining.saturating_sub(len as u64);
        if self.remaining == 0 {
            self.place = if self.place == Place::ChunkData {
                Place::DataCr
            } else {
                Place::End
            };
        }
        rest.get(..len).unwrap_or_default()
    }

    /// One byte of the chunked coding outside the data (RFC 9112 section 7.1).
    fn step(&mut self, place: Place, byte: u8) -> Result<Place, Error> {
        Ok(match (place, byte) {
            (Place::SizeStart, _) => {
                (self.remaining, self.digits) = (0, 0);
                self.size_digit(byte)?
            }
            (Place::Size | Place::SizeSpace, b';') => self.extension()?,
            (Place::Size | Place::SizeSpace, b' ' | b'\t') => {
                self.extension()?;
                Place::SizeSpace
            }
            (Place::Size | Place::Extension, b'\r') => Place::SizeLf,
            (Place::Size, _) => self.size_digit(byte)?,
            (Place::Extension, _) if is_value_byte(byte) => self.extension()?,
            (Place::SizeLf, b'\n') if self.remaining == 0 => {
                self.spent = 0;
                Place::TrailerStart
            }
            (Place::SizeLf, b'\n') => Place::ChunkData,
            (Place::DataCr, b'\r') => Place::DataLf,
            (Place::DataLf, b'\n') => Place::SizeStart,
            (Place::TrailerStart, b'\r') => Place::EndLf,
            (Place::EndLf, b'\n') => Place::End,
            (Place::TrailerStart | Place::TrailerName, _) if is_token_byte(byte) => {
                self.trailer(Place::TrailerName)?
            }
            (Place::TrailerStart, b' ' | b'\t') if self.unfold && self.spent > 0 => {
                self.trailer(Place::TrailerValue)?
            }
            (Place::TrailerName, b':') => self.trailer(Place::TrailerValue)?,
            (Place::TrailerValue, b'\r') => self.trailer(Place::TrailerLf)?,
            (Place::TrailerValue, _) if is_value_byte(byte) => self.trailer(Place::TrailerValue)?,
            (Place::TrailerLf, b'\n') => self.trailer(Place::TrailerStart)?,
            (
                Place::TrailerStart
                | Place::TrailerName
                | Place::TrailerValue
                | Place::TrailerLf
                | Place::EndLf,
                _,
            ) => {
                return Err(Error::BadTrailer);
            }
            _ => return Err(Error::BadChunk),
        })
    }

    fn size_digit(&mut self, byte: u8) -> Result<Place, Error> {
        let digit = char::from(byte).to_digit(16).ok_or(Error::BadChunk)?;
        self.digits += 1;
        if self.digits > MAX_SIZE_DIGITS {
            return Err(Error::BadChunk);
        }
        // Sixteen digits of four bits each: nothing is shifted out.
        self.remaining = self.remaining << 4 | u64::from(digit);
        Ok(Place::Size)
    }

    fn extension(&mut self) -> Result<Place, Error> {
        self.spent += 1;
        if self.spent > MAX_CHUNK_EXTENSIONS {
            Err(Error::ChunkExtensionsTooLarge)
        } else {
            Ok(Place::Extension)
        }
    }

    fn trailer(&mut self, next: Place) -> Result<Place, Error> {
        self.spent += 1;
        if self.spent > MAX_TRAILERS {
            Err(Error::TrailersTooLarge)
        } else {
            Ok(next)
        }
    }
}
