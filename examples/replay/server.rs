//! `replay server`: the bytes of a client in, what the server does out.

use super::names::allow;
use super::options;
use http_upgrade::{Action, Allow, Origins, Policy, Protocol, Response, Server, Status};

const OPTIONS: &[&str] = &[
    "--allow",
    "--require",
    "--storage",
    "--split",
    "--subprotocol",
    "--show",
];

/// The lines, and whether the run ended well.
pub fn run(args: &[String], input: &[u8]) -> Result<(String, bool), String> {
    options::check(args, OPTIONS)?;
    let mut names = options::list(args, "--allow");
    if names.is_empty() {
        names.push("websocket");
    }
    let required: Vec<Protocol> = options::list(args, "--require")
        .into_iter()
        .map(|name| allow(name).protocol())
        .collect();
    for name in options::list(args, "--require") {
        if !names
            .iter()
            .any(|known| allow(known).protocol() == allow(name).protocol())
        {
            names.push(name);
        }
    }
    let allowed: Vec<Allow> = names.into_iter().map(allow).collect();
    let subprotocols = options::list(args, "--subprotocol");
    let policy = Policy::new(Origins::Any)
        .allow(&allowed)
        .require(&required)
        .subprotocols(&subprotocols);
    let storage = vec![0; options::number(args, "--storage", 8192)?];
    let mut replay = Replay {
        server: Server::new(storage, &policy),
        policy: &policy,
        show: options::has(args, "--show"),
        lines: String::new(),
        content: None,
    };
    let split = options::number(args, "--split", usize::MAX)?;
    let ok = replay.run(input, split.max(1));
    Ok((replay.lines, ok))
}

struct Replay<'p> {
    server: Server<'p, Vec<u8>>,
    policy: &'p Policy<'p>,
    show: bool,
    lines: String,
    /// How much content of the request has come, while it comes.
    content: Option<usize>,
}

impl Replay<'_> {
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
                    let mut out = vec![0; 4096];
                    let len = self
                        .server
                        .send(&mut out)
                        .expect("a message shorter than the buffer");
                    self.message(&format!("send {}", status.code()), &out[..len]);
                }
                Action::Respond(request) if request.is_content_pending() => {
                    self.server.want_content().expect("the action says so");
                }
                Action::Respond(_) => {
                    let mut out = vec![0; 4096];
                    let response = Response::new(Status::OK);
                    let len = self
                        .server
                        .respond(&mut out, &response)
                        .expect("a message shorter than the buffer");
                    self.message("respond", &out[..len]);
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

    fn message(&mut self, line: &str, message: &[u8]) {
        self.line(line);
        if self.show {
            self.lines += &options::indented(message);
        }
    }

    fn line(&mut self, line: &str) {
        self.lines += line;
        self.lines.push('\n');
    }
}
