//! Tokens, values, lists, numbers, authorities (RFC 9110 section 5.6, RFC 3986 section 3.2).

pub fn is_token(text: &[u8]) -> bool {
    !text.is_empty()
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

pub fn is_value(text: &[u8]) -> bool {
    text.iter()
        .all(|&byte| byte == b'\t' || (byte >= 0x20 && byte != 0x7f))
}

pub fn trim(text: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| *byte != b' ' && *byte != b'\t';
    match text.iter().position(is_text) {
        None => &[],
        Some(start) => &text[start..=text.iter().rposition(is_text).unwrap_or(start)],
    }
}

/// The members of a list, those that are not empty.
pub fn members(value: &[u8]) -> Vec<&[u8]> {
    let members = value.split(|&byte| byte == b',').map(trim);
    members.filter(|member| !member.is_empty()).collect()
}

pub fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    String::from_utf8_lossy(text).parse().ok()
}

/// `host [":" port]`: the port, where there is one, has a number of 16 bits or is empty.
pub fn is_authority(text: &[u8]) -> bool {
    let (host, port) = match text.iter().rposition(|&byte| byte == b']' || byte == b':') {
        Some(at) if text[at] == b':' => (&text[..at], &text[at + 1..]),
        _ => (text, &[][..]),
    };
    is_host(host) && is_port(port)
}

pub fn is_port(text: &[u8]) -> bool {
    text.is_empty() || (text.len() <= 5 && number(text).is_some_and(|port| port <= 0xffff))
}

/// A comma is none of a host here: it is the mark of two that were joined.
fn is_host(text: &[u8]) -> bool {
    match text {
        [b'[', literal @ .., b']'] => is_literal(literal),
        _ => is_reg_name(text),
    }
}

fn is_reg_name(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b'%', a, b, rest @ ..] => {
            a.is_ascii_hexdigit() && b.is_ascii_hexdigit() && is_reg_name(rest)
        }
        [byte, rest @ ..] => is_name_byte(*byte) && is_reg_name(rest),
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+;=".contains(&byte)
}

fn is_literal(text: &[u8]) -> bool {
    match text {
        [b'v' | b'V', rest @ ..] => {
            !rest.is_empty() && rest.iter().all(|&byte| byte == b':' || is_name_byte(byte))
        }
        _ => {
            text.len() > 1
                && text
                    .iter()
                    .all(|byte| byte.is_ascii_hexdigit() || b":.".contains(byte))
        }
    }
}

pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.eq_ignore_ascii_case(b)
}
