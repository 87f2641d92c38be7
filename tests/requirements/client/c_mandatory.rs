//! TLS as a must: RFC 2817 sections 3.2 and 8.

use super::harness::{
    End, PROBE, Script, TLS, TO_TLS, ask, get, misuse, response, secret, sent, switch,
    websocket_101,
};
use http_upgrade::client::{Action, Uri};
use http_upgrade::{Client, Misuse, UpgradeRequest};

const NO_CONTENT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const UPGRADE: &str = "Connection: Upgrade";

#[test]
fn r2817_04_nothing_of_the_request_is_in_clear_text() {
    let inside = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let server = [TO_TLS.as_bytes(), NO_CONTENT.as_bytes(), inside.as_bytes()];
    let run = Script::new(&[secret()], &server).run();
    assert_eq!(
        run.short(),
        "send, switch tls, send, response 200, content ok, same connection"
    );
    assert_eq!(run.sent()[0], PROBE);
    assert_eq!(
        run.sent()[1],
        "POST /secret?token=1 HTTP/1.1\r\nHost: h:8080\r\nCookie: session=2\r\nAuthorization: Basic 3\r\nContent-Length: 9\r\n\r\ncontent=4"
    );
}

#[test]
fn r2817_04_whatever_the_server_says() {
    let finals = [
        "200 OK", "204 x", "301 x", "400 x", "401 x", "407 x", "417 x", "426 x", "500 x", "501 x",
        "600 x",
    ];
    let mut answers: Vec<String> = finals
        .iter()
        .map(|line| response(&format!("HTTP/1.1 {line}"), &["Content-Length: 0"], ""))
        .collect();
    answers.extend(
        [
            "HTTP/1.0 200 OK\r\n\r\n",
            "HTTP/1.1 100 \r\n\r\n",
            "HTTP/1.1 103 x\r\n\r\nHTTP/1.1 100 \r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            "x",
            "\r\n",
            "",
            "HTTP/1.1 101 x\r\n\r\n",
        ]
        .map(str::to_owned),
    );
    for upgrade in [
        "HTTP/1.1",
        "websocket",
        "h2c",
        "foo",
        "TLS/1.3",
        "HTTP/1.1, TLS/1.2",
        "TLS/1.2, h2c",
        "",
    ] {
        answers.push(switch(&[&format!("Upgrade: {upgrade}"), UPGRADE]));
    }
    answers.push(websocket_101(&[]));
    answers.push(switch(&["Upgrade: TLS/1.2"]));
    for answer in &answers {
        for end in [End::Silence, End::Orderly, End::Lost, End::Timeout] {
            let server = [
                answer.as_bytes(),
                b"HTTP/1.1 100 \r\n\r\n",
                NO_CONTENT.as_bytes(),
            ];
            for request in [
                secret(),
                secret().expect_continue(),
                secret().lenient_h2c().lenient_status_line(),
            ] {
                let run = Script::new(&[request, request], &server).end(end).run();
                assert_eq!(run.sent(), [PROBE], "{answer:?}");
                assert!(!run.short().contains(", switch "), "{answer:?}");
            }
        }
    }
}

#[test]
fn r2817_04_no_tokens_are_no_way_around() {
    let request = UpgradeRequest::get("http://h/secret").expect("a URI");
    assert_eq!(misuse(&request.mandatory_tls(&[])), Misuse::BadToken);
    assert_eq!(
        misuse(&request.mandatory_tls(&["websocket"])),
        Misuse::BadToken
    );
    assert_eq!(
        misuse(&request.mandatory_tls(&["TLS/1.2\r\nX: y"])),
        Misuse::BadToken
    );
    // A URI that says so needs TLS, whatever the offer.
    let request = UpgradeRequest::get("https://h/secret").expect("a URI");
    assert_eq!(misuse(&request), Misuse::NeedsTls);
    assert_eq!(misuse(&request.offer(&[TLS])), Misuse::NeedsTls);
    assert!(
        sent(&request.mandatory_tls(&["TLS/1.2"])).starts_with("OPTIONS * HTTP/1.1\r\nHost: h\r\n")
    );
}

#[test]
fn r2817_05_the_shape_of_the_options() {
    assert_eq!(sent(&secret()), PROBE);
    let several = secret()
        .mandatory_tls(&["TLS/1.3", "TLS/1.2"])
        .expect_continue();
    assert_eq!(sent(&several), PROBE.replace("TLS/1.2", "TLS/1.3, TLS/1.2"));
    let head = secret().method("HEAD").content_length(3);
    assert_eq!(sent(&head), PROBE);
}

