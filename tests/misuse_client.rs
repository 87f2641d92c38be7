//! Every verb of a client in every state: it does its job, or says what is wrong with the call and changes nothing.

use http_upgrade::client::{Action, Uri};
use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest, WebSocketOffer};

type Tested = Client<'static, [u8; 256]>;

const WHERE: Uri<'static> = Uri {
    secure: false,
    authority: "a",
    target: "/",
};
const GET: UpgradeRequest<'static> = UpgradeRequest::new("GET", WHERE);
const TCP: UpgradeRequest<'static> = GET.offer(&[const { Offer::token("tcp") }]);
const TLS: UpgradeRequest<'static> = GET.offer(&[const { Offer::tls(&["TLS/1.2"]).any_request() }]);
const MANDATORY: UpgradeRequest<'static> = GET.mandatory_tls(&["TLS/1.2"]);
const STREAMED: UpgradeRequest<'static> = UpgradeRequest::new("PUT", WHERE).content_length(5);
const WAITING: UpgradeRequest<'static> = STREAMED.expect_continue();
const WAITING_WHOLE: UpgradeRequest<'static> = UpgradeRequest::new("PUT", WHERE)
    .content(b"hello")
    .expect_continue();

const BAD: UpgradeRequest<'static> = GET.method("G T");
const INSIDE: UpgradeRequest<'static> = UpgradeRequest::new(
    "GET",
    Uri {
        secure: true,
        ..WHERE
    },
);

const TO_TCP: &str = "HTTP/1.1 101 \r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n";
const TO_TLS: &str = "HTTP/1.1 101 \r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n";
const CONTINUE: &str = "HTTP/1.1 100 \r\n\r\n";
const HINTS: &str = "HTTP/1.1 103 \r\n\r\n";
const FIVE: &str = "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n";
const ENDLESS: &str = "HTTP/1.1 200 \r\n\r\n";

/// Where the client is, as its Debug output has it.
fn state(client: &Tested) -> String {
    let shown = format!("{client:?}");
    let start = shown.find(" state: ").expect("a state") + " state: ".len();
    shown[start..]
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect()
}

/// A client that has sent that request, and received those messages.
fn told(request: &'static UpgradeRequest<'static>, messages: &[&str]) -> Tested {
    let mut client = Client::new([0; 256], request).expect("a request that can be sent");
    client.send(&mut [0; 256]).expect("it fits");
    for message in messages {
        assert_eq!(client.receive(message.as_bytes()), message.len());
    }
    client
}

/// A client inside TLS that waits for the rest of the answer to its `OPTIONS *`.
fn probing() -> Tested {
    let mut client = told(&MANDATORY, &[TO_TLS]);
    client.tls_established().expect("in turn");
    assert_eq!(client.receive(FIVE.as_bytes()), FIVE.len());
    client
}

/// A client whose application wants the content.
fn wanting(head: &str) -> Tested {
    let mut client = told(&GET, &[head]);
    client.want_content().expect("in turn");
    client
}

/// A client in that state.
fn client_in(state: &str) -> Tested {
    match state {
        "Send" => Client::new([0; 256], &GET).expect("a request"),
        "SendContent" => told(&STREAMED, &[]),
        "AwaitContinue" => told(&WAITING, &[]),
        "EarlyInterim" => told(&WAITING, &[HINTS]),
        "ContinueInterim" => told(&WAITING, &[CONTINUE]),
        "LateInterim" => told(&STREAMED, &[HINTS]),
        "Await" => told(&TCP, &[]),
        "Interim" => told(&TCP, &[HINTS]),
        "ProbeContent" => probing(),
        "Tls" => told(&TLS, &[TO_TLS]),
        "Switched" => told(&TCP, &[TO_TCP]),
        "Response" => told(&GET, &["HTTP/1.1 204 \r\n\r\n"]),
        "Content" => wanting(FIVE),
        _ => told(&GET, &["HTTP/2.0 200 \r\n\r\n"]),
    }
}

/// Where each verb leads from each state; `-` where it is out of turn and nothing changes; `=` where it does its job
/// without another state.
const TABLE: &str = "
    state            receive   send   content_sent  proceed        want_content  retry  tls_established  tls_failed  end_of_input  connection_lost  timeout
    Send             -         Await  -             -              -             -      -                -           Closed        Closed           Closed
    SendContent      =         -      Await         -              -             -      -                -           Closed        Closed           Closed
    AwaitContinue    =         -      -             -              -             -      -                -           Closed        Closed           SendContent
    EarlyInterim     -         -      -             AwaitContinue  -             -      -                -           Closed        Closed           Closed
    ContinueInterim  -         -      -             SendContent    -             -      -                -           Closed        Closed           Closed
    LateInterim      -         -      -             SendContent    -             -      -                -           Closed        Closed           Closed
    Await            =         -      -             -              -             -      -                -           Closed        Closed           Closed
    Interim          -         -      -             Await          -             -      -                -           Closed        Closed           Closed
    ProbeContent     Send      -      -             -              -             -      -                -           Closed        Closed           Closed
    Tls              -         -      -             -              -             -      Await            Closed      Closed        Closed           Closed
    Switched         -         -      -             -              -             -      -                -           -             -                -
    Response         -         -      -             -              =             Send   -                -           =             =                Closed
    Content          Response  -      -             -              -             -      -                -           Closed        Closed           Closed
    Closed           -         -      -             -              -             -      -                -           -             -                -
