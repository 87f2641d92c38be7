//! What no RFC states: limits, splits, ends, output, entropy, secrets.

use super::harness::{
    End, Script, TLS, ask, get, h2c, leak, offer, response, sent, switch, websocket, websocket_101,
    websocket_with,
};
use http_upgrade::client::{Action, MAX_INTERIM};
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest, WebSocketOffer};

#[test]
fn sec_01_client_each_octet_is_taken_once_up_to_the_limit() {
    // A head without an end, an octet at a time: long enough that reading it anew each time would show.
    let lines = format!("HTTP/1.1 200 OK\r\n{}X: ", "X: y\r\n".repeat(90));
    let octets = lines.bytes().chain(core::iter::repeat(b'y'));
    let limit = 256 * 1024;
    let request = websocket();
    let mut client = Client::new(vec![0; limit], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the request");
    for byte in octets.take(limit) {
        assert!(matches!(client.action(), Action::Receive));
        assert_eq!(client.receive(&[byte]), 1);
    }
    assert!(
        matches!(client.action(), Action::Close(Some(error)) if error.name() == "head-too-large")
    );
    assert_eq!(client.receive(b"y"), 0);
    let folds = format!("HTTP/1.1 200 OK\r\nX: y{}\r\n\r\n", "\r\n z".repeat(98));
    assert_eq!(ask(&get([]), folds).short(), "send, response 200");
}

#[test]
fn sec_08_client_a_200_is_no_switch() {
    let run = ask(
        &websocket(),
        response("HTTP/1.1 200 OK", &WEBSOCKET_AND_LENGTH, "\u{1}\u{2}"),
    );
    assert_eq!(run.short(), "send, response 200, new connection");
    assert_eq!(run.rest, b"\x01\x02");
}

const WEBSOCKET_AND_LENGTH: [&str; 4] = [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    "Content-Length: 0",
];

#[test]
fn sec_10_client_nothing_clear_is_read_as_if_from_inside_tls() {
    let tls = "HTTP/1.1 101 x\r\nUpgrade: TLS/1.2\r\nConnection: upgrade\r\n\r\n";
    let injected = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let request = get([TLS]);
    for text in [format!("{tls}{injected}"), format!("{tls}HTTP/1.1 2")] {
        let mut client = Client::new([0; 512], &request).expect("a request");
        client.send(&mut [0; 512]).expect("the request");
        assert_eq!(client.receive(text.as_bytes()), tls.len());
        assert_eq!(
            client.receive(&text.as_bytes()[tls.len()..]),
            0,
            "it is the TLS layer's"
        );
        client.tls_established().expect("in turn");
        // The head starts anew.
        assert_eq!(client.receive(b"HTTP/1.1 204 \r\n\r\n"), 17);
        let Action::Response(response) = client.action() else {
            panic!("{:?}", client.action());
        };
        assert_eq!(
            (response.code(), response.head()),
            (204, &b"HTTP/1.1 204 \r\n\r\n"[..])
        );
    }
}

#[test]
fn sec_12_interim_responses_are_limited() {
    let interims = |count: u8| "HTTP/1.1 103 x\r\n\r\n".repeat(usize::from(count));
    let ok = "HTTP/1.1 204 \r\n\r\n";
    let run = ask(&get([]), format!("{}{ok}", interims(MAX_INTERIM)));
    assert_eq!(run.end(), "same connection");
    let run = ask(&get([]), format!("{}{ok}", interims(MAX_INTERIM + 1)));
    assert_eq!(run.end(), "close too-many-interim");
    assert_eq!(run.rest, ok.as_bytes());
    // Those before the 100 count, those of the OPTIONS that leads into TLS on their own.
    let waits = get([]).method("POST").content(b"x").expect_continue();
    let first = format!("{}HTTP/1.1 100 \r\n\r\n", interims(MAX_INTERIM - 1));
    let run = Script::new(&[waits], &[first.as_bytes(), interims(1).as_bytes()]).run();
    assert_eq!(run.end(), "close too-many-interim");
    let large = response(
        "HTTP/1.1 103 x",
        &[&format!("Link: {}", "x".repeat(2048))],
        "",
    );
    assert_eq!(ask(&get([]), large).end(), "close head-too-large");
}

/// Numbers that look random, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
}

