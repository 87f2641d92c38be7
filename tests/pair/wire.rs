//! What lies between the two ends: a pipe for each direction, and a TLS that is one in form only.

/// How a reader is given what is in a pipe.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// Pieces of so many bytes.
    Every(usize),
    /// Two pieces: up to that byte, and from there on.
    At(usize),
}

/// One direction of a connection.
pub struct Pipe {
    cut: Cut,
    /// What somebody in the middle makes of a message.
    rewrite: fn(&[u8]) -> Vec<u8>,
    /// As it left the sender.
    pub sent: Vec<u8>,
    arrived: Vec<u8>,
    read: usize,
    pub closed: bool,
}

impl Pipe {
    pub fn new(cut: Cut, rewrite: fn(&[u8]) -> Vec<u8>) -> Pipe {
        Pipe {
            cut,
            rewrite,
            sent: Vec::new(),
            arrived: Vec::new(),
            read: 0,
            closed: false,
        }
    }

    pub fn write(&mut self, message: &[u8]) {
        self.sent.extend(message);
        self.arrived.extend((self.rewrite)(message));
    }

    /// What has arrived and was not read.
    pub fn unread(&self) -> &[u8] {
        &self.arrived[self.read..]
    }

    /// The next piece, empty where there is none.
    pub fn read(&mut self) -> Vec<u8> {
        let most = match self.cut {
            Cut::Every(bytes) => bytes,
            Cut::At(at) if self.read < at => at - self.read,
            Cut::At(_) => usize::MAX,
        };
        let unread = self.unread();
        let piece = unread[..most.min(unread.len())].to_vec();
        self.read += piece.len();
        piece
    }
}

/// The first record of either side.
const HELLO: u8 = 0x16;
/// A record of content, no byte of which is in clear text.
const CONTENT: u8 = 0x17;

fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let len = u16::try_from(content.len())
        .expect("a short record")
        .to_be_bytes();
    [kind, len[0], len[1]]
        .into_iter()
        .chain(content.iter().map(|byte| byte ^ 0x55))
        .collect()
}

pub fn hello() -> Vec<u8> {
    record(HELLO, b"the hello of a handshake")
}

/// The TLS of one end.
#[derive(Default)]
pub struct Tls {
    undecoded: Vec<u8>,
    has_peer: bool,
}

/// The peer does not speak TLS.
pub struct NotTls;

impl Tls {
    /// Whether the peer's hello has come.
    pub fn has_peer(&self) -> bool {
        self.has_peer
    }

    /// The content of all records that are whole by now.
    pub fn open(&mut self, bytes: &[u8]) -> Result<Vec<u8>, NotTls> {
        self.undecoded.extend(bytes);
        let mut content = Vec::new();
        while let Some(&kind) = self.undecoded.first() {
            if kind != if self.has_peer { CONTENT } else { HELLO } {
                return Err(NotTls);
            }
            let [_, high, low, rest @ ..] = &self.undecoded[..] else {
                break;
            };
            let len = usize::from(u16::from_be_bytes([*high, *low]));
            let Some(sealed) = rest.get(..len) else { break };
            let opened = sealed.iter().map(|byte| byte ^ 0x55);
            if self.has_peer {
                content.extend(opened);
            } else if !opened.eq(*b"the hello of a handshake") {
                return Err(NotTls);
            }
            self.has_peer = true;
            self.undecoded.drain(..3 + len);
        }
        Ok(content)
    }
}

/// One end of a connection: what was read and not taken, and TLS if there is any.
#[derive(Default)]
pub struct End {
    pub inbox: Vec<u8>,
    pub tls: Option<Tls>,
}

impl End {
    /// Reads a piece; whether there was one.
    pub fn fill(&mut self, pipe: &mut Pipe) -> Result<bool, NotTls> {
        let piece = pipe.read();
        match &mut self.tls {
            None => self.inbox.extend(&piece),
            Some(tls) => self.inbox.extend(tls.open(&piece)?),
        }
        Ok(!piece.is_empty())
    }

    /// What was not taken belongs to TLS from now on.
    pub fn begin_tls(&mut self) -> Result<(), NotTls> {
        let rest = std::mem::take(&mut self.inbox);
        self.inbox = self.tls.insert(Tls::default()).open(&rest)?;
        Ok(())
    }

    pub fn write(&self, pipe: &mut Pipe, bytes: &[u8]) {
        match self.tls {
            None => pipe.write(bytes),
            Some(_) => pipe.write(&record(CONTENT, bytes)),
        }
    }

    /// All that was not taken, the rest of the pipe included.
    pub fn rest(&mut self, pipe: &mut Pipe) -> Vec<u8> {
        while matches!(self.fill(pipe), Ok(true)) {}
        self.inbox.clone()
    }
}
