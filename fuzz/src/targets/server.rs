//! A server and any bytes, under any policy.

use http_upgrade::{Error, Framing, Version};

use crate::input::{Input, Splits};
use crate::reference::head::{Body, Request, Response, Rules};
use crate::reference::{Read, chunked, digest, offer};
use crate::runs::server::{self, Log, Seen, Step};
use crate::runs::setup::Setup;

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let setup = Setup::read(&mut input);
    let wire = input.rest();
    let whole = server::run(&setup, wire, Splits::Whole);
    let split = server::run(&setup, wire, Splits::other(setup.splits));
    assert_eq!(split, whole, "another transcript in pieces");
    check(&setup, wire, &whole);
}

/// Holds a transcript against the reference.
pub fn check(setup: &Setup, wire: &[u8], log: &Log) {
    let mut reader = Reader {
        setup,
        wire,
        start: 0,
        taken: 0,
        is_first: true,
        request: None,
        is_answered: false,
        is_http2: false,
    };
    for (at, (taken, step)) in log.steps.iter().enumerate() {
        reader.step(*taken, step, &log.steps[at + 1..]);
    }
    reader.end(log);
}

/// A request as the reference has it.
struct Current {
    request: Request,
    head_end: usize,
    has_continued: bool,
    is_secure: bool,
}

struct Reader<'l> {
    setup: &'l Setup,
    wire: &'l [u8],
    /// Where the request starts.
    start: usize,
    /// The bytes that were taken by now.
    taken: usize,
    is_first: bool,
    request: Option<Current>,
    /// The request has had its final response.
    is_answered: bool,
    /// It was the start of HTTP/2.
    is_http2: bool,
}

const PREFACE_HEAD: &[u8] = b"PRI * HTTP/2.0\r\n\r\n";

