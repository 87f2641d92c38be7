//! How much a peer may announce.

/// The longest frame and the longest message that are accepted, in bytes of payload (RFC 6455 section 10.4).
///
/// They are checked when a header arrives, before any payload. A limit does not make the machine hold anything: what
/// is accepted streams through. With an [`Assembler`](super::Assembler), let the message limit be its capacity.
///
/// ```
/// use http_upgrade::websocket::Limits;
///
/// const LIMITS: Limits = Limits::DEFAULT.message(4096);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Limits {
    pub(super) frame: u64,
    pub(super) message: u64,
}

impl Limits {
    /// 16 MiB for a frame and for a message.
    pub const DEFAULT: Self = Self {
        frame: 16 << 20,
        message: 16 << 20,
    };

    /// Whatever the peer announces.
    pub const NONE: Self = Self {
        frame: u64::MAX,
        message: u64::MAX,
    };

    /// Nothing is accepted.
    pub(super) const NOTHING: Self = Self {
        frame: 0,
        message: 0,
    };

    /// With this limit for one frame.
    #[must_use]
    pub const fn frame(mut self, bytes: u64) -> Self {
        self.frame = bytes;
        self
    }

    /// With this limit for one message, all its fragments together.
    #[must_use]
    pub const fn message(mut self, bytes: u64) -> Self {
        self.message = bytes;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
