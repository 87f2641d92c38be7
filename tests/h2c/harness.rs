//! Frames, and bridges fed in pieces.

use http_upgrade::h2c::{BridgeError, ClientBridge, ServerBridge, Taken};
use http_upgrade::{Allow, Decision, Misuse, Origins, Policy, Protocol, Server};

pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

pub const ACK: u8 = 1;
pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

pub const POLICY: Policy = Policy::new(Origins::Any).allow(&[Allow::H2C]);

pub const OFFER: &str =
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut octets = len[1..].to_vec();
    octets.extend([kind, flags]);
    octets.extend(stream.to_be_bytes());
    octets.extend(payload);
    octets
}

pub fn settings(settings: &[(u16, u32)]) -> Vec<u8> {
    let octets = |(id, value): &(u16, u32)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat();
    let payload: Vec<u8> = settings.iter().flat_map(octets).collect();
    frame(SETTINGS, 0, 0, &payload)
}

pub fn ack() -> Vec<u8> {
    frame(SETTINGS, ACK, 0, &[])
}

pub fn update(stream: u32, increment: u32) -> Vec<u8> {
    frame(WINDOW_UPDATE, 0, stream, &increment.to_be_bytes())
}

/// The frames of octets that are nothing else.
pub fn frames(mut octets: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Some((header, rest)) = octets.split_first_chunk::<9>() {
        let len = u32::from_be_bytes([0, header[0], header[1], header[2]]) as usize;
        frames.push(Frame {
            kind: header[3],
            flags: header[4],
            stream: u32::from_be_bytes([header[5], header[6], header[7], header[8]]),
            payload: rest[..len].to_vec(),
        });
        octets = &rest[len..];
    }
    assert!(octets.is_empty(), "half a frame");
    frames
}

pub fn request(line: &str, fields: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: a:80\r\n{OFFER}{fields}\r\n")
}

/// A server's bridge behind that head, and what the engine was given.
pub fn start(head: impl AsRef<[u8]>) -> Result<(ServerBridge, Vec<u8>), Misuse> {
    let mut server = Server::new(vec![0; 128 << 10], &POLICY);
    assert_eq!(server.receive(head.as_ref()), head.as_ref().len());
    let _ = server.decide(Decision::Accept(Protocol::H2c));
    let mut prologue = Vec::new();
    let request = server.request().expect("a whole head");
    let bridge = ServerBridge::start(&request, |octets| prologue.extend_from_slice(octets));
    match bridge {
        Ok(bridge) => Ok((bridge, prologue)),
        Err(misuse) => {
            assert!(prologue.is_empty());
            Err(misuse)
        }
    }
}

/// The bridge of a GET.
pub fn get() -> ServerBridge {
    start(request("GET /", "")).unwrap().0
}

/// The bridge of a POST with that much content.
pub fn post(len: usize) -> ServerBridge {
    start(request("POST /", &format!("Content-Length: {len}\r\n")))
        .unwrap()
        .0
}

/// What passes of `input`, all of which is taken, the same in pieces of any size: `make` makes the bridge, `take` feeds it.
pub fn at_every_split<B>(
    make: impl Fn() -> B,
    input: &[u8],
    take: impl for<'a> Fn(&'a mut B, &'a [u8]) -> Result<Taken<'a>, BridgeError>,
) -> Result<Vec<u8>, BridgeError> {
    let whole = in_pieces(make(), input, input.len().max(1), &take);
    for size in 1..input.len().min(200) {
        assert_eq!(
            in_pieces(make(), input, size, &take),
            whole,
            "in pieces of {size}"
        );
    }
    for cut in 1..input.len() {
        let mut bridge = make();
        let mut passed = Vec::new();
        let halves = input.split_at(cut);
        let outcome = feed(&mut bridge, halves.0, &mut passed, &take)
            .and_then(|()| feed(&mut bridge, halves.1, &mut passed, &take));
        assert_eq!(outcome.map(|()| passed), whole, "cut at {cut}");
    }
    whole
}

fn in_pieces<B>(
    mut bridge: B,
    input: &[u8],
    size: usize,
    take: &impl for<'a> Fn(&'a mut B, &'a [u8]) -> Result<Taken<'a>, BridgeError>,
) -> Result<Vec<u8>, BridgeError> {
    let mut passed = Vec::new();
    for piece in input.chunks(size) {
        feed(&mut bridge, piece, &mut passed, take)?;
    }
    Ok(passed)
}

/// Feeds all of a piece.
fn feed<B>(
    bridge: &mut B,
    mut piece: &[u8],
    passed: &mut Vec<u8>,
    take: &impl for<'a> Fn(&'a mut B, &'a [u8]) -> Result<Taken<'a>, BridgeError>,
) -> Result<(), BridgeError> {
    while !piece.is_empty() {
        let taken = take(bridge, piece)?;
        assert!(taken.used > 0, "nothing is held back");
        passed.extend(taken.parts.concat());
        piece = &piece[taken.used..];
    }
    Ok(())
}

/// What the engine writes, of which the bridge takes all.
pub fn send(bridge: &mut ServerBridge, output: &[u8]) -> Vec<u8> {
    let mut passed = Vec::new();
    feed(
        bridge,
        output,
        &mut passed,
        &|bridge: &mut ServerBridge, piece| Ok(bridge.send(piece)),
    )
    .unwrap();
    passed
}

pub fn client_send(bridge: &mut ClientBridge, output: &[u8]) -> Vec<u8> {
    let mut passed = Vec::new();
    feed(
        bridge,
        output,
        &mut passed,
        &|bridge: &mut ClientBridge, piece| Ok(bridge.send(piece)),
    )
    .unwrap();
    passed
}
