//! Invariants of the machine that hold for every input: linear work, no dependence on splits, no panic, no leniency upgraded.

use crate::app::{App, Content, POLICY};
use crate::harness::{allowing, get, h2c, request, tls, websocket};
use crate::strict;
use http_upgrade::{Action, Allow, Decision, Field, Policy, Protocol, Response, Server, Status};

/// Numbers that look random and are the same each time (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or_default()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Bytes that mean something in a head or in chunks.
const TELLING: &[u8] = b"\r\n\t :,;=/\"'\0\x01\x0b\x0c\x7f\x80\xff0159aAfxX{#*%\\@[]-";

/// Inputs of every kind, each a connection.
fn corpus() -> Vec<String> {
    let chunks = "5;a=b\r\nHELLO\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n";
    vec![
        websocket(&[]) + "\x01\x05HELLO",
        websocket(&["Content-Length: 5"]) + "HELLO\x01",
        websocket(&["Transfer-Encoding: chunked", "Expect: 100-continue"]) + chunks + "\x01",
        get(&["Connection: keep-alive"]) + &websocket(&["Sec-WebSocket-Protocol: a, b"]),
        request("POST / HTTP/1.1", &["Transfer-Encoding: chunked"])
            + chunks
            + &get(&[])
            + &get(&[]),
        request("POST / HTTP/1.1", &["Content-Length: 300"]) + &"x".repeat(300) + &websocket(&[]),
        h2c(&["Content-Length: 3"]) + "abcPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        tls("TLS/1.2") + &get(&[]) + &websocket(&[]),
        request("CONNECT a:80 HTTP/1.1", &[]) + "\x16\x03\x01",
        "\r\n\r\nGET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n".to_owned(),
        get(&["Upgrade: tcp", "Connection: upgrade", "X: a\r\n b"]),
        request("GET / HTTP/1.1", &["Host: b"]) + &get(&[]),
        websocket(&["Sec-WebSocket-Version: 8"]) + &get(&[]),
        request("POST / HTTP/1.1", &["Transfer-Encoding: chunked"]) + "5\r\nHELLO\n0\r\n\r\n",
    ]
}

const ALL: &[Allow<'_>] = &[
    Allow::WEBSOCKET,
    Allow::H2C,
    Allow::TLS.any_request(),
    Allow::TUNNEL,
    Allow::PRIOR_KNOWLEDGE,
    Allow::token("tcp").any_request(),
];

/// Some of the bytes replaced, left out, put in, or a piece repeated.
fn mutate(random: &mut Random, input: &mut Vec<u8>) {
    let at = random.below(input.len());
    match random.below(5) {
        0 => input[at] = *random.pick(TELLING),
        1 => drop(input.remove(at)),
        2 => input.insert(at, *random.pick(TELLING)),
        3 => input[at] ^= 1 << random.below(8),
        _ => {
            let end = (at + random.below(30)).min(input.len());
            let piece = input[at..end].to_vec();
            input.splice(at..at, piece);
        }
    }
}

#[test]
fn sec_01_a_head_is_bounded_and_each_byte_taken_once() {
    // That the work is linear is counted, not timed: `.ci/instructions` compares a head of 2 KiB with one of 64 KiB.
    let line = |len: usize| request(&format!("GET /{} HTTP/1.1", "a".repeat(len)), &[]);
    let value = |len: usize| get(&[&format!("X: {}", "a".repeat(len))]);
    let lines = |len: usize| get(&vec![&format!("X: {}", "a".repeat(len / 90))[..]; 90]);
    let list = |len: usize| {
        get(&vec![
            &format!(
                "Sec-WebSocket-Protocol: {}",
                "a,".repeat(len / 180)
            )[..];
            90
        ])
    };
    for head in [&line as &dyn Fn(usize) -> String, &value, &lines, &list] {
        let large = head(64 << 10);
        let mut server = Server::new(vec![0; large.len()], &POLICY);
        for octet in large.as_bytes() {
            assert_eq!(server.receive(core::slice::from_ref(octet)), 1);
        }
        assert!(matches!(server.action(), Action::Decide(_)));
        // One byte less of storage, and it is too large.
        let mut server = Server::new(vec![0; large.len() - 1], &POLICY);
        for octet in large.as_bytes() {
            server.receive(core::slice::from_ref(octet));
        }
        assert!(
            matches!(server.action(), Action::Send(status) if status == Status::HEADER_FIELDS_TOO_LARGE)
        );
    }
}