/// What servers say, whole and in shreds.
fn pieces() -> Vec<String> {
    let mut pieces: Vec<String> = [
        "HTTP/1.1 101 x\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 426 x\r\n",
        "HTTP/1.1 100 \r\n",
        "HTTP/1.0 200 x\r\n",
        "HTTP/1.1 204 \r\n",
        "Upgrade: foo\r\n",
        "Upgrade: TLS/1.2, HTTP/1.1\r\n",
        "Upgrade: h2c\r\n",
        "Connection: Upgrade\r\n",
        "Connection: close\r\n",
        "Connection: keep-alive,\r\n",
        " Upgrade\r\n",
        "\tfoo\r\n",
        "Content-Length: 3\r\n",
        "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "\r\n",
        "\r\n",
        "\r\n",
        "3\r\nabc\r\n",
        "0\r\n",
        "0\r\n\r\n",
        "X: y\r\n",
        "abc",
        "\r",
        "\n",
        "\0",
        "\u{16}\u{3}",
        " ",
    ]
    .map(str::to_owned)
    .to_vec();
    pieces.extend([
        switch(&["Upgrade: foo", "Connection: Upgrade"]),
        switch(&["Upgrade: TLS/1.2", "Connection: Upgrade"]),
        switch(&["Upgrade: TLS/1.2", "Connection:\r\n Upgrade"]).replace("\u{1}\u{2}", ""),
        websocket_101(&[]),
        response("HTTP/1.1 426 x", &["Content-Length: 3"], "abc"),
        response(
            "HTTP/1.1 200 x",
            &["Transfer-Encoding: chunked"],
            "3\r\nabc\r\n0\r\nX: y\r\n z\r\n\r\n",
        ),
        response("HTTP/1.1 103 x", &["Link: x"], ""),
    ]);
    pieces
}

#[test]
fn sec_14_client_splits_change_nothing() {
    let (mut random, pieces) = (Random(14), pieces());
    let waits = get([TLS.any_request(), Offer::token("foo").any_request()])
        .method("POST")
        .content(b"abc")
        .expect_continue();
    let asks = [
        get([Offer::token("foo"), TLS, h2c()]),
        websocket(),
        get([TLS]).lenient_tls(),
        get([Offer::token("foo")]).mandatory_tls(&["TLS/1.2"]),
        waits,
        get([]).method("HEAD"),
        UpgradeRequest::connect("h:1"),
    ];
    let ends = [End::Silence, End::Orderly, End::Lost, End::Timeout];
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let server: Vec<String> = (0..3)
            .map(|_| {
                (0..=random.below(6))
                    .map(|_| random.pick(&pieces).as_str())
                    .collect()
            })
            .collect();
        let server: Vec<&[u8]> = server.iter().map(String::as_bytes).collect();
        let requests = [*random.pick(&asks), *random.pick(&asks), get([])];
        let mut script = Script::new(&requests, &server).end(*random.pick(&ends));
        script.splits = 60;
        kinds.insert(script.run().end());
    }
    assert!(kinds.len() > 12, "{kinds:?}");
}

#[test]
fn sec_15_client_nothing_happens_behind_the_end() {
    // The driver of these tests tries every verb behind each end; here are the ends.
    let ends = [
        ask(&websocket(), websocket_101(&[])).end(),
        ask(&UpgradeRequest::connect("h:1"), "HTTP/1.1 200 x\r\n\r\n").end(),
        ask(&websocket(), "x\n").end(),
    ];
    assert_eq!(
        ends,
        ["switch websocket", "switch tunnel", "close bad-line-end"]
    );
    let request = websocket();
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the request");
    client.receive(websocket_101(&[]).as_bytes());
    for _ in 0..3 {
        assert_eq!(client.receive(b"\x01\x02"), 0);
        assert_eq!(
            client.receive_content(b"HTTP/1.1 200 OK\r\n\r\n"),
            (0, &b""[..])
        );
        assert_eq!(client.send(&mut [0; 512]), Err(Misuse::OutOfTurn));
        assert_eq!(client.retry(&request), Err(Misuse::OutOfTurn));
        client.end_of_input();
        assert!(matches!(client.action(), Action::Switch(..)));
    }
}

