//! Readers of messages that know nothing of the crate and let nothing pass.

const TOKEN: &[u8] =
    b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| TOKEN.contains(byte))
}

fn is_value(bytes: &[u8]) -> bool {
    let is_space = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    let is_text = bytes
        .iter()
        .all(|&byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f));
    is_text && !is_space(bytes.first()) && !is_space(bytes.last())
}

fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// A start-line, the fields with their names in lower case, and what lies behind.
type Head<'b> = (&'b [u8], Vec<(String, &'b [u8])>, &'b [u8]);

/// The head that those bytes start with, if it is one.
pub fn head(bytes: &[u8]) -> Option<Head<'_>> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = &bytes[..end];
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|two| two == b"\r\n") {
        lines.push(&rest[..at]);
        rest = &rest[at + 2..];
    }
    lines.push(rest);
    if lines
        .iter()
        .any(|line| line.is_empty() || line.iter().any(|byte| b"\r\n".contains(byte)))
    {
        return None;
    }
    let mut fields = Vec::new();
    for line in &lines[1..] {
        let colon = line.iter().position(|&byte| byte == b':')?;
        let value = trim(&line[colon + 1..]);
        if !is_token(&line[..colon]) || !is_value(value) {
            return None;
        }
        fields.push((
            String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase(),
            value,
        ));
    }
    Some((lines[0], fields, &bytes[end + 4..]))
}

/// A whole message of a server: status-line, fields as one writes them, no singleton twice, and no more content than it says.
pub fn assert_message(bytes: &[u8]) {
    let shown = String::from_utf8_lossy(bytes);
    let (line, fields, content) = head(bytes).unwrap_or_else(|| panic!("no head: {shown}"));
    let code = line
        .strip_prefix(b"HTTP/1.1 ")
        .and_then(|rest| rest.get(..3))
        .expect("a code");
    assert!(
        code.iter().all(u8::is_ascii_digit) && line[12] == b' ',
        "{shown}"
    );
    assert!(
        is_value(&line[..12]) && is_value(trim(&line[13..])),
        "{shown}"
    );
    let values = |name: &str| {
        fields
            .iter()
            .filter(|(found, _)| found == name)
            .collect::<Vec<_>>()
    };
    for name in [
        "connection",
        "upgrade",
        "content-length",
        "content-type",
        "transfer-encoding",
    ] {
        assert!(values(name).len() <= 1, "{name} twice: {shown}");
    }
    for value in fields.iter().map(|(_, value)| value) {
        let colon_space = bytes.windows(value.len() + 4).any(|window| {
            window.starts_with(b": ")
                && window.ends_with(b"\r\n")
                && &window[2..value.len() + 2] == *value
        });
        assert!(
            colon_space,
            "one space behind the colon, none before the line end: {shown}"
        );
    }
    let length = values("content-length");
    let bodiless = code[0] == b'1' || code == b"204";
    let is_chunked = !values("transfer-encoding").is_empty();
    assert!(
        !bodiless || (length.is_empty() && !is_chunked && content.is_empty()),
        "{shown}"
    );
    assert!(length.is_empty() || !is_chunked, "{shown}");
    assert!(code != b"304" || content.is_empty(), "{shown}");
    if let [(_, length)] = length[..] {
        let length: usize = String::from_utf8_lossy(length).parse().expect("a length");
        assert!(content.is_empty() || content.len() == length, "{shown}");
    }
    let options = String::from_utf8_lossy(
        values("connection")
            .first()
            .map_or(&b""[..], |(_, value)| value),
    );
    let upgrades = !values("upgrade").is_empty();
    assert_eq!(
        upgrades,
        options.split(", ").any(|option| option == "Upgrade"),
        "{shown}"
    );
}
