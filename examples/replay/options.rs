//! The options of the command line: `--name value`, and flags without value.
#![allow(dead_code, reason = "shared by several examples")]

/// The value behind that option.
pub fn value<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    let at = args.iter().position(|arg| arg == name)?;
    args.get(at + 1).map(String::as_str)
}

/// Whether that flag is there.
pub fn has(args: &[String], name: &str) -> bool {
    args.iter().any(|arg| arg == name)
}

/// The number behind that option, or `otherwise`.
pub fn number(args: &[String], name: &str, otherwise: usize) -> Result<usize, String> {
    value(args, name).map_or(Ok(otherwise), |text| {
        text.parse()
            .map_err(|_| format!("{name}: {text} is no number"))
    })
}

/// The members of a list with commas; none where the option is missing.
pub fn list<'a>(args: &'a [String], name: &str) -> Vec<&'a str> {
    value(args, name).map_or_else(Vec::new, |text| {
        text.split(',')
            .filter(|member| !member.is_empty())
            .collect()
    })
}

/// Takes out the argument that is no option and no value of one: the first, if any.
pub fn take_file(args: &mut Vec<String>) -> Option<String> {
    let at = files(args).first().copied()?;
    Some(args.remove(at))
}

/// Where the arguments stand that are no option and no value of one.
fn files(args: &[String]) -> Vec<usize> {
    let mut files = Vec::new();
    let mut is_value = false;
    for (at, arg) in args.iter().enumerate() {
        match arg.starts_with("--") {
            _ if is_value => is_value = false,
            true => is_value = !is_flag(arg),
            false => files.push(at),
        }
    }
    files
}

/// Options that stand without a value, in all roles.
const FLAGS: &[&str] = &[
    "--show",
    "--mandatory",
    "--lenient",
    "--must-choose",
    "--expect",
    "--via-proxy",
    "--inside-tls",
    "--lone-lf",
    "--refuse-early-data",
    "--keep-after-refusal",
    "--ignore-expectations",
];

fn is_flag(option: &str) -> bool {
    FLAGS.contains(&option)
}

/// Says what makes no sense: an option that is none of `known`, one twice or without its value, anything else.
pub fn check(args: &[String], known: &[&str]) -> Result<(), String> {
    for (at, option) in args
        .iter()
        .enumerate()
        .filter(|(_, arg)| arg.starts_with("--"))
    {
        let behind = args.get(at + 1..).unwrap_or_default();
        if !known.contains(&option.as_str()) {
            return Err(format!(
                "unknown option {option}; there are {}",
                known.join(" ")
            ));
        }
        if has(behind, option) {
            return Err(format!("{option} stands twice"));
        }
        if !is_flag(option) && behind.first().is_none_or(|value| value.starts_with("--")) {
            return Err(format!("{option} needs a value"));
        }
    }
    match files(args).first().and_then(|&at| args.get(at)) {
        Some(argument) => Err(format!(
            "{argument} is neither an option nor the value of one"
        )),
        None => Ok(()),
    }
}

/// A message, indented, in the notation that `tests/transcripts/README.md` describes: a line ends in CRLF unless a `\`
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
