//! The two ends of a WebSocket connection, as types.

/// This end is the server: it reads masked frames and writes unmasked ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Server;

/// This end is the client: it reads unmasked frames and masks all that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Client;

/// [`Server`] or [`Client`]; nothing else can be one.
pub trait Role: sealed::Sealed {}

impl Role for Server {}
impl Role for Client {}

pub(super) mod sealed {
    use super::{Client, Server};

    /// What differs between the two ends (RFC 6455 section 5.1).
    pub trait Sealed: Copy {
        /// What a frame that goes out needs: a client a fresh masking key, a server nothing.
        type Key: Copy;
        /// Whether the peer masks its frames.
        const PEER_MASKS: bool;
        /// The key to mask with, if this end masks.
        fn key(key: Self::Key) -> Option<[u8; 4]>;
    }

    impl Sealed for Server {
        type Key = ();
        const PEER_MASKS: bool = true;
        #[inline]
        fn key((): ()) -> Option<[u8; 4]> {
            None
        }
    }

    impl Sealed for Client {
        type Key = [u8; 4];
        const PEER_MASKS: bool = false;
        #[inline]
        fn key(key: [u8; 4]) -> Option<[u8; 4]> {
            Some(key)
        }
    }
}
