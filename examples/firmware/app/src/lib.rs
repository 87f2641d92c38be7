//! A small web server for boards: pages, WebSocket, h2c, with `http-upgrade` on smoltcp.
//!
//! It takes any network device that smoltcp knows and any [`Board`], and all of its memory is in one [`Memory`]: no heap.
//!
//! | path | what it is |
//! |---|---|
//! | `/` | a page that shows the board live |
//! | `/stats` | the same as JSON |
//! | `/live` | the same as a WebSocket, once a second |
//! | `/echo` | a WebSocket that sends back what it receives, messages of any size |
//! | `/secure` | 426: only for those who upgrade to TLS |
//!
//! To a client that asks for an upgrade to h2c, pages come over HTTP/2.
#![no_std]
#![forbid(unsafe_code)]

mod connection;
mod h2c;
mod http;
mod memory;
mod page;
mod server;
mod vitals;
mod websocket;
mod wire;

pub use memory::{CONNECTIONS, Memory, Sockets};
pub use server::{Address, WebServer};
pub use vitals::{Board, Stack};
