//! HTTP/1.1 framing: the chunked coding (RFC 9112 section 7).

use crate::app::{App, Content, POLICY, post};
use crate::harness::{Run, Step, WEBSOCKET, get, serve, websocket};
use http_upgrade::{Decision, MAX_CHUNK_EXTENSIONS, MAX_TRAILERS, Server};

/// POST in chunks, and what follows.
fn chunks(behind: &str) -> Run {
    serve(&POLICY, post(&["Transfer-Encoding: chunked"], behind))
}

#[test]
fn r9112_41_a_chunk_size_is_hex_digits_and_comes_first() {
    for size in ["5", "0005", "00000005", "0000000000000005"] {
        let run = chunks(&format!("{size}\r\nHELLO\r\n0\r\n\r\n"));
        assert_eq!(run.steps[1], Step::Content(b"HELLO".to_vec()), "{size}");
    }
    for size in ["a", "A", "0a"] {
        assert_eq!(
            chunks(&format!("{size}\r\n0123456789\r\n0\r\n\r\n")).short(),
            "request, content 10, respond"
        );
    }
    assert_eq!(
        chunks("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n").steps[1],
        Step::Content(b"abc".to_vec())
    );
    assert_eq!(chunks("0\r\n\r\n").short(), "request, content 0, respond");
    for size in "|;x| 5|\t5|0x5|+5|-5|5h|5_|g|5 5|5 |5\t|5\u{b}|\u{665}|\u{0}5|5,|\"5\"".split('|')
    {
        let run = chunks(&format!("{size}\r\nHELLO\r\n0\r\n\r\n"));
        assert_eq!(run.short(), "request, 400, close bad-chunk", "{size:?}");
        // Behind a good chunk too.
        let run = chunks(&format!("1\r\na\r\n{size}\r\nHELLO\r\n0\r\n\r\n"));
        assert_eq!(run.short(), "request, 400, close bad-chunk", "{size:?}");
    }
}

#[test]
fn r9112_42_crlf_ends_the_data_of_a_chunk() {
    let run = chunks("5\r\nHELLOXX");
    assert_eq!(
        (run.short(), run.rest),
        ("request, 400, close bad-chunk".into(), b"X".into()),
        "known by the first X"
    );
    for end in ["\n", "\r\r\n", "\n\r\n", " \r\n", "0\r\n", "\rX"] {
        assert_eq!(
            chunks(&format!("5\r\nHELLO{end}0\r\n\r\n")).short(),
            "request, 400, close bad-chunk",
            "{end:?}"
        );
    }
}

#[test]
fn r9112_43_a_lone_lf_is_an_error_in_chunks_whatever_the_policy() {
    for policy in [POLICY, POLICY.lone_lf(true)] {
        for content in "5\nHELLO\r\n0\r\n\r\n|5\r\nHELLO\n0\r\n\r\n|5;a\nb\r\n|5 \nHELLO|\
                5;a=\"\n\"\r\nHELLO|0\n\r\n|\n5\r\nHELLO"
            .split('|')
        {
            let run = serve(&policy, post(&["Transfer-Encoding: chunked"], content));
            assert_eq!(run.short(), "request, 400, close bad-chunk", "{content:?}");
        }
        for trailers in ["\n", "A: b\n\r\n", "A: b\r\n\n", "A: b\nC: d\r\n\r\n"] {
            let run = serve(
                &policy,
                post(&["Transfer-Encoding: chunked"], &format!("0\r\n{trailers}")),
            );
            assert_eq!(
                run.short(),
                "request, 400, close bad-trailer",
                "{trailers:?}"
            );
        }
    }
}

