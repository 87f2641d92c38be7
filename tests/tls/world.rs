//! A server in a thread, clients, and what can be said about bytes.

use std::sync::{Arc, LazyLock, Mutex};
use std::thread::{self, JoinHandle};

use http_upgrade::client::Uri;
use http_upgrade::{Client, Policy, UpgradeRequest};

use crate::pipe::{Change, End, HONEST, Seen, watched};
use crate::tls::client::{Outcome, ask};
use crate::tls::hosts::Host;
use crate::tls::server::{Site, serve};
use crate::tls::trust::Trust;
use crate::tls::wire::Wire;

pub const TOKENS: &[&str] = &["TLS/1.2"];

/// Two virtual hosts.
pub static HOSTS: LazyLock<[Host; 2]> =
    LazyLock::new(|| ["a.example", "b.example"].map(|name| Host::new(name).expect("a host")));

/// A client that knows the certificate of `a.example`.
pub fn trust() -> Trust {
    Trust::new(Some(&HOSTS[0].fingerprint), rustls::ALL_VERSIONS).expect("a trust")
}

pub fn uri(text: &str) -> Uri<'_> {
    Uri::parse(text).expect("a URI")
}

pub fn get(text: &str) -> UpgradeRequest<'_> {
    UpgradeRequest::new("GET", uri(text))
}

/// A server for one connection.
pub struct Running {
    thread: JoinHandle<()>,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Running {
    pub fn new(policy: &'static Policy<'static>, socket: End) -> Running {
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let log = lines.clone();
        let thread = thread::spawn(move || {
            let say = |line: &str| log.lock().expect("no panic").push(line.to_owned());
            let site = Site {
                policy,
                hosts: &*HOSTS,
            };
            if let Err(error) = serve(socket, &site, &say) {
                say(&format!("lost: {error}"));
            }
        });
        Running { thread, lines }
    }

    /// What the server said, when the connection has ended.
    pub fn end(self) -> Vec<String> {
        self.thread.join().expect("no panic");
        Arc::into_inner(self.lines)
            .expect("the thread has ended")
            .into_inner()
            .expect("no panic")
    }
}

/// A client, a server of that policy, and an honest or other man in the middle.
pub struct World {
    pub wire: Wire<End>,
    pub server: Running,
    pub seen: Seen,
}

impl World {
    pub fn new(policy: &'static Policy<'static>) -> World {
        World::with(policy, usize::MAX, HONEST, HONEST)
    }

    pub fn with(
        policy: &'static Policy<'static>,
        piece: usize,
        of_client: Change,
        of_server: Change,
    ) -> World {
        let (client, server, seen) = watched(piece, of_client, of_server);
        World {
            wire: Wire::new(client),
            server: Running::new(policy, server),
            seen,
        }
    }

    /// One request on this connection, of a client that knows the certificate of `a.example`: what came of it, and what
    /// the client said.
    pub fn ask(&mut self, request: &UpgradeRequest) -> (Outcome, Vec<String>) {
        let mut client = client(request);
        ask_on(&mut client, &mut self.wire, &trust())
    }

    /// Ends the connection: what the server said, what the client sent, what the server sent.
    pub fn end(mut self) -> (Vec<String>, Vec<u8>, Vec<u8>) {
        self.wire.close();
        drop(self.wire);
        let lines = self.server.end();
        let (of_client, of_server) = self.seen.end();
        (lines, of_client, of_server)
    }
}

pub fn client<'r>(request: &'r UpgradeRequest<'r>) -> Client<'r, Vec<u8>> {
    Client::new(vec![0; 4096], request).expect("a request that can be sent")
}

pub fn ask_on(
    client: &mut Client<'_, Vec<u8>>,
    wire: &mut Wire<End>,
    trust: &Trust,
) -> (Outcome, Vec<String>) {
    let lines = Mutex::new(Vec::new());
    let say = |line: &str| lines.lock().expect("no panic").push(line.to_owned());
    let outcome = ask(client, wire, (trust, "a.example"), &say).expect("a connection");
    (outcome, lines.into_inner().expect("no panic"))
}

/// The content of a 200.
pub fn content(outcome: Outcome) -> String {
    match outcome {
        Outcome::Response(answer) if answer.code == 200 => {
            String::from_utf8(answer.content).expect("text")
        }
        other => panic!("{other:?}"),
    }
}

/// Splits a message behind its head.
pub fn behind_head(bytes: &[u8]) -> &[u8] {
    let end = bytes.windows(4).position(|end| end == b"\r\n\r\n");
    &bytes[end.expect("a head") + 4..]
}

/// Checks that these bytes are TLS records and nothing else.
pub fn records(mut bytes: &[u8]) {
    while let [20..=23, 3, 1..=4, high, low, rest @ ..] = bytes {
        bytes = rest
            .get(usize::from(u16::from_be_bytes([*high, *low]))..)
            .expect("a whole record");
    }
    assert_eq!(bytes, b"", "no record");
}

pub fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}
