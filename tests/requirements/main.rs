//! One test for each requirement of `tests/conformance/`, named after its id: R9112-01 is `r9112_01_...`.

mod client;
mod conformance;
mod harness;

// One module a section of the conformance table.
mod a_messages;
mod b_semantics;
mod c_tls;
mod d_websocket;
mod e_deflate;
mod f_h2c;
mod g_optimistic;
mod h_security;