#[test]
fn r9112_44_chunk_extensions_are_skipped_up_to_a_limit() {
    for extension in
        " ; a = \"b;c\" ;d|;a|;a=b|;a=\"\\\"\"|\t;\ta\t=\tb|;a=\"5\"|;\u{e9}".split('|')
    {
        let run = chunks(&format!("5{extension}\r\nHELLO\r\n0{extension}\r\n\r\n"));
        assert_eq!(run.short(), "request, content 5, respond", "{extension:?}");
    }
    for extension in [";a\0b", ";a\rb", ";\x7f", ";\x0b"] {
        assert_eq!(
            chunks(&format!("5{extension}\r\nHELLO")).short(),
            "request, 400, close bad-chunk",
            "{extension:?}"
        );
    }
    // The limit is for all chunks together.
    let limit = MAX_CHUNK_EXTENSIONS as usize;
    let chunk = format!("1;{}\r\nx\r\n", "a".repeat(limit / 8 - 1));
    let run = chunks(&(chunk.repeat(8) + "0\r\n\r\n"));
    assert_eq!(run.short(), "request, content 8, respond");
    assert_eq!(
        chunks(&(chunk.repeat(8) + "0;\r\n\r\n")).short(),
        "request, 413, close chunk-extensions-too-large"
    );
    assert_eq!(
        chunks(&format!("1{}", " ".repeat(limit + 1))).short(),
        "request, 413, close chunk-extensions-too-large"
    );
    let run = serve(
        &POLICY,
        websocket(&["Transfer-Encoding: chunked"]) + &chunk.repeat(9),
    );
    assert_eq!(
        run.short(),
        "request, 413, close chunk-extensions-too-large"
    );
}

#[test]
fn r9112_45_trailers_are_checked_and_never_become_fields() {
    let trailers = "Upgrade: websocket\r\nConnection: Upgrade, close\r\nHost: b\r\nContent-Length: 4\r\nTransfer-Encoding: gzip\r\nX:\r\n";
    let input = post(
        &[
            "Transfer-Encoding: chunked",
            "Sec-WebSocket-Version: 13",
            WEBSOCKET[2],
        ],
        &format!("3\r\nabc\r\n0\r\n{trailers}\r\n"),
    );
    assert_eq!(
        serve(&POLICY, format!("{input}{}", get(&[]))).short(),
        "request, content 3, respond, request, respond"
    );
    let mut server = Server::new([0; 512], &POLICY);
    let mut rest = input.as_bytes();
    rest = &rest[server.receive(rest)..];
    server.decide(Decision::Ignore).expect("in turn");
    server.want_content().expect("in turn");
    rest = &rest[server.receive(rest)..];
    let request = server.request().expect("the request");
    assert_eq!(
        (rest, request.authority(), request.field("upgrade")),
        (&b""[..], "a", None)
    );
    assert_eq!(request.fields().count(), 4);
    for line in ": x|X|X x: y|X : y| X: y|\tX: y|X: a\0|X: \x7f|X: a\r\n b|X\u{e9}: y|\
            X: y\r\nZ"
        .split('|')
    {
        let run = chunks(&format!("0\r\n{line}\r\n\r\n"));
        assert_eq!(run.short(), "request, 400, close bad-trailer", "{line:?}");
    }
    let line = format!("X: {}\r\n", "y".repeat(1019));
    let count = MAX_TRAILERS as usize / (line.len() - 1);
    // The chunk extensions have a limit of their own.
    let extensions = ";".repeat(MAX_CHUNK_EXTENSIONS as usize);
    let both = format!("0{extensions}\r\n{}\r\n", line.repeat(count));
    assert_eq!(chunks(&both).short(), "request, content 0, respond");
    assert_eq!(
        chunks(&format!("0\r\n{}\r\n", line.repeat(count))).short(),
        "request, content 0, respond"
    );
    assert_eq!(
        chunks(&format!("0\r\n{}\r\n", line.repeat(count + 1))).short(),
        "request, 431, close trailers-too-large"
    );
    assert_eq!(
        chunks(&format!("0\r\n{}", "X".repeat(9000))).short(),
        "request, 431, close trailers-too-large"
    );
}

#[test]
fn r9112_46_the_new_protocol_starts_right_behind_the_content() {
    let endings = "0\r\n\r\n|000;x\r\nA: b\r\n\r\n|3\r\n\r\n0\r\n0\r\n\r\n|\
            5\r\n0\r\n\r\n\r\n0\r\n\r\n|0\r\nA:\r\nB: c\r\n\r\n|0 ;x\r\n\r\n"
        .split('|');
    for ending in endings {
        let input = [
            websocket(&["Transfer-Encoding: chunked"]).as_bytes(),
            ending.as_bytes(),
            b"\x81\x80\r\n",
        ]
        .concat();
        for content in [Content::Read, Content::Skip] {
            let run = App {
                content,
                ..App::new(&POLICY)
            }
            .run(&input);
            assert!(run.short().ends_with("101, switch websocket"), "{ending:?}");
            assert_eq!(run.rest, b"\x81\x80\r\n", "{ending:?}");
        }
    }
}
