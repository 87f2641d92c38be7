//! A client on `std` alone: asks a server to switch, and says what comes of it.
//!
//! ```text
//! cargo run --example client -- ws://127.0.0.1:8080/echo [--subprotocol a,b]
//! cargo run --example client -- --h2c http://127.0.0.1:8080/
//! cargo run --example client -- --tls http://127.0.0.1:8080/ [--mandatory] [--lenient]
//! cargo run --example client -- --token tcp http://127.0.0.1:8080/
//! ```
//!
//! `--help` says more.

#[path = "client/autobahn.rs"]
mod autobahn;
#[path = "client/lines.rs"]
mod lines;
#[path = "replay/options.rs"]
mod options;

use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use http_upgrade::client::{Action, Uri};
use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::{Client, Offer, Protocol, UpgradeRequest, WebSocketOffer};

/// How long the server may take over the next bytes that it owes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The tokens of TLS that are offered.
const TLS: &[&str] = &["TLS/1.2"];

const HELP: &str = "\
usage: client [OPTIONS] ws://HOST[:PORT]/PATH          over a WebSocket, lines are sent and text is printed
       client --h2c|--tls|--token NAME [OPTIONS] http://HOST[:PORT]/PATH

  --h2c                   ask for HTTP/2
  --tls                   ask for TLS 1.2
  --token NAME            ask for any upgrade token, such as tcp
  --subprotocol LIST      the WebSocket subprotocols to offer, best first
  --mandatory             with --tls: nothing but OPTIONS leaves before TLS
  --lenient               read what some servers get wrong
  --autobahn URI          instead, go through the cases of the Autobahn test suite's fuzzing server at that URI

Each step is printed in the words of the replay example: see replay --help.

exit status:
  0  the connection switched; over a WebSocket, each line had an answer and the close was clean
  1  it did not
  2  the command line makes no sense, or there is no connection
";

fn main() -> ExitCode {
    options::main("client", |_| HELP.to_owned(), run)
}

/// Whether the connection switched.
fn run(args: &[String]) -> Result<bool, String> {
    let mut args = options::separated(args, HELP)?;
    let uri = options::take_positional(&mut args, HELP);
    options::check(&args, HELP)?;
    match (options::value(&args, "--autobahn"), uri) {
        (Some(server), None) if args.len() == 2 => autobahn::run(server)
            .map(|()| true)
            .map_err(|error| format!("{server}: {error}")),
        (Some(_), _) => Err("--autobahn goes with nothing else".to_owned()),
        (None, Some(uri)) => ask(&args, &uri),
        (None, None) => Err("a URI is missing; --help says more".to_owned()),
    }
}

/// What is asked for, by the option that does so; a WebSocket without any. Says what does not go together.
fn kind(args: &[String], uri: &str) -> Result<&'static str, String> {
    const KINDS: [&str; 3] = ["--h2c", "--tls", "--token"];
    let mut asked = KINDS.into_iter().filter(|kind| options::has(args, kind));
    let kind = asked.next().unwrap_or_default();
    if let Some(other) = asked.next() {
        return Err(format!("{kind} does not go with {other}"));
    }
    let scheme = if kind.is_empty() { "ws" } else { "http" };
    match uri.split_once("://") {
        Some((theirs, _)) if theirs.eq_ignore_ascii_case(scheme) => {}
        Some((theirs, _)) if ["wss", "https"].contains(&theirs.to_ascii_lowercase().as_str()) => {
            return Err(format!("{uri}: this example does not speak TLS itself"));
        }
        Some(_) if kind.is_empty() => {
            return Err(format!(
                "{uri}: a WebSocket has a URI with ws://; with http:// goes one of {}",
                KINDS.join(" ")
            ));
        }
        Some(_) => return Err(format!("{uri}: {kind} goes with http://")),
        None => return Err(format!("{uri} is no URI: {scheme}://HOST[:PORT]/PATH")),
    }
    if options::has(args, "--mandatory") && kind != "--tls" {
        return Err("--mandatory goes with --tls".to_owned());
    }
    if options::has(args, "--subprotocol") && !kind.is_empty() {
        return Err(format!("--subprotocol does not go with {kind}"));
    }
    Ok(kind)
}

