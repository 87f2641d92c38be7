//! Feeds recorded bytes to a machine and prints what happens, one line each: the language of the transcripts in `tests/`.
//!
//! ```text
//! cargo run --example replay -- client --ask LIST [--key BASE64] [--subprotocol LIST] [--method M] [--target T] [--host H]
//!     [--mandatory] [--storage BYTES] [--split N] [--show] [FILE]
//! cargo run --example replay -- server [--allow LIST] [--require NAME] [--storage BYTES] [--split N] [--show] [FILE]
//! cargo run --example replay -- websocket --role server|client [--max-frame N] [--max-message N] [--split N] [FILE]
//! ```
//!
//! Without FILE the bytes come from standard input. The exit status is 1 where the connection closes with a reason.

mod client;
mod names;
mod options;
mod server;
mod websocket;

use std::io::{Read, Write};
use std::process::ExitCode;

/// Arguments and input to lines, and whether the run ended well.
type Role = fn(&[String], &[u8]) -> Result<(String, bool), String>;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.first().map(String::as_str) {
        Some("client") => client::run as Role,
        Some("server") => server::run,
        Some("websocket") => websocket::run,
        _ => return fail("usage: replay client|server|websocket [OPTIONS] [FILE]"),
    };
    args.remove(0);
    let result = input(&args).and_then(|input| outcome(&args, &input));
    match result {
        Ok((lines, ok)) => {
            // A closed pipe is no fault of the input.
            let _ = std::io::stdout().write_all(lines.as_bytes());
            if ok {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            }
        }
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(2)
}

fn input(args: &[String]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match options::file(args) {
        Some(path) => bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?,
        None => {
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| error.to_string())?;
        }
    }
    Ok(bytes)
}
