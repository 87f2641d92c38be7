//! What messages mean, in the plainest way. Nothing here uses the crate.

pub mod chunked;
pub mod digest;
pub mod frames;
pub mod grammar;
pub mod head;
pub mod http2;
pub mod offer;

/// What comes of reading from the front of some bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Read<T> {
    /// It goes on behind the bytes that there are.
    Incomplete,
    /// That rule is broken.
    Refused(&'static str),
    Complete(T),
}

impl<T> Read<T> {
    pub fn complete(self) -> Option<T> {
        match self {
            Read::Complete(value) => Some(value),
            _ => None,
        }
    }
}
