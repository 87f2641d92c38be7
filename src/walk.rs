//! Compares a machine's `next` with its table of transitions kept as text, for every state and every event.
//!
//! A line of the table is `STATE EVENT -> NEXT`, or `STATE nothing: ...` for a state that has no event.

extern crate std;

use core::fmt::Debug;
use std::collections::{BTreeMap, BTreeSet};
use std::format;
use std::string::String;
use std::vec::Vec;

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
pub(crate) use every;

/// A machine: all its states, all its events, and what moves it.
pub(crate) struct Walk<'a, S, E> {
    pub(crate) table: &'a str,
    pub(crate) states: &'a [S],
    pub(crate) events: &'a [E],
    pub(crate) next: fn(S, E) -> Option<S>,
}

impl<'a, S: Copy + Debug + PartialEq, E: Copy + Debug> Walk<'a, S, E> {
    /// The table says of each state with each event what `next` does, and says nothing else.
    pub(crate) fn compare(&self) {
        let (mut moves, ends) = self.read();
        for &state in self.states {
            for &event in self.events {
                let (from, by) = (format!("{state:?}"), format!("{event:?}"));
                let expected = moves.remove(&(from, by));
                let found = (self.next)(state, event).map(|state| format!("{state:?}"));
                assert_eq!(found.as_deref(), expected, "{state:?} with {event:?}");
            }
        }
        assert!(moves.is_empty(), "of no state or no event: {moves:?}");
        let terminal: BTreeSet<String> =
            self.terminal().map(|state| format!("{state:?}")).collect();
        assert!(
            ends.iter().copied().eq(terminal.iter()),
            "{ends:?}, {terminal:?}"
        );
    }

    /// State and event to the state behind them; and the states without events.
    fn read(&self) -> (BTreeMap<(String, String), &'a str>, BTreeSet<&'a str>) {
        let (mut moves, mut ends) = (BTreeMap::new(), BTreeSet::new());
        for line in self.table.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let is_new = match words[..] {
                [state, event, "->", next] => {
                    moves.insert((state.into(), event.into()), next).is_none()
                }
                [state, "nothing:", ..] => ends.insert(state),
                _ => panic!("no line of the table: {line}"),
            };
            assert!(is_new, "twice: {line}");
        }
        (moves, ends)
    }

    /// The states that are not reached from `start`.
    pub(crate) fn unreached(&self, start: S) -> Vec<S> {
        let mut reached = Vec::from([start]);
        let mut seen = 0;
        while let Some(&state) = reached.get(seen) {
            seen += 1;
            for behind in self
                .events
                .iter()
                .filter_map(|&event| (self.next)(state, event))
            {
                if !reached.contains(&behind) {
                    reached.push(behind);
                }
            }
        }
        self.states
            .iter()
            .copied()
            .filter(|state| !reached.contains(state))
            .collect()
    }

    /// The states that nothing leads out of.
    pub(crate) fn terminal(&self) -> impl Iterator<Item = S> {
        let is_terminal = |&state: &S| {
            self.events
                .iter()
                .all(|&event| (self.next)(state, event).is_none())
        };
        self.states.iter().copied().filter(is_terminal)
    }
}
