//! Collects what the field lines of a request say, and judges it when the last is in.

use super::line::RequestLine;
use super::target::{self, Form};
use super::transfer::Transfer;
use super::{Circumstances, Facts, Flags};
use crate::content::Framing;
use crate::fields::{MAX_LIST_MEMBERS, is_authority, same_name, split_once, trim};
use crate::h2c::Settings;
use crate::policy::{Allow, Policy};
use crate::span::{Span, narrow};
use crate::websocket::handshake::OpeningFields;
use crate::websocket::{HandshakeError, origin};
use crate::{Error, Protocol};

/// What the field lines say so far.
pub(super) struct Gather<'h, 'p> {
    head: &'h [u8],
    line: RequestLine,
    around: Circumstances<'p>,
    pub(super) flags: Flags,
    host: Once<'h>,
    settings: Once<'h>,
    websocket: OpeningFields<'h>,
    transfer: Transfer,
    /// Entries of the policy's list that Upgrade names.
    named: u16,
    list_members: usize,
    failed_expectation: bool,
}

/// The value of a field that may stand once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Once<'h> {
    Missing,
    One(&'h [u8]),
    Repeated,
}

impl<'h> Once<'h> {
    pub(crate) fn add(&mut self, value: &'h [u8]) {
        *self = if *self == Once::Missing {
            Once::One(value)
        } else {
            Once::Repeated
        };
    }
}

/// A bit for each entry of the policy that is so.
pub(crate) fn bits(policy: &Policy<'_>, is_so: impl Fn(&Allow<'_>) -> bool) -> u16 {
    let entries = policy.allow.iter().take(Policy::MAX_ALLOW);
    entries.zip(0_u32..).fold(0, |bits, (allow, at)| {
        bits | (u16::from(is_so(allow)) << at)
    })
}

impl<'h, 'p> Gather<'h, 'p> {
    pub(super) fn new(
        head: &'h [u8],
        line: RequestLine,
        around: Circumstances<'p>,
    ) -> Gather<'h, 'p> {
        let mut flags = Flags::default();
        if line.is_http10 {
            flags.insert(Flags::HTTP10);
        }
        Gather {
            head,
            line,
            around,
            flags,
            host: Once::Missing,
            settings: Once::Missing,
            websocket: OpeningFields::new(),
            transfer: Transfer::default(),
            named: 0,
            list_members: 0,
            failed_expectation: false,
        }
    }

    /// One field line. Names are told apart by their length first.
    pub(super) fn field(&mut self, name: &'h [u8], value: &'h [u8]) -> Result<(), Error> {
        let is = |known: &[u8]| same_name(name, known);
        match name.len() {
            3 if is(b"via") => self.flags.insert(Flags::PROXIED),
            4 if is(b"host") => self.host.add(value),
            6 if is(b"expect") => return self.expect(value),
            6 if is(b"origin") => self.websocket.origin.add(value),
            7 if is(b"upgrade") => return self.upgrade(value),
            9 if is(b"forwarded") => self.flags.insert(Flags::PROXIED),
            10 if is(b"connection") => return self.connection(value),
            14 if is(b"content-length") => return self.transfer.content_length(value),
            14 if is(b"http2-settings") => self.settings.add(value),
            17 if is(b"transfer-encoding") => self.transfer.transfer_encoding(value),
            17 if is(b"sec-websocket-key") => self.websocket.key.add(value),
            21 if is(b"sec-websocket-version") => self.websocket.version.add(value),
            22 if is(b"sec-websocket-protocol") => self.websocket.subprotocols(value),
            24 if is(b"sec-websocket-extensions") => self.websocket.extensions(value),
            12.. if name
                .get(..12)
                .is_some_and(|start| same_name(start, b"x-forwarded-")) =>
            {
                self.flags.insert(Flags::PROXIED);
            }
            _ => {}
        }
        Ok(())
    }

    fn connection(&mut self, value: &[u8]) -> Result<(), Error> {
        self.each_member(value, b"upgrade", |gather, option| {
            gather.flags.connection_option(option);
        })
    }

    fn upgrade(&mut self, value: &[u8]) -> Result<(), Error> {
        self.each_member(value, b"websocket", |gather, member| {
            gather.named |= bits(gather.around.policy, |allow| {
                allow.protocol.is_named_by(member)
            });
        })
    }

    /// `100-continue` in any case; another expectation is remembered (RFC 9110 section 10.1.1).
    fn expect(&mut self, value: &[u8]) -> Result<(), Error> {
        self.each_member(value, b"100-continue", |gather, expectation| {
            if same_name(expectation, b"100-continue") {
                gather.flags.insert(Flags::EXPECT_CONTINUE);
            } else {
                gather.failed_expectation = true;
            }
        })
    }

    /// The members of a list, up to the limit for all lists together. A list of the `usual` member alone is the most, and
    /// known at a glance.
    fn each_member(
        &mut self,
        value: &[u8],
        usual: &[u8],
        member: impl Fn(&mut Self, &[u8]),
    ) -> Result<(), Error> {
        let is_usual = same_name(value, usual);
        let mut rest = Some(value);
        while let Some(list) = rest {
            self.list_members += 1;
            if self.list_members > MAX_LIST_MEMBERS {
                return Err(Error::ListTooLong);
            }
            let (first, more) = if is_usual {
                (list, None)
            } else {
                let parts = split_once(list, b',');
                let (first, more) = parts.map_or((list, None), |(first, more)| (first, Some(more)));
                (trim(first), more)
            };
            if !first.is_empty() {
                member(self, first);
            }
            rest = more;
        }
        Ok(())
    }

    /// Judges the whole.
    pub(super) fn finish(&mut self) -> Result<(Facts, Framing), Error> {
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
            Once::One(value) => {
                self.flags.has(Flags::HTTP2_SETTINGS) && Settings::decode(value).is_ok()
            }
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