/// Whether those bytes start with an opening handshake by the strictest reading.
fn is_clean(bytes: &[u8]) -> bool {
    let mut bytes = bytes;
    while let [b'\r', b'\n', rest @ ..] = bytes {
        bytes = rest;
    }
    let Some((line, fields, _)) = strict::head(bytes) else {
        return false;
    };
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split(' ').collect();
    let [method, target, version] = words[..] else {
        return false;
    };
    let values = |name: &str| -> Vec<String> {
        let of_name = fields.iter().filter(|(found, _)| found == name);
        of_name
            .map(|(_, value)| String::from_utf8_lossy(value).to_lowercase())
            .collect()
    };
    let members = |name: &str| -> Vec<String> {
        let joined = values(name).join(",");
        joined
            .split(',')
            .map(|member| member.trim_matches([' ', '\t']).to_owned())
            .filter(|member| !member.is_empty())
            .collect()
    };
    let digits = |text: &String| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (lengths, codings) = (values("content-length"), members("transfer-encoding"));
    let is_framed = match (lengths.len(), values("transfer-encoding").len()) {
        (0, 0) => true,
        (1, 0) => lengths.iter().all(digits),
        (0, _) => codings == ["chunked"],
        _ => false,
    };
    let is_version = version
        .strip_prefix("HTTP/1.")
        .is_some_and(|minor| matches!(minor.as_bytes(), [b'1'..=b'9']));
    let hosts = values("host");
    let is_host = |host: &String| {
        host.bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"/?#@,\"\\".contains(&byte))
    };
    method == "GET"
        && target.starts_with(['/', 'h', 'H'])
        && target
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#')
        && is_version
        && hosts.len() == 1
        && hosts.iter().all(is_host)
        && is_framed
        && members("connection")
            .iter()
            .any(|option| option == "upgrade")
        && members("connection")
            .iter()
            .all(|option| strict::is_token(option.as_bytes()))
        && members("upgrade").iter().any(|token| token == "websocket")
        && values("sec-websocket-version") == ["13"]
        && values("sec-websocket-key").len() == 1
}

/// Whether the server switches on those bytes.
fn is_upgraded(policy: &Policy<'_>, input: &[u8]) -> bool {
    let app = App {
        storage: 1024,
        content: Content::Skip,
        ..App::new(policy)
    };
    app.run_in(input, |_| usize::MAX)
        .short()
        .ends_with("switch websocket")
}

#[test]
fn sec_02_nothing_that_was_read_leniently_is_upgraded() {
    let openings = [
        websocket(&["Content-Length: 1"]) + "x",
        websocket(&["Transfer-Encoding: chunked"]) + "1\r\nx\r\n0\r\nA: b\r\n\r\n",
        "\r\n".to_owned() + &websocket(&["X: y"]).replacen("GET /", "GET http://a/", 1),
    ];
    let policies = [
        POLICY,
        POLICY
            .lone_lf(true)
            .ignore_expectations(true)
            .keep_after_refusal(true),
    ];
    let mut random = Random(0x5eed);
    for policy in &policies {
        let check = |input: &[u8]| {
            let upgraded = is_upgraded(policy, input);
            // A mutated first request may be answered, and the rest of it be none.
            assert!(!upgraded || is_clean(input), "{}", input.escape_ascii());
            upgraded
        };
        for opening in &openings {
            let opening = opening.as_bytes();
            assert!(check(opening));
            for at in 0..opening.len() {
                for &octet in TELLING {
                    check(&[&opening[..at], &[octet], &opening[at..]].concat());
                    check(&[&opening[..at], &[octet], &opening[at + 1..]].concat());
                }
                check(&[&opening[..at], &opening[at + 1..]].concat());
            }
            let mut upgraded = 0;
            for _ in 0..5000 {
                let mut input = opening.to_vec();
                for _ in 0..=random.below(3) {
                    mutate(&mut random, &mut input);
                }
                upgraded += usize::from(check(&input));
            }
            assert!(upgraded > 50, "some of them are still fine: {upgraded}");
        }
    }
}

#[test]
fn sec_14_splits_change_nothing() {
    let policies = [
        allowing(ALL),
        allowing(ALL).refuse_early_data(true).skip_limit(10),
        allowing(ALL).require(&[Protocol::Tls]).lone_lf(true),
        POLICY.keep_after_refusal(true).skip_limit(100),
        allowing(ALL).refuse_content(true),
    ];
    let mut random = Random(0xca5e);
    for policy in &policies {
        for (content, tls) in [
            (Content::Read, None),
            (Content::Skip, Some(true)),
            (Content::Leave, Some(false)),
        ] {
            let app = App {
                content,
                tls,
                timeout: true,
                storage: 300,
                ..App::new(policy)
            };
            for input in corpus() {
                app.run(&input);
                let mut input = input.into_bytes();
                for _ in 0..20 {
                    let whole = app.run_in(&input, |_| usize::MAX);
                    for most in [2, 5, 20, 200] {
                        // Pieces without a byte, too.
                        let pieces = app.run_in(&input, |_| random.below(most));
                        assert_eq!(pieces, whole, "{}", input.escape_ascii());
                    }
                    mutate(&mut random, &mut input);
                }
            }
        }
    }
}