#[test]
fn r2817_06_a_refusal_is_an_error() {
    for line in ["200 OK", "501 x", "400 x", "426 Upgrade Required", "304 x"] {
        let text = response(&format!("HTTP/1.1 {line}"), &["Content-Length: 1"], "x");
        let run = Script::new(&[secret(), secret()], &[text.as_bytes()]).run();
        assert_eq!(run.short(), "send, close tls-refused", "{line}");
    }
    let run = ask(&secret(), "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n");
    assert_eq!(run.short(), "send, close tls-refused");
}

#[test]
fn r2817_06_the_answer_inside_tls_leads_to_the_request() {
    let requests = [secret()];
    let run = |inside: &str| {
        let server: [&[u8]; 3] = [TO_TLS.as_bytes(), inside.as_bytes(), NO_CONTENT.as_bytes()];
        Script::new(&requests, &server).run().short()
    };
    let through = "send, switch tls, send, response 200, same connection";
    assert_eq!(run("HTTP/1.1 204 \r\n\r\n"), through);
    assert_eq!(
        run("HTTP/1.1 404 x\r\nContent-Length: 3\r\n\r\nabc"),
        through
    );
    assert_eq!(
        run("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n"),
        through
    );
    assert_eq!(
        run("HTTP/1.1 103 x\r\n\r\nHTTP/1.1 204 \r\n\r\n"),
        through.replace("tls, ", "tls, interim 103, ")
    );
    let closed = "send, switch tls, close closed-before-request";
    assert_eq!(
        run("HTTP/1.1 200 x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
        closed
    );
    assert_eq!(
        run("HTTP/1.1 200 x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"),
        closed
    );
    assert_eq!(run("HTTP/1.0 200 x\r\nContent-Length: 0\r\n\r\n"), closed);
    assert_eq!(run("HTTP/1.1 200 x\r\n\r\nabc"), closed);
    assert_eq!(
        run(&switch(&["Upgrade: TLS/1.2", UPGRADE])),
        "send, switch tls, close unexpected-switch"
    );
    assert_eq!(
        run("HTTP/1.1 200 x\r\nContent-Length: 65537\r\n\r\n"),
        "send, switch tls"
    );
    let much = format!(
        "HTTP/1.1 200 x\r\nContent-Length: 65537\r\n\r\n{}",
        "x".repeat(65537)
    );
    let server = [TO_TLS.as_bytes(), much.as_bytes()];
    let mut script = Script::new(&requests, &server);
    script.splits = 4;
    assert_eq!(script.run().end(), "close content-too-large");
}

#[test]
fn r2817_12_client_nothing_follows_a_failed_handshake() {
    for request in [get([TLS]), secret()] {
        let (requests, server) = ([request], [TO_TLS.as_bytes(), NO_CONTENT.as_bytes()]);
        let mut script = Script::new(&requests, &server);
        script.tls_fails = true;
        let run = script.run();
        assert_eq!(run.short(), "send, switch tls, close tls-failed");
        assert_eq!(run.sent().len(), 1);
    }
    let request = secret();
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the OPTIONS");
    client.receive(TO_TLS.as_bytes());
    assert!(matches!(client.action(), Action::Switch(..)));
    client.end_of_input();
    assert!(
        matches!(client.action(), Action::Close(Some(_))),
        "the connection ended in the handshake"
    );
}

#[test]
fn r2817_26_who_insists_on_tls_asks_for_it_each_time() {
    let star = Uri {
        secure: false,
        authority: "h:8080",
        target: "*",
    };
    for request in [
        secret(),
        secret().method("GET"),
        UpgradeRequest::new("OPTIONS", star).mandatory_tls(&["TLS/1.2"]),
    ] {
        assert_eq!(sent(&request), PROBE);
    }
    // A retry on a connection that is still in clear text does, too.
    let requests = [get([]), secret()];
    let server = [
        NO_CONTENT.as_bytes(),
        TO_TLS.as_bytes(),
        NO_CONTENT.as_bytes(),
        NO_CONTENT.as_bytes(),
    ];
    let run = Script::new(&requests, &server).run();
    assert_eq!(
        run.short(),
        "send, response 200, same connection, send, switch tls, send, response 200, same connection"
    );
    assert_eq!(run.sent()[1], PROBE);
    // What a server advertises is there to be remembered.
    let text = response(
        "HTTP/1.1 200 x",
        &["Upgrade: TLS/1.2", UPGRADE, "Content-Length: 0"],
        "",
    );
    assert_eq!(ask(&get([]), text).seen().upgrades, ["TLS/1.2"]);
}
