//! A client and any bytes of a server, behind any of a number of requests.

use http_upgrade::client::Retry;
use http_upgrade::{Error, Framing};

use crate::input::{Input, Splits};
use crate::reference::grammar::{is_token, same};
use crate::reference::head::{Body, Request, Response, Rules};
use crate::reference::{Read, chunked, digest, offer};
use crate::runs::client::{self, End, Log, NONCE, OTHER_NONCE, Seen, Setup, Step};

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let setup = Setup::read(&mut input);
    let wire = input.rest();
    let whole = client::run(&setup, wire, Splits::Whole);
    let split = client::run(&setup, wire, Splits::other(setup.splits));
    assert_eq!(split, whole, "another transcript in pieces");
    check(&setup, wire, &whole);
}

struct Reader<'l> {
    setup: &'l Setup,
    rounds: Vec<&'l [u8]>,
    /// The request as it went out, all of it.
    sent: Vec<u8>,
    is_retry: bool,
    is_secure: bool,
    /// The content of the request has not gone out.
    owes_content: bool,
    /// The head of this round that comes next starts here.
    start: usize,
    response: Option<Response>,
}

fn check(setup: &Setup, wire: &[u8], log: &Log) {
    let mut reader = Reader {
        setup,
        rounds: client::rounds(wire),
        sent: Vec::new(),
        is_retry: false,
        is_secure: false,
        owes_content: false,
        start: 0,
        response: None,
    };
    for (round, taken, step) in log {
        reader.step(*round, *taken, step);
    }
    if let Some((round, taken, Step::Close(Some(error)))) = log.last() {
        reader.refused(*round, *taken, *error);
    }
}

