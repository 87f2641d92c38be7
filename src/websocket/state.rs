//! The states of a connection and the only function that changes them.

use super::{Action, Answer, CloseCode, Closure, ProtocolError};

/// How far the connection is from its end. `states.md` says what follows what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum State {
    /// Both directions are open.
    Open,
    /// A ping waits for its pong.
    Ponging,
    /// Our Close is out, the peer's has not come.
    Closing,
    /// As `Closing`, and a ping waits for its pong.
    LatePonging,
    /// The peer's Close has come, ours is not out.
    Answering(CloseCode),
    /// The peer broke a rule; the Close that says so is not out.
    Failing(ProtocolError),
    /// Both have sent a Close; TCP is to be closed by the server.
    Agreed(CloseCode),
    /// TCP was closed after that.
    Ended(CloseCode),
    /// The peer broke a rule, and all is said.
    Failed(ProtocolError),
    /// The input ended and no Close had come.
    Lost,
}

/// What happens to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Ping,
    PeerClose(CloseCode),
    Fault(ProtocolError),
    Sent,
    OwnClose,
    End,
}

/// The state after `step`, or none where `step` has no place.
#[expect(clippy::match_same_arms, reason = "read it state by state")]
pub(super) const fn next(state: State, step: Step) -> Option<State> {
    Some(match (state, step) {
        (State::Open, Step::Ping) => State::Ponging,
        (State::Open, Step::PeerClose(code)) => State::Answering(code),
        (State::Open, Step::Fault(error)) => State::Failing(error),
        (State::Open, Step::OwnClose) => State::Closing,
        // The peer has not closed: its ping is still answered (RFC 6455 section 5.5.2).
        (State::Ponging, Step::OwnClose) => State::LatePonging,
        (State::Ponging, Step::Sent) => State::Open,

        (State::Closing, Step::Ping) => State::LatePonging,
        (State::Closing, Step::PeerClose(code)) => State::Agreed(code),
        (State::Closing, Step::Fault(error)) => State::Failed(error),
        (State::LatePonging, Step::Sent) => State::Closing,

        (State::Answering(code), Step::Sent | Step::OwnClose) => State::Agreed(code),
        (State::Failing(error), Step::Sent) => State::Failed(error),

        // A peer that has shut down its half may still read the Close that it is owed.
        (State::Answering(_) | State::Failing(_), Step::End) => state,
        (State::Agreed(code), Step::End) => State::Ended(code),
        (State::Open | State::Ponging | State::Closing | State::LatePonging, Step::End) => {
            State::Lost
        }
        _ => return None,
    })
}

impl State {
    /// What to do in this state.
    #[inline]
    pub(super) const fn action(self, awaits_close: bool) -> Action {
        match self {
            Self::Open | Self::Closing => Action::Receive,
            Self::Ponging | Self::LatePonging => Action::Send(Answer::Pong),
            Self::Answering(code) => Action::Send(Answer::Close(code)),
            Self::Failing(error) => Action::Send(Answer::Fail(error)),
            Self::Agreed(_) if awaits_close => Action::AwaitClose,
            Self::Agreed(code) | Self::Ended(code) => Action::Close(Closure::Agreed(code)),
            Self::Failed(error) => Action::Close(Closure::Failed(error)),
            Self::Lost => Action::Close(Closure::Lost),
        }
    }

    /// Whether the action is [`Action::Receive`].
    #[inline]
    pub(super) const fn receives(self) -> bool {
        matches!(self, Self::Open | Self::Closing)
    }

    /// The code of the peer's Close, if it has come.
    pub(super) const fn peer_close(self) -> Option<CloseCode> {
        match self {
            Self::Answering(code) | Self::Agreed(code) | Self::Ended(code) => Some(code),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::{format, string::String, vec::Vec};

    const CODE: CloseCode = CloseCode::NORMAL;
    const ERROR: ProtocolError = ProtocolError::Masked;

    const STATES: [State; 10] = [
        State::Open,
        State::Ponging,
        State::Closing,
        State::LatePonging,
        State::Answering(CODE),
        State::Failing(ERROR),
        State::Agreed(CODE),
        State::Ended(CODE),
        State::Failed(ERROR),
        State::Lost,
    ];

    const STEPS: [Step; 6] = [
        Step::Ping,
        Step::PeerClose(CODE),
        Step::Fault(ERROR),
        Step::Sent,
        Step::OwnClose,
        Step::End,
    ];

    /// The name without what is inside.
    fn name(value: impl core::fmt::Debug) -> String {
        format!("{value:?}").split('(').next().unwrap().into()
    }

    fn action(state: State) -> &'static str {
        match state.action(true) {
            Action::Receive => "receive",
            Action::Send(Answer::Pong) => "send Pong",
            Action::Send(_) => "send Close",
            Action::AwaitClose => "await close",
            Action::Close(_) => "close",
        }
    }

    fn row(cells: impl Iterator<Item = String>) -> String {
        let line = cells.fold(String::new(), |line, cell| line + &format!("{cell:<13}"));
        line.trim_end().into()
    }

    #[test]
    fn every_state_with_every_step_is_as_the_table_says() {
        let heading = ["state", "then"].map(String::from).into_iter();
        let mut rows: Vec<String> = [row(heading.chain(STEPS.map(name)))].into();
        for state in STATES {
            let after = STEPS.map(|step| next(state, step).map_or("-".into(), name));
            rows.push(row([name(state), action(state).into()]
                .into_iter()
                .chain(after)));
        }
        let table = include_str!("states.md").split("```").nth(1).unwrap();
        let table: Vec<&str> = table.lines().skip(1).collect();
        assert_eq!(rows, table);
    }

    #[test]
    fn what_a_state_holds_is_what_came_in() {
        for state in STATES {
            let code = CloseCode::new(4000);
            let error = ProtocolError::TextNotUtf8;
            match next(state, Step::PeerClose(code)) {
                Some(after) => assert_eq!(after.peer_close(), Some(code)),
                None => assert_ne!(state.action(true), Action::Receive),
            }
            match next(state, Step::Fault(error)) {
                Some(State::Failing(held) | State::Failed(held)) => assert_eq!(held, error),
                Some(other) => panic!("{other:?}"),
                None => assert_ne!(state.action(true), Action::Receive),
            }
        }
    }

    #[test]
    fn bytes_are_received_where_the_action_says() {
        for state in STATES {
            let action = state.action(true);
            assert_eq!(state.receives(), action == Action::Receive, "{state:?}");
        }
    }

    #[test]
    fn only_a_client_awaits_the_close() {
        assert_eq!(State::Agreed(CODE).action(true), Action::AwaitClose);
        let closed = Action::Close(Closure::Agreed(CODE));
        assert_eq!(State::Agreed(CODE).action(false), closed);
    }
}
