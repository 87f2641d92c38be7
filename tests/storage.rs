//! Storage of any kind, and one function for arrays of every size.

use http_upgrade::{
    Action, Client, Error, Offer, Origins, Policy, Protocol, Server, Status, UpgradeRequest,
    WebSocketOffer, client,
};

const POLICY: Policy = Policy::new(Origins::Any);

const REQUEST: &[u8] =
    b"GET / HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// The status of the answer to `REQUEST` in pieces of that size, and how the connection ends. No type parameter here.
fn serve(server: &mut Server<'_, [u8]>, split: usize) -> (Status, Option<Error>) {
    answer(server, split)
}

/// The same for any storage.
fn answer<S: AsRef<[u8]> + AsMut<[u8]> + ?Sized>(
    server: &mut Server<'_, S>,
    split: usize,
) -> (Status, Option<Error>) {
    let mut pieces = REQUEST.chunks(split);
    let mut sent = None;
    loop {
        match server.action() {
            Action::Receive => {
                let piece = pieces.next().expect("an answer behind the head");
                server.receive(piece);
            }
            Action::Decide(request) => server.decide(POLICY.decide(&request)).expect("its turn"),
            Action::Send(status) => {
                server.send(&mut [0; 512]).expect("room");
                sent = Some(status);
            }
            Action::Switch(Protocol::WebSocket, request) => {
                assert_eq!(request.field("host"), Some(&b"example.org"[..]));
                return (sent.expect("an answer before the switch"), None);
            }
            Action::Close(error) => return (sent.expect("an answer before the close"), error),
            other => panic!("{other:?}"),
        }
    }
}

const SWITCHED: (Status, Option<Error>) = (Status::SWITCHING_PROTOCOLS, None);
const TOO_LARGE: (Status, Option<Error>) =
    (Status::HEADER_FIELDS_TOO_LARGE, Some(Error::HeadTooLarge));

#[test]
fn servers_of_every_storage_size_go_through_one_function() {
    const LEN: usize = REQUEST.len();
    for split in 1..=LEN {
        let switched = serve(&mut Server::new([0; 4096], &POLICY), split);
        assert_eq!(switched, SWITCHED, "{split}");
        let switched = serve(&mut Server::new([0; LEN], &POLICY), split);
        assert_eq!(switched, SWITCHED, "{split}");
        let too_large = serve(&mut Server::new([0; LEN - 1], &POLICY), split);
        assert_eq!(too_large, TOO_LARGE, "{split}");
    }
}

#[test]
fn a_server_behaves_alike_in_every_kind_of_storage() {
    for (len, expected) in [(REQUEST.len(), SWITCHED), (REQUEST.len() - 1, TOO_LARGE)] {
        for split in 1..=REQUEST.len() {
            let mut lent = [0; 4096];
            let lent = &mut lent[..len];
            assert_eq!(answer(&mut Server::new(lent, &POLICY), split), expected);
            let owned = vec![0; len];
            assert_eq!(answer(&mut Server::new(owned, &POLICY), split), expected);
        }
    }
}

#[test]
fn servers_of_several_sizes_stand_in_one_list() {
    let servers: [Box<Server<'_, [u8]>>; 2] = [
        Box::new(Server::new([0; 64], &POLICY)),
        Box::new(Server::new([0; 256], &POLICY)),
    ];
    let statuses = servers.map(|mut server| serve(&mut server, 16));
    assert_eq!(statuses, [TOO_LARGE, SWITCHED]);
}

#[test]
fn a_server_is_the_same_behind_the_loop_as_within() {
    const FRESH: Server<'static, [u8; 256]> = Server::new([0; 256], &POLICY);
    let mut server = FRESH;
    let fresh = format!("{server:?}");
    assert_eq!(serve(&mut server, 7), SWITCHED);
    let seen: &Server<'_, [u8]> = &server;
    assert_eq!(format!("{seen:?}"), format!("{server:?}"));
    assert_ne!(format!("{seen:?}"), fresh);
    assert!(matches!(server.clone().action(), Action::Switch(..)));
    assert!(server.into_storage().starts_with(REQUEST));
}

/// How the connection ends after `RESPONSE` in pieces of that size. No type parameter here.
fn ask(client: &mut Client<'_, [u8]>, split: usize) -> Result<(), Option<Error>> {
    reply(client, split)
}

/// The same for any storage.
fn reply<S: AsRef<[u8]> + AsMut<[u8]> + ?Sized>(
    client: &mut Client<'_, S>,
    split: usize,
) -> Result<(), Option<Error>> {
    let mut pieces = RESPONSE.chunks(split);
    loop {
        match client.action() {
            client::Action::Send => _ = client.send(&mut [0; 512]).expect("room"),
            client::Action::Receive => {
                let piece = pieces.next().expect("an end behind the head");
                client.receive(piece);
            }
            client::Action::Switch(Protocol::WebSocket, _) => return Ok(()),
            client::Action::Close(error) => return Err(error),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn clients_of_every_storage_size_go_through_one_function() {
    const LEN: usize = RESPONSE.len();
    let websocket = WebSocketOffer::new(*b"the sample nonce");
    let offers = [Offer::websocket(&websocket)];
    let request = UpgradeRequest::get("ws://example.org/").expect("a URI");
    let request = request.offer(&offers);
    let too_large = Err(Some(Error::HeadTooLarge));
    for split in 1..=LEN {
        let mut large = Client::new([0; 4096], &request).expect("a request");
        assert_eq!(ask(&mut large, split), Ok(()), "{split}");
        let seen: &Client<'_, [u8]> = &large;
        assert_eq!(format!("{seen:?}"), format!("{large:?}"));
        assert!(large.clone().into_storage().starts_with(RESPONSE));
        let mut exact = Client::new([0; LEN], &request).expect("a request");
        assert_eq!(ask(&mut exact, split), Ok(()), "{split}");
        let mut small = Client::new([0; LEN - 1], &request).expect("a request");
        assert_eq!(ask(&mut small, split), too_large, "{split}");
        let mut owned = Client::new(vec![0; LEN - 1], &request).expect("a request");
        assert_eq!(reply(&mut owned, split), too_large, "{split}");
        let mut lent = [0; LEN];
        let mut lent = Client::new(&mut lent[..], &request).expect("a request");
        assert_eq!(reply(&mut lent, split), Ok(()), "{split}");
    }
}

/// Any storage can be behind what is logged.
#[cfg(feature = "defmt")]
const _: () = {
    const fn formats<T: defmt::Format + ?Sized>() {}
    formats::<Server<'_, [u8; 64]>>();
    formats::<Server<'_, [u8]>>();
    formats::<Client<'_, [u8]>>();
};