impl Reader<'_> {
    fn step(&mut self, taken: usize, step: &Step, behind: &[(usize, Step)]) {
        self.taken = taken;
        match step {
            Step::Request(seen) => self.request(taken, seen),
            Step::Content(content) => self.content(taken, content),
            Step::Send(101, message) => self.switching(taken, message),
            Step::Send(status, message) => {
                self.message(message, *status, behind);
                self.is_answered |= *status >= 200;
                if let (100, Some(current)) = (status, &mut self.request) {
                    assert!(current.request.expects_continue(), "100 unasked for");
                    current.has_continued = true;
                }
            }
            Step::Respond(message) => {
                let status = String::from_utf8_lossy(&message[9..12])
                    .parse()
                    .expect("a code");
                self.message(message, status, behind);
                self.is_answered = true;
            }
            Step::Switch(name) if name == "prior-knowledge" => {
                assert!(
                    self.wire[..taken].starts_with(PREFACE_HEAD) && taken == PREFACE_HEAD.len()
                );
            }
            Step::Switch(_) => assert_eq!(
                Some(taken),
                self.message_end(),
                "a byte of the next protocol was taken"
            ),
            Step::Close(error) => {
                if let Some(Error::DataBehindRefusal | Error::EarlyData) = error {
                    assert!(taken < self.wire.len(), "no data behind");
                    assert_ne!(
                        (*error, self.setup.accepts_early_data()),
                        (Some(Error::EarlyData), true)
                    );
                }
            }
        }
    }

    fn rules(&self) -> Rules {
        Rules {
            lone_lf: self.setup.lone_lf,
            ignore_expectations: self.setup.ignore_expectations,
            ..Rules::default()
        }
    }

    fn request(&mut self, taken: usize, seen: &Seen) {
        if self.request.is_some() {
            self.start = self
                .message_end()
                .expect("the request before is not complete");
            self.is_first = false;
        }
        let bytes = &self.wire[self.start..];
        if seen.method == "PRI" {
            assert!(bytes.starts_with(PREFACE_HEAD) && self.is_first && !self.setup.secure);
            assert_eq!(taken, PREFACE_HEAD.len());
            self.is_http2 = true;
            return;
        }
        let request = match Request::read(bytes, self.rules()) {
            Read::Complete(request) => request,
            Read::Refused(rule) => panic!("accepts what breaks a rule: {rule}"),
            Read::Incomplete => panic!("accepts what is not complete"),
        };
        assert_eq!(
            taken,
            self.start + request.lines.len,
            "the head ends elsewhere"
        );
        compare(&request, seen);
        assert!(
            request.body == Body::None || !self.setup.refuses_content,
            "content that the policy refuses"
        );
        for ((protocol, kind), offers) in self.setup.allowed().zip(&seen.offers) {
            let expected = kind.is_some_and(|kind| offer::offers(&request, kind, seen.secure));
            assert_eq!(*offers, expected, "whether it offers {protocol}");
            if kind.is_some_and(|kind| matches!(kind, offer::Protocol::WebSocket)) && expected {
                let key = offer::handshake(&request, self.setup.origins, seen.secure);
                assert_eq!(
                    seen.is_handshake,
                    key.is_some(),
                    "whether it is an opening handshake"
                );
            }
        }
        if !self.setup.lone_lf && request.minor < 2 {
            agrees_with_httparse(&bytes[..request.lines.len], &request);
        }
        self.request = Some(Current {
            request,
            head_end: taken,
            has_continued: false,
            is_secure: seen.secure,
        });
        self.is_answered = false;
    }

    /// Where the content of the request ends, if it is all there.
    fn message_end(&self) -> Option<usize> {
        self.body().map(|(_, end)| end)
    }

    fn body(&self) -> Option<(Vec<u8>, usize)> {
        let current = self.request.as_ref()?;
        let behind = &self.wire[current.head_end..];
        match current.request.body {
            Body::None => Some((Vec::new(), current.head_end)),
            Body::Length(length) => {
                let content = behind.get(..usize::try_from(length).ok()?)?;
                Some((content.to_vec(), current.head_end + content.len()))
            }
            Body::Chunked => {
                let (content, len) = chunked::read(behind, false).complete()?;
                Some((content, current.head_end + len))
            }
            Body::UntilClose => None,
        }
    }

    fn content(&self, taken: usize, content: &[u8]) {
        let (expected, end) = self.body().expect("content that is complete is not");
        assert_eq!(
            (content, taken),
            (&expected[..], end),
            "other content, or another end"
        );
    }

    fn switching(&self, taken: usize, message: &[u8]) {
        let current = self.request.as_ref().expect("101 without a request");
        let request = &current.request;
        assert_eq!(
            Some(taken),
            self.message_end(),
            "101 before the end of the request, or behind it"
        );
        assert!(
            request.is_exact() && !offer::nominates_what_it_may_not(request),
            "leniency on the way to a 101"
        );
        assert!(
            current.has_continued || !request.expects_continue(),
            "101 before the 100 that is waited for"
        );
        if self.setup.lone_lf {
            // By itself and without leniency, the request is answered with the same 101.
            let mut strict = self.setup.strict();
            strict.secure = current.is_secure;
            let log = server::run(&strict, &self.wire[self.start..], Splits::Whole);
            let mut messages = log.steps.iter().filter_map(|(_, step)| match step {
                Step::Send(status, message) if *status != 100 => Some(message),
                _ => None,
            });
            let same = messages.next().is_some_and(|strict| strict == message);
            assert!(same, "leniency on the way to a 101");
        }
        let response = Response::read(message, false)
            .complete()
            .expect("a 101 that is none");
        let lines = &response.lines;
        assert_eq!((response.code, lines.len), (101, message.len()));
        assert!(lines.has_member("connection", "upgrade"));
        assert!(
            lines.all("content-length").is_empty() && lines.all("transfer-encoding").is_empty()
        );
        let upgrade = lines.list("upgrade");
        let secure = self.setup.secure;
        let names = |kind: &offer::Protocol<'_>| match kind {
            offer::Protocol::WebSocket => upgrade == [b"websocket"],
            offer::Protocol::H2c { .. } => upgrade == [b"h2c"],
            offer::Protocol::Tls { .. } => {
                offer::is_tls(upgrade[0]) && upgrade[1..] == [b"HTTP/1.1"]
            }
            offer::Protocol::Token { token, .. } => {
                upgrade.len() == 1 && offer::is_named(upgrade[0], token)
            }
            offer::Protocol::Tunnel => false,
        };
        let kind = self
            .setup
            .kinds
            .iter()
            .flatten()
            .find(|kind| names(kind))
            .expect("not in the policy");
        // Inside TLS of its own making too the rest holds.
        assert!(
            offer::offers(request, *kind, secure),
            "not what was offered"
        );
        if let offer::Protocol::WebSocket = kind {
            let key = offer::handshake(request, self.setup.origins, secure)
                .or_else(|| offer::handshake(request, self.setup.origins, true));
            let accept = digest::accept(&key.expect("no opening handshake"));
            assert_eq!(lines.all("sec-websocket-accept"), [&accept[..]]);
            let offered = request.lines.list("sec-websocket-protocol");
            match lines.all("sec-websocket-protocol")[..] {
                [] => {}
                [chosen] => assert!(
                    offered.contains(&chosen),
                    "a subprotocol that was not offered"
                ),
                _ => panic!("several subprotocols"),
            }
            assert!(lines.all("sec-websocket-extensions").is_empty());
        }
    }

    /// Any message but a 101.
    fn message(&self, message: &[u8], status: u16, behind: &[(usize, Step)]) {
        let response = Response::read(message, false)
            .complete()
            .expect("a message that is none");
        assert_eq!(response.code, status);
        let content = &message[response.lines.len..];
        let is_tunnel = matches!(behind.first(), Some((_, Step::Switch(name))) if name == "tunnel");
        let is_head = self.is_answer_to_head();
        match response.lines.all("content-length")[..] {
            [] => assert!(
                (status < 200 || is_tunnel) && content.is_empty(),
                "a message without end"
            ),
            [_] if is_head => assert!(content.is_empty(), "content for HEAD"),
            [length] => assert_eq!(length, content.len().to_string().as_bytes()),
            _ => panic!("several lengths"),
        }
        assert!(response.lines.all("transfer-encoding").is_empty());
        if status == 426 {
            assert!(
                response.lines.has_member("connection", "upgrade")
                    && !response.lines.list("upgrade").is_empty()
            );
        }
        if status >= 200 && !is_tunnel {
            let closes = response.lines.has_member("connection", "close");
            let ends = matches!(behind.first(), Some((_, Step::Close(_))));
            let keeps = behind.is_empty()
                || matches!(
                    behind.first(),
                    Some((_, Step::Request(_) | Step::Send(..) | Step::Close(Some(_))))
                );
            assert!(
                if closes { ends } else { keeps },
                "says that the connection ends, or not, and then {behind:?}"
            );
        }
    }

    /// Whether the message is for a HEAD, one that is no request otherwise too.
    fn is_answer_to_head(&self) -> bool {
        let start = match &self.request {
            Some(current) if !self.is_answered => return current.request.method == b"HEAD",
            Some(_) => self.message_end().unwrap_or(self.wire.len()),
            None => self.start,
        };
        let mut rest = &self.wire[start.min(self.taken)..self.taken];
        while let [b'\r', b'\n', behind @ ..] | [b'\n', behind @ ..] = rest {
            rest = behind;
        }
        rest.starts_with(b"HEAD ")
    }

    /// What the machine did not take for a request is none.
    fn end(&mut self, log: &Log) {
        let reason = match log.steps.last() {
            _ if self.is_http2 => return,
            Some((_, Step::Close(reason))) => *reason,
            Some((_, Step::Switch(_))) => return,
            _ => None,
        };
        let is_answered = matches!(
            log.steps.last(),
            Some((_, Step::Respond(_) | Step::Send(200.., _)))
        );
        match (self.request.is_some(), reason) {
            (
                true,
                Some(
                    Error::BadChunk
                    | Error::BadTrailer
                    | Error::ChunkExtensionsTooLarge
                    | Error::TrailersTooLarge,
                ),
            ) => {
                assert_eq!(self.message_end(), None, "refuses content that is fine");
            }
            (true, Some(Error::ContentTooLarge)) if !self.setup.refuses_content => {
                let length = self.body().map(|(content, _)| content.len());
                let limit = self.setup.skip_limit as usize;
                assert!(
                    length.is_none_or(|length| length > limit),
                    "too large: {length:?}"
                );
            }
            (true, Some(reason)) if is_of_head(reason) || reason == Error::ContentTooLarge => {
                self.next_request(log, Some(reason))
            }
            (true, None) if is_answered && log.wants_more => self.next_request(log, None),
            (true, None) if log.wants_more => assert_eq!(
                self.message_end(),
                None,
                "waits for more of what is complete"
            ),
            (true, _) => {}
            (false, reason) => self.next_request(log, reason),
        }
    }

    /// The bytes behind the last request, if there is one, are none.
    fn next_request(&mut self, log: &Log, reason: Option<Error>) {
        if self.request.is_some() {
            let Some(end) = self.message_end() else {
                // Content that is skipped is not complete.
                return;
            };
            self.start = end;
        }
        let rest = &self.wire[self.start..];
        match (Request::read(rest, self.rules()), reason) {
            (Read::Incomplete, None) if log.wants_more => {}
            (_, Some(Error::HeadTooLarge | Error::TargetTooLong | Error::MethodTooLong)) => {
                let len = log.taken - self.start;
                assert!(len >= self.setup.storage, "too large: {len}");
            }
            (outcome, Some(Error::ContentTooLarge)) => assert!(
                matches!(outcome, Read::Complete(request) if request.body != Body::None),
                "no content to refuse"
            ),
            (Read::Complete(_), reason) => {
                assert!(
                    rest.starts_with(b"PRI "),
                    "refuses what is fine: {reason:?}"
                );
            }
            (Read::Refused(_), Some(_)) => {}
            (Read::Refused(rule), None) => panic!("waits for more of what breaks a rule: {rule}"),
            (Read::Incomplete, reason) => {
                let shown = &self.wire[self.start..log.taken];
                let more = [shown, b"\r\n\r\n"].concat();
                let outcome = Request::read(&more, self.rules());
                assert!(
                    !matches!(outcome, Read::Complete(_)),
                    "refuses what may be fine: {reason:?}"
                );
            }
        }
    }
}

