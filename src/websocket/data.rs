//! The payload of text messages.

use super::{
    Event, ProtocolError, Text,
    receive::Receiver,
    utf8::{self, Cut, Joined},
};
use core::{mem, str};

impl Receiver {
    /// A piece of text, which goes on with a character that is cut if there is one. If its end cuts one, that is kept.
    ///
    /// Text that is wrong fails at the byte that makes it so, or at the end of the message, if that cuts a character. The
    /// good beginning is not reported: whoever answers it would find that nothing but the failure can be sent any more.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn text<'b>(
        &mut self,
        piece: &'b [u8],
        last: bool,
        taken: &mut (usize, Option<Event<'b>>),
    ) -> Result<(), ProtocolError> {
        let bad = if self.cut.is_empty() {
            let whole = utf8::boundary(piece);
            let (whole, tail) = piece.split_at_checked(whole).unwrap_or((piece, &[]));
            match str::from_utf8(whole) {
                Ok(text) if tail.is_empty() || self.cut.join(tail) == Joined::Cut && !last => {
                    if last || !text.is_empty() {
                        let piece = Text::buffer(text);
                        taken.1 = Some(Event::Text { piece, last });
                    }
                    return Ok(());
                }
                _ => piece,
            }
        } else {
            match self.cut.join(piece) {
                Joined::Whole => {
                    let piece = Text::cut(mem::replace(&mut self.cut, Cut::NONE));
                    taken.1 = Some(Event::Text { piece, last });
                    return Ok(());
                }
                Joined::Cut if !last => return Ok(()),
                _ => self.cut.bytes(),
            }
        };
        taken.0 -= utf8::behind(bad);
        Err(ProtocolError::TextNotUtf8)
    }
}
