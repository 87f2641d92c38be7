//! The inputs of the transcripts of `tests/websocket`: hex digits, `"text"`, `61*200`, `#` before a comment.

use std::path::Path;

/// The role, 0 for a server and 1 for a client, and the bytes of its peer.
pub fn inputs(folder: &Path) -> Vec<(u8, Vec<u8>)> {
    let mut inputs = Vec::new();
    for path in super::files(folder) {
        let text = std::fs::read_to_string(path).expect("a transcript");
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(args) = line.strip_prefix("```frames ") {
                let block = lines.by_ref().take_while(|line| *line != "```");
                inputs.push((
                    u8::from(args.contains("client")),
                    block.flat_map(bytes).collect(),
                ));
            }
        }
    }
    inputs
}

fn bytes(line: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (at, part) in line.split('"').enumerate() {
        if at % 2 == 1 {
            bytes.extend_from_slice(part.as_bytes());
            continue;
        }
        let hex = part.split('#').next().unwrap_or_default();
        for word in hex.split_whitespace() {
            let (digits, times) = word.split_once('*').unwrap_or((word, "1"));
            let octets = digits.as_bytes().chunks(2).map(|pair| {
                u8::from_str_radix(&String::from_utf8_lossy(pair), 16).expect("two digits")
            });
            bytes.extend(
                octets
                    .collect::<Vec<u8>>()
                    .repeat(times.parse().expect("a number")),
            );
        }
        if hex.len() < part.len() {
            break;
        }
    }
    bytes
}
