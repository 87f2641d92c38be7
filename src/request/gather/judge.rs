//! Judges a request when its last field line is in.

use super::super::target;
use super::{Flags, Gather, Once};
use crate::authority::is_authority;
use crate::content::Content;
use crate::names::Name;
use crate::span::{Span, narrow};
use crate::websocket::{HandshakeError, handshake};
use crate::{Error, Protocol};

impl<'h> Gather<'h, '_> {
    /// Judges the whole, and says what `content` it has.
    pub(in crate::request) fn finish(&mut self, content: &mut Content) -> Result<(), Error> {
        let (head, policy) = (self.head, self.around.policy);
        let is_http10 = self.facts.flags.has(Flags::HTTP10);
        let mut authority: &[u8] = &[];
        let (method, target) = (self.facts.method(head), self.facts.target(head));
        let asked = target::read(method, target, &mut authority)?;
        let host = self.host()?;
        if authority.is_empty() {
            authority = host;
        }
        self.transfer.check(is_http10)?;
        if is_http10 {
            self.facts.flags.remove(Flags::EXPECT_CONTINUE);
        } else if self.failed_expectation && !policy.ignore_expectations {
            return Err(Error::ExpectationFailed);
        }
        self.facts.flags.insert(asked);
        *content = Content::new(self.transfer.of_request());
        if !content.is_complete() {
            self.facts.flags.insert(Flags::CONTENT);
        }
        self.facts.authority = Span::within(head, authority);
        self.facts.offered = self.offered();
        if self.facts.offered & policy.entries_of(Protocol::WebSocket) != 0 {
            self.facts.handshake_error = self.handshake_error(authority);
            let key = self.once(Name::KEY).one().unwrap_or_default();
            self.facts.key = narrow(Span::within(head, key).start());
        }
        Ok(())
    }

    /// The authority of Host, which must be there once, whatever the target says (RFC 9112 sections 3.2 and 3.2.2).
    fn host(&self) -> Result<&'h [u8], Error> {
        let host: &[u8] = match self.once(Name::HOST) {
            Once::One(host) => host,
            Once::Missing if self.facts.flags.has(Flags::HTTP10) => &[],
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
        let flags = self.facts.flags;
        if flags.has(Flags::LENIENT) {
            0
        } else if flags.has(Flags::CONNECT) {
            self.around.policy.entries_of(Protocol::Tunnel)
        } else if self.named != 0 && flags.has(Flags::UPGRADE) && !flags.has(Flags::HTTP10) {
            let settings = self.once(Name::HTTP2_SETTINGS).one().unwrap_or_default();
            let (policy, secure) = (self.around.policy, self.around.secure);
            self.named & policy.entries(|allow| allow.may_switch(flags, secure, settings))
        } else {
            0
        }
    }

    /// The first rule of the opening handshake that the request breaks (RFC 6455 section 4.2.1).
    fn handshake_error(&self, authority: &[u8]) -> Option<HandshakeError> {
        if !self.facts.flags.has(Flags::GET) {
            return Some(HandshakeError::Method);
        }
        if self.facts.flags.has(Flags::FOREIGN) {
            return Some(HandshakeError::Target);
        }
        let (origin, around) = (self.once(Name::ORIGIN), &self.around);
        let origins = around.policy.origins;
        handshake::error(self.once(Name::KEY), self.once(Name::VERSION))
            .or(self.list_error)
            .or_else(|| {
                let is_allowed = origins.allows(origin, around.secure, authority);
                (!is_allowed).then_some(HandshakeError::Origin)
            })
    }
}
