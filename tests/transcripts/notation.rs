//! The notation of inputs: lines that end in CRLF, and escapes.

/// The bytes that a block stands for.
pub fn input(block: &[&str]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    for line in block {
        // An odd number of backslashes at the end: the last one is no part of an escape.
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        let text = if backslashes % 2 == 1 {
            &line[..line.len() - 1]
        } else {
            line
        };
        unescape(text, &mut bytes)?;
        if backslashes % 2 == 0 {
            bytes.extend(b"\r\n");
        }
    }
    Ok(bytes)
}

fn unescape(text: &str, bytes: &mut Vec<u8>) -> Result<(), String> {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match first {
            '\\' => rest = escape(&rest[1..], bytes)?,
            ' '..='~' => {
                bytes.push(rest.as_bytes()[0]);
                rest = &rest[1..];
            }
            other => {
                return Err(format!(
                    "{other:?} is not printable ASCII: write it as an escape"
                ));
            }
        }
    }
    Ok(())
}

/// Reads what stands behind a backslash, and gives back what follows it.
fn escape<'t>(text: &'t str, bytes: &mut Vec<u8>) -> Result<&'t str, String> {
    let mistake = || format!("no escape: \\{text}");
    let (kind, rest) = text.split_at_checked(1).ok_or_else(mistake)?;
    match kind {
        "\\" => bytes.push(b'\\'),
        "r" => bytes.push(b'\r'),
        "n" => bytes.push(b'\n'),
        "t" => bytes.push(b'\t'),
        "x" => {
            let (digits, rest) = rest.split_at_checked(2).ok_or_else(mistake)?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|_| mistake())?);
            return Ok(rest);
        }
        "{" => {
            let (body, rest) = rest.split_once('}').ok_or_else(mistake)?;
            let (count, body) = body.split_once(' ').ok_or_else(mistake)?;
            let mut once = Vec::new();
            unescape(body, &mut once)?;
            bytes.extend(once.repeat(count.parse().map_err(|_| mistake())?));
            return Ok(rest);
        }
        _ => return Err(mistake()),
    }
    Ok(rest)
}
