//! The grammar of the chunked coding outside the data, as a table (RFC 9112 section 7.1).

use crate::octets::{HEX, TOKEN, classes_of};

/// Where in the content the next byte lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum Place {
    /// Behind the content.
    End,
    /// In content delimited by its length.
    Counted,
    /// In content delimited by the end of the connection.
    Endless,
    /// In the data of a chunk. All places behind this one are in what frames it.
    ChunkData,
    /// Behind the data of a chunk: its line end.
    DataEnd,
    DataLf,
    SizeStart,
    Size,
    SizeLf,
    // From here to `TrailerLf` each octet counts as one of extensions or of trailers.
    /// Whitespace behind the size: only a `;` may follow.
    SizeSpace,
    Extension,
    TrailerStart,
    TrailerName,
    TrailerValue,
    TrailerLf,
    EndLf,
}

/// An octet of a class instead of that very octet.
const ANY: u8 = 0x80;
const HEX_DIGIT: u8 = ANY | HEX;
const NAME: u8 = ANY | TOKEN;
/// As [`is_value_byte`](crate::octets::is_value_byte) has it, but for HTAB.
const VALUE: u8 = ANY | 2;

/// Where which octet leads from where; any other is a fault (RFC 9112 section 7.1).
static STEPS: [(Place, u8, Place); 26] = [
    (Place::SizeStart, HEX_DIGIT, Place::Size),
    (Place::Size, HEX_DIGIT, Place::Size),
    (Place::Size, b'\r', Place::SizeLf),
    (Place::SizeLf, b'\n', Place::ChunkData),
    (Place::DataEnd, b'\r', Place::DataLf),
    (Place::DataLf, b'\n', Place::SizeStart),
    (Place::TrailerStart, b'\r', Place::EndLf),
    (Place::EndLf, b'\n', Place::End),
    (Place::Size, b';', Place::Extension),
    (Place::Size, b' ', Place::SizeSpace),
    (Place::Size, b'\t', Place::SizeSpace),
    (Place::SizeSpace, b';', Place::Extension),
    (Place::SizeSpace, b' ', Place::SizeSpace),
    (Place::SizeSpace, b'\t', Place::SizeSpace),
    (Place::Extension, VALUE, Place::Extension),
    (Place::Extension, b'\t', Place::Extension),
    (Place::Extension, b'\r', Place::SizeLf),
    (Place::TrailerStart, NAME, Place::TrailerName),
    (Place::TrailerName, NAME, Place::TrailerName),
    (Place::TrailerName, b':', Place::TrailerValue),
    (Place::TrailerValue, VALUE, Place::TrailerValue),
    (Place::TrailerValue, b'\t', Place::TrailerValue),
    (Place::TrailerValue, b'\r', Place::TrailerLf),
    (Place::TrailerLf, b'\n', Place::TrailerStart),
    // A folded line.
    (Place::TrailerStart, b' ', Place::TrailerValue),
    (Place::TrailerStart, b'\t', Place::TrailerValue),
];

/// How many of them are for lines that are not folded.
const UNFOLDED: usize = 24;

/// Where an octet leads. A line may be folded behind a trailer line alone.
pub(super) fn next(place: Place, octet: u8, may_fold: bool) -> Option<Place> {
    let mut classes = classes_of(octet) & (TOKEN | HEX);
    if octet >= b' ' && octet != 0x7f {
        classes |= VALUE & !ANY;
    }
    let mut steps = if may_fold {
        &STEPS[..]
    } else {
        &STEPS[..UNFOLDED]
    };
    while let [(from, what, to), rest @ ..] = steps {
        let is_it = if *what < ANY {
            *what == octet
        } else {
            *what & classes != 0
        };
        if *from == place && is_it {
            return Some(*to);
        }
        steps = rest;
    }
    None
}