";

/// The rows of the table, words apart; the first names the verbs.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let rows = TABLE
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| !row.is_empty())
}

fn states() -> impl Iterator<Item = &'static str> {
    rows().skip(1).map(|row| row[0])
}

/// Calls that verb in a way that fits any state it has a place in.
fn call(client: &mut Tested, verb: &str, out: &mut [u8]) -> Result<usize, Misuse> {
    let done = match verb {
        "receive" => return Ok(client.receive(b"HTTP/")),
        "send" => return client.send(out),
        "content_sent" => client.content_sent(5),
        "proceed" => client.proceed(),
        "want_content" => client.want_content(),
        "retry" => client.retry(&TCP),
        "tls_established" => client.tls_established(),
        "tls_failed" => client.tls_failed(),
        verb => {
            match verb {
                "end_of_input" => client.end_of_input(),
                "connection_lost" => client.connection_lost(),
                _ => client.timeout(),
            }
            Ok(())
        }
    };
    done.map(|()| 0)
}

#[test]
fn every_verb_in_every_state_does_its_job_or_changes_nothing() {
    let verbs = rows().next().expect("the verbs");
    assert_eq!((states().count(), verbs.len()), (14, 12));
    for row in rows().skip(1) {
        for (verb, expected) in verbs.iter().zip(&row).skip(1) {
            let mut client = client_in(row[0]);
            assert_eq!(state(&client), row[0]);
            let before = format!("{client:?}");
            let mut out = [0xaa; 256];
            let result = call(&mut client, verb, &mut out);
            if *expected != "-" {
                assert!(result.is_ok(), "{verb} in {}: {result:?}", row[0]);
                let expected = if *expected == "=" { row[0] } else { expected };
                assert_eq!(state(&client), expected, "{verb} in {}", row[0]);
                continue;
            }
            let silent = ["receive", "end_of_input", "connection_lost", "timeout"].contains(verb);
            let nothing = if silent {
                Ok(0)
            } else {
                Err(Misuse::OutOfTurn)
            };
            assert_eq!(result, nothing, "{verb} in {}", row[0]);
            assert_eq!(format!("{client:?}"), before, "{verb} in {}", row[0]);
            assert_eq!(out, [0xaa; 256], "{verb} in {}", row[0]);
        }
    }
}

#[test]
fn both_forms_of_receive_take_the_same() {
    for name in states() {
        let before = format!("{:?}", client_in(name));
        let (mut skipping, mut reading) = (client_in(name), client_in(name));
        let (used, run) = reading.receive_content(b"HTTP/");
        assert_eq!(skipping.receive(b"HTTP/"), used, "{name}");
        assert_eq!(format!("{skipping:?}"), format!("{reading:?}"), "{name}");
        // The answer to the OPTIONS of the machine is no business of the application.
        let is_content = name == "Content";
        assert_eq!(run, if is_content { &b"HTTP/"[..] } else { b"" }, "{name}");
        // Nothing to take is nothing.
        let mut client = client_in(name);
        assert_eq!(
            (client.receive(b""), client.receive_content(b"")),
            (0, (0, &b""[..])),
            "{name}"
        );
        assert_eq!(format!("{client:?}"), before, "{name}");
    }
}

#[test]
fn bytes_that_were_not_taken_count_where_nobody_asked_for_any() {
    for name in states() {
        let before = format!("{:?}", client_in(name));
        let mut client = client_in(name);
        client.unread(0);
        assert_eq!(format!("{client:?}"), before, "{name}");
        client.unread(1);
        let counts = matches!(name, "Response" | "Send");
        assert_eq!(format!("{client:?}") != before, counts, "{name}");
        assert_eq!(state(&client), if name == "Send" { "Closed" } else { name });
    }
    let mut client = client_in("Response");
    client.unread(1);
    let before = format!("{client:?}");
    assert_eq!(client.retry(&TCP), Err(Misuse::NotReusable));
    assert_eq!(format!("{client:?}"), before);
}

#[test]
fn looking_changes_nothing() {
    for name in states() {
        let client = client_in(name);
        let before = format!("{client:?}");
        assert_eq!(
            format!("{:?}", client.action()),
            format!("{:?}", client.action()),
            "{name}"
        );
        assert_eq!(format!("{client:?}"), before, "{name}");
        assert_eq!(client.into_storage().len(), 256);
    }
}

