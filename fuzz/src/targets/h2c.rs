//! The bridges of h2c, between any peer and any engine, against a model that knows whole octet strings only.

use http_upgrade::h2c::{BridgeError, ClientBridge, ServerBridge, Taken};
use http_upgrade::{Allow, Decision, Origins, Policy, Protocol, Server};

use crate::input::{Input, Splits};
use crate::reference::grammar::{is_token, is_value, same, trim};
use crate::reference::head::{Request, Rules};
use crate::reference::http2::{
    self, DATA, Frame, HEADERS, PREFACE, RST_STREAM, SETTINGS, WINDOW_UPDATE,
};
use crate::reference::offer;

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let (kind, splits) = (input.byte(), input.byte());
    if kind & 1 == 0 {
        let scene = Scene::read(kind, &mut input);
        let whole = scene.play(Splits::Whole);
        // Content is too much for single bytes.
        let splits = if scene.has_content {
            splits | 64
        } else {
            splits
        };
        let split = scene.play(Splits::other(splits));
        assert_eq!(
            split.to_peer, whole.to_peer,
            "another thing for the peer, in pieces"
        );
        assert_eq!(split.error, whole.error, "another error, in pieces");
        assert_eq!(
            split.behind, whole.behind,
            "another thing for the engine, in pieces"
        );
        assert_eq!(
            payload(&split.content),
            payload(&whole.content),
            "other content, in pieces"
        );
    } else {
        let steps = steps(&mut input);
        let whole = client(&steps, Splits::Whole);
        assert_eq!(
            client(&steps, Splits::other(splits)),
            whole,
            "another thing in pieces"
        );
    }
}

/// What happens on the connection of a bridge.
#[derive(Clone, Debug)]
enum Step {
    Peer(Vec<u8>),
    Engine(Vec<u8>),
    Content(usize),
    EndContent,
}

fn steps(input: &mut Input<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    while !input.is_empty() && steps.len() < 64 {
        steps.push(match input.byte() % 8 {
            0 => Step::Peer(input.counted().to_vec()),
            1 => Step::Engine(input.counted().to_vec()),
            2 => Step::Content(usize::from(input.word()) % 20_000),
            3 => Step::EndContent,
            4 => Step::Peer(frame(input)),
            5 => Step::Engine(frame(input)),
            6 => Step::Peer([PREFACE, &octets(SETTINGS, 0, 0, &[])].concat()),
            _ => {
                let (stream, increment) = (u32::from(input.byte() & 1), input.long());
                Step::Engine(octets(WINDOW_UPDATE, 0, stream, &increment.to_be_bytes()))
            }
        });
    }
    steps
}

fn frame(input: &mut Input<'_>) -> Vec<u8> {
    let (kind, flags, stream) = (input.byte() % 12, input.byte(), u32::from(input.byte() % 4));
    let payload = vec![0x61; usize::from(input.word() % 0xfff)];
    octets(kind, flags, stream, &payload)
}

