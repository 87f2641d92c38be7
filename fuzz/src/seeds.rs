//! Inputs to begin with. The wire comes from the captures and transcripts of the crate's tests, or is made here; the setup in
//! front of it is one of a few that matter.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[allow(dead_code)]
#[path = "../../tests/transcripts/format.rs"]
mod format;
mod websocket;

/// Seeds with the names of their targets.
#[derive(Default)]
pub struct Seeds(pub BTreeSet<(&'static str, Vec<u8>)>);

impl Seeds {
    fn add(&mut self, target: &'static str, parts: &[&[u8]]) {
        self.0.insert((target, parts.concat()));
    }

    /// All there are.
    pub fn all() -> Seeds {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
        let tests = fuzz.parent().expect("the crate").join("tests");
        let mut seeds = Seeds::default();
        make(&mut seeds, &tests);
        seeds
    }
}

fn make(seeds: &mut Seeds, tests: &Path) {
    let (requests, responses) = messages(tests);
    offers(seeds);
    lengths(seeds);
    sizes(seeds);
    switches(seeds);
    values(seeds);
    pairs(seeds);
    written(seeds);
    bridges(seeds);
    let wires: Vec<&[u8]> = requests.iter().map(|(wire, _)| &wire[..]).collect();
    operations(
        seeds,
        &wires,
        &responses.iter().map(|wire| &wire[..]).collect::<Vec<_>>(),
    );
    for (wire, lone_lf) in &requests {
        let flags = if *lone_lf { 0x12 } else { 0x02 };
        for (allowed, wider, more) in [
            (0, 0, 0),
            (0xfe, 0, 0),
            (0xfe, 0xff, 16),
            (0, 0, 0x5a),
            (0, 0, 10),
            (0xfe, 0, 1),
            (0xfe, 0, 0x80),
        ] {
            seeds.add("server", &[&[allowed, wider, 0, flags, more, 1, 0], wire]);
        }
        seeds.add("differential", &[wire]);
    }
    for wire in &responses {
        for request in 0..20 {
            seeds.add("client", &[&[request, 1, 1, 0, 0], wire]);
            if request > 17 {
                seeds.add("client", &[&[request, 1, 1, 16, 90], wire]);
            }
        }
    }
    let behind = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    for first in [&b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n"[..], b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n"] {
        for request in [0, 5, 9, 10, 16] {
            seeds.add("client", &[&[request, 0, 1, 0, 0], first, b"\xfe\xff\xfe", behind, b"\xfe\xff\xfe", behind]);
        }
    }
    for (role, wire) in websocket::inputs(&tests.join("websocket")) {
        for limits in [0, 1] {
            seeds.add("websocket", &[&[role, limits, 0], &wire]);
        }
    }
}

/// Answers to each offer that are nearly, or not at all, what was offered.
fn switches(seeds: &mut Seeds) {
    let tokens = [
        "websocket",
        "h2c",
        "TLS/1.2, HTTP/1.1",
        "TLS/1.0",
        "TLS/1.3",
        "TLS",
        "tcp",
        "IRC/6.9",
        "irc/6.9",
        "tcp, websocket",
        "",
    ];
    let connections = [
        "Connection: Upgrade\r\n",
        "",
        "Connection: close\r\n",
        "Connection: Upgrade, x y\r\n",
    ];
    let more = [
        "",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOp=\r\n",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: other\r\n",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: x-b\r\n",
    ];
    for request in 0..20 {
        for token in tokens {
            for connection in connections {
                for more in if token == "websocket" {
                    &more[..]
                } else {
                    &more[..1]
                } {
                    let head =
                        format!("HTTP/1.1 101 \r\nUpgrade: {token}\r\n{connection}{more}\r\n");
                    let head = head.replace("Upgrade: \r\n", "");
                    let behind = b"\xfe\xff\xfeHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                    seeds.add(
                        "client",
                        &[&[request, 1, 0, 0, 0], head.as_bytes(), b"next", behind],
                    );
                }
            }
        }
    }
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 401 \r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        for surplus in ["", "x", "HTTP/1.1 200 OK\r\n\r\n"] {
            seeds.add(
                "client",
                &[&[0, 1, 0, 0, 0], response.as_bytes(), surplus.as_bytes()],
            );
            seeds.add(
                "client",
                &[&[0, 1, 0, 0, 90], response.as_bytes(), surplus.as_bytes()],
            );
        }
    }
}