/// Calls that have their turn, and something else wrong with them.
#[test]
fn a_call_that_does_not_fit_says_why() {
    fn refuse(mut client: Tested, why: Misuse, call: impl Fn(&mut Tested) -> Result<(), Misuse>) {
        let before = format!("{client:?}");
        assert_eq!(call(&mut client), Err(why));
        assert_eq!(format!("{client:?}"), before);
    }
    refuse(client_in("SendContent"), Misuse::TooMuchContent, |client| {
        client.content_sent(6)
    });
    refuse(client_in("SendContent"), Misuse::TooMuchContent, |client| {
        client.content_sent(u64::MAX)
    });
    // Content that the machine writes is none of the application's.
    let mut whole = told(&WAITING_WHOLE, &[CONTINUE]);
    whole.proceed().expect("in turn");
    refuse(whole, Misuse::OutOfTurn, |client| client.content_sent(5));
    refuse(told(&GET, &[FIVE]), Misuse::ContentPending, |client| {
        client.retry(&TCP)
    });
    let mut endless = wanting(ENDLESS);
    endless.end_of_input();
    assert_eq!(state(&endless), "Response");
    refuse(endless, Misuse::NotReusable, |client| client.retry(&TCP));
    // A request that cannot be sent is no other one's end.
    refuse(client_in("Response"), Misuse::BadMethod, |client| {
        client.retry(&BAD)
    });
    refuse(client_in("Response"), Misuse::NeedsTls, |client| {
        client.retry(&INSIDE)
    });
}

#[test]
fn the_key_of_one_handshake_is_none_of_the_next() {
    let [first, second] = [[1; 16], [2; 16]].map(WebSocketOffer::new);
    let (old, new) = ([Offer::websocket(&first)], [Offer::websocket(&second)]);
    let (once, again) = (GET.offer(&old), GET.offer(&new));
    let mut client = Client::new([0; 256], &once).expect("a request");
    client.send(&mut [0; 256]).expect("it fits");
    client.receive(b"HTTP/1.1 401 \r\nContent-Length: 0\r\n\r\n");
    let before = format!("{client:?}");
    assert_eq!(client.retry(&once), Err(Misuse::KeyReused));
    assert_eq!(format!("{client:?}"), before);
    assert_eq!(client.retry(&again), Ok(()));
    assert!(matches!(client.action(), Action::Send));
}

/// Content goes out in pieces of any size.
#[test]
fn content_is_counted() {
    let mut client = client_in("SendContent");
    for (sent, left) in [(0, 5), (2, 3), (0, 3), (2, 1)] {
        assert_eq!(client.content_sent(sent), Ok(()));
        assert!(matches!(client.action(), Action::SendContent(bytes) if bytes == left));
    }
    assert_eq!(client.content_sent(1), Ok(()));
    assert!(matches!(client.action(), Action::Receive));
}

/// The size that a message needs is told exactly, and one byte less changes nothing.
#[test]
fn a_buffer_that_is_too_small() {
    fn exact(client: &Client<'_, [u8; 256]>) -> usize {
        let mut too_small = client.clone();
        let before = format!("{client:?}");
        let Err(Misuse::BufferTooSmall { needed }) = too_small.send(&mut []) else {
            panic!("an empty buffer is too small");
        };
        for len in 0..needed {
            let mut out = vec![0; len];
            assert_eq!(
                too_small.send(&mut out),
                Err(Misuse::BufferTooSmall { needed })
            );
            assert_eq!(format!("{too_small:?}"), before);
        }
        let (mut just, mut more) = (vec![0; needed], vec![0; needed + 100]);
        assert_eq!(client.clone().send(&mut just), Ok(needed));
        assert_eq!(client.clone().send(&mut more), Ok(needed));
        assert_eq!(
            just,
            more[..needed],
            "the message does not depend on the buffer"
        );
        assert!(
            more[needed..].iter().all(|&byte| byte == 0),
            "nothing stands behind it"
        );
        needed
    }
    let websocket = WebSocketOffer::new([1; 16])
        .subprotocols(&["chat", "b"])
        .extensions(&["permessage-deflate; client_max_window_bits"]);
    let mut settings = Settings::default();
    settings.push(Setting { id: 3, value: 100 }).expect("room");
    let all = [
        Offer::h2c(&settings),
        Offer::token("a/1").any_request(),
        Offer::tls(&["TLS/1.3", "TLS/1.2"]).any_request(),
    ];
    let opening = [Offer::websocket(&websocket)];
    let fields = [("Origin", "http://a"), ("Cookie", "")];
    let put = UpgradeRequest::new("PUT", WHERE);
    let proxied = GET.via_proxy();
    let mut seen = Vec::new();
    for request in [
        GET,
        TCP,
        GET.offer(&opening),
        put.offer(&all).content(b"hello"),
        put.content_length(u64::MAX),
        WAITING,
        GET.fields(&fields),
        proxied,
        MANDATORY,
        UpgradeRequest::connect("a:1"),
    ] {
        seen.push(exact(&Client::new([0; 256], &request).expect("a request")));
    }
    assert_eq!(seen[0], "GET / HTTP/1.1\r\nHost: a\r\n\r\n".len());
    // Content that waited for its 100 is a message of its own.
    let mut whole = told(&WAITING_WHOLE, &[CONTINUE]);
    whole.proceed().expect("in turn");
    assert_eq!(exact(&whole), 5);
}