#[test]
fn sec_16_client_a_message_is_written_whole_or_not_at_all() {
    let content = get([TLS.any_request(), h2c()])
        .method("POST")
        .content(b"abc");
    for request in [
        websocket(),
        content,
        content.expect_continue(),
        websocket().mandatory_tls(&["TLS/1.2"]),
    ] {
        let golden = sent(&request);
        let mut client = Client::new([0; 512], &request).expect("a request");
        let mut out = [0; 1024];
        for len in 0..golden.len() {
            let needed = golden.len();
            assert_eq!(
                client.send(&mut out[..len]),
                Err(Misuse::BufferTooSmall { needed })
            );
            assert!(matches!(client.action(), Action::Send));
        }
        assert_eq!(client.send(&mut out[..golden.len()]), Ok(golden.len()));
        assert_eq!(&out[..golden.len()], golden.as_bytes());
    }
    let request = content.expect_continue();
    let mut client = Client::new([0; 512], &request).expect("a request");
    client.send(&mut [0; 512]).expect("the head");
    client.receive(b"HTTP/1.1 100 \r\n\r\n");
    client.proceed().expect("in turn");
    assert_eq!(
        client.send(&mut [0; 2]),
        Err(Misuse::BufferTooSmall { needed: 3 })
    );
    assert_eq!(client.send(&mut [0; 3]), Ok(3));
}

#[test]
fn sec_18_the_key_is_made_of_what_the_caller_brings() {
    let key = |entropy: [u8; 16]| {
        let request = sent(&websocket_with(WebSocketOffer::new(entropy)));
        request
            .split("Sec-WebSocket-Key: ")
            .nth(1)
            .expect("the field")[..24]
            .to_owned()
    };
    assert_eq!(key([0; 16]), "AAAAAAAAAAAAAAAAAAAAAA==");
    assert_eq!(key([255; 16]), "/////////////////////w==");
    for at in 0..16 {
        let mut entropy = [0; 16];
        entropy[at] = 1;
        assert_ne!(key(entropy), key([0; 16]), "octet {at} counts");
    }
    assert_eq!(key([7; 16]), key([7; 16]), "and nothing else does");
}

#[test]
fn sec_19_client_any_octets_come_to_an_end() {
    let (mut random, pieces) = (Random(19), pieces());
    let every: Vec<u8> = (0..=u8::MAX).collect();
    for round in 0..2000 {
        let mut text: Vec<u8> = (0..=random.below(4))
            .flat_map(|_| random.pick(&pieces).bytes())
            .collect();
        for _ in 0..random.below(4) {
            let at = random.below(text.len());
            text[at] = *random.pick(&every);
        }
        let requests = [
            get([Offer::token("foo"), TLS, Offer::websocket(leak(offer()))]),
            get([]),
        ];
        let server = [&text[..], b"0\r\n\r\n"];
        let mut script = Script::new(&requests, &server)
            .end(End::Orderly)
            .storage(random.below(200));
        script.splits = 1 + usize::from(round % 50 == 0) * 3;
        script.run();
    }
}

#[test]
fn sec_19_client_secrets_stay_out_of_logs() {
    let fields = [("Cookie", "session=secret"), ("Authorization", "secret")];
    let request = websocket().fields(&fields);
    let text = format!("{request:?} {:?}", Client::new([0; 8], &request));
    assert!(
        !text.contains("secret") && !text.contains("dGhlIHNh"),
        "{text}"
    );
    let post = get([]).method("POST").content(b"secret");
    let text = format!("{post:?} {:?}", Client::new([0; 8], &post));
    assert!(
        text.contains("POST") && !text.contains("115, 101, 99"),
        "{text}"
    );
}
