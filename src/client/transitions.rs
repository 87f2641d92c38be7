//! The text table of transitions is what [`next`] does, for every state and every event.

use super::state::{Event, State, next};
use crate::walk::{Walk, every};

fn with_walk(test: impl FnOnce(Walk<'_, State, Event>)) {
    let states = every!(State: Send SendContent AwaitContinue EarlyInterim ContinueInterim LateInterim Await Interim ProbeContent Tls
        Switched Response Content Closed);
    let events = every!(Event: Sent SentWithContent SentWithExpect ContentSent Impatient InterimComplete ContinueComplete
        Proceeded SwitchComplete TlsComplete TlsEstablished ProbeComplete ProbeCompleteWithContent ResponseComplete
        WantedContent ContentComplete Retried Abort);
    let table = include_str!("transitions.txt");
    test(Walk {
        table,
        states: &states,
        events: &events,
        next,
    });
}

#[test]
fn every_state_with_every_event() {
    with_walk(|walk| walk.compare());
}

#[test]
fn every_state_is_reached_from_the_request() {
    with_walk(|walk| assert_eq!(walk.unreached(State::Send), []));
}

#[test]
fn only_the_ends_are_terminal() {
    with_walk(|walk| {
        assert!(walk.terminal().eq([State::Switched, State::Closed]));
        assert!(
            walk.states
                .iter()
                .filter(|state| state.is_terminal())
                .eq(&[State::Switched, State::Closed])
        );
    });
}

/// The machine takes content in the states that end with it, and heads in those that a response ends.
#[test]
fn bytes_are_received_where_the_table_says() {
    with_walk(|walk| {
        for &state in walk.states {
            let ends = |event| next(state, event).is_some();
            assert_eq!(
                ends(Event::ContentComplete),
                state.receives_content(),
                "{state:?}"
            );
            assert_eq!(
                ends(Event::ResponseComplete),
                state.receives_head(),
                "{state:?}"
            );
        }
    });
}

/// A switch stands at the end of a request that was sent whole, and mandatory TLS has no way around it.
#[test]
fn a_switch_needs_the_whole_request() {
    with_walk(|walk| {
        for &state in walk.states {
            for &event in walk.events {
                let behind = next(state, event);
                if matches!(behind, Some(State::Switched | State::Tls)) {
                    assert_eq!(state, State::Await, "{event:?}");
                }
            }
        }
    });
}
