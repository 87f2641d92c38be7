//! Pipes in memory, and somebody in the middle of them.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// One end of a connection. Dropping it closes the connection.
pub struct End {
    incoming: Arc<Way>,
    outgoing: Arc<Way>,
    /// How long a read waits.
    pub patience: Duration,
}

#[derive(Default)]
struct Way {
    state: Mutex<(VecDeque<u8>, bool)>,
    changed: Condvar,
}

/// A connection.
pub fn pipe() -> (End, End) {
    let (there, back) = <(Arc<Way>, Arc<Way>)>::default();
    let end = |incoming: &Arc<Way>, outgoing: &Arc<Way>| End {
        incoming: incoming.clone(),
        outgoing: outgoing.clone(),
        patience: Duration::from_secs(10),
    };
    (end(&back, &there), end(&there, &back))
}

impl Read for End {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let state = self.incoming.state.lock().expect("no panic");
        let is_idle = |state: &mut (VecDeque<u8>, bool)| state.0.is_empty() && !state.1;
        let (mut state, waited) = self
            .incoming
            .changed
            .wait_timeout_while(state, self.patience, is_idle)
            .expect("no panic");
        if waited.timed_out() {
            return Err(ErrorKind::TimedOut.into());
        }
        state.0.read(into)
    }
}

impl Write for End {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.outgoing.state.lock().expect("no panic");
        if state.1 {
            return Err(ErrorKind::BrokenPipe.into());
        }
        state.0.extend(bytes);
        self.outgoing.changed.notify_all();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for End {
    fn drop(&mut self) {
        for way in [&self.incoming, &self.outgoing] {
            way.state.lock().expect("no panic").1 = true;
            way.changed.notify_all();
        }
    }
}

/// What went over a connection: from the client, from the server.
#[derive(Clone, Default)]
pub struct Seen([Arc<Mutex<Vec<u8>>>; 2]);

impl Seen {
    pub fn of_client(&self) -> Vec<u8> {
        self.0[0].lock().expect("no panic").clone()
    }

    pub fn of_server(&self) -> Vec<u8> {
        self.0[1].lock().expect("no panic").clone()
    }

    /// Waits for the end of the connection, when nobody but the caller holds this any more.
    pub fn end(self) -> (Vec<u8>, Vec<u8>) {
        for _ in 0..1000 {
            if self.0.iter().all(|seen| Arc::strong_count(seen) == 1) {
                return (self.of_client(), self.of_server());
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the connection does not end");
    }
}

/// What somebody in the middle does to the bytes that pass.
pub type Change = fn(Vec<u8>) -> Vec<u8>;

/// Passes everything on unchanged.
pub const HONEST: Change = |bytes| bytes;

/// A connection with somebody in the middle who sees everything, passes it on in pieces of that size, and changes what
/// the client and what the server sends.
pub fn watched(piece: usize, of_client: Change, of_server: Change) -> (End, End, Seen) {
    let (client, outer) = pipe();
    let (inner, server) = pipe();
    let seen = join(outer, inner, piece, [of_client, of_server]);
    (client, server, seen)
}

/// Joins two connections.
pub fn join(outer: End, inner: End, piece: usize, changes: [Change; 2]) -> Seen {
    let seen = Seen::default();
    let [of_client, of_server] = seen.0.clone();
    let (outer, inner) = (outer.halves(), inner.halves());
    let relays = [
        (outer.0, inner.1, changes[0], of_client),
        (inner.0, outer.1, changes[1], of_server),
    ];
    for (mut from, mut to, change, seen) in relays {
        thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(len @ 1..) = from.0.read(&mut bytes) {
                seen.lock().expect("no panic").extend(&bytes[..len]);
                for piece in change(bytes[..len].to_vec()).chunks(piece) {
                    let _ = to.0.write_all(piece);
                }
            }
        });
    }
    seen
}

/// An end that only reads or only writes, and closes only that.
struct Half(End);

impl End {
    fn halves(self) -> (Half, Half) {
        let closed = || Arc::new(Way::default());
        let half = |incoming: Arc<Way>, outgoing: Arc<Way>| {
            Half(End {
                incoming,
                outgoing,
                patience: self.patience,
            })
        };
        let halves = (
            half(self.incoming.clone(), closed()),
            half(closed(), self.outgoing.clone()),
        );
        std::mem::forget(self);
        halves
    }
}
