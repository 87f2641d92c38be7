//! The chunked coding (RFC 9112 section 7.1), read as a whole.

use super::Read;
use super::grammar::{is_token, is_value};

const MOST_EXTENSIONS: usize = 4096;
const MOST_TRAILERS: usize = 8192;

/// The content, and how many bytes all of it took.
pub fn read(bytes: &[u8], unfold: bool) -> Read<(Vec<u8>, usize)> {
    let (mut content, mut at, mut extensions) = (Vec::new(), 0, 0);
    loop {
        let line = match line(&bytes[at..]) {
            Read::Complete(line) => line,
            Read::Incomplete => return Read::Incomplete,
            Read::Refused(rule) => return Read::Refused(rule),
        };
        at += line.len() + 2;
        let digits = line
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let Some(size) = size(&line[..digits]) else {
            return Read::Refused("chunk-size");
        };
        let extension = &line[digits..];
        extensions += extension.len();
        let begins_well = match extension.iter().find(|byte| !b" \t".contains(byte)) {
            None => extension.is_empty(),
            Some(first) => *first == b';',
        };
        if !begins_well || !is_value(extension) || extensions > MOST_EXTENSIONS {
            return Read::Refused("chunk-ext");
        }
        if size == 0 {
            break;
        }
        let Some(data) = usize::try_from(size)
            .ok()
            .and_then(|size| bytes[at..].get(..size))
        else {
            return Read::Incomplete;
        };
        content.extend(data);
        at += data.len();
        match &bytes[at..] {
            [] | [b'\r'] => return Read::Incomplete,
            [b'\r', b'\n', ..] => at += 2,
            _ => return Read::Refused("chunk-data"),
        }
    }
    match trailers(&bytes[at..], unfold) {
        Read::Complete(len) => Read::Complete((content, at + len)),
        Read::Incomplete => Read::Incomplete,
        Read::Refused(rule) => Read::Refused(rule),
    }
}

/// Up to CRLF.
fn line(bytes: &[u8]) -> Read<&[u8]> {
    let Some(len) = bytes.iter().position(|&byte| byte == b'\n') else {
        return Read::Incomplete;
    };
    match &bytes[..len] {
        [line @ .., b'\r'] => Read::Complete(line),
        _ => Read::Refused("LF without CR"),
    }
}

fn size(digits: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok()?;
    if text.len() <= 16 {
        u64::from_str_radix(text, 16).ok()
    } else {
        None
    }
}

fn trailers(bytes: &[u8], unfold: bool) -> Read<usize> {
    let mut at = 0;
    loop {
        let line = match line(&bytes[at..]) {
            Read::Complete(line) => line,
            Read::Incomplete => return Read::Incomplete,
            Read::Refused(rule) => return Read::Refused(rule),
        };
        let is_first = at == 0;
        at += line.len() + 2;
        if line.is_empty() {
            return Read::Complete(at);
        }
        if at > MOST_TRAILERS {
            return Read::Refused("trailers");
        }
        if unfold && !is_first && matches!(line, [b' ' | b'\t', ..]) {
            if is_value(line) {
                continue;
            }
            return Read::Refused("trailer");
        }
        match line.iter().position(|&byte| byte == b':') {
            Some(colon) if is_token(&line[..colon]) && is_value(&line[colon..]) => {}
            _ => return Read::Refused("trailer"),
        }
    }
}
