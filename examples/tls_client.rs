//! A client that asks for TLS inside HTTP/1.1 (RFC 2817) on `std` and rustls.
//!
//! ```text
//! cargo run --example tls_client -- http://127.0.0.1:8631/ [--mandatory [--certificate SHA256]] [--lenient]
//! cargo run --example tls_client -- ws://127.0.0.1:8631/echo --mandatory
//! ```
//!
//! Without `--mandatory` the request goes out in clear text with an offer of TLS, and a 426 is answered with TLS. With it an
//! `OPTIONS *` leads into TLS, and nothing of the request leaves before: whatever else the server answers ends it. A `ws` URL
//! opens a WebSocket, says `hello` and waits for the echo. `--certificate` is the one that the server must have, and goes
//! with `--mandatory`; without it any will do. `--lenient` takes the 101 of cupsd.
//!
//! It prints each step in the words of the `replay` example. The exit status is 0 where an answer came, 1 where none did,
//! and 2 where the command line makes no sense or the connection failed.

#[path = "replay/options.rs"]
mod options;
mod tls;

use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use http_upgrade::client::{Retry, Uri};
use http_upgrade::{Client, Offer, UpgradeRequest, WebSocketOffer};

use tls::client::{Outcome, ask};
use tls::echo;
use tls::trust::Trust;
use tls::wire::Wire;

const HELP: &str = "\
usage: tls_client [OPTIONS] http://HOST[:PORT]/PATH
       tls_client [OPTIONS] ws://HOST[:PORT]/PATH

Asks for TLS inside HTTP/1.1 (RFC 2817), and prints the answer; over a WebSocket it says hello and waits for the echo.

  --mandatory             nothing of the request leaves before TLS; whatever else the server answers ends it
  --certificate SHA256    of the one that the server must have, 64 hexadecimal digits; goes with --mandatory
  --lenient               takes the 101 of cupsd

try: cargo run --example tls_server
and: cargo run --example tls_client -- http://127.0.0.1:8631/ --mandatory

exit status:
  0  an answer came
  1  none did
  2  the command line makes no sense, or the connection failed
";

/// How long the server may take over the next bytes that it owes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The tokens of TLS that are offered.
const TLS: &[&str] = &["TLS/1.2"];

fn main() -> ExitCode {
    options::main("tls_client", |_| HELP.to_owned(), run)
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn run(args: &[String]) -> Result<bool, String> {
    let mut args = options::separated(args, HELP)?;
    let url = options::take_positional(&mut args, HELP);
    options::check(&args, HELP)?;
    let url = url.ok_or("a URI is missing; --help says more")?;
    let is_websocket = is_websocket(&url)?;
    let uri = Uri::parse(&url).map_err(|misuse| format!("{url}: {misuse}"))?;
    let certificate = certificate(&args)?;
    exchange(&args, uri, is_websocket, certificate).map_err(|error| error.to_string())
}

/// Whether the URI is that of a WebSocket. Says which have no place here.
fn is_websocket(url: &str) -> Result<bool, String> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    match scheme.map(str::to_ascii_lowercase).as_deref() {
        Some("ws") => Ok(true),
        Some("http") => Ok(false),
        Some("https" | "wss") => Err(format!(
            "{url}: TLS comes inside HTTP/1.1 here; that goes with http:// or ws://"
        )),
        _ => Err(format!(
            "{url} is no URI: http://HOST[:PORT]/PATH or ws://HOST[:PORT]/PATH"
        )),
    }
}

/// The certificate that the server must have. It says nothing about an exchange that may stay in clear text.
fn certificate(args: &[String]) -> Result<Option<&str>, String> {
    let Some(certificate) = options::value(args, "--certificate") else {
        return Ok(None);
    };
    if certificate.len() != 64 || !certificate.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(format!(
            "--certificate: {certificate:?} is no SHA-256, which has 64 hexadecimal digits"
        ));
    }
    if !options::has(args, "--mandatory") {
        return Err(
            "--certificate goes with --mandatory: without, the server may answer in clear text"
                .to_owned(),
        );
    }
    Ok(Some(certificate))
}

/// Whether an answer came.
fn exchange(
    args: &[String],
    uri: Uri<'_>,
    is_websocket: bool,
    certificate: Option<&str>,
) -> Result<bool, Failure> {
    let trust = Trust::new(certificate, rustls::ALL_VERSIONS)?;

    // What is asked, and what is asked again after a 426, inside TLS by all means.
    let websocket = [entropy(), entropy()].map(WebSocketOffer::new);
    let websocket = websocket.each_ref().map(|offer| [Offer::websocket(offer)]);
    let tls = [Offer::tls(TLS)];
    let is_mandatory = options::has(args, "--mandatory");
    let mut plain = UpgradeRequest::new("GET", uri);
    if options::has(args, "--lenient") {
        plain = plain.lenient_tls();
    }
    let [first, second] = if is_websocket {
        websocket.each_ref().map(|offers| plain.offer(offers))
    } else {
        [plain.offer(if is_mandatory { &[] } else { &tls }), plain]
    };
    let first = if is_mandatory {
        first.mandatory_tls(TLS)
    } else {
        first
    };
    let second = second.mandatory_tls(TLS);

    let server = (&trust, uri.authority);
    let mut wire = connect(uri.authority)?;
    let mut client = Client::new(vec![0; 8192], &first)?;
    let mut outcome = ask(&mut client, &mut wire, server, &say)?;
    if let Outcome::Response(answer) = &outcome
        && answer.requires_tls
    {
        if answer.retry == Retry::SameConnection {
            client.retry(&second)?;
        } else {
            wire = connect(uri.authority)?;
            client = Client::new(vec![0; 8192], &second)?;
        }
        outcome = ask(&mut client, &mut wire, server, &say)?;
    }
    show(outcome, &mut wire)
}

fn show(outcome: Outcome, wire: &mut Wire<TcpStream>) -> Result<bool, Failure> {
    let came = match outcome {
        Outcome::Response(answer) => {
            std::io::stdout().write_all(&answer.content)?;
            true
        }
        Outcome::WebSocket => {
            say(&echo::say(wire, "hello", random)?);
            true
        }
        Outcome::Closed(_) => false,
    };
    wire.close();
    Ok(came)
}

fn say(line: &str) {
    println!("{line}");
}

fn connect(authority: &str) -> Result<Wire<TcpStream>, Failure> {
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.ends_with(']'));
    let address = if has_port {
        authority.to_owned()
    } else {
        format!("{authority}:80")
    };
    let socket = TcpStream::connect(&address).map_err(|error| format!("{address}: {error}"))?;
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(Wire::new(socket))
}

/// 16 random octets: the keys of the standard library's hash maps come from the random number generator of the system.
fn entropy() -> [u8; 16] {
    let mut octets = [0; 16];
    for part in octets.chunks_exact_mut(4) {
        part.copy_from_slice(&random());
    }
    octets
}

/// Four of them: a masking key.
fn random() -> [u8; 4] {
    let [a, b, c, d, ..] = RandomState::new().hash_one(0).to_ne_bytes();
    [a, b, c, d]
}
