//! Fuzz targets, and the oracles that they share.
//!
//! A target is a function from bytes to nothing that panics where an oracle is not content. [`reference`] says what HTTP,
//! WebSocket and HTTP/2 mean, in the plainest way: slices as a whole, memory as needed, no state. [`runs`] drives the machines
//! of the crate and writes down what they do. Each target holds the one against the other.

#![forbid(unsafe_code)]

pub mod input;
#[path = "../../tests/transcripts/notation.rs"]
mod notation;
pub mod reference;
pub mod runs;
pub mod seeds;
pub mod targets;

/// A name, and what panics where an oracle is not content.
pub type Target = (&'static str, fn(&[u8]));

/// Every target by its name.
pub const TARGETS: &[Target] = &[
    ("server", targets::server::run),
    ("client", targets::client::run),
    ("websocket", targets::websocket::run),
    ("h2c", targets::h2c::run),
    ("content", targets::content::run),
    ("settings", targets::settings::run),
    ("operations", targets::operations::run),
    ("pair", targets::pair::run),
    ("writing", targets::writing::run),
    ("differential", targets::differential::run),
];
