//! TLS inside HTTP/1.1 with real TLS, both roles, on pipes in memory: the code of the examples, and attackers.

#[path = "../../examples/tls/mod.rs"]
mod tls;

mod attacks;
mod early;
mod pipe;
mod stages;
mod world;
