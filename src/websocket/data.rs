//! The payload of text messages.

use super::{
    Event, ProtocolError, Text,
    header::Opcode,
    receive::{Input, Receiver},
};

impl Receiver {
    /// A piece of text, which goes on with a character that is cut if there is one. If its end cuts one, that is kept.
    ///
    /// Text that is wrong fails at the byte that makes it so, or at the end of the message, if that cuts a character. The
    /// good beginning is not reported: whoever answers it would find that nothing but the failure can be sent any more.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn data<'b>(
        &mut self,
        piece: &'b [u8],
        input: &mut Input<'b>,
    ) -> Result<(), ProtocolError> {
        let last = self.at | u8::from(self.open) == 0;
        let event = if self.message == Opcode::TEXT {
            let whole = self.cut.front(piece);
            let piece = match self.cut.join(piece, whole.as_bytes().len()) {
                Ok(None) if last && !self.cut.is_empty() => return Err(ProtocolError::TextNotUtf8),
                Ok(None) => Text::buffer(whole),
                Ok(Some(character)) => Text::joined(character),
                Err(behind) => {
                    input.behind = behind;
                    return Err(ProtocolError::TextNotUtf8);
                }
            };
            if !last
                && piece
                    .in_buffer()
                    .is_some_and(|text| text.as_bytes().is_empty())
            {
                return Ok(());
            }
            Event::Text { piece, last }
        } else if last || !piece.is_empty() {
            Event::Binary { piece, last }
        } else {
            return Ok(());
        };
        input.event = Some(event);
        Ok(())
    }
}
