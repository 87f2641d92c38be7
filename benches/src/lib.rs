//! What the programs of this package share: the work, the driver that repeats it, connections in memory.

#[cfg(feature = "peers")]
pub mod answering;
pub mod driver;
pub mod floor;
#[cfg(feature = "peers")]
pub mod wire;
pub mod work;