/// Frames whose length is at a limit, in each of its three forms, masked and not.
fn lengths(seeds: &mut Seeds) {
    for length in [
        0,
        1,
        125,
        126,
        127,
        0xfffe,
        0xffff,
        0x1_0000,
        u64::MAX >> 1,
        1 << 63,
    ] {
        let short = u8::try_from(length).unwrap_or(125).min(125);
        let middle = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
        let forms = [
            vec![short],
            [&[126][..], &middle].concat(),
            [&[127][..], &length.to_be_bytes()].concat(),
        ];
        for form in forms {
            for (role, mask, key) in [(0, 0x80, &[1, 2, 3, 4][..]), (1, 0, &[])] {
                for first in [0x82, 0x81, 0x02, 0x89, 0x88] {
                    for (limits, splits) in [(0, 0), (1, 90), (2, 200)] {
                        let header = [&[first, form[0] | mask][..], &form[1..], key].concat();
                        seeds.add(
                            "websocket",
                            &[&[role, limits, splits], &header, &[b'a'; 130]],
                        );
                    }
                }
            }
        }
    }
}

/// Opening handshakes and other offers that differ in a line, under each kind of Origin policy, in clear text and inside TLS.
fn offers(seeds: &mut Seeds) {
    let lines = [
        "",
        "Connection: Host\r\n",
        "Connection: Sec-WebSocket-Key\r\n",
        "Connection: x y\r\n",
        "Connection: close\r\n",
        "Origin: http://a\r\n",
        "Origin: https://a:443\r\n",
        "Origin: null\r\n",
        "Origin: https://example.org\r\n",
        "Origin: http://a\r\nOrigin: http://a\r\n",
        "Sec-WebSocket-Protocol: chat, x\r\n",
        "Via: 1.1 b\r\n",
        "X-Forwarded-For: b\r\n",
        "Expect: 100-continue\r\nContent-Length: 2\r\n",
        "Content-Length: 2\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: x\r\n",
    ];
    let offers = [
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
        "Upgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n",
        "Upgrade: tcp, IRC/6.9, connect-udp\r\nConnection: Upgrade\r\n",
    ];
    for line in lines {
        for start in [
            "GET / HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "POST https://a/ HTTP/1.1",
            "CONNECT a:443 HTTP/1.1",
            "GET / HTTP/1.0",
        ] {
            for offer in offers {
                let head = format!("{start}\r\nHost: a\r\n{offer}{line}\r\n2\r\nab\r\n0\r\n\r\n");
                for (flags, more) in [(0, 0), (0, 1), (4, 0), (3, 0), (6, 0), (0x22, 0)] {
                    seeds.add(
                        "server",
                        &[&[0xfe, 0x7e, 0, flags, more, 0, 0], head.as_bytes()],
                    );
                }
                let lenient = head.replace("\r\n", "\n");
                seeds.add(
                    "server",
                    &[&[0xfe, 0x7e, 0, 0x12, 0, 0, 0], lenient.as_bytes()],
                );
            }
        }
    }
}

/// Heads that just fit, or just do not.
fn sizes(seeds: &mut Seeds) {
    for len in 64..72 {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        let head = [start, &"a".repeat(len - start.len() - 4), "\r\n\r\n"].concat();
        for splits in [0, 90] {
            seeds.add("server", &[&[0, 0, 0, 2, 0, 3, splits], head.as_bytes()]);
            seeds.add(
                "server",
                &[&[0, 0, 0, 2, 0, 3, splits], b"\r\n", head.as_bytes()],
            );
            seeds.add(
                "client",
                &[
                    &[13, 0, 3, 0, splits],
                    &head.as_bytes().to_ascii_uppercase(),
                ],
            );
            let response = ["HTTP/1.1 200 ", &"a".repeat(len - 17), "\r\n\r\n"].concat();
            seeds.add("client", &[&[13, 0, 3, 0, splits], response.as_bytes()]);
        }
    }
}

