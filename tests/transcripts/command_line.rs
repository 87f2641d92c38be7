//! The command line of `replay`: what makes no sense is told, and what the help says of the lines stands in `README.md` too.

use crate::{ROLES, help, options, text};

/// What the tool says of that command line, the role first.
fn complaint(line: &[&str]) -> String {
    let (role, args) = line.split_first().expect("a role");
    let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
    let (_, run) = ROLES
        .iter()
        .find(|(name, _)| name == role)
        .expect("a known role");
    match run(&args, b"") {
        Ok(_) => panic!("{line:?} is taken"),
        Err(message) => message,
    }
}

#[test]
fn what_makes_no_sense_is_told() {
    for (line, part) in [
        (&["server", "--origins", "foo"][..], "scheme://host[:port]"),
        (&["server", "--origins", "http://b/"], "nothing behind it"),
        (&["server", "--origins", "http://a@b"], "nothing behind it"),
        (&["server", "--origins", "http://b:"], "nothing behind it"),
        (&["server", "--origins", "://b"], "scheme://"),
        (&["server", "--origins", "any,http://b"], "\"any\""),
        (
            &["server", "--allow", "h2c", "--origins", "none"],
            "goes with --allow websocket",
        ),
        (
            &["server", "--allow", "h2c", "--subprotocol", "a"],
            "goes with --allow websocket",
        ),
        (&["server", "--subprotocol", "a b"], "\"a b\" is no token"),
        (&["server", "--allow", ""], "a member of the list is empty"),
        (
            &["server", "--allow", "h2c,,tls"],
            "a member of the list is empty",
        ),
        (
            &["server", "--storage", "4000000000"],
            "4000000000 is more than",
        ),
        (&["server", "--skip-limit", "4294967296"], "is too much"),
        (&["server", "--split", "0"], "one byte at least"),
        (&["server", "--split", "x"], "\"x\" is no number"),
        (&["server", "--split"], "needs a value"),
        (&["server", "--show", "--show"], "stands twice"),
        (&["server", "-x"], "unknown option -x; there are --allow"),
        (&["server", "file", "other"], "\"file\" is neither"),
        (
            &["client", "--subprotocol", "chat"],
            "goes with --ask websocket",
        ),
        (
            &["client", "--ask", "tcp", "--key", "a"],
            "goes with --ask websocket",
        ),
        (
            &["client", "--ask", "websocket", "--must-choose"],
            "goes with --subprotocol",
        ),
        (
            &["client", "--ask", "websocket", "--subprotocol", "a b"],
            "is no token",
        ),
        (&["client", "--ask", "tunnel"], "--method CONNECT"),
        (&["client", "--ask", "prior-knowledge"], "cannot offer"),
        (&["client", "--ask", "tls-options"], "cannot offer"),
        (&["client", "--ask", ""], "a member of the list is empty"),
        (
            &["client", "--method", "CONNECT", "--target", "/"],
            "does not go with CONNECT",
        ),
        (&["client", "--split", "0"], "one byte at least"),
        (
            &["websocket", "--role", "client", "--split", "0"],
            "one byte at least",
        ),
        (
            &["websocket", "--role", "client", "--role", "server"],
            "stands twice",
        ),
        (&["websocket", "--role", "peer"], "not \"peer\""),
        (&["websocket"], "or --role client is missing"),
        (
            &["websocket", "--role", "client", "--max-message", "x"],
            "\"x\" is no number",
        ),
        (
            &["websocket", "--show"],
            "unknown option --show; there are --role",
        ),
        (
            &["websocket", "--foo", "1"],
            "unknown option --foo; there are --role",
        ),
    ] {
        let message = complaint(line);
        assert!(message.contains(part), "{line:?}: {message}");
    }
}

#[test]
fn what_makes_sense_is_taken() {
    for line in [
        &[
            "server",
            "--origins",
            "https://[::1]:8443,null,chrome-extension://abc",
        ][..],
        &[
            "server",
            "--require",
            "websocket",
            "--origins",
            "http://b:80",
        ],
        &["server", "--skip-limit", "4294967295", "--storage", "0"],
        &[
            "client",
            "--ask",
            "WebSocket,token:h2c",
            "--subprotocol",
            "a",
        ],
        &[
            "websocket",
            "--role",
            "client",
            "--max-frame",
            "18446744073709551615",
        ],
    ] {
        let (_, run) = ROLES
            .iter()
            .find(|(name, _)| *name == line[0])
            .expect("a known role");
        let args: Vec<String> = line[1..].iter().map(|&arg| arg.to_owned()).collect();
        assert!(run(&args, b"").is_ok(), "{line:?}");
    }
}

#[test]
fn the_file_is_what_is_neither_an_option_nor_its_value() {
    let separated = |line: &[&str]| {
        let args: Vec<String> = line.iter().map(|&arg| arg.to_owned()).collect();
        options::separated(&args, help::SERVER)
    };
    let line = ["--split=3", "--show", "-", "--allow", "token:a=b"];
    let mut args = separated(&line).expect("arguments");
    let file = options::take_positional(&mut args, help::SERVER);
    assert_eq!(file.as_deref(), Some("-"));
    assert_eq!(args, ["--split", "3", "--show", "--allow", "token:a=b"]);
    assert_eq!(options::take_positional(&mut args, help::SERVER), None);
    assert_eq!(
        separated(&["--show=1"]),
        Err("--show takes no value".to_owned())
    );
}

/// In the same words.
#[test]
fn the_readme_has_the_lines_of_the_help() {
    let readme = text("README");
    let mut count = 0;
    for help in [help::SERVER, help::CLIENT, help::WEBSOCKET] {
        let (_, lines) = help.split_once("\nlines:\n").expect("the lines");
        for line in lines.lines() {
            assert!(
                readme.contains(&format!("\n    {}\n", line.trim())),
                "{line}"
            );
            count += 1;
        }
    }
    assert_eq!(count, 8 + 9 + 9);
}

#[test]
fn the_help_has_the_limits_of_the_library() {
    let limits = http_upgrade::websocket::Limits::DEFAULT;
    assert_eq!(limits, limits.frame(16_777_216).message(16_777_216));
    let lines = help::WEBSOCKET.lines();
    assert_eq!(
        lines
            .filter(|line| line.contains("16777216 (16 MiB)"))
            .count(),
        2
    );
}
