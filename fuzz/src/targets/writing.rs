//! Requests and responses made of any text: what is written, a strict parser reads back, and nothing else.

use http_upgrade::client::Uri;
use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::websocket::{CloseCode, Frame, Limits, WebSocket};
use http_upgrade::{
    Action, Allow, Client, Decision, Misuse, Offer, Origins, Policy, Protocol, Response, Server,
    Status, UpgradeRequest, WebSocketOffer,
};

use crate::input::Input;
use crate::reference::head::{self, Body, Lines, Rules};
use crate::reference::{frames, offer};

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    match input.byte() % 4 {
        0 | 1 => request(&mut input),
        2 => response(&mut input),
        _ => frame(&mut input),
    }
}

/// Texts that borrow from nobody.
fn texts(input: &mut Input<'_>) -> Vec<String> {
    let len = input.byte() % 4;
    (0..len).map(|_| input.text()).collect()
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn pairs(texts: &[String]) -> Vec<(&str, &str)> {
    texts
        .chunks_exact(2)
        .map(|pair| (&pair[0][..], &pair[1][..]))
        .collect()
}

fn request(input: &mut Input<'_>) {
    let (offered, flags, more) = (input.byte(), input.byte(), input.byte());
    let has = |bits: u8, at: u8| bits >> at & 1 == 1;
    let method = input.text();
    let (authority, target, token) = (input.text(), input.text(), input.text());
    let (names, subprotocols, extensions, tls) =
        (texts(input), texts(input), texts(input), texts(input));
    let content = input.counted();
    let (fields, subprotocols, extensions, tls) = (
        pairs(&names),
        strs(&subprotocols),
        strs(&extensions),
        strs(&tls),
    );
    let method = match more % 6 {
        0 => &method,
        1 => "POST",
        2 => "OPTIONS",
        3 => "CONNECT",
        _ => "GET",
    };
    let mut settings = Settings::default();
    settings
        .push(Setting {
            id: 4,
            value: u32::from(more),
        })
        .expect("legal");
    let websocket = WebSocketOffer::new([flags; 16])
        .subprotocols(&subprotocols)
        .extensions(&extensions);
    let all = [
        Offer::websocket(&websocket),
        Offer::h2c(&settings),
        Offer::tls(&tls),
        Offer::token(&token),
    ];
    let offers: Vec<Offer<'_>> = all
        .into_iter()
        .enumerate()
        .filter(|(at, _)| has(offered, *at as u8))
        .map(|(at, offer)| {
            if has(offered, at as u8 + 4) {
                offer.any_request()
            } else {
                offer
            }
        })
        .collect();
    let uri = Uri {
        secure: has(flags, 0),
        authority: &authority,
        target: &target,
    };
    let request = UpgradeRequest::new(method, uri)
        .fields(&fields)
        .offer(&offers);
    let request = if has(flags, 1) {
        request.content(content)
    } else {
        request
    };
    let request = if has(flags, 2) {
        request.expect_continue()
    } else {
        request
    };
    let request = if has(flags, 3) {
        request.via_proxy()
    } else {
        request
    };
    let request = if has(flags, 4) {
        request.mandatory_tls(&tls)
    } else {
        request
    };
    let secure = has(flags, 5);
    let client = if secure {
        Client::inside_tls([0; 64], &request)
    } else {
        Client::new([0; 64], &request)
    };
    let Ok(mut client) = client else { return };
    let message = written(|out| client.send(out));
    let is_probe = has(flags, 4) && !secure;
    let expected = Expected {
        method,
        authority: &authority,
        target: &target,
        fields: &fields,
        offers: &offers,
        is_probe,
    };
    expected.check(
        &message,
        has(flags, 3),
        if has(flags, 1) { Some(content) } else { None },
        has(flags, 2),
    );
    if !is_probe {
        expected.check_server(&message, secure);
    }
}

/// What is written, at first in buffers that are too small.
fn written(mut write: impl FnMut(&mut [u8]) -> Result<usize, Misuse>) -> Vec<u8> {
    let Err(Misuse::BufferTooSmall { needed }) = write(&mut []) else {
        panic!("a message of no bytes");
    };
    let mut out = vec![0; needed];
    assert_eq!(
        write(&mut out[..needed - 1]),
        Err(Misuse::BufferTooSmall { needed })
    );
    assert_eq!(write(&mut out), Ok(needed));
    out
}

struct Expected<'e> {
    method: &'e str,
    authority: &'e str,
    target: &'e str,
    fields: &'e [(&'e str, &'e str)],
    offers: &'e [Offer<'e>],
    is_probe: bool,
}

