//! Runs the transcripts of `tests/websocket/*.md` at every split, with the code of the replay tool.
//!
//! A case is a heading, one or more `frames` blocks with the arguments of the tool, and the `lines` that each of them gives.
//! In a `frames` block stand hex digits, `"text"`, `61*200` for a byte many times, and `#` before a comment.

#[path = "../examples/replay/help.rs"]
mod help;
#[path = "../examples/replay/options.rs"]
mod options;
#[path = "../examples/replay/websocket.rs"]
mod replay;

use std::{fs, path::Path};

/// One `frames` block and what it gives.
struct Case {
    name: String,
    args: Vec<String>,
    input: Vec<u8>,
    lines: String,
}

fn cases(path: &Path) -> Vec<Case> {
    let source = fs::read_to_string(path).unwrap();
    let (mut cases, mut name, mut waiting) = (Vec::new(), String::new(), 0);
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            assert_eq!(cases.len(), waiting, "{name} has no lines");
            name = format!("{}: {heading}", path.display());
        } else if let Some(info) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if let Some(args) = info.strip_prefix("frames ") {
                let args = args.split_whitespace().map(String::from).collect();
                let input = block.iter().flat_map(|line| bytes(line)).collect();
                cases.push(Case {
                    name: name.clone(),
                    args,
                    input,
                    lines: String::new(),
                });
            } else {
                assert_eq!(info, "lines", "{name}");
                for case in &mut cases[waiting..] {
                    case.lines = block.join("\n") + "\n";
                }
                waiting = cases.len();
            }
        }
    }
    assert_eq!(cases.len(), waiting, "{name} has no lines");
    cases
}

fn bytes(line: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (i, part) in line.split('"').enumerate() {
        if i % 2 == 1 {
            bytes.extend_from_slice(part.as_bytes());
            continue;
        }
        let hex = part.split('#').next().unwrap();
        for word in hex.split_whitespace() {
            let (digits, times) = word.split_once('*').unwrap_or((word, "1"));
            assert_eq!(digits.len() % 2, 0, "{line}");
            let word: Vec<u8> = (0..digits.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
                .collect();
            bytes.extend(word.repeat(times.parse().unwrap()));
        }
        if hex.len() < part.len() {
            break;
        }
    }
    bytes
}

#[test]
fn transcripts_at_every_split() {
    let mut count = 0;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/websocket");
    for entry in fs::read_dir(folder).unwrap() {
        for case in cases(&entry.unwrap().path()) {
            check(&case);
            count += 1;
        }
    }
    assert!(count > 50, "only {count} cases were found");
}

/// Whole, in pieces of every size, and cut at every place.
fn check(case: &Case) {
    let Case {
        name,
        args,
        input,
        lines,
    } = case;
    let broken = lines.lines().any(|line| line.starts_with("fail "));
    let expected = (lines.clone(), !broken);
    assert_eq!(replay::run(args, input).unwrap(), expected, "{name}");
    let options = replay::Options::parse(args).unwrap();
    for size in 1..=input.len() {
        for (first, split) in [(size, size), (size, usize::MAX), (size, 1), (1, size)] {
            let options = replay::Options {
                first,
                split,
                ..options
            };
            let got = replay::replay(&options, input).unwrap();
            assert_eq!(
                got, expected,
                "{name}: {first} bytes, then {split} at a time"
            );
        }
    }
}

#[test]
fn arguments_are_checked() {
    for args in [
        &["--role", "peer"][..],
        &[],
        &["--role"],
        &["--split", "x", "--role", "server"],
    ] {
        let args: Vec<String> = args.iter().copied().map(String::from).collect();
        assert!(replay::run(&args, &[]).is_err(), "{args:?}");
    }
}

/// A peer that mostly keeps the rules.
fn stream(random: &mut impl FnMut() -> usize, masked: bool) -> Vec<u8> {
    let mut wire = Vec::new();
    for _ in 0..=random() % 6 {
        let first = [0x81, 0x01, 0x80, 0x00, 0x82, 0x02, 0x89, 0x8a, 0x88][random() % 9];
        let text = "aé€😀\u{10ffff}";
        let mut payload = text.as_bytes()[random() % text.len()..].to_vec();
        payload.truncate(random() % 16);
        if first == 0x88 {
            payload = [
                &[3, (0xe0 + random() % 16).try_into().unwrap()],
                &payload[..],
            ]
            .concat();
        }
        let length = u8::try_from(payload.len()).unwrap();
        wire.extend([first, if masked { 0x80 } else { 0 } | length]);
        if masked {
            wire.extend([0x11, 0x22, 0x33, 0x44]);
            let key = [0x11, 0x22, 0x33, 0x44].into_iter().cycle();
            payload
                .iter_mut()
                .zip(key)
                .for_each(|(byte, octet)| *byte ^= octet);
        }
        wire.extend(payload);
    }
    if random().is_multiple_of(4) {
        let at = random() % wire.len();
        wire[at] ^= 1 << (random() % 8);
    }
    wire
}

#[test]
fn sec_14_random_streams_give_the_same_at_every_split() {
    let mut seed: u64 = 2024;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 40).unwrap()
    };
    let (mut failed, mut whole) = (0, 0);
    for _ in 0..3000 {
        let masked = random() % 2 == 0;
        let input = stream(&mut random, masked);
        let role = if masked { "server" } else { "client" };
        let args = ["--role", role, "--max-message", "40", "--max-frame", "30"].map(String::from);
        let options = replay::Options::parse(&args).unwrap();
        let expected = replay::replay(&options, &input).unwrap();
        failed += usize::from(!expected.1);
        whole += usize::from(expected.0.contains("text ") || expected.0.contains("binary "));
        for size in 1..=input.len() {
            for (first, split) in [(size, size), (size, usize::MAX), (size, 1)] {
                let options = replay::Options {
                    first,
                    split,
                    ..options
                };
                let got = replay::replay(&options, &input).unwrap();
                assert_eq!(
                    got, expected,
                    "{input:x?}: {first} bytes, then {split} at a time"
                );
            }
        }
    }
    assert!(
        failed > 300 && whole > 300,
        "{failed} failed, {whole} gave a message"
    );
}
