//! The client: rows that bind it alone, and its side of those that bind both.

mod builders;
mod harness;

// One or more modules a section of the conformance table.
mod a_chunked;
mod a_content;
mod a_heads;
mod a_requests;
mod a_reuse;
mod b_messages;
mod b_semantics;
mod c_mandatory;
mod c_tls;
mod d_offer;
mod d_switch;
mod e_deflate;
mod f_h2c;
mod g_optimistic;
mod h_security;
