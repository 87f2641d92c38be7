//! One module a target: what its bytes mean, and what must hold.

pub mod client;
pub mod content;
pub mod differential;
pub mod h2c;
pub mod operations;
pub mod pair;
pub mod server;
pub mod settings;
pub mod websocket;
pub mod writing;
