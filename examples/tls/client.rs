//! The client's side of one connection: clear text, TLS, HTTP inside it.

use std::io::{self, ErrorKind, Read, Write};

use http_upgrade::client::{Action, Response, Retry};
use http_upgrade::{Client, Error, Protocol};

use super::hosts::fingerprint;
use super::trust::Trust;
use super::wire::Wire;

/// What came of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Response(Answer),
    WebSocket,
    Closed(Option<Error>),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub code: u16,
    pub content: Vec<u8>,
    /// Whether it is a 426 that asks for TLS.
    pub requires_tls: bool,
    /// Where the next request can go out.
    pub retry: Retry,
}

impl Answer {
    fn new(response: &Response, content: Vec<u8>) -> Answer {
        let is_tls = |token: &str| token.split('/').next().is_some_and(is_tls_name);
        Answer {
            code: response.code(),
            content,
            requires_tls: response.code() == 426 && response.upgrades().any(is_tls),
            retry: response.retry(),
        }
    }
}

fn is_tls_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("tls")
}

/// Sends the request of `client` to the server of that authority and goes where the answer leads: one method for each action. `log` gets a line for each
/// step, in the words of the `replay` example.
pub fn ask<S: Read + Write>(
    client: &mut Client<'_, Vec<u8>>,
    wire: &mut Wire<S>,
    server: (&Trust, &str),
    log: &dyn Fn(&str),
) -> io::Result<Outcome> {
    let mut content = Vec::new();
    let mut wanted = false;
    loop {
        match client.action() {
            Action::Send => send(client, wire, log)?,
            Action::SendContent(_) => return Err(io::Error::other("the request has no content")),
            Action::Receive => receive(client, wire, &mut content),
            Action::Interim(response) => {
                log(&format!("interim {}", response.code()));
                client.proceed().map_err(io::Error::other)?;
            }
            Action::Switch(Protocol::Tls, _) => switch_to_tls(client, wire, server, log)?,
            Action::Switch(protocol, _) => {
                log(&format!("switch {protocol}"));
                return Ok(Outcome::WebSocket);
            }
            Action::Response(_) if !wanted => {
                wanted = true;
                client.want_content().map_err(io::Error::other)?;
            }
            Action::Response(response) => {
                log(&format!("response {}", response.code()));
                return Ok(Outcome::Response(Answer::new(&response, content)));
            }
            Action::Close(reason) => {
                let text = reason.map_or(String::new(), |error| format!(" {error}"));
                log(&format!("close{text}"));
                return Ok(Outcome::Closed(reason));
            }
        }
    }
}

/// Sends the request, unless something came already: that answers a request of somebody else.
fn send<S: Read + Write>(
    client: &mut Client<'_, Vec<u8>>,
    wire: &mut Wire<S>,
    log: &dyn Fn(&str),
) -> io::Result<()> {
    client.unread(wire.pending());
    if !matches!(client.action(), Action::Send) {
        return Ok(());
    }
    log("send");
    let mut message = [0; 4096];
    let len = client.send(&mut message).map_err(io::Error::other)?;
    wire.write_all(&message[..len])
}

/// The handshake. When it fails, the machine ends and the wire writes no more.
fn switch_to_tls<S: Read + Write>(
    client: &mut Client<'_, Vec<u8>>,
    wire: &mut Wire<S>,
    (trust, authority): (&Trust, &str),
    log: &dyn Fn(&str),
) -> io::Result<()> {
    log("switch tls");
    let connection = trust.connection(authority).map_err(io::Error::other)?;
    let told = match wire.connect(connection) {
        Ok(()) => {
            let certificate = fingerprint(wire.certificate().unwrap_or_default());
            let version = wire.version().unwrap_or_default();
            log(&format!("inside {version} with {certificate}"));
            client.tls_established()
        }
        Err(error) => {
            log(&format!("no tls: {error}"));
            client.tls_failed()
        }
    };
    told.map_err(io::Error::other)
}

/// Offers what came. Inside TLS only a closure alert ends a response as it should; the end of the socket alone may be the work
/// of somebody in the middle.
fn receive<S: Read + Write>(
    client: &mut Client<'_, Vec<u8>>,
    wire: &mut Wire<S>,
    content: &mut Vec<u8>,
) {
    if wire.unread().is_empty() {
        match wire.fill() {
            Ok(0) => client.end_of_input(),
            Ok(_) => {}
            Err(error) if is_timeout(&error) => client.timeout(),
            Err(_) => client.connection_lost(),
        }
    }
    let (used, run) = client.receive_content(wire.unread());
    content.extend_from_slice(run);
    wire.take(used);
    client.unread(wire.pending());
}

/// Whether a read ended for want of bytes.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
