//! The payload of data frames.

use super::{
    Event, ProtocolError, Text, mask,
    receive::{Phase, Receiver},
    taken::Taken,
    utf8::{self, Cut, Joined},
};
use core::str;

impl Receiver {
    #[inline]
    pub(super) fn binary<'b>(&mut self, piece: &'b mut [u8]) -> Taken<'b> {
        let used = piece.len();
        self.unmask(piece);
        let last = self.advance(used);
        if last || used > 0 {
            Taken::event(used, Event::Binary { piece, last })
        } else {
            Taken::silent(used)
        }
    }

    /// Text that begins with a whole character. If its end cuts one, that is kept.
    #[inline]
    pub(super) fn text<'b>(&mut self, piece: &'b mut [u8]) -> Taken<'b> {
        self.unmask(piece);
        let whole = utf8::boundary(piece);
        if whole < piece.len() {
            return self.cut_text(piece, whole);
        }
        match str::from_utf8(piece) {
            Ok(text) => Taken::text(piece.len(), text, self.advance(piece.len())),
            Err(_) => Self::not_utf8(piece),
        }
    }

    /// Text whose last character begins at `whole` and is cut.
    fn cut_text<'b>(&mut self, piece: &'b [u8], whole: usize) -> Taken<'b> {
        let (whole, cut) = piece.split_at_checked(whole).unwrap_or((piece, &[]));
        let Ok(text) = str::from_utf8(whole) else {
            return Self::not_utf8(piece);
        };
        for byte in cut {
            if self.cut.push(*byte) == Joined::Invalid {
                return Self::not_utf8(piece);
            }
        }
        if self.advance(piece.len()) {
            return Self::not_utf8(piece);
        }
        Taken::text(piece.len(), text, false)
    }

    /// Fails at the byte that makes `piece` bad, or at its end, which cuts the last character of a message. The good
    /// beginning is not reported: whoever answers it would find that nothing but the failure can be sent any more.
    #[cold]
    fn not_utf8(piece: &[u8]) -> Taken<'_> {
        let good = str::from_utf8(piece).map_or_else(|error| error.valid_up_to(), str::len);
        let bad = piece.get(good..).unwrap_or_default();
        let mut cut = Cut::NONE;
        let read = bad
            .iter()
            .take_while(|byte| cut.push(**byte) != Joined::Invalid)
            .count();
        let used = piece.len().min(good + read + 1);
        Taken::fault(used, ProtocolError::TextNotUtf8)
    }

    /// The bytes that end a character whose beginning is kept.
    #[cold]
    pub(super) fn rest_of_character<'b>(&mut self, piece: &'b mut [u8]) -> Taken<'b> {
        let mut used = 0;
        for byte in &mut *piece {
            *byte ^= self.key[0];
            used += 1;
            let last = self.advance(1);
            match self.cut.push(*byte) {
                Joined::Cut if last => return Taken::fault(used, ProtocolError::TextNotUtf8),
                Joined::Cut => {}
                Joined::Invalid => return Taken::fault(used, ProtocolError::TextNotUtf8),
                Joined::Whole(character) => {
                    let piece = Text::cut(character);
                    return Taken::event(used, Event::Text { piece, last });
                }
            }
        }
        // An empty frame can end the message too.
        if used == 0 && self.advance(0) {
            return Taken::fault(used, ProtocolError::TextNotUtf8);
        }
        Taken::silent(used)
    }

    #[inline]
    fn unmask(&self, piece: &mut [u8]) {
        if self.key != [0; 4] {
            mask::mask(piece, self.key);
        }
    }

    /// Moves on by `count` bytes of a data frame and says whether the message has ended.
    #[inline]
    fn advance(&mut self, count: usize) -> bool {
        self.remaining = self.remaining.saturating_sub(count as u64);
        if self.remaining > 0 {
            self.key = mask::advance(self.key, count);
            return false;
        }
        self.phase = Phase::Header;
        if self.last {
            self.message = None;
        }
        self.last
    }
}
