//! Runs the transcripts of `tests/websocket/*.md` at every split, with the code of the replay tool.
//!
//! A case is a heading, one or more `frames` blocks with the arguments of the tool, and the `lines` that each of them gives.
//! In a `frames` block stand hex digits, `"text"`, `61*200` for a byte many times, and `#` before a comment.

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
