//! The chunked coding and counted content, in both roles, read and skipped.

use http_upgrade::client;
use http_upgrade::{
    Action, Client, Decision, Error, Origins, Policy, Response, Server, Status, UpgradeRequest,
};

use crate::input::{Input, Splits};
use crate::reference::{Read, chunked};

/// Content, how many bytes were taken for it, and how it ended.
type Outcome = (Vec<u8>, usize, End);

#[derive(PartialEq, Eq, Debug)]
enum End {
    Open,
    Complete,
    Broken,
}

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let (kind, splits) = (input.byte(), input.byte());
    let length = (kind & 1 == 0).then_some(u64::from(kind >> 2) * 7);
    let framing = length.map_or("Transfer-Encoding: chunked\r\n".into(), |length| {
        format!("Content-Length: {length}\r\n")
    });
    let (wire, unfold) = (input.rest(), kind & 2 != 0);
    let read = |splits| {
        if unfold {
            of_response(&framing, wire, splits)
        } else {
            of_request(&framing, wire, splits)
        }
    };
    let whole = read(Splits::Whole);
    let split = read(Splits::other(splits));
    assert_eq!(
        (&split.1, &split.2),
        (&whole.1, &whole.2),
        "another end in pieces"
    );
    if whole.2 != End::Broken {
        assert_eq!(split.0, whole.0, "other content in pieces");
    }
    compare(&whole, length, wire, unfold);
    if !unfold {
        let skipped = skip(&framing, wire, Splits::other(splits.wrapping_add(64)));
        assert_eq!(skipped, (whole.1, whole.2), "skipped to another end");
    }
}

fn compare((content, taken, end): &Outcome, length: Option<u64>, wire: &[u8], unfold: bool) {
    if let Some(length) = length {
        let there = &wire[..wire.len().min(length as usize)];
        let expected = if there.len() as u64 == length {
            End::Complete
        } else {
            End::Open
        };
        assert_eq!((&content[..], *taken, end), (there, there.len(), &expected));
        return;
    }
    match (chunked::read(wire, unfold), end) {
        (Read::Complete((expected, len)), End::Complete) => {
            assert_eq!((content, *taken), (&expected, len))
        }
        (Read::Incomplete, End::Open) => assert_eq!(*taken, wire.len()),
        // A line that is not complete can show a fault: then no end of it makes it good.
        (Read::Refused(_), End::Broken) => {}
        (Read::Incomplete, End::Broken) => {
            for end in ["\r\n\r\n", "\n\r\n\r\n", ":\r\n\r\n", "\r\n0\r\n\r\n"] {
                let more = chunked::read(&[&wire[..*taken], end.as_bytes()].concat(), unfold);
                assert!(more.complete().is_none(), "refuses what may be fine");
            }
        }
        (expected, end) => panic!("{end:?} for {expected:?}"),
    }
}

fn of_request(framing: &str, wire: &[u8], mut splits: Splits) -> Outcome {
    let policy = Policy::new(Origins::Any);
    let mut server = server(&policy, framing);
    server.want_content().expect("its turn");
    let (mut content, mut taken) = (Vec::new(), 0);
    while let (Action::Receive, false) = (server.action(), taken == wire.len()) {
        let len = splits.next(wire.len() - taken);
        let (used, run) = server.receive_content(&wire[taken..taken + len]);
        assert!(used > 0 && used <= len);
        taken += used;
        content.extend_from_slice(run);
    }
    let end = match server.action() {
        Action::Receive => End::Open,
        Action::Respond(_) => End::Complete,
        Action::Send(status) => {
            assert!(
                [
                    Status::BAD_REQUEST,
                    Status::CONTENT_TOO_LARGE,
                    Status::HEADER_FIELDS_TOO_LARGE
                ]
                .contains(&status)
            );
            End::Broken
        }
        other => panic!("{other:?}"),
    };
    (content, taken, end)
}

fn server<'p>(policy: &'p Policy<'p>, framing: &str) -> Server<'p, [u8; 256]> {
    let mut server = Server::new([0; 256], policy);
    let head = format!("POST / HTTP/1.1\r\nHost: a\r\n{framing}\r\n");
    assert_eq!(server.receive(head.as_bytes()), head.len());
    server.decide(Decision::Ignore).expect("its turn");
    server
}

/// Responds first: the content is skipped, and the next request begins behind it.
fn skip(framing: &str, wire: &[u8], mut splits: Splits) -> (usize, End) {
    let policy = Policy::new(Origins::Any).skip_limit(u32::MAX);
    let mut server = server(&policy, framing);
    server
        .respond(&mut [0; 256], &Response::new(Status::OK))
        .expect("its turn");
    let (mut taken, mut offered) = (0, 0);
    // What is offered goes up to the end of the content and no further: the next head would be taken at once.
    while let (Action::Receive, Some(_), false) =
        (server.action(), server.request(), offered == wire.len())
    {
        offered += splits.next(wire.len() - offered);
        let before = taken;
        while taken < offered
            && server.request().is_some()
            && matches!(server.action(), Action::Receive)
        {
            let (used, _) = server.receive_content(&wire[taken..offered]);
            assert!(used > 0 && used <= offered - taken);
            taken += used;
        }
        assert!(taken > before);
    }
    let end = match server.action() {
        Action::Receive if server.request().is_some() => End::Open,
        Action::Receive => End::Complete,
        Action::Close(Some(
            Error::BadChunk
            | Error::BadTrailer
            | Error::ChunkExtensionsTooLarge
            | Error::TrailersTooLarge,
        )) => End::Broken,
        other => panic!("{other:?}"),
    };
    (taken, end)
}

fn of_response(framing: &str, wire: &[u8], mut splits: Splits) -> Outcome {
    let request = UpgradeRequest::get("http://a/").expect("a URI");
    let mut client = Client::new([0; 256], &request).expect("a request");
    client.send(&mut [0; 256]).expect("its turn");
    let head = format!("HTTP/1.1 200 OK\r\n{framing}\r\n");
    assert_eq!(client.receive(head.as_bytes()), head.len());
    client.want_content().expect("its turn");
    let (mut content, mut taken) = (Vec::new(), 0);
    while let (client::Action::Receive, false) = (client.action(), taken == wire.len()) {
        let len = splits.next(wire.len() - taken);
        let (used, run) = client.receive_content(&wire[taken..taken + len]);
        assert!(used > 0 && used <= len);
        taken += used;
        content.extend_from_slice(run);
    }
    let end = match client.action() {
        client::Action::Receive => End::Open,
        client::Action::Response(_) => End::Complete,
        client::Action::Close(Some(_)) => End::Broken,
        other => panic!("{other:?}"),
    };
    (content, taken, end)
}
