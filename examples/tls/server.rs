//! The server's side of one connection: clear text, TLS, HTTP inside it, and WebSocket.

use std::io::{self, ErrorKind, Read, Write};

use http_upgrade::{
    Action, Allow, Decision, Origins, Policy, Protocol, Request, Response, Server, Status,
};

use super::hosts::{self, Host};
use super::wire::Wire;
use super::{echo, ipp};

/// TLS for `OPTIONS *`; WebSocket at `/echo`.
pub const CAREFUL: Policy = Policy::new(Origins::SameHost).allow(&[Allow::TLS, Allow::WEBSOCKET]);
/// The same, and 426 to everything in clear text.
pub const REQUIRE: Policy = CAREFUL.require(&[Protocol::Tls]);
/// TLS for any request.
pub const ANY: Policy =
    Policy::new(Origins::SameHost).allow(&[Allow::TLS.any_request(), Allow::WEBSOCKET]);

/// The most content of a request that is kept.
const MAX_CONTENT: usize = 64 * 1024;

pub struct Site<'s> {
    pub policy: &'s Policy<'s>,
    pub hosts: &'s [Host],
}

/// Serves a connection until it ends. `log` gets a line for each step, in the words of the `replay` example.
pub fn serve<S: Read + Write>(socket: S, site: &Site, log: &dyn Fn(&str)) -> io::Result<()> {
    let mut visit = Visit {
        server: Server::new(vec![0; 8192], site.policy),
        wire: Wire::new(socket),
        content: Vec::new(),
        site,
        log,
    };
    while visit.step()? {}
    visit.wire.close();
    Ok(())
}

struct Visit<'v, S> {
    server: Server<'v, Vec<u8>>,
    wire: Wire<S>,
    /// The content of the request in hand.
    content: Vec<u8>,
    site: &'v Site<'v>,
    log: &'v dyn Fn(&str),
}

impl<S: Read + Write> Visit<'_, S> {
    /// One action. `false` at the end.
    fn step(&mut self) -> io::Result<bool> {
        let mut message = vec![0; 4096];
        match self.server.action() {
            Action::Receive => return self.receive(),
            Action::Decide(request) => {
                self.content.clear();
                let layer = if request.is_secure() {
                    " inside tls"
                } else {
                    ""
                };
                (self.log)(&format!(
                    "request {} {}{layer}",
                    request.method(),
                    request.target()
                ));
                let decision = decide(self.site, &request);
                self.server.decide(decision).map_err(io::Error::other)?;
            }
            Action::Send(status) => {
                (self.log)(&format!("send {}", status.code()));
                let len = self.server.send(&mut message).map_err(io::Error::other)?;
                self.wire.write_all(&message[..len])?;
            }
            Action::Respond(request) if request.is_content_pending() => {
                self.server.want_content().map_err(io::Error::other)?;
            }
            Action::Respond(request) => {
                let (status, kind, content) = answer(&request, &self.content);
                (self.log)(&format!("respond {}", status.code()));
                let fields = [("Content-Type", kind)];
                let response = Response::new(status).fields(&fields).content(&content);
                let len = self
                    .server
                    .respond(&mut message, &response)
                    .map_err(io::Error::other)?;
                self.wire.write_all(&message[..len])?;
            }
            Action::Switch(Protocol::Tls, request) => {
                let authority = request.authority().to_owned();
                self.switch_to_tls(&authority)?;
            }
            Action::Switch(protocol, _) => {
                (self.log)(&format!("switch {protocol}"));
                echo::serve(&mut self.wire)?;
                return Ok(false);
            }
            Action::Close(reason) => {
                let reason = reason.map_or(String::new(), |error| format!(" {error}"));
                (self.log)(&format!("close{reason}"));
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn receive(&mut self) -> io::Result<bool> {
        if self.wire.unread().is_empty() {
            match self.wire.fill() {
                Ok(0) => return Ok(false),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
                Err(error) if is_timeout(&error) => self.server.timeout(),
                Err(error) => return Err(error),
            }
        }
        let (used, run) = self.server.receive_content(self.wire.unread());
        if self.content.len() + run.len() > MAX_CONTENT {
            return Err(io::Error::other("more content than this example keeps"));
        }
        self.content.extend_from_slice(run);
        self.wire.take(used);
        Ok(true)
    }

    /// The handshake, with the certificate of that authority. When it fails, the machine ends and the wire writes no more.
    fn switch_to_tls(&mut self, authority: &str) -> io::Result<()> {
        (self.log)(&format!("switch tls for {authority}"));
        let host = hosts::find(self.site.hosts, authority)
            .ok_or_else(|| io::Error::other("decided for another host"))?;
        match self.wire.accept(|hello| host.config_for(hello)) {
            Ok(()) => {
                let version = self.wire.version().unwrap_or_default();
                (self.log)(&format!("inside {version}"));
                self.server.tls_established().map_err(io::Error::other)
            }
            Err(error) => {
                (self.log)(&format!("no tls: {error}"));
                self.server.tls_failed().map_err(io::Error::other)
            }
        }
    }
}

/// The decision of the policy, but for hosts without a certificate, and targets where no WebSocket is spoken.
fn decide<'s>(site: &'s Site, request: &Request) -> Decision<'s> {
    match site.policy.decide(request) {
        Decision::Accept(Protocol::Tls)
            if hosts::find(site.hosts, request.authority()).is_none() =>
        {
            Decision::Refuse(Status::MISDIRECTED_REQUEST)
        }
        Decision::Accept(Protocol::WebSocket) if request.target() != "/echo" => Decision::Ignore,
        decision => decision,
    }
}

/// Status, media type and content.
fn answer(request: &Request, content: &[u8]) -> (Status, &'static str, Vec<u8>) {
    let is_ipp = request.field("content-type") == Some(b"application/ipp");
    if request.method() == "POST" && is_ipp {
        return match ipp::answer(content) {
            Some(answer) => (Status::OK, "application/ipp", answer),
            None => (
                Status::BAD_REQUEST,
                "text/plain",
                b"no IPP request\n".into(),
            ),
        };
    }
    if request.target() == "*" {
        return (Status::OK, "text/plain", Vec::new());
    }
    let layer = if request.is_secure() {
        "inside TLS"
    } else {
        "in clear text"
    };
    let text = format!("{} of {}, {layer}\n", request.target(), request.authority());
    (Status::OK, "text/plain", text.into())
}

/// Whether a read ended for want of bytes.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
