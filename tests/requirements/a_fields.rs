//! HTTP/1.1 message syntax: field lines (RFC 9112 section 5, RFC 9110 section 5).

use crate::app::{ACCEPTED, App, Content, ORDINARY, POLICY, decided, each, each_field, look};
use crate::harness::{WEBSOCKET, get, request, serve, websocket};
use http_upgrade::{Action, Decision, Error, Misuse, Protocol, Response, Server, Status};

#[test]
fn r9112_22_a_field_name_is_a_token_and_has_no_case() {
    let upper: Vec<String> = WEBSOCKET
        .iter()
        .map(|line| {
            let (name, value) = line.split_once(':').expect("a colon");
            format!("{}:{value}", name.to_ascii_uppercase())
        })
        .collect();
    let upper: Vec<&str> = upper.iter().map(String::as_str).collect();
    each(
        &[&get(&upper), &get(&upper).replace("WEBSOCKET", "wEBsOCKET")],
        ACCEPTED,
    );
    each_field(
        &[
            b": x",
            b":",
            b"Up grade: x",
            b"Upgrade websocket",
            b"Upgrad\xe9: x",
            b"X",
            b"(X): y",
            b"X\"Y: z",
            b"X/Y: z",
            b"X@: z",
            b"X\0: z",
            b"\x0bX: z",
        ],
        "400, close bad-field",
    );
    for octet in (0..=0xff).filter(|octet| *octet != b'\n') {
        let is_token = crate::strict::is_token(&[octet]);
        for before in [0, 1, 7, 8, 9, 15, 16, 31, 32, 33] {
            let line = [&b"a".repeat(before)[..], &[octet], b"b: c\r\n\r\n"].concat();
            let mut server = Server::new([0; 256], &POLICY);
            server.receive(
                &[
                    get(&[])
                        .strip_suffix("\r\n")
                        .expect("the empty line")
                        .as_bytes(),
                    &line,
                ]
                .concat(),
            );
            let is_fine = matches!(server.action(), Action::Decide(_));
            // A colon ends the name, and may not come first.
            assert_eq!(
                is_fine,
                is_token || (octet == b':' && before > 0),
                "{octet:#x} behind {before}"
            );
        }
    }
}

#[test]
fn r9112_23_no_whitespace_between_name_and_colon() {
    each_field(
        &[
            b"Upgrade : websocket",
            b"Content-Length\t: 5",
            b"X : y",
            b"X  : y",
            b"Host : a",
            b"X\x0b: y",
            b"X\x0c: y",
        ],
        "400, close bad-field",
    );
    let chunked = get(&["Transfer-Encoding: chunked"]);
    let run = serve(&POLICY, format!("{chunked}0\r\nX : y\r\n\r\n"));
    assert_eq!(run.short(), "request, 400, close bad-trailer");
}

#[test]
fn r9112_24_values_lose_spaces_and_tabs_at_their_ends_and_nothing_else() {
    for value in [
        "\t websocket \t",
        "websocket",
        "websocket ",
        "\t\t\twebsocket",
        &format!("{}websocket{}", " ".repeat(40), "\t".repeat(40)),
    ] {
        each(
            &[&websocket(&[]).replacen(" websocket", value, 1)],
            ACCEPTED,
        );
    }
    for octet in [0x0b, 0x0c, 0x01, 0x1f, 0x7f] {
        let input =
            websocket(&[]).replacen(" websocket", &format!(" websocket{}", char::from(octet)), 1);
        each(&[&input], "400, close bad-field");
    }
    // U+00A0 and U+0085 are no whitespace here.
    each(
        &[
            &websocket(&[]).replacen(" websocket", " websocket\u{a0}", 1),
            &websocket(&[]).replacen(" websocket", "\u{85}websocket", 1),
        ],
        ORDINARY,
    );
    let lines = get(&["A: \t b c\t d \t", "B:", "C: \t "]);
    look(&POLICY, lines, |request| {
        let values: Vec<_> = request.fields().map(|(_, value)| value).collect();
        assert_eq!(values, [&b"a"[..], b"b c\t d", b"", b""]);
    });
}

#[test]
fn r9112_25_a_folded_line_is_refused() {
    each_field(
        &[
            b"Connection: keep-alive,\r\n Upgrade",
            b"X: a\r\n b",
            b"X: a\r\n\tb",
            b"X:\r\n b",
            b"X: a\r\n ",
            b"X: a\r\n \r\n b: c",
        ],
        "400, close bad-field",
    );
    // Behind any number of lines, for they are parsed in batches.
    for before in 0..60 {
        let lines = vec!["X: y"; before];
        let input = get(&[&lines[..], &["Y:", " Upgrade: websocket"]].concat());
        each(&[&input], "400, close bad-field");
    }
    let lenient = POLICY.lone_lf(true);
    assert_eq!(
        serve(&lenient, "GET / HTTP/1.1\nHost: a\nX: a\n b\n\n").short(),
        "400, close bad-field"
    );
}

#[test]
fn r9112_27_control_characters_in_a_value_are_refused() {
    each_field(
        &[
            b"X: a\0b",
            b"X: a\x7fb",
            b"X: a\x01",
            b"X: \x1b[0m",
            b"X: a\x0b",
            b"Y: \x08",
        ],
        "400, close bad-field",
    );
    for octet in (0..b' ')
        .chain([0x7f])
        .filter(|octet| !b"\t\n".contains(octet))
    {
        // At every place of a machine word and of a vector.
        for before in 0..70 {
            let line = [
                b"X: ",
                &b"a".repeat(before)[..],
                &[octet],
                &b"b".repeat(70 - before),
                b"\r\n\r\n",
            ]
            .concat();
            let mut server = Server::new([0; 256], &POLICY);
            server.receive(
                &[
                    get(&[])
                        .strip_suffix("\r\n")
                        .expect("the empty line")
                        .as_bytes(),
                    &line,
                ]
                .concat(),
            );
            assert!(
                matches!(server.action(), Action::Send(Status::BAD_REQUEST)),
                "{octet:#x} behind {before}"
            );
        }
    }
}

