//! A TCP socket as the machines of `http-upgrade` want it: bytes that came, room for bytes that go.

use crate::memory::TO_SEND;
use smoltcp::socket::tcp;

/// Room in the socket without which no machine goes on: it holds any message that is not content, and keeps a slow reader
/// from being sent frames of a byte or two.
pub const ENOUGH: usize = 512;

/// A connection's socket, and memory in which a message is put together: the free part of a ring is in two pieces.
pub struct Wire<'w> {
    tcp: &'w mut tcp::Socket<'static>,
    scratch: &'w mut [u8; TO_SEND],
}

impl<'w> Wire<'w> {
    pub fn new(tcp: &'w mut tcp::Socket<'static>, scratch: &'w mut [u8; TO_SEND]) -> Wire<'w> {
        Wire { tcp, scratch }
    }

    /// How many bytes can be sent now.
    pub fn room(&self) -> usize {
        self.tcp
            .send_capacity()
            .saturating_sub(self.tcp.send_queue())
    }

    pub fn has_room(&self) -> bool {
        self.room() >= ENOUGH
    }

    /// How many bytes have come and were not taken.
    pub fn unread(&self) -> usize {
        self.tcp.recv_queue()
    }

    /// Whether nothing is there, and nothing more will come.
    pub fn has_ended(&self) -> bool {
        !self.tcp.may_recv()
    }

    /// Lets a machine have at most `limit` bytes that have come, and scratch memory for its answer. It says how many bytes
    /// it took and how many it wrote: no more than there is room for.
    pub fn exchange(
        &mut self,
        limit: usize,
        machine: impl FnOnce(&mut [u8], &mut [u8]) -> (usize, usize),
    ) {
        let scratch = &mut self.scratch[..];
        let written = self.tcp.recv(|received| {
            let len = received.len().min(limit);
            machine(received.get_mut(..len).unwrap_or_default(), scratch)
        });
        self.send_scratch(written.unwrap_or(0));
    }

    /// Lets a machine take bytes that have come.
    pub fn receive(&mut self, machine: impl FnOnce(&mut [u8]) -> usize) {
        self.exchange(usize::MAX, |received, _| (machine(received), 0));
    }

    /// Lets a machine write a message: no longer than there is room for.
    pub fn send<E>(
        &mut self,
        machine: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<(), E> {
        let room = self.room();
        let written = machine(self.scratch.get_mut(..room).unwrap_or_default())?;
        self.send_scratch(written);
        Ok(())
    }

    /// Sends what there is room for, and says how much that was.
    pub fn put(&mut self, bytes: &[u8]) -> usize {
        self.tcp.send_slice(bytes).unwrap_or(0) // the peer is gone
    }

    fn send_scratch(&mut self, len: usize) {
        let message = self.scratch.get(..len).unwrap_or_default();
        let _ = self.tcp.send_slice(message); // fits, or the peer is gone
    }
}
