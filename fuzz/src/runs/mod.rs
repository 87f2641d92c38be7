//! Drives the machines and writes down what they do.

pub mod client;
pub mod server;
pub mod setup;