/// Whether that is a fault of a head.
fn is_of_head(error: Error) -> bool {
    use Error as E;
    matches!(
        error,
        E::HeadTooLarge
            | E::TooManyFields
            | E::TargetTooLong
            | E::MethodTooLong
            | E::BadLineEnd
            | E::BadRequestLine
            | E::BadTarget
            | E::BadVersion
            | E::UnsupportedVersion
            | E::BadField
            | E::ListTooLong
            | E::MissingOrRepeatedHost
            | E::BadHost
            | E::BadContentLength
            | E::BadTransferEncoding
            | E::UnknownTransferCoding
            | E::ExpectationFailed
    )
}

/// What the crate saw is what the reference sees.
pub fn compare(request: &Request, seen: &Seen) {
    assert_eq!(seen.method.as_bytes(), request.method, "method");
    assert_eq!(seen.target.as_bytes(), request.target, "target");
    assert_eq!(seen.authority.as_bytes(), request.authority, "authority");
    assert_eq!(
        seen.version == Version::Http10,
        request.minor == 0,
        "version"
    );
    assert_eq!(seen.expects_continue, request.expects_continue(), "Expect");
    let framing = match request.body {
        Body::None => Framing::None,
        Body::Length(length) => Framing::Length(length),
        Body::Chunked => Framing::Chunked,
        Body::UntilClose => Framing::UntilClose,
    };
    assert_eq!(seen.framing, framing, "framing");
    let origin = request
        .lines
        .all("origin")
        .first()
        .map(|origin| origin.to_vec());
    assert_eq!(seen.origin, origin, "Origin");
    if seen.settings.is_some() {
        let value = request.lines.all("http2-settings")[0];
        assert_eq!(seen.settings, offer::settings(value), "HTTP2-Settings");
    }
    seen.views.check(&request.lines);
    request.lines.check(&seen.fields);
}

fn agrees_with_httparse(head: &[u8], request: &Request) {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut parsed = httparse::Request::new(&mut headers);
    let outcome = parsed.parse(head).expect("httparse refuses it");
    assert_eq!(
        outcome,
        httparse::Status::Complete(head.len()),
        "the head ends elsewhere for httparse"
    );
    assert_eq!(parsed.method.map(str::as_bytes), Some(&request.method[..]));
    assert_eq!(parsed.path.map(str::as_bytes), Some(&request.target[..]));
    assert_eq!(parsed.version, Some(request.minor));
    let fields = parsed
        .headers
        .iter()
        .map(|field| (field.name.as_bytes(), field.value));
    let expected = request
        .lines
        .fields
        .iter()
        .map(|(name, value)| (&name[..], &value[..]));
    assert!(fields.eq(expected), "other fields for httparse");
}
