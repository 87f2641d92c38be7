//! Feeds recorded bytes to a machine and prints what happens, one line each: the language of the transcripts in
//! `tests/transcripts`.
//!
//! ```text
//! cargo run --example replay -- server|client|websocket [OPTIONS] [FILE]
//! ```
//!
//! `--help` lists the options. Without FILE the bytes come from standard input. The exit status is 0 where the run ended in
//! a switch, in a clean end or with the wish for more bytes; 1 where the connection closed with a reason; 2 where the
//! command line makes no sense or FILE cannot be read.

mod client;
mod help;
mod names;
mod options;
mod server;
mod websocket;

use std::io::{Read, Write};
use std::process::ExitCode;

/// A role: the bytes of the peer in, the lines out, and whether the run ended well.
type Run = fn(&[String], &[u8]) -> Result<(String, bool), String>;

const ROLES: &[(&str, Run, &str)] = &[
    ("server", server::run, help::SERVER),
    ("client", client::run, help::CLIENT),
    ("websocket", websocket::run, help::WEBSOCKET),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        return print(&usage(), true);
    }
    match replay(&args) {
        Ok((lines, ok)) => print(&lines, ok),
        Err(message) => {
            eprintln!("replay: {message}");
            ExitCode::from(2)
        }
    }
}

fn replay(args: &[String]) -> Result<(String, bool), String> {
    let (name, args) = args.split_first().ok_or_else(usage)?;
    let mut args = args.to_vec();
    let file = options::take_file(&mut args);
    let role = ROLES.iter().find(|(role, ..)| role == name);
    let (_, run, _) = role.ok_or_else(|| format!("no role is called {name}\n\n{}", usage()))?;
    // A run on nothing finds what is wrong with the options before standard input is waited for.
    run(&args, b"")?;
    run(&args, &input(file)?)
}

fn usage() -> String {
    let roles = ROLES
        .iter()
        .map(|(name, _, help)| format!("\nreplay {name} [OPTIONS] [FILE]\n{help}"));
    let start =
        "usage: replay ROLE [OPTIONS] [FILE]\n\nWithout FILE the bytes come from standard input.\n";
    start.to_owned() + &roles.collect::<String>()
}

fn print(text: &str, ok: bool) -> ExitCode {
    // A closed pipe is no fault of the input.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::from(u8::from(!ok))
}

fn input(file: Option<String>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match file {
        Some(path) => bytes = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?,
        None => {
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| error.to_string())?;
        }
    }
    Ok(bytes)
}
