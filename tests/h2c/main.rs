//! The h2c bridges: octet for octet at every split, and between real HTTP/2 engines.

mod client;
mod content;
mod engines;
mod harness;
mod prologue;
mod server;