fn octets(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len())
        .unwrap_or(u32::MAX)
        .to_be_bytes();
    [&len[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// What is in the DATA frames of stream 1.
fn payload(octets: &[u8]) -> Vec<u8> {
    let (frames, rest) = Frame::all(octets);
    let mut payload: Vec<u8> = frames.into_iter().flat_map(|frame| frame.payload).collect();
    payload.extend(rest.get(9..).unwrap_or_default());
    payload
}

/// A request that was upgraded, and what comes behind it.
struct Scene {
    head: Vec<u8>,
    length: Option<usize>,
    has_content: bool,
    steps: Vec<Step>,
}

/// What passed a bridge.
#[derive(Default)]
struct Passed {
    content: Vec<u8>,
    /// To the engine, behind the content.
    behind: Vec<u8>,
    to_peer: Vec<u8>,
    error: Option<BridgeError>,
}

impl Scene {
    fn read(kind: u8, input: &mut Input<'_>) -> Scene {
        let length = (kind & 4 != 0).then(|| input.long() as usize % 200_000);
        let has_content = kind & 2 != 0 && length != Some(0);
        let framing = match (has_content, length) {
            (false, _) => String::new(),
            (true, None) => "Transfer-Encoding: chunked\r\n".into(),
            (true, Some(length)) => format!("Content-Length: {length}\r\n"),
        };
        let target = ["/", "/a?b", "http://c:8080?d", "*"][usize::from(kind >> 3 & 3)];
        let method = if target == "*" { "OPTIONS" } else { "POST" };
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\
            HTTP2-Settings: AAMAAABkAAQAAP__\r\nTE: trailers\r\n{framing}"
        )
        .into_bytes();
        for _ in 0..kind >> 5 {
            let (name, value) = (input.counted(), input.counted());
            let names = [
                &b"connection"[..],
                b"content-length",
                b"transfer-encoding",
                b"host",
                b"upgrade",
                b"expect",
                b"http2-settings",
            ];
            let is_free =
                !names.iter().any(|known| same(known, name)) && !name.starts_with(b"X-Forwarded-");
            if is_free
                && !same(name, b"via")
                && !same(name, b"forwarded")
                && is_token(name)
                && is_value(value)
            {
                head.extend([name, b": ", trim(value), b"\r\n"].concat());
            }
        }
        head.extend(b"\r\n");
        Scene {
            head,
            length: length.filter(|_| has_content),
            has_content,
            steps: steps(input),
        }
    }

    fn play(&self, splits: Splits) -> Passed {
        let policy = Policy::new(Origins::Any).allow(&[const { Allow::H2C.via_proxy() }]);
        let mut server = Server::new(vec![0; self.head.len()], &policy);
        server.receive(&self.head);
        if server.decide(Decision::Accept(Protocol::H2c)).is_err() {
            return Passed::default();
        }
        let mut prologue = Vec::new();
        let request = server.request().expect("a whole head");
        let bridge = ServerBridge::start(&request, |octets| prologue.extend_from_slice(octets))
            .expect("an offer");
        self.check_prologue(&prologue);
        let mut play = Play {
            bridge,
            splits,
            model: Model::new(self.has_content),
            given: 0,
            to_give: 0,
            peer: Vec::new(),
            passed: Passed::default(),
            length: self.length,
        };
        for step in &self.steps {
            play.step(step);
        }
        let model = play.model;
        let content = payload(&play.passed.content);
        let expected: Vec<u8> = (0..content.len()).map(|at| at as u8).collect();
        assert!(content == expected, "other content");
        assert_eq!(
            play.passed.to_peer, model.to_peer,
            "not what the model lets pass to the peer"
        );
        assert_eq!(
            play.passed.behind, model.behind,
            "not what the model lets pass to the engine"
        );
        play.passed
    }

    /// Preface, SETTINGS, and the request as HEADERS (RFC 7540 section 3.2).
    fn check_prologue(&self, prologue: &[u8]) {
        let request = Request::read(&self.head, Rules::default())
            .complete()
            .expect("a request");
        let frames = prologue.strip_prefix(PREFACE).expect("a preface");
        let (frames, rest) = Frame::all(frames);
        assert!(rest.is_empty(), "half a frame");
        let (settings, headers) = frames.split_first().expect("SETTINGS");
        let value = request.lines.all("http2-settings")[0];
        let expected = offer::settings(value).expect("settings");
        let pairs = expected
            .iter()
            .flat_map(|(id, value)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat());
        assert_eq!(
            (settings.kind, settings.flags, settings.stream),
            (SETTINGS, 0, 0)
        );
        assert!(pairs.eq(settings.payload.iter().copied()), "other settings");
        let end_stream = u8::from(!self.has_content);
        for (at, frame) in headers.iter().enumerate() {
            let kind = if at == 0 {
                HEADERS
            } else {
                http2::CONTINUATION
            };
            let last = if at + 1 == headers.len() { 4 } else { 0 };
            let flags = if at == 0 { end_stream | last } else { last };
            assert_eq!((frame.kind, frame.flags, frame.stream), (kind, flags, 1));
            assert!(frame.payload.len() <= 1 << 14);
        }
        let block = headers
            .iter()
            .flat_map(|frame| frame.payload.clone())
            .collect::<Vec<_>>();
        assert_eq!(
            http2::fields(&block),
            Some(fields(&request)),
            "other fields"
        );
    }
}

/// The request in the words of HTTP/2 (RFC 9113 section 8).
fn fields(request: &Request) -> Vec<(Vec<u8>, Vec<u8>)> {
    let target = String::from_utf8_lossy(&request.target).into_owned();
    let path = match target.split_once("://") {
        Some((_, rest)) if !target.starts_with('/') => match rest.find(['/', '?']) {
            Some(at) if rest[at..].starts_with('?') => format!("/{}", &rest[at..]),
            Some(at) => rest[at..].to_owned(),
            None => "/".to_owned(),
        },
        _ => target,
    };
    let mut fields = vec![
        (b":method".to_vec(), request.method.clone()),
        (b":scheme".to_vec(), b"http".to_vec()),
        (b":authority".to_vec(), request.authority.clone()),
        (b":path".to_vec(), path.into_bytes()),
    ];
    for (name, value) in &request.lines.fields {
        let is_said = same(name, b"host") || same(name, b"expect");
        if !is_said && !request.lines.is_hop_by_hop(name) {
            fields.push((name.to_ascii_lowercase(), value.clone()));
        }
    }
    fields
}

struct Play {
    bridge: ServerBridge,
    splits: Splits,
    model: Model,
    /// Content that the bridge took, and that it is still to take.
    given: usize,
    to_give: usize,
    /// What the peer has sent and the bridge has not taken.
    peer: Vec<u8>,
    passed: Passed,
    length: Option<usize>,
}

/// Feeds what is there in pieces; says how much was taken. `take` gives what passed.
fn feed(
    bytes: &[u8],
    splits: &mut Splits,
    mut take: impl FnMut(&[u8]) -> Result<(usize, Vec<u8>), BridgeError>,
) -> (usize, Vec<u8>, Option<BridgeError>) {
    let (mut at, mut passed) = (0, Vec::new());
    while at < bytes.len() {
        let len = splits.next(bytes.len() - at);
        match take(&bytes[at..at + len]) {
            Ok((0, parts)) => {
                assert!(parts.is_empty(), "gives without taking");
                break;
            }
            Ok((used, parts)) => {
                assert!(used <= len, "takes what was not offered");
                at += used;
                passed.extend(parts);
            }
            Err(error) => return (at, passed, Some(error)),
        }
    }
    (at, passed, None)
}

fn owned(taken: Taken<'_>) -> (usize, Vec<u8>) {
    (taken.used, taken.parts.concat())
}

impl Play {
    fn step(&mut self, step: &Step) {
        match step {
            Step::Peer(bytes) => {
                self.peer.extend(bytes);
                self.model.peer.extend(bytes);
            }
            Step::Engine(bytes) => {
                let bridge = &mut self.bridge;
                let (taken, passed, _) = feed(bytes, &mut self.splits, |piece| {
                    Ok(owned(bridge.send(piece)))
                });
                assert_eq!(taken, bytes.len(), "the engine has to wait");
                self.passed.to_peer.extend(passed);
                self.model.engine(bytes);
            }
            Step::Content(len) if self.model.is_coming && self.to_give == 0 => {
                let left = self
                    .length
                    .map_or(usize::MAX, |length| length - self.given - self.to_give);
                self.to_give += len.min(&left);
            }
            Step::EndContent if self.model.is_coming => {
                let is_all = self.length.is_none_or(|length| length == self.given);
                if self.to_give == 0 && is_all {
                    let octets = owned(self.bridge.end_content()).1;
                    let expected = if self.model.is_reset {
                        Vec::new()
                    } else {
                        octets_of_end()
                    };
                    assert_eq!(octets, expected, "another end of the content");
                    self.model.is_coming = false;
                }
            }
            Step::Content(_) | Step::EndContent => {}
        }
        self.give_content();
        if !self.model.is_coming && self.passed.error.is_none() {
            self.give_peer();
        }
        // What passes too early is no better than what does not pass at all.
        let passed = (self.passed.to_peer.len(), self.passed.behind.len());
        let expected = (self.model.to_peer.len(), self.model.behind.len());
        assert_eq!(
            passed, expected,
            "how much passed, to the peer and to the engine"
        );
    }

    fn give_content(&mut self) {
        let run: Vec<u8> = (self.given..self.given + self.to_give)
            .map(|at| at as u8)
            .collect();
        let (bridge, model, frames) = (&mut self.bridge, &mut self.model, &mut self.passed.content);
        let (taken, _, _) = feed(&run, &mut self.splits, |piece| {
            let (used, octets) = owned(bridge.content(piece));
            frames.extend(&octets);
            if used > 0 && octets.is_empty() {
                assert!(model.is_reset, "content that is dropped");
            }
            model.content(&octets, used);
            Ok((used, octets))
        });
        let is_stuck = self.to_give > taken;
        assert!(
            !is_stuck || model.room() == 0,
            "content waits, and there is room"
        );
        self.given += taken;
        self.to_give -= taken;
    }

    fn give_peer(&mut self) {
        let bridge = &mut self.bridge;
        let (taken, passed, error) = feed(&self.peer, &mut self.splits, |piece| {
            bridge.receive(piece).map(owned)
        });
        self.peer.drain(..taken);
        self.passed.behind.extend(passed);
        self.passed.error = error;
        assert_eq!(
            self.model.receive(),
            error,
            "another error than the model's"
        );
    }
}

fn octets_of_end() -> Vec<u8> {
    octets(DATA, 1, 1, &[])
}

/// A server's bridge as its documentation has it.
struct Model {
    has_content: bool,
    is_coming: bool,
    is_reset: bool,
    connection: u64,
    stream: u64,
    owed: u64,
    /// Of the frame of content that was begun.
    of_frame: usize,
    acknowledged: bool,
    output: Flow,
    to_peer: Vec<u8>,
    peer: Vec<u8>,
    has_preface: bool,
    has_settings: bool,
    is_open: bool,
    left: usize,
    behind: Vec<u8>,
}

/// One direction: what has come of a frame, and what becomes of the rest of one.
#[derive(Default)]
struct Flow {
    octets: Vec<u8>,
    left: usize,
    passes: bool,
    is_open: bool,
}

impl Flow {
    /// What is at hand of the payload that was begun, if it passes; `None` between frames.
    fn payload(&mut self) -> Option<Vec<u8>> {
        if self.left == 0 && !self.is_open {
            return None;
        }
        let len = if self.is_open {
            self.octets.len()
        } else {
            self.left.min(self.octets.len())
        };
        self.left = self.left.saturating_sub(len);
        let payload = self.octets.drain(..len).collect();
        let passes = self.passes || self.is_open;
        Some(if passes { payload } else { Vec::new() })
    }
}

impl Model {
    fn new(has_content: bool) -> Model {
        Model {
            has_content,
            is_coming: has_content,
            is_reset: false,
            connection: 65_535,
            stream: 65_535,
            owed: 0,
            of_frame: 0,
            acknowledged: false,
            output: Flow::default(),
            to_peer: Vec::new(),
            peer: Vec::new(),
            has_preface: false,
            has_settings: false,
            is_open: false,
            left: 0,
            behind: Vec::new(),
        }
    }

    /// What the engine takes of content now.
    fn room(&self) -> u64 {
        self.of_frame as u64 + self.connection.min(self.stream)
    }

    /// What the bridge gave the engine for `used` octets of content.
    fn content(&mut self, octets: &[u8], used: usize) {
        if octets.is_empty() {
            return;
        }
        let payload = if self.of_frame == 0 {
            let header = octets.first_chunk::<9>().expect("the header of a frame");
            let len = u32::from_be_bytes([0, header[0], header[1], header[2]]);
            assert_eq!(header[3..], [DATA, 0, 0, 0, 0, 1], "no DATA of stream 1");
            let len = u64::from(len);
            assert!(
                len <= self.connection.min(self.stream) && len <= 1 << 14,
                "more than the engine takes"
            );
            self.connection -= len;
            self.stream -= len;
            self.owed += len;
            self.of_frame = len as usize;
            octets.len() - 9
        } else {
            octets.len()
        };
        assert_eq!(payload, used);
        self.of_frame = self
            .of_frame
            .checked_sub(payload)
            .expect("more than the frame is long");
    }

    fn engine(&mut self, bytes: &[u8]) {
        self.output.octets.extend(bytes);
        loop {
            let flow = &mut self.output;
            if let Some(payload) = flow.payload() {
                self.to_peer.extend(payload);
                if flow.octets.is_empty() {
                    return;
                }
                continue;
            }
            let Some(header) = flow.octets.first_chunk::<9>().copied() else {
                return;
            };
            let len = u32::from_be_bytes([0, header[0], header[1], header[2]]) as usize;
            let stream =
                u32::from_be_bytes([header[5], header[6], header[7], header[8]]) & 0x7fff_ffff;
            let (kind, is_ack) = (header[3], header[3] == SETTINGS && header[4] & 1 == 1);
            let mut passes = true;
            if is_ack && !self.acknowledged {
                (self.acknowledged, passes) = (true, false);
            } else if self.acknowledged && !self.has_content {
                flow.is_open = true;
                continue;
            } else if kind == WINDOW_UPDATE && len == 4 && stream <= 1 {
                if flow.octets.len() < 13 {
                    return;
                }
                let frame = Frame::first(&flow.octets).expect("a whole frame");
                flow.octets.drain(..13);
                self.update(&frame);
                continue;
            } else if kind == RST_STREAM && stream == 1 {
                self.is_reset |= self.is_coming;
            }
            let flow = &mut self.output;
            flow.octets.drain(..9);
            (flow.left, flow.passes) = (len, passes);
            if passes {
                self.to_peer.extend(header);
            }
        }
    }

    /// The credit for content is not the peer's.
    fn update(&mut self, frame: &Frame) {
        let increment = u64::from(frame.increment().expect("a WINDOW_UPDATE"));
        if frame.stream == 1 {
            self.stream = (self.stream + increment).min(u64::from(u32::MAX));
            return;
        }
        self.connection = (self.connection + increment).min(u64::from(u32::MAX));
        let made_good = increment.min(self.owed);
        self.owed -= made_good;
        if increment > made_good {
            self.to_peer.extend(&frame.octets[..9]);
            self.to_peer
                .extend(((increment - made_good) as u32).to_be_bytes());
        }
    }

    fn receive(&mut self) -> Option<BridgeError> {
        if !self.has_preface {
            let len = self.peer.len().min(PREFACE.len());
            if self.peer[..len] != PREFACE[..len] {
                return Some(BridgeError::BadPreface);
            }
            if len < PREFACE.len() {
                return None;
            }
            self.has_preface = true;
            self.peer.drain(..len);
        }
        loop {
            if self.left > 0 || self.is_open {
                let len = if self.is_open {
                    self.peer.len()
                } else {
                    self.left.min(self.peer.len())
                };
                self.behind.extend(self.peer.drain(..len));
                self.left = self.left.saturating_sub(len);
                if self.peer.is_empty() {
                    return None;
                }
                continue;
            }
            let header = self.peer.first_chunk::<9>().copied()?;
            let len = u32::from_be_bytes([0, header[0], header[1], header[2]]);
            let is_ack = header[4] & 1 == 1;
            if !self.has_settings && (header[3] != SETTINGS || is_ack) {
                return Some(BridgeError::SettingsNotFirst);
            }
            self.has_settings = true;
            if self.owed == 0 {
                self.is_open = true;
                continue;
            }
            let len = u64::from(len);
            if header[3] == DATA && len <= self.connection + self.owed {
                if len > self.connection {
                    return None;
                }
                self.connection -= len;
            }
            self.behind.extend(self.peer.drain(..9));
            self.left = len as usize;
        }
    }
}

/// What a client's bridge let pass to the engine and to the peer.
fn client(steps: &[Step], mut splits: Splits) -> (Vec<u8>, Vec<u8>, Option<BridgeError>) {
    let mut first = Vec::new();
    let mut bridge = ClientBridge::start(|octets| first.extend_from_slice(octets));
    assert_eq!(
        first,
        octets(SETTINGS, 0, 0, &[0, 1, 0, 0, 0, 0]),
        "HEADER_TABLE_SIZE of 0"
    );
    let (mut model, mut peer) = (ClientModel::default(), Vec::new());
    let (mut written, mut read, mut error) = (Vec::new(), Vec::new(), None);
    for step in steps {
        match step {
            Step::Peer(bytes) => {
                peer.extend(bytes);
                model.peer.extend(bytes);
            }
            Step::Engine(bytes) => {
                let (taken, passed, _) =
                    feed(bytes, &mut splits, |piece| Ok(owned(bridge.send(piece))));
                assert_eq!(taken, bytes.len(), "the engine has to wait");
                written.extend(passed);
                model.engine(bytes);
            }
            Step::Content(_) | Step::EndContent => continue,
        }
        if error.is_none() {
            let (taken, passed, outcome) =
                feed(&peer, &mut splits, |piece| bridge.receive(piece).map(owned));
            peer.drain(..taken);
            read.extend(passed);
            error = outcome;
            assert_eq!(model.receive(), error, "another error than the model's");
        }
        assert_eq!(
            written.len(),
            model.to_peer.len(),
            "how much passed to the peer"
        );
        assert_eq!(
            read.len(),
            model.to_engine.len(),
            "how much passed to the engine"
        );
    }
    assert_eq!(
        written, model.to_peer,
        "not what the model lets pass to the peer"
    );
    assert_eq!(
        read, model.to_engine,
        "not what the model lets pass to the engine"
    );
    (written, read, error)
}

/// How much of its request an engine has written.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Written {
    #[default]
    Nothing,
    /// A header block that goes on, with the flag that ends the stream or without it.
    Block(bool),
    Head,
    All,
}

