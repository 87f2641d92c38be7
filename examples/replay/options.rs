//! The options of the command line: `--name value`, and flags without value.
#![allow(dead_code, reason = "shared by several examples")]

/// The options that stand without a value.
const FLAGS: &[&str] = &["--show", "--mandatory", "--lenient"];

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

/// The argument that is no option and no value of one.
pub fn file(args: &[String]) -> Option<&str> {
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        match arg {
            flag if FLAGS.contains(&flag.as_str()) => at += 1,
            option if option.starts_with("--") => at += 2,
            file => return Some(file),
        }
    }
    None
}

/// Says which option is none of `known`.
pub fn check(args: &[String], known: &[&str]) -> Result<(), String> {
    match args
        .iter()
        .find(|arg| arg.starts_with("--") && !known.contains(&arg.as_str()))
    {
        Some(option) => Err(format!(
            "unknown option {option}; there are {}",
            known.join(" ")
        )),
        None => Ok(()),
    }
}

/// The lines of a message, indented.
pub fn indented(message: &[u8]) -> String {
    String::from_utf8_lossy(message)
        .lines()
        .map(|line| format!("    {line}").trim_end().to_owned() + "\n")
        .collect()
}
