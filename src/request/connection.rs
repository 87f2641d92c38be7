//! Connection and its options (RFC 9110 section 7.6.1), and the flags of a message.

use crate::fields::starts_with_name;
use crate::names::Name;
use crate::octets::is_token;

/// What a head says, yes or no.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Flags(u16);

impl Flags {
    /// Connection: close.
    pub(crate) const CLOSE: Flags = Flags(1);
    /// Connection: keep-alive.
    pub(crate) const KEEP_ALIVE: Flags = Flags(1 << 1);
    /// Connection: upgrade.
    pub(crate) const UPGRADE: Flags = Flags(1 << 2);
    /// Connection: http2-settings.
    pub(crate) const HTTP2_SETTINGS: Flags = Flags(1 << 3);
    /// Connection names a field that is not its to name.
    pub(crate) const NOT_HOP_BY_HOP: Flags = Flags(1 << 4);
    /// Connection holds something that is no token, or a head was read leniently: no upgrade.
    pub(crate) const LENIENT: Flags = Flags(1 << 5);
    /// HTTP/1.0.
    pub(crate) const HTTP10: Flags = Flags(1 << 6);
    /// Expect: 100-continue, in HTTP/1.1.
    pub(crate) const EXPECT_CONTINUE: Flags = Flags(1 << 7);
    /// Via, Forwarded or X-Forwarded-*.
    pub(crate) const PROXIED: Flags = Flags(1 << 8);
    /// The method is CONNECT.
    pub(crate) const CONNECT: Flags = Flags(1 << 9);
    /// The message has content.
    pub(crate) const CONTENT: Flags = Flags(1 << 10);
    /// It is no request but the start of HTTP/2.
    pub(crate) const PREFACE: Flags = Flags(1 << 11);
    /// The target is `*`.
    pub(crate) const ASTERISK: Flags = Flags(1 << 12);
    /// The target is of another scheme than `http`.
    pub(crate) const OTHER_SCHEME: Flags = Flags(1 << 13);
    /// The target is of a scheme that is neither `http` nor `https`.
    pub(crate) const FOREIGN: Flags = Flags(1 << 14 | Flags::OTHER_SCHEME.0);
    /// The method is GET.
    pub(crate) const GET: Flags = Flags(1 << 15);
    /// Nothing.
    pub(crate) const NONE: Flags = Flags(0);

    pub(crate) const fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the connection outlives the message, as far as its head tells (RFC 9112 section 9.3).
    pub(crate) const fn persist(self) -> bool {
        !self.has(Flags::CLOSE) && (!self.has(Flags::HTTP10) || self.has(Flags::KEEP_ALIVE))
    }

    /// These and those.
    pub(crate) const fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// These without those.
    pub(crate) const fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }

    /// Whether a request is what an upgrade needs: `GET`, `ASTERISK` and `HTTP2_SETTINGS` among the terms must be there, the
    /// others must not.
    pub(crate) const fn meets(self, terms: Flags) -> bool {
        const NEEDED: u16 = Flags::GET.0 | Flags::ASTERISK.0 | Flags::HTTP2_SETTINGS.0;
        (self.0 ^ NEEDED) & terms.0 == 0
    }

    pub(crate) fn insert(&mut self, other: Flags) {
        self.0 |= other.0;
    }

    pub(crate) fn remove(&mut self, other: Flags) {
        self.0 &= !other.0;
    }

    /// One option of Connection: one that means something, or a field that a request may not nominate, or another. The flags
    /// for it are in the low octet, of which a table is half as large.
    #[allow(clippy::cast_possible_truncation)]
    pub(crate) fn connection_option(&mut self, option: &[u8]) {
        let flags = match Name::of(option) {
            Name::CLOSE => Flags::CLOSE,
            Name::KEEP_ALIVE => Flags::KEEP_ALIVE,
            Name::UPGRADE => Flags::UPGRADE,
            Name::HTTP2_SETTINGS => Flags::HTTP2_SETTINGS,
            Name::HOST
            | Name::ORIGIN
            | Name::CONTENT_LENGTH
            | Name::AUTHORIZATION
            | Name::COOKIE => Flags::NOT_HOP_BY_HOP,
            _ if !is_token(option) => Flags::LENIENT,
            _ if starts_with_name(option, b"sec-websocket-") => Flags::NOT_HOP_BY_HOP,
            _ => Flags::NONE,
        };
        self.0 |= u16::from(flags.0 as u8);
    }
}