#[test]
fn r9112_28_nothing_is_decided_before_the_head_is_whole() {
    let opening = websocket(&[]);
    let mut server = Server::new([0; 512], &POLICY);
    for (at, octet) in opening.bytes().enumerate() {
        assert!(matches!(server.action(), Action::Receive), "{at}");
        assert!(server.request().is_none(), "{at}");
        assert_eq!(
            server.decide(Decision::Accept(Protocol::WebSocket)),
            Err(Misuse::OutOfTurn)
        );
        assert_eq!(server.receive(&[octet]), 1);
    }
    assert!(matches!(server.action(), Action::Decide(_)));
    server
        .decide(Decision::Accept(Protocol::WebSocket))
        .expect("offered");
    assert!(matches!(
        server.action(),
        Action::Send(Status::SWITCHING_PROTOCOLS)
    ));
    assert_eq!(
        server.decide(Decision::Accept(Protocol::WebSocket)),
        Err(Misuse::OutOfTurn)
    );
    // The last line may undo all before it.
    each(
        &[&websocket(&["Host: b"])],
        "400, close missing-or-repeated-host",
    );
    each(
        &[&websocket(&["Content-Length: x"])],
        "400, close bad-content-length",
    );
}

#[test]
fn r9112_29_a_head_beyond_the_limits_is_answered_and_never_cut() {
    let lines = |count: usize| get(&vec!["X-Junk: y"; count]);
    let app = App {
        storage: 4096,
        ..App::new(&POLICY)
    };
    assert_eq!(app.run(lines(99)).short(), ORDINARY, "with Host a hundred");
    assert_eq!(app.run(lines(100)).short(), "431, close too-many-fields");
    assert_eq!(app.run(lines(300)).short(), "431, close too-many-fields");
    let head = websocket(&["X-Junk: y"]);
    let with_storage = |storage| App { storage, ..app }.run(&head).short();
    assert_eq!(with_storage(head.len()), ACCEPTED);
    assert_eq!(with_storage(head.len() - 1), "431, close head-too-large");
    assert_eq!(
        with_storage(head.len() - "X-Junk: y\r\n".len()),
        "431, close head-too-large"
    );
    for storage in 17..head.len() {
        assert_eq!(
            with_storage(storage),
            "431, close head-too-large",
            "{storage}"
        );
    }
    // The lists in it have a limit too.
    let list = |members: usize| get(&[&format!("Connection: {}", vec!["x"; members].join(","))]);
    assert_eq!(app.run(list(100)).short(), ORDINARY);
    assert_eq!(app.run(list(101)).short(), "400, close list-too-long");
    assert_eq!(
        app.run(list(101).replace('x', "")).short(),
        "400, close list-too-long",
        "empty members count"
    );
}

#[test]
fn r9112_30_fields_that_the_machine_owns_cannot_be_added() {
    let owned = "Sec-WebSocket-Key|Host|Connection|Upgrade|Content-Length|\
            Transfer-Encoding|Sec-WebSocket-Accept|Sec-WebSocket-Version|\
            Sec-WebSocket-Protocol|Sec-WebSocket-Extensions|HTTP2-Settings|\
            Keep-Alive|Proxy-Connection|Expect"
        .split('|');
    for name in owned.flat_map(|name| [name.to_owned(), name.to_lowercase(), name.to_uppercase()]) {
        let mut out = [0; 512];
        let mut server = decided(
            &POLICY,
            websocket(&[]),
            Decision::Accept(Protocol::WebSocket),
        );
        assert_eq!(
            server.send_with(&mut out, &[(&name, "x")]),
            Err(Misuse::ReservedField),
            "{name}"
        );
        let mut server = decided(&POLICY, get(&[]), Decision::Ignore);
        let fields = [(&name[..], "x")];
        let response = Response::new(Status::OK).fields(&fields);
        assert_eq!(
            server.respond(&mut out, &response),
            Err(Misuse::ReservedField),
            "{name}"
        );
    }
    // The text of a refusal is the machine's, and so is its type. A response is the application's.
    let fields = [("content-TYPE", "text/html")];
    let mut out = [0; 512];
    let mut server = decided(&POLICY, get(&[]), Decision::Refuse(Status::FORBIDDEN));
    assert_eq!(
        server.send_with(&mut out, &fields),
        Err(Misuse::ReservedField)
    );
    let app = App {
        response: Response::new(Status::OK).fields(&fields),
        content: Content::Leave,
        ..App::new(&POLICY)
    };
    assert!(format!("{:?}", app.run(get(&[])).steps).contains("content-TYPE: text/html"));
    // A method's 405 lists what is allowed, once.
    let post = request("POST / HTTP/1.1", &WEBSOCKET);
    let app = App {
        fields: &[("Set-Cookie", "a=b"), ("Set-Cookie", "c=d")],
        ..App::new(&POLICY)
    };
    assert_eq!(
        app.run(post).message(405).matches("Set-Cookie: ").count(),
        2
    );
    assert_eq!(
        app.run(get(&["Content-Length: x"])).steps.last(),
        Some(&crate::harness::Step::Close(Some(Error::BadContentLength)))
    );
}
