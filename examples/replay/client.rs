//! `replay client`: the bytes of a server in, what the client does out.

use super::{help, names, options, shown};
use http_upgrade::client::{Action, Retry, Uri};
use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::{Client, Offer, UpgradeRequest, WebSocketOffer};

/// The tokens of TLS that are offered.
const TLS: &[&str] = &["TLS/1.2"];

/// The lines, and whether the run ended well.
pub fn run(args: &[String], input: &[u8]) -> Result<(String, bool), String> {
    options::check(args, help::CLIENT)?;
    let asked = options::list(args, "--ask")?;
    check_together(args, &asked)?;
    let subprotocols = names::subprotocols(args)?;
    let extensions: Vec<&str> = options::value(args, "--extension").into_iter().collect();
    let key = entropy(options::value(args, "--key").unwrap_or("dGhlIHNhbXBsZSBub25jZQ=="))?;
    let mut websocket = WebSocketOffer::new(key)
        .subprotocols(&subprotocols)
        .extensions(&extensions);
    if options::has(args, "--must-choose") {
        websocket = websocket.must_choose_subprotocol();
    }
    let settings = settings()?;
    let is_mandatory = options::has(args, "--mandatory");
    let offers = asked
        .into_iter()
        .filter(|name| !(is_mandatory && name.eq_ignore_ascii_case("tls")))
        .map(|name| offer(name, &websocket, &settings))
        .collect::<Result<Vec<Offer>, _>>()?;
    let request = request(args, &offers);
    let storage = options::storage(args)?;
    let new = if options::has(args, "--inside-tls") {
        Client::inside_tls
    } else {
        Client::new
    };
    let client = new(storage, &request).map_err(|misuse| misuse.to_string())?;
    let show = options::has(args, "--show");
    let mut replay = Replay {
        client,
        show,
        lines: String::new(),
        content: None,
    };
    let ok = replay.run(input, options::split(args)?);
    Ok((replay.lines, ok))
}

/// Says which options have nothing that they could change.
fn check_together(args: &[String], asked: &[&str]) -> Result<(), String> {
    let asks_websocket = asked
        .iter()
        .any(|name| name.eq_ignore_ascii_case("websocket"));
    let is_connect = options::value(args, "--method") == Some("CONNECT");
    for (option, is_useless, why) in [
        ("--key", !asks_websocket, "goes with --ask websocket"),
        (
            "--subprotocol",
            !asks_websocket,
            "goes with --ask websocket",
        ),
        ("--extension", !asks_websocket, "goes with --ask websocket"),
        (
            "--must-choose",
            !options::has(args, "--subprotocol"),
            "goes with --subprotocol",
        ),
        ("--target", is_connect, "does not go with CONNECT"),
    ] {
        if is_useless && options::has(args, option) {
            return Err(format!("{option} {why}"));
        }
    }
    Ok(())
}

/// The offer that a name on the command line stands for.
fn offer<'a>(
    name: &'a str,
    websocket: &'a WebSocketOffer<'a>,
    settings: &'a Settings,
) -> Result<Offer<'a>, String> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "websocket" => Offer::websocket(websocket),
        "h2c" => Offer::h2c(settings),
        "tls" => Offer::tls(TLS),
        "tunnel" => return Err("--ask: --method CONNECT asks for a tunnel".to_owned()),
        "tls-options" | "prior-knowledge" => {
            return Err(format!("--ask: a client cannot offer {name}"));
        }
        _ => Offer::token(name.strip_prefix("token:").unwrap_or(name)).any_request(),
    })
}

