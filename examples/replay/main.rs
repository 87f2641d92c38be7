//! Feeds recorded bytes to a machine and prints what happens, one line each: the language of the transcripts in
//! `tests/transcripts`.
//!
//! ```text
//! cargo run --example replay -- server|client|websocket [OPTIONS] [FILE]
//! ```
//!
//! `--help` says what the options do, what the lines mean, and what the exit status is.

mod client;
mod help;
mod names;
mod options;
mod server;
mod shown;
mod websocket;

use std::io::Read;
use std::process::ExitCode;

/// A role: the bytes of the peer in, the lines out, and whether the run ended well.
type Run = fn(&[String], &[u8]) -> Result<(String, bool), String>;

const ROLES: &[(&str, Run, &str)] = &[
    ("server", server::run, help::SERVER),
    ("client", client::run, help::CLIENT),
    ("websocket", websocket::run, help::WEBSOCKET),
];

fn main() -> ExitCode {
    options::main("replay", help, replay)
}

fn replay(args: &[String]) -> Result<bool, String> {
    let (name, args) = args.split_first().ok_or(
        "a role is missing: server, client or websocket; `replay --help` says more".to_owned(),
    )?;
    let role = ROLES.iter().find(|(role, ..)| role == name);
    let (_, run, help) = role.ok_or_else(|| {
        format!(
            "{name:?} is no role: there are server, client and websocket; `replay --help` says more"
        )
    })?;
    let mut args = options::separated(args, help)?;
    let file = options::take_positional(&mut args, help);
    // A run on nothing finds what is wrong with the options before standard input is waited for.
    run(&args, b"")?;
    let (lines, is_well) = run(&args, &input(file)?)?;
    options::print(&lines);
    Ok(is_well)
}

/// Of the role that the command line names, or of all.
fn help(args: &[String]) -> String {
    let named = |role: &str| args.first().is_some_and(|name| name == role);
    let is_named = ROLES.iter().any(|(role, ..)| named(role));
    let roles = ROLES
        .iter()
        .filter(|(role, ..)| !is_named || named(role))
        .map(|(_, _, help)| *help);
    let shown = (!named("websocket")).then_some(help::SHOWN);
    let ends = shown.into_iter().chain([help::END]);
    let parts: Vec<&str> = [help::START].into_iter().chain(roles).chain(ends).collect();
    parts.join("\n")
}

fn input(file: Option<String>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match file.filter(|path| path != "-") {
        Some(path) => bytes = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?,
        None => {
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| format!("standard input: {error}"))?;
        }
    }
    Ok(bytes)
}
