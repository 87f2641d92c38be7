//! Carries an HTTP/1.1 connection from its first byte to the moment another protocol takes over.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod websocket;
