//! Judges a request when its last field line is in.

use super::super::Facts;
use super::super::target::{self, Form};
use super::{Flags, Gather, Once, bits};
use crate::allow::Allow;
use crate::authority::is_authority;
use crate::content::Framing;
use crate::h2c;
use crate::span::{Span, narrow};
use crate::websocket::{HandshakeError, origin};
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
        let form = target::read(method, facts.target(self.head))?;
        let authority = self.authority(form)?;
        let framing = self.transfer.of_request(self.line.is_http10)?;
        if self.line.is_http10 {
            self.flags.remove(Flags::EXPECT_CONTINUE);
        } else if self.failed_expectation && !self.around.policy.ignore_expectations {
            return Err(Error::ExpectationFailed);
        }
        if method == b"CONNECT" {
            self.flags.insert(Flags::CONNECT);
        }
        if framing != Framing::None {
            self.flags.insert(Flags::CONTENT);
        }
        facts.authority = Span::within(self.head, authority);
        facts.offered = self.offered(method, form);
        if facts.offered
            & bits(self.around.policy, |allow| {
                allow.protocol == Protocol::WebSocket
            })
            != 0
        {
            match self.handshake(method, form, authority) {
                Ok(key) => facts.key = narrow(Span::within(self.head, key).start()),
                Err(error) => facts.handshake_error = Some(error),
            }
        }
        facts.flags = self.flags;
        Ok((facts, framing))
    }

    /// The authority of the target, or else of Host, which must be there once, whatever the target says
    /// (RFC 9112 sections 3.2 and 3.2.2).
    fn authority(&self, form: Form<'h>) -> Result<&'h [u8], Error> {
        let host: &[u8] = match self.host {
            Once::One(host) => host,
            Once::Missing if self.line.is_http10 => &[],
            Once::Missing | Once::Repeated => return Err(Error::MissingOrRepeatedHost),
        };
        match form {
            _ if !is_authority(host) => Err(Error::BadHost),
            Form::Absolute(authority)
            | Form::Secure(authority)
            | Form::Foreign(authority)
            | Form::Authority(authority) => Ok(authority),
            Form::Origin | Form::Asterisk => Ok(host),
        }
    }

    /// Which entries of the policy the request offers in a way that counts (RFC 9110 section 7.8).
    fn offered(&self, method: &[u8], form: Form<'_>) -> u16 {
        let counts = self.flags.has(Flags::UPGRADE)
            && !self.flags.has(Flags::HTTP10)
            && !self.flags.has(Flags::LENIENT);
        match (method, self.named) {
            (b"CONNECT", _) if self.flags.has(Flags::LENIENT) => 0,
            (b"CONNECT", _) => bits(self.around.policy, |allow| {
                allow.protocol == Protocol::Tunnel
            }),
            (_, named) if counts && named != 0 => {
                named & bits(self.around.policy, |allow| self.may(allow, method, form))
            }
            _ => 0,
        }
    }

    /// Whether a request of this kind may switch to that protocol.
    fn may(&self, allow: &Allow<'_>, method: &[u8], form: Form<'_>) -> bool {
        match allow.protocol {
            Protocol::WebSocket => true,
            Protocol::Tls if self.around.secure => false,
            // A request that carries data is not pending across the switch unless asked for.
            Protocol::Tls => {
                allow.any_request || (form == Form::Asterisk && !self.flags.has(Flags::CONTENT))
            }
            Protocol::H2c => {
                // A target of another scheme than http is none for clear text (RFC 9110 section 7.4).
                !self.around.secure
                    && !matches!(form, Form::Secure(_) | Form::Foreign(_))
                    && (allow.via_proxy || !self.flags.has(Flags::PROXIED))
                    && self.has_http2_settings()
            }
            Protocol::Token(token) => {
                allow.any_request
                    || is_datagram_token(token)
                    || (method == b"GET" && !self.flags.has(Flags::CONTENT))
            }
            Protocol::Tunnel | Protocol::PriorKnowledge => false,
        }
    }

    /// The key of the opening handshake, or the first rule that the request breaks (RFC 6455 section 4.2.1).
    fn handshake(
        &self,
        method: &[u8],
        form: Form<'_>,
        authority: &[u8],
    ) -> Result<&'h [u8], HandshakeError> {
        if method != b"GET" {
            return Err(HandshakeError::Method);
        }
        if matches!(form, Form::Foreign(_)) {
            return Err(HandshakeError::Target);
        }
        let key = self.websocket.key()?;
        if origin::is_allowed(
            self.around.secure,
            self.around.policy.origins,
            self.websocket.origin,
            authority,
        ) {
            Ok(key)
        } else {
            Err(HandshakeError::Origin)
        }
    }

    /// One valid HTTP2-Settings line that Connection names (RFC 7540 section 3.2.1).
    fn has_http2_settings(&self) -> bool {
        match self.settings {
            Once::One(value) => self.flags.has(Flags::HTTP2_SETTINGS) && h2c::is_valid(value),
            _ => false,
        }
    }
}

/// Tokens for which a request that is no GET, or has content, is malformed instead of ordinary (RFC 9298 section 3.2,
/// RFC 9484 section 4.2).
pub(crate) fn is_datagram_token(token: &str) -> bool {
    ["connect-udp", "connect-ip"]
        .iter()
        .any(|known| token.eq_ignore_ascii_case(known))
}