impl Expected<'_> {
    fn check(&self, message: &[u8], via_proxy: bool, content: Option<&[u8]>, expects: bool) {
        let request = head::Request::read(message, Rules::default())
            .complete()
            .expect("a request that is none");
        let lines = &request.lines;
        assert_eq!(lines.all("host"), [self.authority.as_bytes()]);
        if self.is_probe {
            assert_eq!(
                (&request.method[..], &request.target[..]),
                (&b"OPTIONS"[..], &b"*"[..])
            );
            assert_eq!((lines.fields.len(), lines.len), (3, message.len()));
            return;
        }
        assert_eq!(request.method, self.method.as_bytes());
        let target = String::from_utf8_lossy(&request.target);
        let expected = match (self.method, via_proxy) {
            ("CONNECT", _) => target == self.authority,
            (_, true) => target.ends_with(self.target) && target.contains(self.authority),
            _ => {
                target
                    .strip_prefix('/')
                    .is_some_and(|bare| bare == self.target)
                    || target == self.target
            }
        };
        assert!(expected, "another target: {target}");
        self.fields(lines, content.is_some(), expects);
        let behind = &message[lines.len..];
        match (content, request.body) {
            (Some(content), Body::Length(length)) if content.len() as u64 == length => {
                assert_eq!(behind, if expects { &[] } else { content });
            }
            (None | Some([]), Body::None) => assert!(behind.is_empty()),
            other => panic!("other content: {other:?}"),
        }
    }

    /// Those of the application, in their order, and those that the offers need.
    fn fields(&self, lines: &Lines, has_content: bool, expects: bool) {
        lines.check_order(self.fields);
        let of_offer = |offer: &Offer<'_>| match offer.protocol() {
            Protocol::WebSocket => {
                2 + lines.all("sec-websocket-protocol").len()
                    + lines.all("sec-websocket-extensions").len()
            }
            Protocol::H2c => 1,
            _ => 0,
        };
        let own = 1
            + if self.offers.is_empty() { 0 } else { 2 }
            + self.offers.iter().map(of_offer).sum::<usize>()
            + usize::from(has_content)
            + usize::from(expects);
        assert_eq!(
            lines.fields.len(),
            own + self.fields.len(),
            "a line too many, or too few"
        );
        for offer in self.offers {
            let upgrade = lines.list("upgrade");
            let is_there = match offer.protocol() {
                Protocol::Tls => upgrade.iter().any(|member| offer::is_tls(member)),
                protocol => upgrade.contains(&protocol.name().as_bytes()),
            };
            assert!(is_there, "{offer:?} is not in {upgrade:?}");
        }
    }

    /// A server of this crate takes every offer that the client makes.
    fn check_server(&self, message: &[u8], secure: bool) {
        let allowed: Vec<Allow<'_>> = self
            .offers
            .iter()
            .map(|offer| match offer.protocol() {
                Protocol::WebSocket => Allow::WEBSOCKET,
                Protocol::H2c => Allow::H2C.via_proxy(),
                Protocol::Tls => Allow::TLS.any_request(),
                Protocol::Token(token) => Allow::token(token).any_request(),
                _ => Allow::TUNNEL,
            })
            .collect();
        let policy = Policy::new(Origins::Any).allow(&allowed);
        let mut server = Server::new(vec![0; message.len()], &policy);
        if secure {
            server = server.inside_tls();
        }
        server.receive(message);
        match server.action() {
            Action::Decide(request) => {
                // An offer of h2c by token is one to a server that knows no more than the token either.
                for offer in self.offers {
                    assert!(
                        request.offers(offer.protocol()),
                        "{offer:?} is none for the server"
                    );
                }
            }
            // Limits of the server, and those of a CONNECT to port 0.
            Action::Send(status) => {
                let is_limit =
                    [Status::HEADER_FIELDS_TOO_LARGE, Status::BAD_REQUEST].contains(&status);
                let commas = message.iter().filter(|&&byte| byte == b',').count();
                assert!(
                    is_limit
                        && (commas >= 90 || self.method == "CONNECT" || self.fields.len() > 90),
                    "{status}"
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

fn response(input: &mut Input<'_>) {
    let (code, how, flags) = (input.word() % 700, input.byte(), input.byte());
    let names = texts(input);
    let fields = pairs(&names);
    let content = input.counted();
    let Some(status) = Status::new(code) else {
        return;
    };
    let policy = Policy::new(Origins::Any).allow(&[Allow::WEBSOCKET, Allow::H2C, Allow::TLS]);
    let mut server = Server::new([0; 256], &policy);
    let (method, version) = (["GET", "HEAD"][usize::from(flags & 1)], flags >> 1 & 1);
    let upgrade = if flags & 4 == 0 {
        ""
    } else {
        "Upgrade: websocket\r\nConnection: upgrade\r\n"
    };
    server.receive(
        format!(
            "{method} / HTTP/1.{}\r\nHost: a\r\n{upgrade}\r\n",
            1 - version
        )
        .as_bytes(),
    );
    if how & 1 == 1 {
        if server.decide(Decision::Refuse(status)).is_err() {
            return;
        }
        if let Err(misuse) = server.send_with(&mut [0; 2048], &fields) {
            assert!(matches!(misuse, Misuse::BadField | Misuse::ReservedField));
        } else {
            let mut again = Server::new([0; 256], &policy);
            again.receive(
                format!(
                    "{method} / HTTP/1.{}\r\nHost: a\r\n{upgrade}\r\n",
                    1 - version
                )
                .as_bytes(),
            );
            again.decide(Decision::Refuse(status)).expect("as before");
            let message = written(|out| again.send_with(out, &fields));
            check_response(&message, status, &fields, None, method == "HEAD");
        }
        return;
    }
    server.decide(Decision::Ignore).expect("its turn");
    let response = Response::new(status).fields(&fields);
    let (response, expected) = match how >> 1 & 3 {
        0 => (
            response.content(content),
            Some(Body::Length(content.len() as u64)),
        ),
        1 => (
            response.content_length(u64::from(how)),
            Some(Body::Length(u64::from(how))),
        ),
        2 => (response.chunked(), Some(Body::Chunked)),
        _ => (response.until_close(), Some(Body::UntilClose)),
    };
    let response = if how & 8 == 0 {
        response
    } else {
        response.advertise()
    };
    let response = if how & 16 == 0 {
        response
    } else {
        response.close()
    };
    match server.respond(&mut [0; 0], &response) {
        Err(Misuse::BufferTooSmall { .. }) => {
            let message = written(|out| server.respond(out, &response));
            let is_bare = method == "HEAD" || how >> 1 & 3 != 0;
            let expected = if [204, 304].contains(&code) {
                Some(Body::UntilClose)
            } else {
                expected
            };
            let expected = if code == 205 {
                Some(Body::Length(0))
            } else {
                expected
            };
            check_response(
                &message,
                status,
                &fields,
                expected,
                is_bare || [204, 205, 304].contains(&code),
            );
            let ends = matches!(server.action(), Action::Close(None));
            let lines = Lines::read(
                &message,
                Rules {
                    response: true,
                    ..Rules::default()
                },
            )
            .complete()
            .expect("a head");
            assert_eq!(
                lines.has_member("connection", "close"),
                ends,
                "says that the connection ends, or not"
            );
        }
        Err(_) => {}
        Ok(len) => panic!("{len} bytes in none"),
    }
}

fn check_response(
    message: &[u8],
    status: Status,
    fields: &[(&str, &str)],
    body: Option<Body>,
    is_bare: bool,
) {
    let response = head::Response::read(message, false)
        .complete()
        .expect("a response that is none");
    assert_eq!(response.code, status.code());
    let lines = &response.lines;
    lines.check_order(fields);
    let ours = [
        "upgrade",
        "connection",
        "content-length",
        "transfer-encoding",
        "sec-websocket-version",
        "content-type",
        "allow",
    ];
    let own: usize = ours.iter().map(|name| lines.all(name).len()).sum();
    let of_application = fields
        .iter()
        .filter(|(name, _)| !ours.iter().any(|ours| name.eq_ignore_ascii_case(ours)));
    assert_eq!(
        lines.fields.len(),
        own + of_application.count(),
        "a line too many"
    );
    let behind = &message[lines.len..];
    match (response.body(), body) {
        (Some(found), Some(body)) => {
            let body = if body == Body::Length(0) {
                Body::None
            } else {
                body
            };
            assert_eq!(found, body, "framing");
        }
        (Some(Body::Length(length)), None) => assert!(is_bare || behind.len() as u64 == length),
        other => panic!("framing: {other:?}"),
    }
    match response.body() {
        Some(Body::Length(length)) if !is_bare => assert_eq!(behind.len() as u64, length),
        _ => assert!(behind.is_empty(), "bytes behind the head"),
    }
}

/// One frame, all ways, any text: read back.
fn frame(input: &mut Input<'_>) {
    let (kind, code, times) = (input.byte(), input.word(), usize::from(input.word() % 300));
    let text = input.text();
    let long = text.repeat(if kind & 8 == 0 { 1 } else { times });
    let last = kind & 16 == 0;
    let frame = match kind % 6 {
        0 => Frame::text(&long),
        1 => Frame::binary(long.as_bytes()),
        2 => Frame::ping(text.as_bytes()),
        3 => Frame::pong(text.as_bytes()),
        4 => Frame::close(CloseCode::new(code), &text),
        _ => Frame::close_without_code(),
    }
    .last(last);
    let size = frame.payload().len() + 16;
    let (mut out, key) = (vec![0; size], [kind, times as u8, 3, 0]);
    let mut of_server = WebSocket::server(Limits::DEFAULT);
    let mut header_of_server = of_server.clone();
    let plain = of_server
        .write(frame, &mut out)
        .map(|len| out[..len].to_vec());
    let parts = header_of_server
        .write_header(&frame)
        .map(|header| [&header, frame.payload()].concat());
    assert_eq!(parts, plain, "another frame in parts");
    let masked = WebSocket::client(Limits::DEFAULT)
        .write(frame, key, &mut out)
        .map(|len| out[..len].to_vec());
    let is_control = kind % 6 > 1;
    let payload = match kind % 6 {
        4 => [&code.to_be_bytes(), text.as_bytes()].concat(),
        _ => frame.payload().to_vec(),
    };
    let is_fine = !is_control || (last && payload.len() <= 125);
    let is_fine = is_fine && (kind % 6 != 4 || frames::is_code(code));
    assert_eq!(masked.is_ok(), is_fine, "{masked:?}");
    assert_eq!(
        plain.is_ok(),
        is_fine && (kind % 6 != 4 || code != 1010),
        "{plain:?}"
    );
    for (bytes, is_masked) in [(plain, false), (masked, true)] {
        let Ok(bytes) = bytes else { continue };
        let opcode = [1, 2, 9, 10, 8, 8][usize::from(kind % 6)];
        let expected = frames::Frame {
            last,
            opcode,
            masked: is_masked,
            payload: payload.clone(),
        };
        assert_eq!(
            frames::frames(&bytes),
            Some(vec![expected]),
            "another frame"
        );
    }
}
