//! A server's policy and its application, from a few bytes of input.

use http_upgrade::{Allow, Origins, Policy, Protocol};

use crate::input::Input;
use crate::reference::offer;

/// What a policy can allow, and what the reference makes of it.
const ENTRIES: [(Allow<'static>, Option<offer::Protocol<'static>>); 8] = [
    (Allow::WEBSOCKET, Some(offer::Protocol::WebSocket)),
    (Allow::H2C, Some(offer::Protocol::H2c { via_proxy: false })),
    (
        Allow::TLS,
        Some(offer::Protocol::Tls { any_request: false }),
    ),
    (Allow::TUNNEL, Some(offer::Protocol::Tunnel)),
    (Allow::PRIOR_KNOWLEDGE, None),
    (
        Allow::token("tcp"),
        Some(offer::Protocol::Token {
            token: "tcp",
            any_request: false,
        }),
    ),
    (
        Allow::token("connect-udp"),
        Some(offer::Protocol::Token {
            token: "connect-udp",
            any_request: false,
        }),
    ),
    (
        Allow::token("IRC/6.9"),
        Some(offer::Protocol::Token {
            token: "IRC/6.9",
            any_request: false,
        }),
    ),
];

const SUBPROTOCOLS: &[&str] = &["chat.v2", "chat"];
const PAGES: &[&str] = &["https://example.org", "http://a:8080"];

/// How the application answers [`http_upgrade::Action::Decide`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    Policy,
    Ignore,
    Refuse,
    Require,
}

#[derive(Clone, Debug)]
pub struct Setup {
    allow: Vec<Allow<'static>>,
    /// As `allow`, in the words of the reference.
    pub kinds: Vec<Option<offer::Protocol<'static>>>,
    require: Vec<Protocol<'static>>,
    subprotocols: &'static [&'static str],
    pub origins: offer::Origins,
    pub skip_limit: u32,
    /// Whatever request has content is refused.
    pub refuses_content: bool,
    pub lone_lf: bool,
    refuse_early_data: bool,
    keep_after_refusal: bool,
    pub ignore_expectations: bool,
    pub secure: bool,
    pub storage: usize,
    pub answer: Answer,
    /// The application reads content.
    pub wants_content: bool,
    /// It responds as soon as it has asked for content.
    pub answers_early: bool,
    /// The TLS handshake succeeds.
    pub tls_works: bool,
    /// How to cut the input the other way.
    pub splits: u8,
}

/// The bytes of input that a setup takes.
pub const LEN: usize = 7;

impl Setup {
    /// All zero is the policy of a strict server that allows WebSocket alone.
    pub fn read(input: &mut Input<'_>) -> Setup {
        let (allowed, wider, required, flags) =
            (input.byte() ^ 1, input.byte(), input.byte(), input.byte());
        let (more, storage, splits) = (input.byte(), input.byte(), input.byte());
        let has = |bits: u8, at: usize| bits >> at & 1 == 1;
        let entries = ENTRIES
            .iter()
            .enumerate()
            .filter(|(at, _)| has(allowed, *at));
        let (allow, kinds): (Vec<_>, Vec<_>) = entries
            .map(|(at, entry)| widened(*entry, has(wider, at)))
            .unzip();
        let require = allow
            .iter()
            .enumerate()
            .filter(|(at, _)| has(required, *at));
        let require = require.map(|(_, allow)| allow.protocol()).collect();
        Setup {
            allow,
            kinds,
            require,
            subprotocols: if has(flags, 0) { SUBPROTOCOLS } else { &[] },
            origins: match flags >> 1 & 3 {
                0 => offer::Origins::SameHost,
                1 => offer::Origins::Any,
                2 => offer::Origins::List(PAGES),
                _ => offer::Origins::Deny,
            },
            skip_limit: if has(flags, 3) { 10 } else { 64 << 10 },
            refuses_content: has(more, 7),
            lone_lf: has(flags, 4),
            refuse_early_data: has(flags, 5),
            keep_after_refusal: has(flags, 6),
            ignore_expectations: has(flags, 7),
            secure: has(more, 0),
            storage: match storage % 4 {
                0 => 2048,
                1 => 16 << 10,
                2 => 256,
                _ => 64 + usize::from(storage),
            },
            answer: match more >> 1 & 7 {
                0..=4 => Answer::Policy,
                5 => Answer::Ignore,
                6 => Answer::Refuse,
                _ => Answer::Require,
            },
            wants_content: has(more, 4),
            tls_works: !has(more, 5),
            answers_early: has(more, 6),
            splits,
        }
    }

    pub fn policy(&self) -> Policy<'_> {
        let origins = match self.origins {
            offer::Origins::Any => Origins::Any,
            offer::Origins::SameHost => Origins::SameHost,
            offer::Origins::List(list) => Origins::List(list),
            offer::Origins::Deny => Origins::Deny,
        };
        Policy::new(origins)
            .allow(&self.allow)
            .subprotocols(self.subprotocols)
            .require(&self.require)
            .skip_limit(self.skip_limit)
            .refuse_content(self.refuses_content)
            .lone_lf(self.lone_lf)
            .refuse_early_data(self.refuse_early_data)
            .keep_after_refusal(self.keep_after_refusal)
            .ignore_expectations(self.ignore_expectations)
    }

    /// The same without leniency.
    pub fn strict(&self) -> Setup {
        Setup {
            lone_lf: false,
            ..self.clone()
        }
    }

    pub fn allowed(
        &self,
    ) -> impl Iterator<Item = (Protocol<'static>, Option<offer::Protocol<'static>>)> {
        self.allow
            .iter()
            .map(|allow| allow.protocol())
            .zip(self.kinds.iter().copied())
    }

    pub fn required(&self) -> &[Protocol<'static>] {
        &self.require
    }

    pub fn accepts_early_data(&self) -> bool {
        !self.refuse_early_data
    }
}

fn widened(
    (allow, kind): (Allow<'static>, Option<offer::Protocol<'static>>),
    wider: bool,
) -> (Allow<'static>, Option<offer::Protocol<'static>>) {
    match (kind, wider) {
        (Some(offer::Protocol::H2c { .. }), true) => (
            allow.via_proxy(),
            Some(offer::Protocol::H2c { via_proxy: true }),
        ),
        (Some(offer::Protocol::Tls { .. }), true) => (
            allow.any_request(),
            Some(offer::Protocol::Tls { any_request: true }),
        ),
        (Some(offer::Protocol::Token { token, .. }), true) => (
            allow.any_request(),
            Some(offer::Protocol::Token {
                token,
                any_request: true,
            }),
        ),
        (kind, _) => (allow, kind),
    }
}
