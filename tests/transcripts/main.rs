//! Runs the transcripts of this folder through the code of the `replay` example, at every split of their input. The format
//! is described in `README.md`.

#[path = "../../examples/replay/client.rs"]
mod client;
mod command_line;
mod format;
#[path = "../../examples/replay/help.rs"]
mod help;
mod mistakes;
#[path = "../../examples/replay/names.rs"]
mod names;
mod notation;
#[path = "../../examples/replay/options.rs"]
mod options;
#[path = "../../examples/replay/server.rs"]
mod server;
#[path = "../../examples/replay/shown.rs"]
mod shown;
#[path = "../../examples/replay/websocket.rs"]
mod websocket;

use format::Case;
use http_upgrade::Error;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

type Run = fn(&[String], &[u8]) -> Result<(String, bool), String>;

/// What runs a transcript, by the first of its arguments.
const ROLES: &[(&str, Run)] = &[
    ("server", server::run),
    ("client", client::run),
    ("websocket", websocket::run),
];

/// How many inputs there are at least: none gets lost unseen.
const INPUTS: usize = 600;

/// The errors that no bytes of a client bring about in the server, and why.
const NOT_IN_SERVER: &[(&str, &[Error])] = &[
    ("the tool has no clock", &[Error::Timeout]),
    ("the tool ends at the switch to TLS", &[Error::TlsFailed]),
    (
        "a client alone meets it",
        &[
            Error::BadStatusLine,
            Error::UnexpectedSwitch,
            Error::SwitchInHttp10,
            Error::SwitchWithoutUpgrade,
            Error::SwitchWithoutConnection,
            Error::SwitchNotOffered,
            Error::BadAccept,
            Error::BadSubprotocol,
            Error::BadExtension,
            Error::TooManyInterim,
            Error::TlsRefused,
            Error::ClosedBeforeRequest,
            Error::Unsolicited,
            Error::Incomplete,
        ],
    ),
];

/// The errors that no bytes of a server bring about in the client, and why.
const NOT_IN_CLIENT: &[(&str, &[Error])] = &[
    ("the tool has no clock", &[Error::Timeout]),
    (
        "the tool ends at the switch to TLS",
        &[
            Error::TlsFailed,
            Error::ContentTooLarge,
            Error::ClosedBeforeRequest,
            Error::Unsolicited,
        ],
    ),
    (
        "a server alone meets it",
        &[
            Error::TargetTooLong,
            Error::MethodTooLong,
            Error::BadRequestLine,
            Error::BadTarget,
            Error::BadVersion,
            Error::MissingOrRepeatedHost,
            Error::BadHost,
            Error::UnknownTransferCoding,
            Error::ExpectationFailed,
            Error::DataBehindRefusal,
            Error::EarlyData,
            Error::BadConnectionOption,
        ],
    ),
];

/// One test a file, so that they run side by side.
macro_rules! files {
    ($($name:ident)+) => {
        const FILES: &[&str] = &[$(stringify!($name)),+];
        $(#[test] fn $name() { run(stringify!($name)); })+
    };
}

files! { captures client_captures client_limits client_requests client_responses client_switch client_wild content expect h2c
limits refusals requests require tls tokens upgrade websocket }

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts")
}

fn cases(file: &str) -> Vec<Case> {
    format::parse(&text(file), &folder()).unwrap_or_else(|error| panic!("{file}.md: {error}"))
}

