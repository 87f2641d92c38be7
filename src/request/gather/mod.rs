//! Collects what the field lines of a request say, and judges it when the last is in.

mod judge;

use super::line::RequestLine;
use super::transfer::Transfer;
use super::{Circumstances, Flags};
use crate::Error;
use crate::allow::Allow;
use crate::fields::{MAX_LIST_MEMBERS, same_name, split_once, starts_with_name, trim};
use crate::names::Name;
use crate::policy::Policy;
use crate::websocket::handshake::OpeningFields;

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
    pub(crate) const fn one(&self) -> Option<&'h [u8]> {
        match self {
            Once::One(value) => Some(value),
            _ => None,
        }
    }

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
        match Name::of(name) {
            Name::HOST => self.host.add(value),
            Name::ORIGIN => self.websocket.origin.add(value),
            Name::HTTP2_SETTINGS => self.settings.add(value),
            Name::KEY => self.websocket.key.add(value),
            Name::VERSION => self.websocket.version.add(value),
            Name::PROTOCOL => self.websocket.subprotocols(value),
            Name::EXTENSIONS => self.websocket.extensions(value),
            Name::CONTENT_LENGTH => return self.transfer.content_length(value),
            Name::TRANSFER_ENCODING => self.transfer.transfer_encoding(value),
            Name::UPGRADE => return self.upgrade(value),
            Name::CONNECTION => return self.connection(value),
            Name::EXPECT => return self.expect(value),
            Name::VIA | Name::FORWARDED => self.flags.insert(Flags::PROXIED),
            _ if starts_with_name(name, b"x-forwarded-") => self.flags.insert(Flags::PROXIED),
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
                (allow.rules.is_named_by)(allow.protocol, member)
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
}
