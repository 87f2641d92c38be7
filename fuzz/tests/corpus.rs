//! Replays the seeds and the committed corpora without libFuzzer, on any toolchain.

use std::path::Path;

use http_upgrade_fuzz::TARGETS;
use http_upgrade_fuzz::seeds::Seeds;

/// Says which input it was, should the target not be content.
struct Input<'i>(&'i str, &'i [u8]);

impl Drop for Input<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}: {}", self.0, self.1.escape_ascii());
        }
    }
}

fn replay(name: &str) {
    let (_, target) = TARGETS
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a target");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let mut inputs: Vec<Vec<u8>> = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("a corpus") {
        inputs.push(std::fs::read(entry.expect("a file").path()).expect("an input"));
    }
    let seeds = Seeds::all()
        .0
        .into_iter()
        .filter(|(known, _)| *known == name);
    let found = inputs.len();
    inputs.extend(seeds.map(|(_, seed)| seed));
    assert!(
        found > 0 && inputs.len() > found,
        "no corpus or no seeds for {name}"
    );
    for input in inputs {
        let _shown = Input(name, &input);
        target(&input);
    }
}

macro_rules! replays {
    ($($name:ident)+) => {
        $(#[test]
        fn $name() {
            replay(stringify!($name));
        })+

        #[test]
        fn every_target_is_replayed() {
            let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($name)),+]);
        }
    };
}

replays! { server client websocket h2c content settings operations pair writing differential }