fn request<'a>(args: &'a [String], offers: &'a [Offer<'a>]) -> UpgradeRequest<'a> {
    let method = options::value(args, "--method").unwrap_or("GET");
    let target = if method == "CONNECT" {
        ""
    } else {
        options::value(args, "--target").unwrap_or("/")
    };
    let uri = Uri {
        secure: false,
        authority: options::value(args, "--host").unwrap_or("example.org"),
        target,
    };
    let mut request = UpgradeRequest::new(method, uri).offer(offers);
    if let Some(content) = options::value(args, "--content") {
        request = request.content(content.as_bytes());
    }
    if options::has(args, "--expect") {
        request = request.expect_continue();
    }
    if options::has(args, "--via-proxy") {
        request = request.via_proxy();
    }
    if options::has(args, "--mandatory") {
        request = request.mandatory_tls(TLS);
    }
    if options::has(args, "--lenient") {
        request = request.lenient_tls().lenient_h2c().lenient_status_line();
    }
    request
}

/// The 16 octets of a key in base64.
fn entropy(key: &str) -> Result<[u8; 16], String> {
    use base64ct::{Base64, Encoding};
    let mut octets = [0; 18];
    let octets = Base64::decode(key, &mut octets).map_err(|error| format!("--key: {error}"))?;
    octets
        .try_into()
        .map_err(|_| "--key: not 16 octets".to_owned())
}

/// Those that curl 7.88 sends.
fn settings() -> Result<Settings, String> {
    let mut settings = Settings::default();
    for (id, value) in [(3, 100), (4, 0x0200_0000), (2, 0)] {
        settings
            .push(Setting { id, value })
            .map_err(|error| error.to_string())?;
    }
    Ok(settings)
}

struct Replay<'r> {
    client: Client<'r, Vec<u8>>,
    show: bool,
    lines: String,
    /// How much content of the response has come, while it comes.
    content: Option<usize>,
}

impl Replay<'_> {
    fn run(&mut self, mut rest: &[u8], split: usize) -> bool {
        loop {
            match self.client.action() {
                Action::Send => {
                    let mut out = vec![0; 4096];
                    let len = self
                        .client
                        .send(&mut out)
                        .expect("a message shorter than the buffer");
                    self.line("send");
                    if self.show {
                        self.lines += &shown::indented(&out[..len]);
                    }
                }
                Action::SendContent(bytes) => self
                    .client
                    .content_sent(bytes)
                    .expect("what the action asks for"),
                Action::Receive if rest.is_empty() && self.content.is_some() => {
                    self.client.end_of_input();
                }
                Action::Receive if rest.is_empty() => return self.end("receive", rest, true),
                Action::Receive => {
                    let (used, run) = self.client.receive_content(&rest[..split.min(rest.len())]);
                    rest = &rest[used..];
                    self.client.unread(rest.len());
                    self.content = self.content.map(|total| total + run.len());
                }
                Action::Interim(response) => {
                    let line = format!("interim {}", response.code());
                    self.line(&line);
                    self.client.proceed().expect("the action says so");
                }
                Action::Switch(protocol, _) => {
                    let line = format!("switch {}", protocol.name());
                    return self.end(&line, rest, true);
                }
                Action::Response(response) => {
                    let retry = match response.retry() {
                        Retry::SameConnection => "retry same-connection",
                        Retry::NewConnection => "retry new-connection",
                    };
                    let (code, is_pending) = (response.code(), response.is_content_pending());
                    match self.content.take() {
                        None => self.line(&format!("response {code}")),
                        Some(total) => self.line(&format!("content {total}")),
                    }
                    if !is_pending {
                        return self.end(retry, rest, true);
                    }
                    self.content = Some(0);
                    self.client.want_content().expect("the action says so");
                }
                Action::Close(None) => return self.end("close", rest, true),
                Action::Close(Some(error)) => {
                    return self.end(&format!("close {}", error.name()), rest, false);
                }
            }
        }
    }

    fn end(&mut self, line: &str, rest: &[u8], ok: bool) -> bool {
        self.line(line);
        self.line(&format!("rest {}", rest.len()));
        ok
    }

    fn line(&mut self, line: &str) {
        self.lines += line;
        self.lines.push('\n');
    }
}
