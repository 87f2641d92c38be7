//! What the TLS examples and the tests share: both roles on anything that reads and writes, with rustls.
#![allow(dead_code, reason = "each program uses a part of it")]

pub mod client;
pub mod echo;
pub mod hosts;
pub mod ipp;
pub mod server;
pub mod trust;
pub mod wire;
