//! Carries bytes between a socket and an HTTP/2 engine, through a bridge.

use std::io;
use std::sync::{Mutex, PoisonError};

use http_upgrade::h2c::{BridgeError, ClientBridge, ServerBridge, Taken};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::sync::Notify;

/// How many bytes are read at a time.
const READ: usize = 16 << 10;

/// How long bytes of the peer may be held back: an engine that says nothing for that long has no more to say.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// What both bridges do alike.
pub trait Bridge: Send {
    fn receive<'a>(&'a mut self, input: &'a [u8]) -> Result<Taken<'a>, BridgeError>;
    fn send<'a>(&'a mut self, output: &'a [u8]) -> Taken<'a>;
}

impl Bridge for ServerBridge {
    fn receive<'a>(&'a mut self, input: &'a [u8]) -> Result<Taken<'a>, BridgeError> {
        self.receive(input)
    }

    fn send<'a>(&'a mut self, output: &'a [u8]) -> Taken<'a> {
        self.send(output)
    }
}

impl Bridge for ClientBridge {
    fn receive<'a>(&'a mut self, input: &'a [u8]) -> Result<Taken<'a>, BridgeError> {
        self.receive(input)
    }

    fn send<'a>(&'a mut self, output: &'a [u8]) -> Taken<'a> {
        self.send(output)
    }
}

/// Carries until either side ends. `read` was read from the socket and not taken; `early` goes to the peer first.
pub async fn pump(
    bridge: impl Bridge,
    socket: impl AsyncRead + AsyncWrite,
    read: Vec<u8>,
    early: Vec<u8>,
    engine: DuplexStream,
) -> io::Result<()> {
    let (from_peer, to_peer) = tokio::io::split(socket);
    let (from_engine, to_engine) = tokio::io::split(engine);
    let bridge = Mutex::new(bridge);
    let engine_wrote = Notify::new();
    tokio::select! {
        // What the engine still has to say behind the end of the peer goes out.
        Err(error) = inward(&bridge, &engine_wrote, read, from_peer, to_engine) => Err(error),
        result = outward(&bridge, &engine_wrote, early, from_engine, to_peer) => result,
    }
}

async fn inward(
    bridge: &Mutex<impl Bridge>,
    engine_wrote: &Notify,
    mut read: Vec<u8>,
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    let mut out = Vec::new();
    loop {
        let mut rest = &read[..];
        while !rest.is_empty() {
            let taken = {
                let mut bridge = bridge.lock().unwrap_or_else(PoisonError::into_inner);
                let taken = bridge.receive(rest).map_err(io::Error::other)?;
                out.extend(taken.parts.concat());
                taken.used
            };
            rest = &rest[taken..];
            to.write_all(&out).await?;
            out.clear();
            if taken == 0 {
                // The peer may go while its bytes are held back, and a peer that keeps waiting for the engine is gone too.
                tokio::time::timeout(PATIENCE, engine_wrote.notified()).await?;
            }
        }
        read.clear();
        read.reserve(READ);
        // A reset is an end as well: the engine has yet to read what came before it, and knows whether something is missing.
        if from.read_buf(&mut read).await.unwrap_or(0) == 0 {
            return to.shutdown().await;
        }
    }
}

async fn outward(
    bridge: &Mutex<impl Bridge>,
    engine_wrote: &Notify,
    mut out: Vec<u8>,
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    let (mut written, mut is_gone) = (Vec::with_capacity(READ), false);
    to.write_all(&out).await?;
    out.clear();
    while from.read_buf(&mut written).await? > 0 {
        let mut rest = &written[..];
        while !rest.is_empty() {
            let mut bridge = bridge.lock().unwrap_or_else(PoisonError::into_inner);
            let taken = bridge.send(rest);
            out.extend(taken.parts.concat());
            rest = &rest[taken.used..];
        }
        engine_wrote.notify_one();
        // What a peer said before it stopped reading is still on its way to the engine, which goes on until that ends.
        is_gone = is_gone || to.write_all(&out).await.is_err();
        written.clear();
        out.clear();
    }
    if is_gone {
        return Ok(());
    }
    to.shutdown().await
}
