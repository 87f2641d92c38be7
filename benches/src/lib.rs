//! What the programs of this package share: the work, the driver that repeats it, connections in memory.

#[cfg(feature = "hosted")]
pub mod answering;
pub mod driver;
pub mod floor;
#[cfg(any(feature = "embedded", feature = "hosted"))]
pub mod wire;
pub mod work;
