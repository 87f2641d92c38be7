//! Messages as they are shown: in the notation of `tests/transcripts/README.md`.

/// A message, indented, in the notation of the inputs: a line ends in CRLF unless a `\`
/// says that it does not, and what could not be seen is written as an escape.
pub fn indented(message: &[u8]) -> String {
    let mut lines = String::new();
    let mut rest = message;
    while !rest.is_empty() {
        let end = rest.windows(2).position(|pair| pair == b"\r\n");
        let (line, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let mut text = escaped(line);
        if end.is_none() {
            text.push('\\');
        }
        if !text.is_empty() {
            lines += "    ";
            lines += &text;
        }
        lines.push('\n');
        rest = behind.get(2..).unwrap_or_default();
    }
    lines
}

fn escaped(line: &[u8]) -> String {
    let mut text = String::new();
    for (at, &byte) in line.iter().enumerate() {
        match byte {
            b'\\' => text += r"\\",
            b'\r' => text += r"\r",
            b'\n' => text += r"\n",
            b' ' if at + 1 == line.len() => text += r"\x20",
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.extend([r"\x".to_owned(), format!("{byte:02x}")]),
        }
    }
    text
}
