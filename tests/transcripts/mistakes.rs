//! A mistake in a transcript is told, and never skipped.

use crate::format::parse;
use std::path::Path;

/// The parts of a case that is right.
const HEADING: &str = "## A heading\n";
const ARGS: &str = "`server`\n";
const INPUT: &str = "```http\nGET / HTTP/1.1\n```\n";
const LINES: &str = "```text\nreceive\nrest 0\n```\n";

fn mistake(text: &str) -> String {
    match parse(text, Path::new(".")) {
        Ok(_) => panic!("this is no transcript:\n{text}"),
        Err(error) => error,
    }
}

fn input(block: &str) -> Result<Vec<u8>, String> {
    let cases = parse(
        &format!("{HEADING}{ARGS}```http\n{block}\n```\n{LINES}"),
        Path::new("."),
    )?;
    Ok(cases[0].inputs[0].1.clone())
}

#[test]
fn the_parts_make_a_case() {
    let cases = parse(
        &format!("# Title\n\nProse.\n\n{HEADING}{ARGS}{INPUT}{INPUT}{LINES}{INPUT}{LINES}"),
        Path::new("."),
    );
    let cases = cases.expect("a transcript");
    assert_eq!(
        cases
            .iter()
            .map(|case| case.inputs.len())
            .collect::<Vec<_>>(),
        [2, 1]
    );
    assert_eq!(
        (cases[0].heading.as_str(), cases[0].args.as_slice()),
        ("A heading", &["server".to_owned()][..])
    );
    assert_eq!(cases[0].inputs[0], (3 + 4, b"GET / HTTP/1.1\r\n".to_vec()));
    assert_eq!(cases[0].expected, "receive\nrest 0\n");
}

#[test]
fn a_part_that_is_missing_is_told() {
    for text in [
        String::new(),
        HEADING.to_owned(),
        format!("{HEADING}{ARGS}"),
        format!("{ARGS}{INPUT}{LINES}"),
        format!("{HEADING}{INPUT}{LINES}"),
        format!("{HEADING}{ARGS}{INPUT}"),
        format!("{HEADING}{ARGS}{LINES}"),
        format!("{HEADING}{ARGS}{INPUT}{HEADING}{ARGS}{INPUT}{LINES}"),
        format!("{HEADING}{HEADING}{ARGS}{INPUT}{LINES}"),
        format!("{HEADING}{ARGS}{INPUT}{LINES}## Another\n"),
        format!("{HEADING}{ARGS}{INPUT}{LINES}## Another\n{INPUT}{LINES}"),
    ] {
        mistake(&text);
    }
}

#[test]
fn a_part_that_is_wrong_is_told() {
    for text in [
        format!("{HEADING}{ARGS}{INPUT}```text\nreceive\n```\n"),
        format!("{HEADING}{ARGS}{INPUT}```text\n```\n"),
        format!("{HEADING}{ARGS}{INPUT}```\nreceive\nrest 0\n```\n"),
        format!("{HEADING}{ARGS}{INPUT}```rust\nreceive\nrest 0\n```\n"),
        format!("{HEADING}{ARGS}{INPUT}```text\nreceive\nrest 0\n"),
        format!("{HEADING}{ARGS}{INPUT}```text\nreceive \nrest 0\n```\n"),
        format!("{HEADING}{ARGS}```http\nGET / HTTP/1.1\n{LINES}"),
        format!("{HEADING}{ARGS}[missing](missing.bin)\n{LINES}"),
        format!("{HEADING}{ARGS}{INPUT}{ARGS}{LINES}"),
        format!("{HEADING}`server --split 3`\n{INPUT}{LINES}"),
        format!("{HEADING}`server  --show`\n{INPUT}{LINES}"),
        format!("{HEADING}### Deeper\n{ARGS}{INPUT}{LINES}"),
    ] {
        mistake(&text);
    }
}

#[test]
fn escapes_are_read() {
    for (block, bytes) in [
        ("a\n\nb", &b"a\r\n\r\nb\r\n"[..]),
        ("a\\\nb\\", b"ab"),
        (r"a\\", b"a\\\r\n"),
        (r"a\\\", b"a\\"),
        (r"\r\n\t\x00\xfF\", b"\r\n\t\x00\xff"),
        (r"\{3 ab}c\", b"abababc"),
        (r"\{2 X: \x7d\n}\", b"X: }\nX: }\n"),
    ] {
        assert_eq!(input(block).as_deref(), Ok(bytes), "{block}");
    }
}

#[test]
fn what_is_no_escape_is_told() {
    for block in [
        r"\a", r"\x8", r"\xg0", r"\{3a}", r"\{x a}", r"\{3 a", r"\{3 \q}", "a\tb", "\u{e9}", "a ",
    ] {
        assert!(input(block).is_err(), "{block}");
    }
}
