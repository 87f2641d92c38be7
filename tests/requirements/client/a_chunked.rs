//! The chunked coding of responses: RFC 9112 section 7.

use super::harness::{ask, get, response};
use http_upgrade::Error;

const CHUNKED: &[&str] = &["Transfer-Encoding: chunked"];

/// The run of a GET that offers nothing, and a 200 in the chunked coding.
fn chunked(behind: &str) -> String {
    ask(&get([]), response("HTTP/1.1 200 OK", CHUNKED, behind)).short()
}

fn whole(content: &str) -> String {
    format!("send, response 200, content {content}, same connection")
}

fn broken(error: Error) -> String {
    format!("send, response 200, close {}", error.name())
}

#[test]
fn r9112_41_client_chunk_sizes() {
    for text in [
        "5\r\nHELLO\r\n0\r\n\r\n",
        "0005\r\nHELLO\r\n0\r\n\r\n",
        "2\r\nHE\r\n3\r\nLLO\r\n0000\r\n\r\n",
        "1\r\nH\r\n1\r\nE\r\n1\r\nL\r\n1\r\nL\r\n1\r\nO\r\n0\r\n\r\n",
    ] {
        assert_eq!(chunked(text), whole("HELLO"), "{text:?}");
    }
    for size in ["a", "A"] {
        let run = chunked(&format!("{size}\r\n0123456789\r\n0\r\n\r\n"));
        assert_eq!(run, whole("0123456789"));
    }
    for text in [
        "\r\n",
        ";x\r\n",
        " 5\r\nHELLO",
        "0x5\r\nHELLO",
        "+5\r\nHELLO",
        "-5\r\n",
        "g\r\n",
        "5 \r\nHELLO",
        "\n",
        "5\u{e9}\r\n",
    ] {
        assert_eq!(chunked(text), broken(Error::BadChunk), "{text:?}");
    }
}

#[test]
fn r9112_42_client_chunk_data_ends_in_cr_lf() {
    for text in [
        "5\r\nHELLOXX",
        "5\r\nHELLO\rX",
        "5\r\nHELLO0\r\n\r\n",
        "5\r\nHELLO\r\r\n",
        "4\r\nHELLO\r\n0\r\n\r\n",
    ] {
        assert_eq!(chunked(text), broken(Error::BadChunk), "{text:?}");
    }
}

#[test]
fn r9112_43_client_lf_alone_is_an_error_in_the_chunked_coding() {
    for text in [
        "5\nHELLO\r\n",
        "5\r\nHELLO\n",
        "5;a\nb\r\n",
        "5;a\r\r\n",
        "5\r\rHELLO",
    ] {
        assert_eq!(chunked(text), broken(Error::BadChunk), "{text:?}");
    }
    for text in ["0\r\n\n", "0\r\nX: y\n\r\n", "0\r\nX: y\r\n\n"] {
        assert_eq!(chunked(text), broken(Error::BadTrailer), "{text:?}");
    }
}

#[test]
fn r9112_44_client_chunk_extensions_are_skipped_up_to_a_limit() {
    for extension in [
        " ; a = \"b;c\" ;d",
        ";a",
        ";a=b",
        ";",
        "\t;\t",
        ";a=\"\\\"\"",
    ] {
        let run = chunked(&format!("5{extension}\r\nHELLO\r\n0{extension}\r\n\r\n"));
        assert_eq!(run, whole("HELLO"), "{extension}");
    }
    let limit = http_upgrade::MAX_CHUNK_EXTENSIONS as usize;
    let spread = |bytes: usize| {
        let half = "x".repeat(bytes / 2 - 1);
        format!("1;{half}\r\nH\r\n1;{half}\r\nI\r\n0\r\n\r\n")
    };
    assert_eq!(chunked(&spread(limit)), whole("HI"));
    assert_eq!(
        chunked(&spread(limit + 2)),
        broken(Error::ChunkExtensionsTooLarge)
    );
}

#[test]
fn r9112_45_client_trailers_stay_trailers() {
    let fields = ["Transfer-Encoding: chunked", "X: head"];
    let behind = "1\r\na\r\n0\r\nUpgrade: websocket\r\nConnection: close\r\nX: trailer\r\nContent-Length: 9\r\n\r\n";
    let run = ask(
        &get([]),
        response("HTTP/1.1 426 Upgrade Required", &fields, behind),
    );
    assert_eq!(
        run.short(),
        "send, response 426, content a, same connection"
    );
    assert_eq!(run.seen().upgrades, Vec::<String>::new());
    assert_eq!(run.seen().fields.len(), 2);
    for line in [
        ": x",
        "a b: c",
        "a",
        "a : b",
        "a: \u{0}",
        "a: \u{7f}",
        "\u{e9}: b",
    ] {
        let run = chunked(&format!("0\r\n{line}\r\n\r\n"));
        assert_eq!(run, broken(Error::BadTrailer), "{line:?}");
    }
    let limit = http_upgrade::MAX_TRAILERS as usize;
    let trailer = |bytes: usize| format!("0\r\nX:{}\r\n\r\n", "y".repeat(bytes - 3));
    assert_eq!(chunked(&trailer(limit)), whole(""));
    assert_eq!(
        chunked(&trailer(limit + 1)),
        broken(Error::TrailersTooLarge)
    );
}

#[test]
fn r9112_46_client_the_message_ends_behind_its_last_line() {
    for text in [
        "0\r\n\r\n\u{1}",
        "000;x\r\nA: b\r\n\r\n\u{1}",
        "1\r\na\r\n0\r\nA: b\r\nC: d\r\n\r\n\u{1}",
    ] {
        let run = ask(&get([]), response("HTTP/1.1 200 OK", CHUNKED, text));
        assert_eq!(run.rest, b"\x01", "{text:?}");
        assert_eq!(run.end(), "new connection", "{text:?}");
    }
    let run = ask(
        &get([]),
        response("HTTP/1.1 200 OK", &["Content-Length: 2"], "ab\u{1}"),
    );
    assert_eq!(run.rest, b"\x01");
}
