//! Judges a request when its last field line is in.

use super::super::Facts;
use super::super::target;
use super::{Flags, Gather, Once};
use crate::authority::is_authority;
use crate::content::Framing;
use crate::span::{Span, narrow};
use crate::upgrade::Asked;
use crate::websocket::HandshakeError;
use crate::{Error, Protocol};

impl<'h> Gather<'h, '_> {
    /// Judges the whole.
    pub(in crate::request) fn finish(&mut self) -> Result<(Facts, Framing), Error> {
        if !self.line.has_good_target {
            return Err(Error::BadTarget);
        }
        let mut facts = Facts {
            method_end: self.line.method_end,
            target_end: self.line.target_end,
            ..Facts::NONE
        };
        let method = facts.method(self.head);
        let mut authority: &[u8] = &[];
        let asked = target::read(method, facts.target(self.head), &mut authority)?;
        let host = self.host()?;
        if authority.is_empty() {
            authority = host;
        }
        let framing = self.transfer.of_request(self.line.is_http10)?;
        if self.line.is_http10 {
            self.flags.remove(Flags::EXPECT_CONTINUE);
        } else if self.failed_expectation && !self.around.policy.ignore_expectations {
            return Err(Error::ExpectationFailed);
        }
        self.flags.insert(asked);
        if framing != Framing::None {
            self.flags.insert(Flags::CONTENT);
        }
        facts.authority = Span::within(self.head, authority);
        facts.offered = self.offered();
        if facts.offered & self.around.policy.entries_of(Protocol::WebSocket) != 0 {
            facts.handshake_error = self.handshake_error(authority);
            let key = self.websocket.key.one().unwrap_or_default();
            facts.key = narrow(Span::within(self.head, key).start());
        }
        facts.flags = self.flags;
        Ok((facts, framing))
    }

    /// The authority of Host, which must be there once, whatever the target says (RFC 9112 sections 3.2 and 3.2.2).
    fn host(&self) -> Result<&'h [u8], Error> {
        let host: &[u8] = match self.host {
            Once::One(host) => host,
            Once::Missing if self.line.is_http10 => &[],
            Once::Missing | Once::Repeated => return Err(Error::MissingOrRepeatedHost),
        };
        if is_authority(host) {
            Ok(host)
        } else {
            Err(Error::BadHost)
        }
    }

    /// Which entries of the policy the request offers in a way that counts (RFC 9110 section 7.8).
    fn offered(&self) -> u16 {
        let flags = self.flags;
        if flags.has(Flags::LENIENT) {
            0
        } else if flags.has(Flags::CONNECT) {
            self.around.policy.entries_of(Protocol::Tunnel)
        } else if self.named != 0 && flags.has(Flags::UPGRADE) && !flags.has(Flags::HTTP10) {
            let asked = Asked {
                flags,
                secure: self.around.secure,
                settings: self.settings.one(),
            };
            let policy = self.around.policy;
            let may_switch = policy.entries(|allow| (allow.rules.may_switch)(allow, asked));
            self.named & may_switch
        } else {
            0
        }
    }

    /// The first rule of the opening handshake that the request breaks (RFC 6455 section 4.2.1).
    fn handshake_error(&self, authority: &[u8]) -> Option<HandshakeError> {
        if !self.flags.has(Flags::GET) {
            return Some(HandshakeError::Method);
        }
        if self.flags.has(Flags::FOREIGN) {
            return Some(HandshakeError::Target);
        }
        let (origin, around) = (self.websocket.origin, &self.around);
        let origins = around.policy.origins;
        self.websocket.error().or_else(|| {
            let is_allowed = origins.allows(origin, around.secure, authority);
            (!is_allowed).then_some(HandshakeError::Origin)
        })
    }
}