/// Both ends: each request of the client against several policies, left alone and with somebody in the middle.
fn pairs(seeds: &mut Seeds) {
    let policies: [[u8; 7]; 5] = [
        [0, 0, 0, 2, 0, 0, 0],
        [0xfe, 0xff, 0, 3, 0, 1, 0],
        [0xfe, 0xff, 0, 3, 16, 1, 0],
        [0xfe, 0xff, 1, 3, 0, 1, 0],
        [0xfe, 0, 4, 3, 0, 1, 0],
    ];
    for request in 0..20 {
        for policy in policies {
            let client = [request, (request + 5) % 20, 0, 0, 0];
            seeds.add("pair", &[&client, &policy, &[0]]);
            seeds.add(
                "pair",
                &[&client, &policy, &[0], &[1, 130, 7, 160, 1, 1, 1, 3]],
            );
            seeds.add("pair", &[&client, &policy, &[1, 1, 40, 0, 3, 1, b'x']]);
            seeds.add("pair", &[&client, &policy, &[1, 0, 9, 0, 3], &[3], b"200"]);
        }
    }
}

/// Verbs in a good order and in bad ones, behind a request or a response.
fn operations(seeds: &mut Seeds, requests: &[&[u8]], responses: &[&[u8]]) {
    let good = [0, 255, 4, 0, 6, 255, 0, 0, 255];
    let ordinary = [0, 255, 5, 0, 8, 0, 1, 255, 9, 255, 32, 1, 0, 255, 5, 12];
    let switch = [0, 255, 4, 2, 6, 255, 0, 11, 0, 9, 255, 0, 0, 12, 0, 3, 0];
    for wire in requests.iter().filter(|wire| wire.len() < 600) {
        let len = (wire.len() as u16).to_le_bytes();
        for verbs in [&good[..], &ordinary, &switch] {
            seeds.add(
                "operations",
                &[&[0, 0xfe, 0xff, 0, 2, 0, 0, 0], &len, wire, verbs],
            );
        }
    }
    for wire in responses.iter().filter(|wire| wire.len() < 600) {
        let len = (wire.len() as u16).to_le_bytes();
        for request in [0, 3, 5, 9, 11, 12, 15] {
            let verbs = [
                4, 255, 6, 5, 0, 255, 7, 0, 9, 0, 1, 255, 10, 0, 4, 255, 11, 0, 3, 1,
            ];
            seeds.add(
                "operations",
                &[&[2, request, 0, 0, 0, 0], &len, wire, &verbs],
            );
        }
    }
    for end in [0, 1] {
        let close_and_text = [6, 0, 1, b'x', 3, 99, 0, 1, b'y', 3, 99, 2, 1, b'z'];
        seeds.add("operations", &[&[3, end, 0, 0, 3, 99], &close_and_text]);
        let ping = [
            &[0x89, if end == 0 { 0x80 } else { 0 }][..],
            if end == 0 { &[1, 2, 3, 4] } else { &[] },
        ]
        .concat();
        let len = (ping.len() as u16).to_le_bytes();
        let verbs = [
            0, 255, 1, 255, 3, 99, 1, 2, b'a', b'b', 4, 99, 0, 1, b'c', 5, 99, 6, 0, 1, 255, 2, 0,
        ];
        seeds.add("operations", &[&[3, end], &len, &ping, &verbs]);
    }
}

