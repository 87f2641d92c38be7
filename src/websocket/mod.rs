//! WebSocket (RFC 6455).

pub(crate) mod extensions;
pub(crate) mod handshake;
pub(crate) mod origin;

pub use extensions::{Extension, Value};
pub use handshake::{HandshakeError, VERSION, accept_key};
