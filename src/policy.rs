//! What a server allows, and what it makes of a request: [`Policy`] and [`Decision`].

use crate::allow::{Allow, Origins};
use crate::message::Request;
use crate::server::Skip;
use crate::websocket::origin;
use crate::{Protocol, Status};

/// What becomes of a request: the answer to [`Action::Decide`](crate::server::Action::Decide).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Decision<'d> {
    /// Switch to that protocol. A request for it that breaks the protocol's own rules is answered with the status that
    /// those rules name (400, 403, 405, 426) instead.
    Accept(Protocol<'d>),
    /// Switch to WebSocket with that subprotocol, one of the request's list (RFC 6455 section 4.2.2).
    AcceptSubprotocol(&'d str),
    /// Serve it in HTTP/1.1, offer or no offer (RFC 9110 section 7.8).
    Ignore,
    /// Answer 426: nothing but these protocols will do (RFC 9110 section 15.5.22). All must be in the policy; those
    /// that cannot be had here, TLS and h2c inside TLS, are not listed.
    Require(&'d [Protocol<'d>]),
    /// Answer that status, 300 to 599 but for 304, with a line of text. For content of its own an application ignores
    /// the offer and responds.
    Refuse(Status),
}

/// What a server allows: a `const` value, shared by all its connections.
///
/// ```
/// use http_upgrade::{Allow, Origins, Policy};
///
/// const POLICY: Policy = Policy::new(Origins::SameHost)      // WebSocket, for pages of this very host
///     .subprotocols(&["chat.v2", "chat"])
///     .allow(&[Allow::WEBSOCKET, Allow::H2C, Allow::TLS, Allow::token("tcp").any_request()]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Policy<'p> {
    pub(crate) allow: &'p [Allow<'p>],
    pub(crate) subprotocols: &'p [&'p str],
    pub(crate) require: &'p [Protocol<'p>],
    pub(crate) origins: origin::Rule<'p>,
    pub(crate) skip: Skip,
    pub(crate) skip_limit: u32,
    pub(crate) lone_lf: bool,
    pub(crate) refuse_early_data: bool,
    pub(crate) keep_after_refusal: bool,
    pub(crate) ignore_expectations: bool,
}

impl<'p> Policy<'p> {
    /// How many entries of [`Policy::allow`] count: those behind are never accepted.
    pub const MAX_ALLOW: usize = 16;