/// Requests and responses of the application.
fn written(seeds: &mut Seeds) {
    let request = b"\x03GET\x07a:8080/\x02/x\x03tcp\x02\x01X\x01y\x01\x04chat\x01\x03x-a\x01\x07TLS/1.2\x02ab";
    for offered in [0, 1, 2, 4, 8, 15, 0x80, 0x88] {
        for flags in [0, 2, 6, 8, 16, 32] {
            for method in [0, 1, 2, 3] {
                seeds.add("writing", &[&[0, offered, flags, method], request]);
            }
        }
    }
    for code in [200_u16, 204, 205, 304, 400, 401, 426, 500] {
        for how in [0, 1, 2, 4, 6, 8, 9, 16] {
            for flags in [0, 1, 2, 4] {
                seeds.add(
                    "writing",
                    &[
                        &[2],
                        &code.to_le_bytes(),
                        &[how, flags, 2, 1, b'X', 1, b'y', 5],
                        b"hello",
                    ],
                );
            }
        }
    }
    for kind in 0..16 {
        seeds.add(
            "writing",
            &[&[3, kind, 0xe8, 3, 60, 0, 5], "a\u{20ac}b".as_bytes()],
        );
    }
}

/// Bridges: content at the pace of the engine, then both ways.
fn bridges(seeds: &mut Seeds) {
    let server = [
        &[6, 1][..],
        &[5, 4, 0, 0, 0, 0],
        &[5, 4, 1, 0, 0, 0],
        &[4, 1, 5, 3, 1, 0],
        &[7, 0, 0, 16, 0, 0],
        &[5, 3, 0, 1, 4, 0],
        &[4, 0, 1, 1, 9, 0],
    ];
    let content = [
        &[2, 200, 0][..],
        &[7, 0, 200, 0, 0, 0],
        &[7, 1, 0, 1, 0, 0],
        &[2, 255, 255],
        &[3, 0],
    ];
    let client = [
        &[1, 24][..],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        &[5, 4, 0, 0, 0, 0],
        &[5, 1, 5, 1, 3, 0],
        &[4, 4, 0, 0, 0, 0],
        &[5, 4, 1, 0, 0, 0],
        &[4, 1, 4, 1, 3, 0],
        &[5, 1, 1, 1, 3, 0],
        &[5, 9, 4, 1, 3, 0],
    ];
    for splits in [0, 130] {
        for kind in [0, 8, 16, 24] {
            seeds.add("h2c", &[&[kind, splits], &server.concat()]);
        }
        seeds.add("h2c", &[&[2, splits], &content.concat(), &server.concat()]);
        for length in [0, 1, 200, 70_000_u32] {
            seeds.add(
                "h2c",
                &[
                    &[6, splits],
                    &length.to_le_bytes(),
                    &content.concat(),
                    &server.concat(),
                ],
            );
        }
        seeds.add("h2c", &[&[0x20, splits], b"\x03X-A\x01b", &server.concat()]);
        // DATA of the peer that has to wait for the credit of the content.
        let full = [2, 0x1f, 0x4e, 2, 0x1f, 0x4e, 2, 0x1f, 0x4e, 2, 60, 0, 3, 6];
        let data = [
            4, 0, 0, 1, 0xa0, 0xf, 4, 0, 0, 1, 0xa0, 0xf, 7, 0, 0, 16, 0, 0, 4, 0, 1, 1, 9, 0, 7,
            0, 0, 0, 16, 0,
        ];
        seeds.add("h2c", &[&[2, splits], &full, &data, &data]);
        for len in [126, 127, 128, 254, 255] {
            let value = vec![b'a'; len];
            seeds.add(
                "h2c",
                &[
                    &[0x20, splits],
                    &[1, b'x', len as u8],
                    &value,
                    &server.concat(),
                ],
            );
            seeds.add(
                "h2c",
                &[
                    &[0x20, splits],
                    &[len as u8],
                    &value,
                    &[1, b'x'],
                    &server.concat(),
                ],
            );
        }
        seeds.add("h2c", &[&[1, splits], &client.concat()]);
        seeds.add(
            "h2c",
            &[
                &[1, splits],
                &[0, 9, 0, 0, 0, 4, 0, 0, 0, 0, 0],
                &client.concat(),
            ],
        );
    }
}