impl Reader<'_> {
    fn step(&mut self, round: usize, taken: usize, step: &Step) {
        match step {
            Step::Send(bytes) => self.sent(bytes),
            Step::SendContent(_) => self.owes_content = false,
            Step::End => {}
            Step::Interim(seen) => {
                assert!((100..200).contains(&seen.code) && seen.code != 101);
                self.head(round, taken, seen);
            }
            Step::Response(seen) => {
                assert!(
                    !(100..200).contains(&seen.code),
                    "an interim response for a final one"
                );
                self.head(round, taken, seen);
                self.framing(seen);
            }
            Step::Content(content, retry) => self.content(round, taken, content, *retry),
            Step::Switch(name, seen) => {
                self.head(round, taken, seen);
                self.switch(name, seen);
            }
            Step::Retry => {
                assert_eq!(
                    taken,
                    self.rounds[round].len(),
                    "another request, and bytes lie behind the response"
                );
                (self.is_retry, self.start) = (true, 0);
            }
            Step::Close(_) => {}
        }
    }

    /// What goes out, a strict parser reads back.
    fn sent(&mut self, bytes: &[u8]) {
        let is_mandatory = |which: u8| matches!(which % client::REQUESTS, 9 | 10);
        let which = if self.is_retry {
            self.setup.retry
        } else {
            self.setup.request
        };
        if is_mandatory(which) && !self.is_secure {
            assert!(
                bytes.starts_with(b"OPTIONS * "),
                "{:?} in clear text",
                String::from_utf8_lossy(bytes)
            );
            let secret = client::SECRET.as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
        if let Read::Complete(request) = Request::read(bytes, Rules::default()) {
            let content = &bytes[request.lines.len..];
            match request.body {
                Body::None => assert!(content.is_empty()),
                Body::Length(length) => {
                    assert!(content.is_empty() || content.len() as u64 == length)
                }
                other => panic!("content that is {other:?}"),
            }
            self.owes_content = request.body != Body::None && content.is_empty();
            self.sent = bytes.to_vec();
            (self.start, self.response) = (0, None);
        } else {
            assert_eq!(bytes, b"a=b", "neither a request nor its content");
            self.owes_content = false;
        }
    }

    fn lenient(&self) -> bool {
        let which = if self.is_retry {
            self.setup.retry
        } else {
            self.setup.request
        };
        which % client::REQUESTS == 14
    }

    /// A head that ends where the reference says, and says what the reference reads.
    fn head(&mut self, round: usize, taken: usize, seen: &Seen) {
        let bytes = &self.rounds[round][self.start..];
        let response = match Response::read(bytes, self.lenient()) {
            Read::Complete(response) => response,
            Read::Refused(rule) => panic!("accepts what breaks a rule: {rule}"),
            Read::Incomplete => panic!("accepts what is not complete"),
        };
        let len = response.lines.len;
        assert_eq!(taken, self.start + len, "the head ends elsewhere");
        assert_eq!(seen.code, response.code);
        response.lines.check(&seen.fields);
        agrees_with_httparse(&bytes[..len], &response);
        let mut views = seen.views.clone();
        // HTTP/1.1 is no protocol to go on with.
        let upgrade = response.lines.list("upgrade").into_iter();
        let upgrade = upgrade.filter_map(|member| std::str::from_utf8(member).ok());
        let others = upgrade
            .clone()
            .filter(|member| !member.eq_ignore_ascii_case("http/1.1"));
        assert!(others.clone().eq(&views.upgrade), "Upgrade");
        assert_eq!(seen.needs_tunnel, seen.code == 426 && others.count() == 0);
        assert_eq!(seen.subprotocol.as_ref(), views.subprotocols.first());
        views.upgrade = upgrade.map(str::to_owned).collect();
        views.check(&response.lines);
        (self.start, self.response) = (taken, Some(response));
    }

    fn request(&self) -> Request {
        Request::read(&self.sent, Rules::default())
            .complete()
            .expect("a request was sent")
    }

    fn framing(&self, seen: &Seen) {
        let response = self.response.as_ref().expect("a head");
        let is_head = self.request().method == b"HEAD";
        let expected = match (is_head || [204, 304].contains(&seen.code), response.body()) {
            (true, _) => Body::None,
            (false, body) => body.expect("accepts content whose length cannot be said"),
        };
        let framing = match expected {
            Body::None => Framing::None,
            Body::Length(length) => Framing::Length(length),
            Body::Chunked => Framing::Chunked,
            Body::UntilClose => Framing::UntilClose,
        };
        assert_eq!(seen.framing, framing, "framing");
        if seen.retry == Retry::SameConnection {
            assert!(
                !self.owes_content,
                "a request behind one that is not complete"
            );
            assert!(response.persists() && framing != Framing::UntilClose);
            let lines = &response.lines;
            let is_clear =
                lines.all("content-length").is_empty() || lines.all("transfer-encoding").is_empty();
            assert!(
                is_clear || framing == Framing::None,
                "two lengths on a connection that goes on"
            );
        }
    }

    fn content(&self, round: usize, taken: usize, content: &[u8], retry: Retry) {
        let response = self.response.as_ref().expect("a head");
        let behind = &self.rounds[round][self.start..];
        let (expected, len) = match response.body() {
            Some(Body::Length(length)) => {
                let length = usize::try_from(length).expect("as much as there is");
                (behind[..length].to_vec(), length)
            }
            Some(Body::Chunked) => chunked::read(behind, true)
                .complete()
                .expect("content that is complete is not"),
            Some(Body::UntilClose) => {
                assert_eq!(
                    (self.setup.end, retry),
                    (End::Orderly, Retry::NewConnection)
                );
                (behind.to_vec(), behind.len())
            }
            other => panic!("content that is {other:?}"),
        };
        assert_eq!(
            (content, taken),
            (&expected[..], self.start + len),
            "other content, or another end"
        );
        if retry == Retry::SameConnection {
            assert_eq!(
                len,
                behind.len(),
                "another request, and bytes lie behind the response"
            );
        }
    }

    /// Only to what was offered (RFC 9110 section 7.8).
    fn switch(&mut self, name: &str, seen: &Seen) {
        let request = self.request();
        let lines = &self.response.as_ref().expect("a head").lines;
        if name == "tunnel" {
            assert!(request.method == b"CONNECT" && (200..300).contains(&seen.code));
            return;
        }
        assert_eq!(seen.code, 101);
        assert!(
            self.response
                .as_ref()
                .is_some_and(|response| response.minor > 0),
            "101 in HTTP/1.0"
        );
        let which = if self.is_retry {
            self.setup.retry
        } else {
            self.setup.request
        };
        let (is_lenient_h2c, is_lenient_tls) = (
            which % client::REQUESTS == 4,
            [6, 10].contains(&(which % client::REQUESTS)),
        );
        let upgrade = lines.list("upgrade");
        let has_option = lines.has_member("connection", "upgrade")
            && lines
                .list("connection")
                .iter()
                .all(|option| is_token(option));
        let offered = request.lines.list("upgrade");
        let is_offered = |member: &[u8]| {
            offered.iter().any(|offered| {
                std::str::from_utf8(offered).is_ok_and(|offered| offer::is_named(member, offered))
            })
        };
        match name {
            "h2c" if is_lenient_h2c && lines.all("upgrade").is_empty() => {}
            "tls" => {
                let is_tls = |member: &&[u8]| {
                    offer::is_tls(member) && (is_lenient_tls || is_offered(member))
                };
                let is_layer = |member: &&[u8]| is_tls(member) || same(member, b"http/1.1");
                assert!(
                    upgrade.first().is_some_and(is_tls) && upgrade.iter().all(is_layer),
                    "not what was offered"
                );
                assert!(has_option || is_lenient_tls, "no upgrade option");
                self.is_secure = self.setup.tls_works;
                self.start = 0;
                return;
            }
            _ => {
                assert!(has_option, "no upgrade option");
                assert_eq!(upgrade.len(), 1, "several protocols at once");
                assert!(
                    is_offered(upgrade[0]) && same(upgrade[0], name.as_bytes()),
                    "not what was offered"
                );
            }
        }
        if name == "websocket" {
            let nonce = if self.is_retry { OTHER_NONCE } else { NONCE };
            let accept = digest::accept(&digest::base64(&nonce));
            assert_eq!(lines.all("sec-websocket-accept"), [&accept[..]]);
            let offered = request.lines.list("sec-websocket-protocol");
            match lines.all("sec-websocket-protocol")[..] {
                [] => assert_ne!(
                    which % client::REQUESTS,
                    2,
                    "no subprotocol where one is a must"
                ),
                [chosen] => assert!(
                    offered.contains(&chosen),
                    "a subprotocol that was not offered"
                ),
                _ => panic!("several subprotocols"),
            }
            let extensions = lines.all("sec-websocket-extensions");
            assert!(
                extensions.iter().all(|list| offer::is_extensions(list)),
                "no extensions"
            );
            for extension in lines.list("sec-websocket-extensions") {
                let name = |extension: &[u8]| {
                    extension
                        .split(|&byte| b"; \t".contains(&byte))
                        .next()
                        .map(<[u8]>::to_vec)
                };
                let offered = request.lines.list("sec-websocket-extensions");
                assert!(
                    offered
                        .iter()
                        .any(|offered| name(offered) == name(extension)),
                    "an extension that was not offered"
                );
            }
        }
    }

    /// What ended the connection is no fine message.
    fn refused(&self, round: usize, taken: usize, error: Error) {
        let rest = self
            .rounds
            .get(round)
            .map_or(&[][..], |round| &round[self.start..]);
        match error {
            Error::BadLineEnd
            | Error::BadStatusLine
            | Error::UnsupportedVersion
            | Error::BadField
            | Error::TooManyFields
            | Error::ListTooLong => {
                let shown = &rest[..taken - self.start];
                let outcome = Response::read(&[shown, b"\r\n\r\n"].concat(), self.lenient());
                assert!(
                    !matches!(outcome, Read::Complete(_)),
                    "refuses what may be fine: {error}"
                );
            }
            Error::HeadTooLarge => assert!(taken - self.start >= self.setup.storage),
            Error::BadContentLength | Error::BadTransferEncoding => {
                let response = Response::read(rest, self.lenient())
                    .complete()
                    .expect("a head");
                assert_eq!(response.body(), None, "refuses what is fine: {error}");
            }
            Error::BadChunk
            | Error::BadTrailer
            | Error::ChunkExtensionsTooLarge
            | Error::TrailersTooLarge => {
                assert!(
                    chunked::read(rest, true).complete().is_none(),
                    "refuses content that is fine"
                );
            }
            Error::Incomplete => {
                assert!(self.setup.end != End::Timeout && self.setup.end != End::Open)
            }
            Error::Timeout => assert_eq!(self.setup.end, End::Timeout),
            _ => {}
        }
    }
}

/// Where lines are not folded, and the reason is text that `httparse` takes.
fn agrees_with_httparse(head: &[u8], response: &Response) {
    let is_folded = head
        .windows(3)
        .any(|window| matches!(window, b"\r\n " | b"\r\n\t"));
    if is_folded || response.minor > 1 {
        return;
    }
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut parsed = httparse::Response::new(&mut headers);
    let outcome = parsed.parse(head).expect("httparse refuses it");
    assert_eq!(
        outcome,
        httparse::Status::Complete(head.len()),
        "the head ends elsewhere for httparse"
    );
    assert_eq!(
        (parsed.code, parsed.version),
        (Some(response.code), Some(response.minor))
    );
    let fields = parsed
        .headers
        .iter()
        .map(|field| (field.name.as_bytes(), field.value));
    let expected = response
        .lines
        .fields
        .iter()
        .map(|(name, value)| (&name[..], &value[..]));
    assert!(fields.eq(expected), "other fields for httparse");
}
