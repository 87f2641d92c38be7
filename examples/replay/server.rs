//! `replay server`: the bytes of a client in, what the server does out.

use super::{help, names, options, shown};
use http_upgrade::client::Uri;
use http_upgrade::{Action, Allow, Misuse, Origins, Policy, Protocol, Response, Server, Status};

/// The lines, and whether the run ended well.
pub fn run(args: &[String], input: &[u8]) -> Result<(String, bool), String> {
    options::check(args, help::SERVER)?;
    let (allowed, required) = names::protocols(args)?;
    let is_websocket = |entry: &Allow| entry.protocol() == Protocol::WebSocket;
    for option in ["--subprotocol", "--origins"] {
        if options::has(args, option) && !allowed.iter().any(is_websocket) {
            return Err(format!("{option} goes with --allow websocket"));
        }
    }
    let subprotocols = names::subprotocols(args)?;
    let origins = options::list(args, "--origins")?;
    let policy = Policy::new(self::origins(&origins)?)
        .allow(&allowed)
        .require(&required)
        .subprotocols(&subprotocols)
        .skip_limit(options::number(args, "--skip-limit", 64 * 1024)?)
        .refuse_content(options::has(args, "--refuse-content"))
        .lone_lf(options::has(args, "--lone-lf"))
        .refuse_early_data(options::has(args, "--refuse-early-data"))
        .keep_after_refusal(options::has(args, "--keep-after-refusal"))
        .ignore_expectations(options::has(args, "--ignore-expectations"));
    let split = options::split(args)?;
    let server = Server::new(options::storage(args)?, &policy);
    let mut replay = Replay {
        server: if options::has(args, "--inside-tls") {
            server.inside_tls()
        } else {
            server
        },
        policy: &policy,
        show: options::has(args, "--show"),
        lines: String::new(),
        content: None,
        out: vec![0; 4096],
    };
    let ok = replay.run(input, split);
    Ok((replay.lines, ok))
}

/// The Origins that the names on the command line stand for.
fn origins<'p>(names: &'p [&'p str]) -> Result<Origins<'p>, String> {
    Ok(match names {
        [] | ["any"] => Origins::Any,
        ["same-host"] => Origins::SameHost,
        ["none"] => Origins::Deny,
        list => match list.iter().find(|name| !is_origin(name)) {
            Some(name) => {
                return Err(format!(
                    "--origins: {name:?} is no scheme://host[:port], with nothing behind it"
                ));
            }
            None => Origins::List(list),
        },
    })
}

/// What a browser could send in Origin (RFC 6454 section 7): another text would never be met.
fn is_origin(name: &str) -> bool {
    let Some((scheme, authority)) = name.split_once("://") else {
        return name == "null";
    };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let uri = format!("http://{authority}");
    let is_authority = Uri::parse(&uri).is_ok_and(|uri| uri.target.is_empty());
    is_scheme && is_authority && !authority.contains(['@', '#']) && !authority.ends_with(':')
}

struct Replay<'p> {
    server: Server<'p, Vec<u8>>,
    policy: &'p Policy<'p>,
    show: bool,
    lines: String,
    /// How much content of the request has come, while it comes.
    content: Option<usize>,
    out: Vec<u8>,
}

impl<'p> Replay<'p> {
    fn run(&mut self, mut rest: &[u8], split: usize) -> bool {
        loop {
            match self.server.action() {
                Action::Receive if rest.is_empty() => return self.end("receive", rest, true),
                Action::Receive => rest = self.receive(rest, split),
                Action::Decide(request) => {
                    let line = format!("request {} {}", request.method(), request.target());
                    let decision = self.policy.decide(&request);
                    let decided = self.server.decide(decision);
                    self.line(&line);
                    decided.expect("the policy of the server itself");
                }
                Action::Send(status) => {
                    let line = format!("send {}", status.code());
                    self.write(&line, Server::send);
                }
                Action::Respond(request) if request.is_content_pending() => {
                    self.server.want_content().expect("the action says so");
                }
                Action::Respond(_) => {
                    self.write("respond", |server, out| {
                        server.respond(out, &Response::new(Status::OK))
                    });
                }
                Action::Switch(protocol, _) => {
                    let line = format!("switch {}", protocol.name());
                    return self.end(&line, rest, true);
                }
                Action::Close(None) => return self.end("close", rest, true),
                Action::Close(Some(error)) => {
                    return self.end(&format!("close {}", error.name()), rest, false);
                }
            }
        }
    }

    /// Offers the next piece. Content is counted until the machine wants something else.
    fn receive<'i>(&mut self, rest: &'i [u8], split: usize) -> &'i [u8] {
        let is_content = self.server.request().is_some();
        let (used, run) = self.server.receive_content(&rest[..split.min(rest.len())]);
        self.server.unread(rest.len() - used);
        if is_content {
            let total = self.content.unwrap_or(0) + run.len();
            let is_over = self
                .server
                .request()
                .is_none_or(|request| !request.is_content_pending());
            self.content = (!is_over).then_some(total);
            if is_over {
                self.line(&format!("content {total}"));
            }
        }
        &rest[used..]
    }

    fn end(&mut self, line: &str, rest: &[u8], ok: bool) -> bool {
        self.line(line);
        self.line(&format!("rest {}", rest.len()));
        ok
    }

    /// Has the server write a message. The names on the command line have no limit, so neither has the message.
    fn write(
        &mut self,
        line: &str,
        message: impl Fn(&mut Server<'p, Vec<u8>>, &mut [u8]) -> Result<usize, Misuse>,
    ) {
        let len = match message(&mut self.server, &mut self.out) {
            Err(Misuse::BufferTooSmall { needed }) => {
                self.out.resize(needed, 0);
                message(&mut self.server, &mut self.out)
            }
            written => written,
        };
        let len = len.expect("a message that is due");
        self.line(line);
        if self.show {
            self.lines += &shown::indented(&self.out[..len]);
        }
    }

    fn line(&mut self, line: &str) {
        self.lines += line;
        self.lines.push('\n');
    }
}
