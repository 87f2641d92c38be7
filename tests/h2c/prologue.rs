//! The request as HTTP/2.

use crate::harness::*;
use http_upgrade::Misuse;
use http_upgrade::h2c::{Setting, Settings};

/// The frames behind the preface, and the field lines of the block.
fn prologue(head: impl AsRef<[u8]>) -> (Vec<Frame>, Vec<(String, String)>) {
    let (_, octets) = start(head).unwrap();
    let frames = frames(octets.strip_prefix(PREFACE).unwrap());
    let block: Vec<u8> = frames[1..]
        .iter()
        .flat_map(|frame| frame.payload.clone())
        .collect();
    (frames, fields(&block))
}

/// What leaves no trace in a decoder: fields of the static table, and literals without indexing, their names from it or
/// not (RFC 7541 sections 6.1 and 6.2.2, appendix A).
fn fields(mut block: &[u8]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    while let [first, rest @ ..] = block {
        block = rest;
        let name = match first {
            0 => string(&mut block),
            1 => ":authority".into(),
            2 => ":method".into(),
            4 => ":path".into(),
            0x86 => {
                fields.push((":scheme".into(), "http".into()));
                continue;
            }
            _ => panic!("another representation: {first}"),
        };
        fields.push((name, string(&mut block)));
    }
    fields
}

/// RFC 7541 sections 5.1 and 5.2.
fn string(block: &mut &[u8]) -> String {
    let (first, mut rest) = block.split_first().unwrap();
    assert!(first & 0x80 == 0, "the Huffman code");
    let mut len = usize::from(*first);
    let mut shift = 0;
    while len >= 127 {
        let (octet, behind) = rest.split_first().unwrap();
        len += usize::from(octet & 0x7f) << shift;
        (shift, rest) = (shift + 7, behind);
        if octet & 0x80 == 0 {
            break;
        }
    }
    let (text, behind) = rest.split_at(len);
    *block = behind;
    String::from_utf8_lossy(text).into_owned()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[test]
fn r7540_17_bridge_the_request_is_stream_1_and_over() {
    let (frames, _) = prologue(request("GET /", ""));
    let shape: Vec<_> = frames
        .iter()
        .map(|frame| (frame.kind, frame.flags, frame.stream))
        .collect();
    assert_eq!(
        shape,
        [(SETTINGS, 0, 0), (HEADERS, END_HEADERS | END_STREAM, 1)]
    );
    assert_eq!(frames[0].payload, b"\0\x03\0\0\0\x64\0\x04\0\0\xff\xff");
    for content in ["Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n"] {
        let (frames, _) = prologue(request("POST /", content));
        assert_eq!(
            (frames.len(), frames[1].flags),
            (2, END_HEADERS),
            "content follows"
        );
    }
    let (frames, _) = prologue(request("POST /", "Content-Length: 0\r\n"));
    assert_eq!(frames[1].flags, END_HEADERS | END_STREAM);
}

#[test]
fn r7540_18_bridge_method_target_and_authority() {
    let of = |line: &str| {
        let fields = prologue(request(line, "")).1;
        fields
            .into_iter()
            .map(|(_, value)| value)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(of("HEAD /x?y"), "HEAD http a:80 /x?y");
    assert_eq!(of("OPTIONS *"), "OPTIONS http a:80 *");
    assert_eq!(of("GET http://b:81/z?y"), "GET http b:81 /z?y");
    assert_eq!(of("GET http://b:81"), "GET http b:81 /");
    assert_eq!(of("GET http://b?y=/z"), "GET http b /?y=/z");
    assert_eq!(of("OPTIONS http://b"), "OPTIONS http b *");
    assert_eq!(of("GET /go?to=http://c/"), "GET http a:80 /go?to=http://c/");
    let fields = prologue(request("GET /", "").replace("a:80", "")).1;
    assert_eq!(
        pairs(&fields),
        [(":method", "GET"), (":scheme", "http"), (":path", "/")],
        "no authority"
    );
}

#[test]
fn r7540_19_bridge_fields_of_the_connection_are_dropped() {
    let lines = "X-First:  1 \r\nConnection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: close\r\n\
        TE: trailers\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nCookie: a=b; c=d\r\nCOOKIE: e=f\r\n\
        X-A-Name-Longer-Than-Two-Pieces-Of-It: V\r\nX-Empty:\r\n";
    let (_, fields) = prologue(request("POST /x", lines));
    assert_eq!(
        pairs(&fields),
        [
            (":method", "POST"),
            (":scheme", "http"),
            (":authority", "a:80"),
            (":path", "/x"),
            ("x-first", "1"),
            ("cookie", "a=b; c=d"),
            ("cookie", "e=f"),
            ("x-a-name-longer-than-two-pieces-of-it", "V"),
            ("x-empty", ""),
        ]
    );
}

#[test]
fn lengths_of_any_size() {
    for len in [
        1, 126, 127, 128, 254, 255, 256, 16_383, 16_384, 16_510, 16_511, 16_512, 40_000,
    ] {
        let value = "v".repeat(len);
        let name = "n".repeat(len.min(300));
        let (_, fields) = prologue(request("GET /", &format!("{name}: {value}\r\n")));
        assert!(fields.contains(&(name, value)), "{len}");
    }
}

#[test]
fn a_block_that_outgrows_a_frame_goes_on_in_continuation() {
    // The block of a request without more fields has as many octets.
    let base = prologue(request("GET /", "")).0[1].payload.len();
    for (block, lens) in [
        (16_384, vec![16_384]),
        (16_385, vec![16_384, 1]),
        (32_768, vec![16_384, 16_384]),
        (32_769, vec![16_384, 16_384, 1]),
        (50_000, vec![16_384, 16_384, 16_384, 848]),
    ] {
        // A literal, a name of one octet and the length of a value above 16 510: 1 + 2 + 4 octets.
        let overhead = if block - base - 6 < 16_511 { 6 } else { 7 };
        let value = "v".repeat(block - base - overhead);
        let (frames, fields) = prologue(request("GET /", &format!("x: {value}\r\n")));
        let shape: Vec<_> = frames[1..]
            .iter()
            .map(|frame| frame.payload.len())
            .collect();
        assert_eq!(shape, lens);
        for (at, frame) in frames[1..].iter().enumerate() {
            let last = if at + 2 == frames.len() {
                END_HEADERS
            } else {
                0
            };
            let expected = if at == 0 {
                (HEADERS, END_STREAM | last, 1)
            } else {
                (CONTINUATION, last, 1)
            };
            assert_eq!((frame.kind, frame.flags, frame.stream), expected);
        }
        assert_eq!(
            fields.last().map(|(_, found)| found.len()),
            Some(value.len())
        );
    }
}

#[test]
fn settings_are_written_as_they_are_read() {
    let settings = Settings::decode(b"AAMAAABkAAQAAP__").unwrap();
    let mut out = [0; 20];
    assert_eq!(settings.encode(&mut out), Ok(16));
    assert_eq!(out[..16], *b"AAMAAABkAAQAAP__");
    let needed = 16;
    assert_eq!(
        settings.encode(&mut out[..15]),
        Err(Misuse::BufferTooSmall { needed })
    );
    assert_eq!(Settings::default().encode(&mut []), Ok(0));
    // The two digits that are no others of base64.
    let mut settings = Settings::default();
    for (id, value) in [(0xfbef, 0xbefb_efbe), (0xffff, u32::MAX)] {
        settings.push(Setting { id, value }).unwrap();
    }
    assert_eq!(settings.encode(&mut out), Ok(16));
    assert_eq!(out[..16], *b"--------________");
}
