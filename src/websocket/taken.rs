//! The result of taking bytes.

use super::{Event, ProtocolError, Text, state::Step};

/// What became of the bytes that were offered.
pub(super) struct Taken<'b> {
    pub used: usize,
    pub event: Option<Event<'b>>,
    pub step: Option<Step>,
}

impl<'b> Taken<'b> {
    pub(super) const fn silent(used: usize) -> Self {
        Self {
            used,
            event: None,
            step: None,
        }
    }

    pub(super) const fn event(used: usize, event: Event<'b>) -> Self {
        Self {
            used,
            event: Some(event),
            step: None,
        }
    }

    pub(super) const fn fault(used: usize, error: ProtocolError) -> Self {
        Self {
            used,
            event: None,
            step: Some(Step::Fault(error)),
        }
    }

    /// A piece of text, if there is one to report.
    #[inline]
    pub(super) fn text(used: usize, text: &'b str, last: bool) -> Self {
        let piece = Text::buffer(text);
        let event = (last || !text.is_empty()).then_some(Event::Text { piece, last });
        Self {
            used,
            event,
            step: None,
        }
    }
}
