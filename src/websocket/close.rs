//! Close codes (RFC 6455 section 7.4).

use core::fmt;

/// Why a connection is closed: the number in a Close frame, or one of the numbers that stand for its absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CloseCode(u16);

impl CloseCode {
    /// 1000: the purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// 1001: a server goes down, or a page was left.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002: a rule of the protocol was broken.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// 1003: this kind of message is not accepted.
    pub const UNSUPPORTED: Self = Self(1003);
    /// 1005: the Close carried no code. Never on the wire.
    pub const NONE: Self = Self(1005);
    /// 1006: the connection ended without a Close. Never on the wire.
    pub const ABNORMAL: Self = Self(1006);
    /// 1007: text that is not UTF-8, or the like.
    pub const INVALID_DATA: Self = Self(1007);
    /// 1008: a message against the receiver's policy.
    pub const POLICY: Self = Self(1008);
    /// 1009: a message that is too big.
    pub const TOO_BIG: Self = Self(1009);
    /// 1010: the server did not agree to an extension that the client needs. Sent by clients only.
    pub const EXTENSION_NEEDED: Self = Self(1010);
    /// 1011: an unexpected condition.
    pub const INTERNAL_ERROR: Self = Self(1011);

    /// Any number; whether it may be sent is checked when it is.
    #[must_use]
    pub const fn new(code: u16) -> Self {
        Self(code)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Whether the number may be in a Close frame: 1000 to 1003, 1007 to 1014 (section 7.4.1 and the IANA registry),
    /// 3000 to 4999 (section 7.4.2).
    #[must_use]
    pub const fn is_for_the_wire(self) -> bool {
        matches!(self.0, 1000..=1003 | 1007..=1014 | 3000..=4999)
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