fn run(file: &str) {
    let mut failures = Vec::new();
    for case in cases(file) {
        for (line, input) in &case.inputs {
            if let Err(failure) = check(&case, input) {
                failures.push(format!("\n{file}.md:{line}: {}\n{failure}", case.heading));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Runs one input at every split.
fn check(case: &Case, input: &[u8]) -> Result<(), String> {
    let (role, args) = case.args.split_first().ok_or("no arguments")?;
    let (_, run) = ROLES
        .iter()
        .find(|(name, _)| name == role)
        .ok_or_else(|| format!("no role is called {role}"))?;
    let mut args = args.to_vec();
    args.extend(["--split".to_owned(), String::new()]);
    for split in (1..=input.len().max(1)).rev() {
        *args.last_mut().expect("just added") = split.to_string();
        let (lines, ended_well) = run(&args, input)?;
        if lines != case.expected {
            return Err(format!(
                "in pieces of {split} bytes it prints\n\n{lines}\nnot, as in line {},\n\n{}",
                case.line, case.expected
            ));
        }
        let has_reason = lines.lines().any(|line| line.starts_with("close "));
        if ended_well == has_reason {
            return Err("the exit status does not go with the lines".to_owned());
        }
    }
    Ok(())
}

#[test]
fn every_file_is_run() {
    let entries = std::fs::read_dir(folder()).expect("the folder of the transcripts");
    let names = entries.map(|entry| entry.expect("an entry").path());
    let found: BTreeSet<String> = names
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name != "README")
        .collect();
    let run: BTreeSet<String> = FILES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, run);
    let inputs: usize = FILES
        .iter()
        .flat_map(|file| cases(file))
        .map(|case| case.inputs.len())
        .sum();
    assert!(inputs >= INPUTS, "{inputs} inputs");
}

#[test]
fn every_error_of_a_server_occurs() {
    every_error_occurs("server", NOT_IN_SERVER);
}

#[test]
fn every_error_of_a_client_occurs() {
    every_error_occurs("client", NOT_IN_CLIENT);
}

fn every_error_occurs(role: &str, exceptions: &[(&str, &[Error])]) {
    let cases: Vec<Case> = FILES
        .iter()
        .flat_map(|file| cases(file))
        .filter(|case| case.args[0] == role)
        .collect();
    for error in Error::ALL {
        let close = format!("close {}", error.name());
        let occurs = cases
            .iter()
            .any(|case| case.expected.lines().any(|line| line == close));
        let reason = exceptions.iter().find(|(_, errors)| errors.contains(error));
        assert_eq!(occurs, reason.is_none(), "{error}: {reason:?}");
    }
}

#[test]
fn every_capture_is_replayed() {
    for (end, file) in [(".c2s.bin", "captures"), (".s2c.bin", "client_captures")] {
        let text = text(file);
        let missing: Vec<String> = recordings()
            .filter(|name| name.ends_with(end) && !text.contains(&format!("](../captures/{name})")))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}

/// A WebSocket capture of a server switches by the key that its client sent.
#[test]
fn the_keys_are_those_of_the_captures() {
    let cases = cases("client_captures");
    let switched: Vec<&Case> = cases
        .iter()
        .filter(|case| case.expected.contains("switch websocket"))
        .collect();
    let mut found = 0;
    for name in recordings() {
        let Some(base) = name
            .strip_suffix(".s2c.bin")
            .filter(|name| name.starts_with("ws-"))
        else {
            continue;
        };
        let read = |end: &str| {
            std::fs::read(folder().join(format!("../captures/{base}.{end}.bin")))
                .expect("both sides")
        };
        let (request, response) = (read("c2s"), read("s2c"));
        let request = String::from_utf8_lossy(&request);
        let key = request
            .lines()
            .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))
            .expect("a key");
        let is_it = |case: &&Case| {
            case.args.windows(2).any(|pair| pair == ["--key", key])
                && case.inputs.iter().any(|(_, input)| *input == response)
        };
        assert!(switched.iter().any(is_it), "{name}");
        found += 1;
    }
    assert_eq!(found, 2);
}

fn text(file: &str) -> String {
    let path = folder().join(format!("{file}.md"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of the files in `tests/captures`.
fn recordings() -> impl Iterator<Item = String> {
    let captures = std::fs::read_dir(folder().join("../captures")).expect("the captures");
    captures.map(|entry| {
        entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned()
    })
}