/// A client's bridge as its documentation has it.
#[derive(Default)]
struct ClientModel {
    preface: usize,
    output: Flow,
    written: Written,
    acknowledged: bool,
    to_peer: Vec<u8>,
    peer: Vec<u8>,
    has_settings: bool,
    to_engine: Vec<u8>,
}

impl ClientModel {
    fn engine(&mut self, bytes: &[u8]) {
        let (preface, frames) = bytes.split_at(bytes.len().min(PREFACE.len() - self.preface));
        self.preface += preface.len();
        self.to_peer.extend(preface);
        self.output.octets.extend(frames);
        while !self.output.octets.is_empty() {
            let flow = &mut self.output;
            if let Some(payload) = flow.payload() {
                self.to_peer.extend(payload);
                continue;
            }
            let Some(header) = flow.octets.first_chunk::<9>().copied() else {
                return;
            };
            let passes = self.passes(header);
            if passes && self.acknowledged && self.written == Written::All {
                self.output.is_open = true;
                continue;
            }
            self.output.octets.drain(..9);
            self.output.left = u32::from_be_bytes([0, header[0], header[1], header[2]]) as usize;
            self.output.passes = passes;
            if passes {
                self.to_peer.extend(header);
            }
        }
    }

    /// All but the first acknowledgement and the request.
    fn passes(&mut self, [_, _, _, kind, flags, s3, s2, s1, s0]: [u8; 9]) -> bool {
        if kind == SETTINGS && flags & 1 != 0 && !self.acknowledged {
            self.acknowledged = true;
            return false;
        }
        let is_stream_1 = [s3 & 0x7f, s2, s1, s0] == [0, 0, 0, 1];
        let ends_stream = flags & 1 != 0;
        let block = match (self.written, kind) {
            (Written::Nothing | Written::Head, HEADERS) => Some(ends_stream),
            (Written::Block(ends_stream), http2::CONTINUATION) => Some(ends_stream),
            _ => None,
        };
        let is_data = self.written == Written::Head && kind == DATA;
        match block {
            _ if !is_stream_1 => return true,
            Some(ends) if flags & 4 == 0 => self.written = Written::Block(ends),
            Some(true) => self.written = Written::All,
            Some(false) => self.written = Written::Head,
            None if is_data && ends_stream => self.written = Written::All,
            None => return !is_data,
        }
        false
    }

    /// The peer's octets wait for the request, and begin with SETTINGS.
    fn receive(&mut self) -> Option<BridgeError> {
        if !matches!(self.written, Written::Head | Written::All) {
            return None;
        }
        let header = self.peer.first_chunk::<9>();
        if !self.has_settings {
            let header = header?;
            if header[3] != SETTINGS || header[4] & 1 != 0 {
                return Some(BridgeError::SettingsNotFirst);
            }
            self.has_settings = true;
        }
        self.to_engine.append(&mut self.peer);
        None
    }
}
