//! One test for each requirement of `tests/conformance/`, named after its id: R9112-01 is `r9112_01_...`.

mod app;
mod client;
mod conformance;
mod harness;
mod strict;

// One module a section or two of the conformance table.
mod a_chunked;
mod a_connection;
mod a_fields;
mod a_framing;
mod a_messages;
mod a_request_line;
mod b_semantics;
mod c_tls;
mod d_websocket;
mod e_deflate;
mod f_h2c;
mod g_optimistic;
mod h_invariants;
mod h_security;
mod h_switch;
