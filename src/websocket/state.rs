//! The states of a connection and the only function that changes them.

use super::{Action, Answer, CloseCode, Closure, Event, ProtocolError, SendError};
use core::fmt;

/// How far the connection is from its end. `states.md` says what follows what, and [`name`](Self::name) what is what there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    /// What has happened: [`PING`] and the others.
    marks: u8,
    /// The rule that the peer broke, if [`FAULT`] is marked.
    error: ProtocolError,
    /// The code of the peer's Close; after a fault, that of the Close that says so.
    code: CloseCode,
}

/// A ping waits for its pong.
pub(super) const PING: u8 = 1;
/// The peer's Close has come.
const THEIRS: u8 = 2;
/// The peer broke a rule.
const FAULT: u8 = 4;
/// Our Close is out.
const OURS: u8 = 8;
/// The input has ended, and nothing else is to be said.
const END: u8 = 16;

/// What happens to a connection, beside what comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    OwnClose,
    End,
}

impl State {
    /// Both directions are open.
    pub(super) const OPEN: Self = Self {
        marks: 0,
        error: ProtocolError::ReservedBits,
        code: CloseCode::new(0),
    };

    /// Something has come, where bytes are [received](Self::receives).
    #[inline]
    pub(super) const fn came(
        &mut self,
        result: Result<(), ProtocolError>,
        event: Option<&Event<'_>>,
    ) {
        let (mark, code) = match result {
            Err(error) => {
                self.error = error;
                (FAULT, error.close_code())
            }
            Ok(()) => match event {
                Some(Event::Close(code)) => (THEIRS, *code),
                Some(Event::Ping) => (PING, self.code),
                _ => return,
            },
        };
        self.marks |= mark;
        self.code = code;
    }

    /// The answer that is [due](Self::due) is written.
    #[inline]
    pub(super) const fn sent(&mut self, due: u8) {
        self.marks ^= due;
    }

    /// Takes a step, if it has a place in this state, and says whether it has.
    #[inline(always)]
    pub(super) const fn step(&mut self, step: Step) -> bool {
        match step {
            // The peer may not have closed: its ping is still answered (RFC 6455 section 5.5.2).
            Step::OwnClose if self.admits(true).is_ok() => self.marks |= OURS,
            // A peer that has shut down its half may still read the Close that it is owed.
            Step::End if self.owes_close() => {}
            Step::End if self.has(END | FAULT) => return false,
            Step::End if self.has(THEIRS) => self.marks |= END,
            Step::End => self.marks = END,
            Step::OwnClose => return false,
        }
        true
    }

    /// The mark that the answer changes: [`PING`] goes, [`OURS`] comes.
    #[inline]
    pub(super) const fn due(self) -> u8 {
        if self.has(PING) {
            PING
        } else if self.owes_close() {
            OURS
        } else {
            0
        }
    }

    #[inline]
    const fn has(self, marks: u8) -> bool {
        self.marks & marks != 0
    }

    /// What to do in this state.
    #[inline]
    pub(super) const fn action(self, awaits_close: bool) -> Action {
        if self.receives() {
            Action::Receive
        } else if self.owes_pong() {
            Action::Send(Answer::Pong)
        } else if self.owes_close() {
            if self.has(FAULT) {
                Action::Send(Answer::Fail(self.error))
            } else {
                Action::Send(Answer::Close(self.code))
            }
        } else if self.has(FAULT) {
            Action::Close(Closure::Failed(self.error))
        } else if !self.has(THEIRS) {
            Action::Close(Closure::Lost)
        } else if awaits_close && !self.has(END) {
            Action::AwaitClose
        } else {
            Action::Close(Closure::Agreed(self.code))
        }
    }

    /// Whether the action is [`Action::Receive`].
    #[inline]
    pub(super) const fn receives(self) -> bool {
        !self.has(PING | THEIRS | FAULT | END)
    }

    /// Whether the action is to send a Pong.
    #[inline]
    pub(super) const fn owes_pong(self) -> bool {
        self.has(PING)
    }

    /// Whether the action is to send a Close.
    #[inline]
    pub(super) const fn owes_close(self) -> bool {
        !self.has(OURS) && self.has(THEIRS | FAULT)
    }

    /// The code of the Close that is to be sent; [`CloseCode::NONE`] for none.
    #[inline]
    pub(super) const fn code(self) -> CloseCode {
        self.code
    }

    /// Whether a frame of the application's may be sent.
    #[inline]
    pub(super) const fn admits(self, close: bool) -> Result<(), SendError> {
        let barred = if close { 0 } else { THEIRS } | OURS | FAULT | END;
        if !self.has(barred) {
            Ok(())
        } else if self.has(FAULT | END) || self.has(OURS) && self.has(THEIRS) {
            Err(SendError::Closed)
        } else {
            Err(SendError::Closing)
        }
    }

    /// The code of the peer's Close, if it has come.
    pub(super) const fn closed_with(self) -> Option<CloseCode> {
        if self.has(THEIRS) {
            Some(self.code)
        } else {
            None
        }
    }

    /// As `states.md` has it.
    const fn name(self) -> &'static str {
        match self.marks {
            0 => "Open",
            PING => "Ponging",
            OURS => "Closing",
            LATE_PING => "LatePonging",
            THEIRS => "Answering",
            FAULT => "Failing",
            AGREED => "Agreed",
            FAILED => "Failed",
            END => "Lost",
            _ => "Ended",
        }
    }
}

const LATE_PING: u8 = PING | OURS;
const AGREED: u8 = THEIRS | OURS;
const FAILED: u8 = FAULT | OURS;

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for State {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.name());
    }
}