/// One call of any verb, in turn or not.
fn any_verb<S: AsRef<[u8]> + AsMut<[u8]>>(
    random: &mut Random,
    server: &mut Server<'_, S>,
    out: &mut [u8],
) {
    const FIELDS: &[&[Field<'_>]] = &[&[], &[("X", "y")], &[("Upgrade", "x")], &[("a b", "c")]];
    const DECISIONS: &[Decision<'_>] = &[
        Decision::Accept(Protocol::WebSocket),
        Decision::Accept(Protocol::H2c),
        Decision::Accept(Protocol::Tls),
        Decision::Accept(Protocol::Tunnel),
        Decision::Accept(Protocol::PriorKnowledge),
        Decision::Accept(Protocol::Token("tcp")),
        Decision::AcceptSubprotocol("b"),
        Decision::Ignore,
        Decision::Require(&[Protocol::WebSocket, Protocol::Tls]),
        Decision::Require(&[]),
        Decision::Refuse(Status::UPGRADE_REQUIRED),
        Decision::Refuse(Status::NOT_FOUND),
    ];
    let code = 100 + random.below(500);
    let status = Status::new(u16::try_from(code).expect("small")).expect("a code");
    let response = Response::new(status).fields(random.pick::<&[Field<'_>]>(FIELDS));
    let fields: &[Field<'_>] = random.pick::<&[Field<'_>]>(FIELDS);
    let len = random.below(out.len());
    match random.below(24) {
        0..6 => drop(server.decide(*random.pick(DECISIONS))),
        6..12 => drop(server.send_with(&mut out[..len], fields)),
        12 => drop(server.respond(&mut out[..len], &response.chunked())),
        13 => drop(server.respond(&mut out[..len], &response.content_length(random.next()))),
        14 => drop(server.respond(&mut out[..len], &response.content(b"hello").advertise())),
        15 => drop(server.respond(&mut out[..len], &response.until_close())),
        16 | 17 => drop(server.want_content()),
        18 => drop(server.tls_established()),
        19 => server.unread(random.below(3)),
        20 if random.below(20) == 0 => server.timeout(),
        21 if random.below(20) == 0 => drop(server.tls_failed()),
        _ => {}
    }
}

#[test]
fn sec_19_no_input_and_no_misuse_panics() {
    let policies = [
        allowing(ALL),
        allowing(ALL)
            .lone_lf(true)
            .keep_after_refusal(true)
            .skip_limit(7),
        allowing(&[]),
        allowing(ALL).refuse_content(true),
    ];
    let corpus = corpus();
    let mut random = Random(0xf422);
    let mut out = [0; 600];
    for round in 0..2500 {
        let mut input = random.pick(&corpus).clone().into_bytes();
        for _ in 0..random.below(6) {
            mutate(&mut random, &mut input);
        }
        let storage = if round % 4 == 0 {
            random.below(200)
        } else {
            1024
        };
        let mut server = Server::new(vec![0; storage], random.pick(&policies));
        let mut rest = &input[..];
        for _ in 0..60 {
            let piece = &rest[..random.below(rest.len() + 1)];
            let (used, run) = match random.below(2) {
                0 => (server.receive(piece), &[][..]),
                _ => server.receive_content(piece),
            };
            assert!(used <= piece.len() && run.len() <= used);
            rest = &rest[used..];
            for _ in 0..4 {
                any_verb(&mut random, &mut server, &mut out);
            }
            if let Some(request) = server.request() {
                let lists = [
                    request.subprotocols().count(),
                    request.list("upgrade").count(),
                    request.extensions().count(),
                ];
                assert!(
                    request.fields().count() <= http_upgrade::MAX_FIELDS
                        && lists.iter().all(|count| *count <= input.len())
                );
                assert!(
                    request.hop_by_hop_fields().count() + request.end_to_end_fields().count()
                        == request.fields().count()
                );
                drop((
                    request.http2_settings(),
                    request.framing(),
                    request.origin(),
                    request.authority().len(),
                ));
            }
            assert!(!format!("{:?}", server.action()).is_empty());
        }
    }
}