    /// WebSocket for those Origins, and nothing else.
    #[must_use]
    pub const fn new(origins: Origins<'p>) -> Policy<'p> {
        Policy {
            allow: &[Allow::WEBSOCKET],
            subprotocols: &[],
            require: &[],
            origins: origin::Rule::new(origins),
            skip: Skip::SOME,
            skip_limit: 64 * 1024,
            lone_lf: false,
            refuse_early_data: false,
            keep_after_refusal: false,
            ignore_expectations: false,
        }
    }

    /// Allow these protocols, best first, in place of WebSocket alone. At most [`Policy::MAX_ALLOW`].
    #[must_use]
    pub const fn allow(self, allow: &'p [Allow<'p>]) -> Policy<'p> {
        Policy { allow, ..self }
    }

    /// The WebSocket subprotocols of this server, best first (RFC 6455 section 1.9).
    #[must_use]
    pub const fn subprotocols(self, subprotocols: &'p [&'p str]) -> Policy<'p> {
        Policy {
            subprotocols,
            ..self
        }
    }

    /// Answer 426 to what offers none of these. Requiring TLS is fulfilled by a connection that is inside TLS; where
    /// none of these can be had, as h2c inside TLS, the answer is 403.
    #[must_use]
    pub const fn require(self, require: &'p [Protocol<'p>]) -> Policy<'p> {
        Policy { require, ..self }
    }

    /// How many bytes of a request's content the machine may skip when the application does not read them: 64 KiB unless
    /// told otherwise; `u32::MAX` is no limit. More is answered with 413 and a close.
    #[must_use]
    pub const fn skip_limit(self, bytes: u32) -> Policy<'p> {
        Policy {
            skip_limit: bytes,
            ..self
        }
    }

    /// Refuse every request that has content with 413 and a close, whatever it asks for. A firmware with such a policy and
    /// no other holds none of the code that reads content, unless it calls
    /// [`Server::receive_content`](crate::Server::receive_content).
    #[must_use]
    pub const fn refuse_content(self, yes: bool) -> Policy<'p> {
        let skip = if yes { Skip::NONE } else { Skip::SOME };
        Policy { skip, ..self }
    }

    /// Let a lone LF end the lines of a head (RFC 9112 section 2.2). Such a head is never upgraded.
    #[must_use]
    pub const fn lone_lf(self, yes: bool) -> Policy<'p> {
        Policy {
            lone_lf: yes,
            ..self
        }
    }

    /// Refuse an upgrade with 400 and close when bytes of the new protocol came before the 101 (RFC 9931 section 3).
    #[must_use]
    pub const fn refuse_early_data(self, yes: bool) -> Policy<'p> {
        Policy {
            refuse_early_data: yes,
            ..self
        }
    }

    /// Go on after a refused upgrade or CONNECT even when bytes lie behind it already (RFC 9931 sections 5 and 8): for
    /// clients known to wait for the answer.
    #[must_use]
    pub const fn keep_after_refusal(self, yes: bool) -> Policy<'p> {
        Policy {
            keep_after_refusal: yes,
            ..self
        }
    }

    /// Ignore expectations other than `100-continue` instead of answering 417 (RFC 9110 section 10.1.1).
    #[must_use]
    pub const fn ignore_expectations(self, yes: bool) -> Policy<'p> {
        Policy {
            ignore_expectations: yes,
            ..self
        }
    }

    /// What this policy makes of that request: a pure function.
    ///
    /// The first protocol of [`Policy::allow`] that the request offers is accepted; a request that offers none is
    /// ordinary, or is answered 426 where one is required; CONNECT without [`Allow::TUNNEL`] is refused.
    #[must_use]
    pub fn decide(&self, request: &Request<'_>) -> Decision<'p> {
        let is_fulfilled = self.is_fulfilled(request);
        let required = if is_fulfilled {
            u16::MAX
        } else {
            self.required()
        };
        match self.first_of(request.core.facts.offered & required) {
            Some(allow) if allow.protocol == Protocol::WebSocket => self.accept_websocket(request),
            Some(allow) => Decision::Accept(allow.protocol),
            None if is_fulfilled && !request.is_connect() => Decision::Ignore,
            None if !is_fulfilled && self.can_be_required(request) => {
                Decision::Require(self.require)
            }
            None => Decision::Refuse(Status::FORBIDDEN),
        }
    }

    /// Whether nothing is required, or it is TLS and there.
    fn is_fulfilled(&self, request: &Request<'_>) -> bool {
        self.require.is_empty() || (request.is_secure() && self.require.contains(&Protocol::Tls))
    }

    /// The entries of what is required.
    fn required(&self) -> u16 {
        let entries = self.require.iter();
        entries.fold(0, |bits, &protocol| bits | self.entries_of(protocol))
    }

    /// Whether a 426 can name what is required: it is allowed and has a token, and some of it can be had here.
    fn can_be_required(&self, request: &Request<'_>) -> bool {
        let mut can_be_listed = false;
        for &protocol in self.require {
            let Some((allow, _)) = self.listed(protocol) else {
                return false;
            };
            can_be_listed |= allow.can_be_listed(request.is_secure());
        }
        can_be_listed
    }

    /// The entry of a protocol that has a token, and its bit.
    pub(crate) fn listed(&self, protocol: Protocol<'_>) -> Option<(&'p Allow<'p>, u16)> {
        let entry = lowest(self.entries_of(protocol));
        let allow = self.first_of(entry)?;
        allow.can_be_listed(false).then_some((allow, entry))
    }

    /// The best of those entries, if there is one.
    pub(crate) fn first_of(&self, entries: u16) -> Option<&'p Allow<'p>> {
        if entries == 0 {
            return None;
        }
        self.allow.get(entries.trailing_zeros() as usize)
    }

    /// The entries that count of that protocol.
    pub(crate) fn entries_of(&self, protocol: Protocol<'_>) -> u16 {
        self.entries(|allow| allow.protocol == protocol)
    }

    /// A bit for each entry that counts and is so.
    pub(crate) fn entries(&self, is_so: impl Fn(&Allow<'_>) -> bool) -> u16 {
        let mut entries = 0;
        for (allow, at) in self.allow.iter().zip(0..Policy::MAX_ALLOW) {
            entries |= u16::from(is_so(allow)) << at;
        }
        entries
    }

    fn accept_websocket(&self, request: &Request<'_>) -> Decision<'p> {
        for ours in self.subprotocols {
            if request.subprotocol(ours).is_some() {
                return Decision::AcceptSubprotocol(ours);
            }
        }
        Decision::Accept(Protocol::WebSocket)
    }
}

/// The best of those entries alone.
pub(crate) const fn lowest(entries: u16) -> u16 {
    entries & entries.wrapping_neg()
}