/// Seeds that stand in no transcript: content, and values.
fn values(seeds: &mut Seeds) {
    let chunked = [
        &b"5\r\nhello\r\n0\r\n\r\n"[..],
        b"5;a=b\r\nhello\r\n0;x\r\nX: y\r\n\r\nnext",
        b"000a ; q=\"1\"\r\n0123456789\r\n00\r\nA:\r\nB: 1\r\n 2\r\n\r\n",
        b"ffffffffffffffff\r\nx",
        b"5\nhello",
        b"3\r\nabcd\r\n",
        b"0\r\n bad: 1\r\n\r\n",
        b"00000000000000005\r\nhello\r\n0\r\n\r\n",
        b"5:a\r\nhello\r\n0\r\n\r\n",
        b"0\r\nA: 1\r\n b: 2\r\n\r\n",
    ];
    for wire in chunked {
        for kind in [1, 3, 4, 6, 40] {
            for splits in [0, 200] {
                seeds.add("content", &[&[kind, splits], wire]);
            }
        }
    }
    for more in [0, 1] {
        let trailer = ["0\r\nX: ", &"a".repeat(8192 - 5 + more), "\r\n\r\n"].concat();
        let extension = ["1;", &"a".repeat(4095 + more), "\r\nx\r\n0\r\n\r\n"].concat();
        seeds.add("content", &[&[1, 200], trailer.as_bytes()]);
        seeds.add("content", &[&[1, 200], extension.as_bytes()]);
    }
    let values = [
        "",
        "AAMAAABkAAQAAP__",
        "AAMAAABk",
        "AAIAAAAC",
        "AASAAAAA",
        "AAR_____",
        "AAUAAD__",
        "AAUAAEAA",
        "AAUA____",
        "AAUBAAAA",
        "wss://a:80/",
        "wss://a:443/",
        "ws://a:80",
        "https://a:443",
        "http://a:443",
        "AAUAAEAA",
        "AAQ_____",
        "AAQ_AAAA",
        "AAMAAAB+",
        "AAMAAAB=",
        "dGhlIHNhbXBsZSBub25jZQ==",
        "ws://example.org/chat?room=1",
        "https://user@example.org:443#top",
        "http://[::1]:80/",
        "wss://a:/",
        "http://%41:65535?x",
        "http://:80/",
        "ftp://a/",
    ];
    for value in values {
        seeds.add("settings", &[value.as_bytes()]);
    }
    seeds.add("settings", &["AAMAAABk".repeat(16).as_bytes()]);
    seeds.add("settings", &["AAMAAABk".repeat(17).as_bytes()]);
}

/// Each with whether LF alone may end a line.
type Requests = BTreeSet<(Vec<u8>, bool)>;

/// What clients send, and whether LF alone may end a line; what servers send.
fn messages(tests: &Path) -> (Requests, BTreeSet<Vec<u8>>) {
    let (mut requests, mut responses) = (BTreeSet::new(), BTreeSet::new());
    for path in files(&tests.join("captures")) {
        let wire = std::fs::read(&path).expect("a capture");
        if path.to_string_lossy().contains(".c2s.") {
            requests.insert((wire, false));
        } else {
            responses.insert(wire);
        }
    }
    let transcripts = tests.join("transcripts");
    for path in files(&transcripts)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
    {
        let text = std::fs::read_to_string(&path).expect("a transcript");
        let Ok(cases) = format::parse(&text, &transcripts) else {
            continue; // the description of the format
        };
        for case in cases {
            let lone_lf = case.args.iter().any(|arg| arg == "--lone-lf");
            for (_, wire) in case.inputs {
                if case.args[0] == "server" {
                    requests.insert((wire, lone_lf));
                } else {
                    responses.insert(wire);
                }
            }
        }
    }
    (requests, responses)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("a file").path()).collect()
}
