//! The text table of transitions is what [`next`] does, for every state and every event.

extern crate std;

use super::state::{Event, State, next};
use std::collections::BTreeMap;
use std::format;
use std::string::String;
use std::vec::Vec;

const TABLE: &str = include_str!("transitions.txt");

/// Every variant, in an array; a variant that is missing from the list does not compile.
macro_rules! every {
    ($kind:ident: $($name:ident)+) => {{
        const fn is_listed(value: $kind) -> bool {
            match value { $($kind::$name)|+ => true }
        }
        let all = [$($kind::$name),+];
        assert!(all.into_iter().all(is_listed));
        all
    }};
}

fn states() -> impl Iterator<Item = State> {
    every!(State: Head Decide AcceptContinue AcceptContent Accept Tls Switched Respond RespondContinue RespondContent
        RefuseContent Refuse RefuseClose SkipContent Closed)
    .into_iter()
}

fn events() -> impl Iterator<Item = Event> {
    every!(Event: HeadComplete ContentComplete Fault Abort Accepted AcceptedWithContent AcceptedWithExpect
        AcceptedSilently Ignored Refused RefusedWithContent RefusedForGood Sent SentTls TlsEstablished WantedContent
        WantedContinue Responded RespondedWithContent RespondedForGood)
    .into_iter()
}

fn name(value: impl core::fmt::Debug) -> String {
    format!("{value:?}")
}

/// State and event, and the state behind them. The lines of the terminal states have no event.
fn table() -> BTreeMap<(String, String), &'static str> {
    let mut table = BTreeMap::new();
    for line in TABLE.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [state, event, "->", next] => assert_eq!(
                table.insert((state.into(), event.into()), next),
                None,
                "twice: {line}"
            ),
            ["Switched" | "Closed", "nothing:", ..] => {}
            _ => panic!("no line of the table: {line}"),
        }
    }
    table
}

#[test]
fn every_state_with_every_event() {
    let mut table = table();
    for state in states() {
        for event in events() {
            let (from, by) = (name(state), name(event));
            let expected = table.remove(&(from.clone(), by.clone()));
            assert_eq!(
                next(state, event).map(name).as_deref(),
                expected,
                "{from} with {by}"
            );
        }
    }
    assert!(table.is_empty(), "of no state or no event: {table:?}");
}

#[test]
fn every_state_is_reached_from_the_first_byte() {
    let mut reached = Vec::from([State::Head]);
    let mut seen = 0;
    while let Some(&state) = reached.get(seen) {
        seen += 1;
        for behind in events().filter_map(|event| next(state, event)) {
            if !reached.contains(&behind) {
                reached.push(behind);
            }
        }
    }
    assert_eq!(
        states()
            .filter(|state| !reached.contains(state))
            .map(name)
            .collect::<Vec<_>>(),
        Vec::<String>::new()
    );
}

#[test]
fn only_the_ends_are_terminal() {
    for state in states() {
        let ends = events().all(|event| next(state, event).is_none());
        assert_eq!(
            ends,
            matches!(state, State::Switched | State::Closed),
            "{state:?}"
        );
        assert_eq!(ends, state.is_terminal(), "{state:?}");
    }
}

/// What the words of a state promise: bytes are content in the states that end with the content.
#[test]
fn content_ends_only_where_content_is_received() {
    for state in states() {
        assert_eq!(
            next(state, Event::ContentComplete).is_some(),
            state.receives_content(),
            "{state:?}"
        );
    }
}
