//! Interim responses, Expect, OPTIONS, and what a proxy passes on: RFC 9110.

use super::harness::{
    End, Script, ask, get, h2c, misuse, response, sent, switch, websocket, websocket_101,
};
use http_upgrade::client::{Action, Uri};
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest};

const UPGRADE: &str = "Connection: Upgrade";

#[test]
fn r9110_16_the_request_is_sent_before_anything_else_is() {
    let request = get([Offer::token("foo").any_request()])
        .method("POST")
        .content_length(5);
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the head");
    let text = switch(&["Upgrade: foo", UPGRADE]);
    for sent in [3, 1] {
        assert_eq!(
            client.receive(text.as_bytes()),
            0,
            "the content comes first"
        );
        assert!(matches!(client.action(), Action::SendContent(_)));
        client.content_sent(sent).expect("in turn");
    }
    assert_eq!(client.content_sent(2), Err(Misuse::TooMuchContent));
    assert!(matches!(client.action(), Action::SendContent(1)));
    client.content_sent(1).expect("in turn");
    assert_eq!(client.receive(text.as_bytes()), text.len() - 2);
    assert!(matches!(client.action(), Action::Switch(..)));
    // A 101 in place of the 100 is none: the server has not seen the whole request.
    let waits = request.expect_continue();
    assert_eq!(ask(&waits, text).end(), "close unexpected-switch");
}

#[test]
fn r9110_22_client_a_proxy_knows_what_to_pass_on() {
    let fields = [
        "Upgrade: h2c",
        "Connection: Upgrade, x-y",
        "X-Y: 1",
        "Keep-Alive: 5",
        "Proxy-Connection: x",
        "TE: x",
        "Server: s",
        "HTTP2-Settings: x",
        "Transfer-Encoding: chunked",
    ];
    let text = response("HTTP/1.1 426 x", &fields, "0\r\n\r\n");
    let request = get([h2c()]);
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the request");
    client.receive(text.as_bytes());
    let Action::Response(response) = client.action() else {
        panic!("{:?}", client.action());
    };
    let names: Vec<&str> = response.end_to_end_fields().map(|(name, _)| name).collect();
    assert_eq!(names, ["Server"]);
    let names: Vec<&str> = response.hop_by_hop_fields().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "Upgrade",
            "Connection",
            "X-Y",
            "Keep-Alive",
            "Proxy-Connection",
            "TE",
            "HTTP2-Settings",
            "Transfer-Encoding"
        ]
    );
}

#[test]
fn r9110_24_interim_responses_come_before_the_one_that_counts() {
    let interims = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 199 \r\nUpgrade: x\r\nConnection: close\r\n\r\n";
    let run = ask(&websocket(), format!("{interims}{}", websocket_101(&[])));
    assert_eq!(
        run.short(),
        "send, interim 100, interim 103, interim 199, switch websocket"
    );
    assert_eq!(run.rest, b"\x01\x02");
    let text = format!("{interims}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(
        ask(&get([]), text).short(),
        "send, interim 100, interim 103, interim 199, response 200, same connection"
    );
    let run = ask(&get([]), "HTTP/1.1 102 x\r\nLink: </a>\r\n\r\n");
    assert_eq!(run.seen().fields, [("Link".to_owned(), b"</a>".to_vec())]);
}

#[test]
fn r9110_31_a_100_is_awaited_but_not_for_ever() {
    let post = get([]).method("POST");
    assert_eq!(
        misuse(&post.expect_continue()),
        Misuse::ExpectWithoutContent
    );
    assert_eq!(
        misuse(&post.content(b"").expect_continue()),
        Misuse::ExpectWithoutContent
    );
    assert_eq!(
        misuse(&post.content_length(0).expect_continue()),
        Misuse::ExpectWithoutContent
    );
    let waits = [post.content(b"abc").expect_continue()];
    let ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let run = Script::new(&waits, &[b"HTTP/1.1 100 \r\n\r\n", ok]).run();
    assert_eq!(
        run.short(),
        "send, interim 100, send, response 200, same connection"
    );
    assert!(run.sent()[0].ends_with("\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
    assert_eq!(run.sent()[1], "abc");
    let run = Script::new(&waits, &[b"HTTP/1.1 103 \r\n\r\nHTTP/1.1 100 \r\n\r\n", ok]).run();
    assert_eq!(
        run.short(),
        "send, interim 103, interim 100, send, response 200, same connection"
    );
    let run = Script::new(&waits, &[b"", ok]).end(End::Timeout).run();
    assert_eq!(run.short(), "send, send, response 200, same connection");
    // Part of an answer has come: the rest of it is overdue, and no reason to send.
    let run = Script::new(&waits, &[b"HTTP/1.1 10", ok])
        .end(End::Timeout)
        .run();
    assert_eq!(run.short(), "send, close timeout");
    let run = Script::new(
        &waits,
        &[
            b"HTTP/1.1 103 \r\n\r\n",
            b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 204 \r\n\r\n",
        ],
    )
    .end(End::Timeout)
    .run();
    assert_eq!(
        run.short(),
        "send, interim 103, send, interim 100, response 204, same connection"
    );
}

#[test]
fn r9110_31_an_answer_without_the_content() {
    let waits = get([]).method("POST").content_length(7).expect_continue();
    let plain = get([]).method("POST").content_length(7);
    for code in ["417", "413", "200", "426"] {
        let text = response(&format!("HTTP/1.1 {code} x"), &["Content-Length: 2"], "no");
        let run = Script::new(&[waits, plain], &[text.as_bytes()]).run();
        let short = format!("send, response {code}, content no, new connection, refused");
        assert_eq!(
            run.short(),
            short,
            "the server may still wait for the content"
        );
    }
    let run = Script::new(
        &[waits],
        &[
            b"HTTP/1.1 100 \r\n\r\n",
            b"HTTP/1.1 417 x\r\nContent-Length: 0\r\n\r\n",
        ],
    )
    .run();
    assert_eq!(
        run.short(),
        "send, interim 100, send content 7, response 417, same connection"
    );
    assert!(!sent(&plain).contains("Expect"));
}

#[test]
fn r9110_32_client_content_of_options_has_a_type() {
    let star = Uri {
        secure: false,
        authority: "h",
        target: "*",
    };
    let options = UpgradeRequest::new("OPTIONS", star);
    assert_eq!(misuse(&options.content(b"x")), Misuse::NoContentType);
    assert_eq!(misuse(&options.content_length(1)), Misuse::NoContentType);
    let fields = [("Content-Type", "text/plain")];
    let request = sent(&options.content(b"x").fields(&fields));
    assert_eq!(
        request,
        "OPTIONS * HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx"
    );
}
