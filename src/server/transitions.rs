//! The text table of transitions is what [`next`] does, for every state and every event.

use super::state::{Event, State, next};
use crate::walk::{Walk, every};

fn with_walk(test: impl FnOnce(Walk<'_, State, Event>)) {
    let states = every!(State: Head Decide AcceptContinue AcceptContent Accept Tls Switched Respond RespondContinue
        RespondContent RefuseContent Refuse RefuseClose SkipContent Closed);
    let events = every!(Event: HeadComplete ContentComplete Fault Abort Accepted AcceptedWithContent AcceptedWithExpect
        AcceptedSilently Ignored Refused RefusedWithContent RefusedForGood Sent SentTls TlsEstablished WantedContent
        WantedContinue Responded RespondedWithContent RespondedForGood);
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
fn every_state_is_reached_from_the_first_byte() {
    with_walk(|walk| assert_eq!(walk.unreached(State::Head), []));
}

#[test]
fn only_the_ends_are_terminal() {
    with_walk(|walk| {
        let ends = [State::Switched, State::Closed];
        assert!(walk.terminal().eq(ends));
        assert!(
            walk.states
                .iter()
                .filter(|state| state.is_terminal())
                .eq(&ends)
        );
    });
}

/// What the words of a state promise: bytes are content in the states that end with the content.
#[test]
fn content_ends_only_where_content_is_received() {
    with_walk(|walk| {
        for &state in walk.states {
            let ends = next(state, Event::ContentComplete).is_some();
            assert_eq!(ends, state.receives_content(), "{state:?}");
        }
    });
}
