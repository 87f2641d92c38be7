//! All the memory of the server: how it is shared out.
//!
//! | what | bytes |
//! |---|---|
//! | for each of 8 connections: what was received, what is to be sent | 1 536 + 1 536 |
//! | its TCP socket | 336 |
//! | its machine: HTTP with room for a head of 1 024 bytes, then WebSocket or h2c in the same place | 1 296 |
//! | frames on their way into a socket, one connection after another | 1 536 |
//!
//! That is 39 KiB. A board adds two Ethernet frames and the stack, of which smoltcp and the server take less than 6 KiB.

use crate::connection::Connection;
use core::mem::size_of;
use smoltcp::iface::SocketStorage;

/// How many clients are served at once. One more is told so by a reset.
pub const CONNECTIONS: usize = 8;

/// More than a segment of TCP on Ethernet.
pub const RECEIVED: usize = 1536;
pub const TO_SEND: usize = 1536;

/// The longest head of a request: a browser's is about 600 bytes, more with cookies. Beyond it the answer is 431.
pub const HEAD: usize = 1024;

/// The memory of a server: make it `static`. At the start it is all zeros.
pub struct Memory {
    pub(crate) buffers: [Buffers; CONNECTIONS],
    pub(crate) connections: [Connection; CONNECTIONS],
    pub(crate) scratch: [u8; TO_SEND],
}

pub struct Buffers {
    pub received: [u8; RECEIVED],
    pub to_send: [u8; TO_SEND],
}

#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<Memory>() + size_of::<Sockets>() <= 39 * 1024);

impl Memory {
    /// For a `static`: elsewhere it would pass over the stack, which has no room for it.
    #[must_use]
    #[allow(clippy::large_stack_arrays)]
    pub const fn new() -> Memory {
        Memory {
            buffers: [const { Buffers::new() }; CONNECTIONS],
            connections: [const { Connection::new() }; CONNECTIONS],
            scratch: [0; TO_SEND],
        }
    }
}

/// The sockets of a server: make them `static` too. They are apart as they are no zeros at the start, which takes flash.
pub struct Sockets(pub(crate) [SocketStorage<'static>; CONNECTIONS]);

impl Sockets {
    #[must_use]
    pub const fn new() -> Sockets {
        Sockets([SocketStorage::EMPTY; CONNECTIONS])
    }
}

impl Default for Sockets {
    fn default() -> Sockets {
        Sockets::new()
    }
}

impl Default for Memory {
    fn default() -> Memory {
        Memory::new()
    }
}

impl Buffers {
    const fn new() -> Buffers {
        Buffers {
            received: [0; RECEIVED],
            to_send: [0; TO_SEND],
        }
    }
}
