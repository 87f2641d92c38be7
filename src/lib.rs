#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![warn(unreachable_pub)]

mod allow;
mod authority;
mod block;
pub mod client;
mod content;
mod error;
mod field_lines;
mod fields;
pub mod h2c;
mod head;
mod message;
mod names;
mod octets;
mod policy;
mod protocol;
mod request;
mod scan;
pub mod server;
mod span;
mod status;
pub mod tls;
mod upgrade;
#[cfg(test)]
mod walk;
pub mod websocket;
mod write;

pub use allow::{Allow, Origins};
pub use client::{Client, Offer, UpgradeRequest, WebSocketOffer};
pub use content::{Framing, MAX_CHUNK_EXTENSIONS, MAX_TRAILERS};
pub use error::{Error, Misuse};
pub use field_lines::Fields;
pub use fields::MAX_LIST_MEMBERS;
pub use head::MAX_FIELDS;
pub use message::{Request, Version};
pub use policy::{Decision, Policy};
pub use protocol::Protocol;
pub use server::{Action, MAX_MESSAGE, Response, Server};
pub use status::Status;
pub use write::Field;