fn ask(args: &[String], uri: &str) -> Result<bool, String> {
    let kind = kind(args, uri)?;
    let uri = Uri::parse(uri).map_err(|misuse| format!("{uri}: {misuse}"))?;
    let subprotocols = options::list(args, "--subprotocol")?;
    let websocket = WebSocketOffer::new(entropy()).subprotocols(&subprotocols);
    let mut settings = Settings::default();
    settings
        .push(Setting { id: 3, value: 100 })
        .map_err(|error| error.to_string())?;
    let is_mandatory = options::has(args, "--mandatory");
    let token = options::value(args, "--token").unwrap_or_default();
    let offers = match kind {
        "--token" => vec![Offer::token(token).any_request()],
        "--h2c" => vec![Offer::h2c(&settings)],
        "--tls" if is_mandatory => vec![],
        "--tls" => vec![Offer::tls(TLS)],
        _ => vec![Offer::websocket(&websocket)],
    };
    let mut request = UpgradeRequest::new("GET", uri).offer(&offers);
    if is_mandatory {
        request = request.mandatory_tls(TLS);
    }
    if options::has(args, "--lenient") {
        request = request.lenient_tls().lenient_h2c().lenient_status_line();
    }
    let client = Client::new([0; 8192], &request).map_err(|misuse| misuse.to_string())?;
    let mut socket = connect(uri.authority)?;
    let result = match talk(client, &mut socket) {
        Ok(Some(switched)) if switched.to_websocket => lines::talk(socket, switched.early),
        result => result.map(|switched| switched.is_some()),
    };
    result.map_err(|error| error.to_string())
}

/// Opens a WebSocket: the connection, and the bytes that are here already.
fn websocket(uri: &str) -> Result<(TcpStream, Vec<u8>), Box<dyn std::error::Error>> {
    let uri = Uri::parse(uri)?;
    let offer = WebSocketOffer::new(entropy());
    let offers = [Offer::websocket(&offer)];
    let request = UpgradeRequest::new("GET", uri).offer(&offers);
    let mut socket = connect(uri.authority)?;
    let switched = talk(Client::new([0; 8192], &request)?, &mut socket)?;
    let switched = switched.ok_or("the server did not switch")?;
    Ok((socket, switched.early))
}

fn connect(authority: &str) -> Result<TcpStream, String> {
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.ends_with(']'));
    let address = if has_port {
        authority.to_owned()
    } else {
        format!("{authority}:80")
    };
    let socket = TcpStream::connect(&address).map_err(|error| format!("{address}: {error}"))?;
    socket
        .set_nodelay(true)
        .and_then(|()| socket.set_read_timeout(Some(PATIENCE)))
        .map_err(|error| error.to_string())?;
    Ok(socket)
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

struct Switched {
    to_websocket: bool,
    /// The bytes of the new protocol that are here already.
    early: Vec<u8>,
}

/// The loop of a client: one method for each action.
fn talk(
    mut client: Client<'_, [u8; 8192]>,
    socket: &mut TcpStream,
) -> Result<Option<Switched>, Box<dyn std::error::Error>> {
    let mut buffer = [0; 4096];
    let mut rest = 0..0;
    let mut is_told = false;
    loop {
        match client.action() {
            Action::Send => {
                println!("send");
                let mut message = [0; 4096];
                let len = client.send(&mut message)?;
                socket.write_all(&message[..len])?;
            }
            Action::Receive => {
                if rest.is_empty() {
                    match socket.read(&mut buffer) {
                        Ok(0) => client.end_of_input(),
                        Ok(len) => rest = 0..len,
                        Err(_) => client.timeout(),
                    }
                }
                rest.start += client.receive(&buffer[rest.clone()]);
            }
            Action::Interim(response) => {
                println!("interim {}", response.code());
                client.proceed()?;
            }
            Action::Switch(protocol, response) => {
                println!("switch {}", protocol.name());
                if let Some(subprotocol) = response.subprotocol() {
                    println!("the server chose the subprotocol {subprotocol}");
                }
                println!("{} bytes of the new protocol are here already", rest.len());
                return Ok(Some(Switched {
                    to_websocket: protocol == Protocol::WebSocket,
                    early: buffer[rest].to_vec(),
                }));
            }
            Action::Response(response) if !is_told => {
                println!("response {}", response.code());
                is_told = true;
                client.want_content()?;
            }
            Action::Response(response) => {
                println!("no switch: {}, {:?}", response.status(), response.retry());
                for token in response.upgrades() {
                    println!("the server knows {token}");
                }
                return Ok(None);
            }
            Action::SendContent(_) => return Err("the request has no content".into()),
            Action::Close(reason) => {
                println!(
                    "close{}",
                    reason.map_or(String::new(), |error| format!(" {error}"))
                );
                return Ok(None);
            }
        }
    }
}
