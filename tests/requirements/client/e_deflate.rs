//! The negotiation of permessage-deflate: RFC 7692 sections 5 and 7.

use super::harness::{ask, leak, offer, websocket_101, websocket_with};

const BARE: &[&str] = &["permessage-deflate"];
const CLIENT_BITS: &[&str] = &["permessage-deflate; client_max_window_bits"];

/// Whether an answer with those parameters is one to that offer.
fn answers(offered: &'static [&'static str], parameters: &str) -> bool {
    let field = format!("Sec-WebSocket-Extensions: permessage-deflate{parameters}");
    let run = ask(
        &websocket_with(offer().extensions(offered)),
        websocket_101(&[&field]),
    );
    match run.end().as_str() {
        "switch websocket" => true,
        "close bad-extension" => false,
        other => panic!("{other}"),
    }
}

#[test]
fn r7692_04_an_answer_is_unknown_repeated_or_ill_valued() {
    assert!(answers(BARE, ""));
    for parameters in [
        "; client_max_window_bits",
        "; server_max_window_bits",
        "; server_max_window_bits=",
        "; x",
        "; x=1",
        "; client_no_context_takeover=1",
        "; server_no_context_takeover=true",
        "; server_no_context_takeover=\"\"",
        "; client_no_context_takeover; client_no_context_takeover",
        "; server_no_context_takeover; server_no_context_takeover",
        "; server_max_window_bits=10; server_max_window_bits=10",
        "; client_max_window_bits=10; client_max_window_bits=10",
        "; Client_No_Context_Takeover",
    ] {
        assert!(!answers(CLIENT_BITS, parameters), "{parameters}");
        assert!(!answers(BARE, parameters), "{parameters}");
    }
}

#[test]
fn r7692_05_client_window_bits_are_8_to_15() {
    for bits in 8..=15 {
        for value in [format!("{bits}"), format!("\"{bits}\"")] {
            assert!(
                answers(CLIENT_BITS, &format!("; client_max_window_bits={value}")),
                "{value}"
            );
            assert!(
                answers(CLIENT_BITS, &format!("; server_max_window_bits={value}")),
                "{value}"
            );
        }
    }
    assert!(answers(CLIENT_BITS, "; client_max_window_bits=\"\\1\\0\""));
    for value in [
        "08", "7", "16", "+9", "9x", "\"\"", "010", "1", "0", "18", "20", "100", "9.0", "-9",
        "\"08\"", "\"9 \"", "\u{661}",
    ] {
        assert!(
            !answers(CLIENT_BITS, &format!("; client_max_window_bits={value}")),
            "{value}"
        );
        assert!(
            !answers(CLIENT_BITS, &format!("; server_max_window_bits={value}")),
            "{value}"
        );
    }
}

#[test]
fn r7692_06_client_the_window_of_the_server() {
    let offered: &[&str] = &["permessage-deflate; server_max_window_bits=10"];
    for bits in 8..=10 {
        assert!(answers(
            offered,
            &format!("; server_max_window_bits={bits}")
        ));
    }
    for bits in 11..=15 {
        assert!(!answers(
            offered,
            &format!("; server_max_window_bits={bits}")
        ));
    }
    assert!(!answers(offered, ""), "it was a condition");
    let fallback: &[&str] = &[
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate",
    ];
    assert!(answers(fallback, ""));
    assert!(
        answers(fallback, "; server_max_window_bits=12"),
        "an answer to the second"
    );
    assert!(answers(BARE, "; server_max_window_bits=8"), "volunteered");
}

#[test]
fn r7692_07_client_the_window_of_the_client_only_if_offered() {
    assert!(!answers(BARE, "; client_max_window_bits=15"));
    assert!(answers(CLIENT_BITS, "; client_max_window_bits=15"));
    assert!(answers(CLIENT_BITS, ""));
    let hint: &[&str] = &["permessage-deflate; client_max_window_bits=10"];
    assert!(answers(hint, ""));
    assert!(
        answers(hint, "; client_max_window_bits=10") && answers(hint, "; client_max_window_bits=8")
    );
    assert!(
        !answers(hint, "; client_max_window_bits=11"),
        "larger than the offer"
    );
    let other: &[&str] = &["foo; client_max_window_bits", "permessage-deflate"];
    assert!(
        !answers(other, "; client_max_window_bits=10"),
        "offered with another"
    );
}

#[test]
fn r7692_08_client_no_context_takeover_of_the_server() {
    let offered: &[&str] = &["permessage-deflate; server_no_context_takeover"];
    assert!(answers(offered, "; server_no_context_takeover"));
    assert!(!answers(offered, ""), "it was a condition");
    assert!(answers(BARE, "; server_no_context_takeover"), "volunteered");
    let fallback: &[&str] = &[
        "permessage-deflate; server_no_context_takeover",
        "permessage-deflate",
    ];
    assert!(answers(fallback, ""));
    let both: &[&str] = &[
        "permessage-deflate; server_no_context_takeover; client_max_window_bits",
        "permessage-deflate",
    ];
    assert!(
        !answers(both, "; client_max_window_bits=9"),
        "an answer to neither"
    );
    assert!(answers(
        both,
        "; client_max_window_bits=9; server_no_context_takeover"
    ));
}

#[test]
fn r7692_09_no_context_takeover_of_the_client() {
    for offered in [
        BARE,
        CLIENT_BITS,
        &["permessage-deflate; client_no_context_takeover"],
    ] {
        assert!(answers(offered, "; client_no_context_takeover"));
        assert!(answers(offered, ""));
    }
    let request = websocket_with(offer().extensions(BARE));
    let field = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover";
    let run = ask(&request, websocket_101(&[field]));
    assert_eq!(run.seen().extensions, ["permessage-deflate"]);
    assert_eq!(run.seen().parameters, ["client_no_context_takeover"]);
}

#[test]
fn r7692_10_one_answer_and_only_to_an_offer() {
    let twice: &[&str] = &[
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
    ];
    for offered in [BARE, twice] {
        assert!(!answers(offered, ", permessage-deflate"));
        assert!(!answers(
            offered,
            ", permessage-deflate; client_no_context_takeover"
        ));
        assert!(!answers(offered, ", permessage-bzip2"));
    }
    assert!(!answers(&[], ""));
    assert!(!answers(&["foo"], ""));
    assert!(!answers(BARE, "x"));
    let request = websocket_with(offer().extensions(leak(["permessage-deflate", "foo"])));
    let lines = [
        "Sec-WebSocket-Extensions: permessage-deflate",
        "Sec-WebSocket-Extensions: foo, permessage-deflate",
    ];
    assert_eq!(
        ask(&request, websocket_101(&lines)).end(),
        "close bad-extension"
    );
    let run = ask(
        &request,
        websocket_101(&["Sec-WebSocket-Extensions: foo, permessage-deflate"]),
    );
    assert_eq!(run.seen().extensions, ["foo", "permessage-deflate"]);
}
