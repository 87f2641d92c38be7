//! HTTP/1.1, up to the switch.

use crate::connection::Next;
use crate::h2c::H2c;
use crate::memory::HEAD;
use crate::page::{Page, path};
use crate::vitals::Vitals;
use crate::websocket::{Purpose, Socket};
use crate::wire::Wire;
use defmt::{debug, error, info};
use http_upgrade::{
    Action, Allow, Decision, Misuse, Origins, Policy, Protocol, Request, Response, Server,
};
use smoltcp::time::{Duration, Instant};

/// WebSocket for this board's own page; h2c; and TLS by name only, as nothing here is decided in favour of it.
const POLICY: Policy = Policy::new(Origins::SameHost)
    .allow(&[Allow::WEBSOCKET, Allow::H2C, Allow::TLS])
    .skip_limit(16 * 1024);

/// How long a request and its response may take, and how long a connection may be idle before that.
const DEADLINE: Duration = Duration::from_secs(10);

pub struct Http {
    server: Server<'static, [u8; HEAD]>,
    /// Behind its head, what of a page is still to be sent.
    page: Option<Page>,
    deadline: Instant,
    /// Nothing of the next request has come.
    is_idle: bool,
}

impl Http {
    pub fn new(now: Instant) -> Http {
        Http {
            server: Server::new([0; HEAD], &POLICY),
            page: None,
            deadline: now + DEADLINE,
            is_idle: true,
        }
    }

    /// Goes as far as what has come, and the room for what goes out, allow.
    pub fn step(&mut self, wire: &mut Wire, vitals: &Vitals) -> Next {
        if vitals.now >= self.deadline {
            if self.page.is_some() || !wire.has_room() {
                return Next::Abort; // it does not read
            }
            self.server.timeout(); // a 408 where a request has begun
        }
        let next = self.run(wire, vitals);
        next.unwrap_or_else(|misuse| {
            error!("{}", misuse); // a mistake in this file
            Next::Abort
        })
    }

    fn run(&mut self, wire: &mut Wire, vitals: &Vitals) -> Result<Next, Misuse> {
        loop {
            if !self.send_page(wire, vitals.now) || !wire.has_room() {
                return Ok(Next::Wait);
            }
            match self.server.action() {
                Action::Receive if wire.unread() > 0 => {
                    self.begin(vitals.now);
                    wire.receive(|bytes| self.server.receive(bytes));
                }
                Action::Receive if wire.has_ended() => return Ok(Next::Close),
                Action::Receive => return Ok(Next::Wait),
                Action::Decide(request) => {
                    info!("{}", request);
                    let decision = decide(&request);
                    // The ring shows what has come in two pieces, of which the server has seen one.
                    self.server.unread(wire.unread());
                    self.server.decide(decision)?;
                }
                Action::Send(status) => {
                    debug!("{}", status);
                    wire.send(|out| self.server.send(out))?;
                    self.end(vitals.now);
                }
                Action::Respond(request) => {
                    let page = Page::find(&request, vitals);
                    self.respond(wire, page)?;
                }
                Action::Switch(protocol, request) => return Ok(switch(protocol, &request, vitals)),
                Action::Close(reason) => {
                    info!("{}", reason);
                    return Ok(Next::Close);
                }
            }
        }
    }

    /// Sends the head of the response; the content follows as there is room.
    fn respond(&mut self, wire: &mut Wire, mut page: Page) -> Result<(), Misuse> {
        let is_head = self
            .server
            .request()
            .is_some_and(|request| request.method() == "HEAD");
        let fields = [
            ("Content-Type", page.media_type),
            ("Cache-Control", "no-store"),
        ];
        let response = Response::new(page.status)
            .fields(&fields)
            .content_length(page.len() as u64);
        wire.send(|out| self.server.respond(out, &response))?;
        if is_head {
            page.skip_content();
        }
        self.page = Some(page);
        Ok(())
    }

    /// Sends content, and says whether all of it is sent.
    fn send_page(&mut self, wire: &mut Wire, now: Instant) -> bool {
        let Some(page) = &mut self.page else {
            return true;
        };
        let sent = wire.put(page.rest());
        page.advance(sent);
        let is_sent = page.rest().is_empty();
        if is_sent {
            self.page = None;
            self.end(now);
        }
        is_sent
    }

    /// A request begins, or goes on.
    fn begin(&mut self, now: Instant) {
        if self.is_idle {
            (self.is_idle, self.deadline) = (false, now + DEADLINE);
        }
    }

    /// A response was sent.
    fn end(&mut self, now: Instant) {
        (self.is_idle, self.deadline) = (true, now + DEADLINE);
    }
}

/// What becomes of a request.
fn decide(request: &Request) -> Decision<'static> {
    let is_page = matches!(request.method(), "GET" | "HEAD") && !request.is_content_pending();
    match path(request) {
        "/secure" => Decision::Require(&[Protocol::Tls]),
        "/echo" | "/live" if request.offers(Protocol::WebSocket) => {
            Decision::Accept(Protocol::WebSocket)
        }
        "/echo" | "/live" => Decision::Require(&[Protocol::WebSocket]),
        _ if is_page && request.offers(Protocol::H2c) => Decision::Accept(Protocol::H2c),
        _ => Decision::Ignore,
    }
}

/// What comes behind the 101.
fn switch(protocol: Protocol, request: &Request, vitals: &Vitals) -> Next {
    info!("switch to {}", protocol);
    match (protocol, path(request)) {
        (Protocol::WebSocket, "/live") => Next::WebSocket(Socket::new(Purpose::Live, vitals.now)),
        (Protocol::WebSocket, _) => Next::WebSocket(Socket::new(Purpose::Echo, vitals.now)),
        (Protocol::H2c, _) => Next::H2c(H2c::new(request, vitals)),
        _ => Next::Abort, // nothing else is ever accepted
    }
}
