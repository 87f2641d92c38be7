//! The table of `states.md` is what a [`State`] does, for every state and every step.

extern crate std;

use super::state::{State, Step};
use super::{Action, Answer, CloseCode, Closure, Event, ProtocolError};
use std::{format, string::String, vec::Vec};

const CODE: CloseCode = CloseCode::NORMAL;
const ERROR: ProtocolError = ProtocolError::Masked;

/// All that happens, in the words of `states.md`.
#[derive(Clone, Copy, Debug)]
enum What {
    Ping,
    PeerClose(CloseCode),
    Fault(ProtocolError),
    Sent,
    OwnClose,
    End,
}

fn next(mut state: State, what: What) -> Option<State> {
    let (result, event) = match what {
        What::Ping => (Ok(()), Some(Event::Ping)),
        What::PeerClose(code) => (Ok(()), Some(Event::Close(code))),
        What::Fault(error) => (Err(error), None),
        What::Sent => {
            let due = state.due();
            state.sent(due);
            return (due != 0).then_some(state);
        }
        What::OwnClose => return state.step(Step::OwnClose).then_some(state),
        What::End => return state.step(Step::End).then_some(state),
    };
    let receives = state.receives();
    state.came(result, event.as_ref());
    receives.then_some(state)
}

/// One of each name.
fn states() -> [State; 10] {
    let after = |state, step| next(state, step).expect("a step of the table");
    let ponging = after(State::OPEN, What::Ping);
    let closing = after(State::OPEN, What::OwnClose);
    let answering = after(State::OPEN, What::PeerClose(CODE));
    let failing = after(State::OPEN, What::Fault(ERROR));
    let agreed = after(answering, What::Sent);
    [
        State::OPEN,
        ponging,
        closing,
        after(ponging, What::OwnClose),
        answering,
        failing,
        agreed,
        after(agreed, What::End),
        after(failing, What::Sent),
        after(State::OPEN, What::End),
    ]
}

const ALL: [What; 6] = [
    What::Ping,
    What::PeerClose(CODE),
    What::Fault(ERROR),
    What::Sent,
    What::OwnClose,
    What::End,
];

/// The name without what is inside.
fn name(value: impl core::fmt::Debug) -> String {
    format!("{value:?}").split('(').take(1).collect()
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
    let mut rows: Vec<String> = [row(heading.chain(ALL.map(name)))].into();
    for state in states() {
        let after = ALL.map(|step| next(state, step).map_or("-".into(), name));
        rows.push(row([name(state), action(state).into()]
            .into_iter()
            .chain(after)));
    }
    let table = include_str!("states.md").split("```").nth(1);
    let table: Vec<&str> = table.unwrap_or_default().lines().skip(1).collect();
    assert_eq!(rows, table);
}

#[test]
fn what_a_state_holds_is_what_came_in() {
    for state in states() {
        let code = CloseCode::new(4000);
        let error = ProtocolError::TextNotUtf8;
        match next(state, What::PeerClose(code)) {
            Some(after) => assert_eq!(after.closed_with(), Some(code)),
            None => assert_ne!(state.action(true), Action::Receive),
        }
        match next(state, What::Fault(error)) {
            Some(after) => match after.action(true) {
                Action::Send(Answer::Fail(held)) | Action::Close(Closure::Failed(held)) => {
                    assert_eq!(held, error);
                }
                other => panic!("{other:?}"),
            },
            None => assert_ne!(state.action(true), Action::Receive),
        }
    }
}

#[test]
fn bytes_are_received_where_the_action_says() {
    for state in states() {
        let action = state.action(true);
        assert_eq!(state.receives(), action == Action::Receive, "{state:?}");
    }
}

#[test]
fn only_a_client_awaits_the_close() {
    let [.., agreed, _, _, _] = states();
    assert_eq!(agreed.action(true), Action::AwaitClose);
    let closed = Action::Close(Closure::Agreed(CODE));
    assert_eq!(agreed.action(false), closed);
}
