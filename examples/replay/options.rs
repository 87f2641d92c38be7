//! The command line of the examples: `--name value` or `--name=value`, and flags without value.
//!
//! The options of a program are those that its help describes, each on a line of its own: two spaces, the option, one space
//! and a word for its value if it takes one, two spaces or more, what it does.
#![allow(dead_code, reason = "shared by several examples")]

use std::io::Write;
use std::process::ExitCode;

/// Prints what `help` gives if the command line asks for it, and otherwise runs. The exit status is 0 or 1 as `run` says, and 2
/// where it gives an error.
pub fn main(
    name: &str,
    help: impl FnOnce(&[String]) -> String,
    run: impl FnOnce(&[String]) -> Result<bool, String>,
) -> ExitCode {
    let args = std::env::args_os().skip(1).map(|arg| {
        arg.into_string()
            .map_err(|arg| format!("{} is not UTF-8", arg.display()))
    });
    let ran = args.collect::<Result<Vec<_>, _>>().and_then(|args| {
        if args.iter().any(|arg| arg == "--help" || arg == "-h") {
            print(&help(&args));
            return Ok(true);
        }
        run(&args)
    });
    match ran {
        Ok(is_well) => ExitCode::from(u8::from(!is_well)),
        Err(message) => {
            eprintln!("{name}: {message}");
            ExitCode::from(2)
        }
    }
}

/// Prints to standard output. A pipe that is closed is no fault of ours.
pub fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// The arguments, `--name=value` as two.
pub fn separated(args: &[String], help: &str) -> Result<Vec<String>, String> {
    let mut separated = Vec::new();
    for arg in args {
        match arg.split_once('=') {
            Some((name, _)) if takes_value(help, name) == Some(false) => {
                return Err(format!("{name} takes no value"));
            }
            Some((name, value)) if name.starts_with("--") => {
                separated.extend([name.to_owned(), value.to_owned()]);
            }
            _ => separated.push(arg.clone()),
        }
    }
    Ok(separated)
}

/// Takes out the argument that is no option and no value of one: the first, if any.
pub fn take_positional(args: &mut Vec<String>, help: &str) -> Option<String> {
    let mut is_value = false;
    let at = args.iter().position(|arg| {
        let is_positional = !is_value && !is_option(arg);
        is_value = !is_value && takes_value(help, arg) == Some(true);
        is_positional
    })?;
    Some(args.remove(at))
}

/// Says what makes no sense: an option that the help does not describe, one twice or without its value, anything else.
pub fn check(args: &[String], help: &str) -> Result<(), String> {
    let mut rest = args.iter().enumerate();
    while let Some((at, arg)) = rest.next() {
        if !is_option(arg) {
            return Err(format!("{arg:?} is neither an option nor the value of one"));
        }
        let Some(takes_value) = takes_value(help, arg) else {
            let known: Vec<&str> = known(help).map(|(name, _)| name).collect();
            return Err(format!(
                "unknown option {arg}; there are {}",
                known.join(" ")
            ));
        };
        if has(&args[..at], arg) {
            return Err(format!("{arg} stands twice"));
        }
        if takes_value && rest.next().is_none_or(|(_, value)| value.starts_with("--")) {
            return Err(format!("{arg} needs a value"));
        }
    }
    Ok(())
}

/// The options that the help describes, and whether each takes a value.
fn known(help: &str) -> impl Iterator<Item = (&str, bool)> {
    help.lines().filter_map(|line| {
        let line = line.strip_prefix("  ").filter(|line| is_option(line))?;
        let (name, behind) = line.split_once(' ')?;
        Some((name, !behind.starts_with(' ')))
    })
}

/// Whether that option takes a value, if it is one.
fn takes_value(help: &str, option: &str) -> Option<bool> {
    known(help).find_map(|(name, takes_value)| (name == option).then_some(takes_value))
}

/// `-` alone is none.
fn is_option(arg: &str) -> bool {
    arg.starts_with('-') && arg.len() > 1
}

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
pub fn number<T: TryFrom<u128>>(args: &[String], name: &str, otherwise: T) -> Result<T, String> {
    let Some(text) = value(args, name) else {
        return Ok(otherwise);
    };
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{name}: {text:?} is no number"));
    }
    let number = text
        .parse()
        .ok()
        .and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| format!("{name}: {text} is too much"))
}

/// The bytes of a piece: everything at once, unless told otherwise.
pub fn split(args: &[String]) -> Result<usize, String> {
    match number(args, "--split", usize::MAX)? {
        0 => Err("--split: a piece has one byte at least".to_owned()),
        bytes => Ok(bytes),
    }
}

/// The memory that a machine is lent for a head.
pub fn storage(args: &[String]) -> Result<Vec<u8>, String> {
    const MOST: usize = 1 << 30;
    match number(args, "--storage", 8192)? {
        bytes if bytes > MOST => Err(format!("--storage: {bytes} is more than {MOST}")),
        bytes => Ok(vec![0; bytes]),
    }
}

/// The members of a list with commas; none where the option is missing.
pub fn list<'a>(args: &'a [String], name: &str) -> Result<Vec<&'a str>, String> {
    let members: Vec<&str> =
        value(args, name).map_or_else(Vec::new, |text| text.split(',').collect());
    if members.contains(&"") {
        return Err(format!("{name}: a member of the list is empty"));
    }
    Ok(members)
}
