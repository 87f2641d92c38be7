//! Collects what the field lines of a request say, and judges it when the last is in.

mod judge;

use super::line::RequestLine;
use super::transfer::Transfer;
use super::{Circumstances, Flags};
use crate::Error;
use crate::fields::{MAX_LIST_MEMBERS, same_name, starts_with_name, take_member};
use crate::names::Name;
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
        *self = match self {
            Once::Missing => Once::One(value),
            _ => Once::Repeated,
        };
    }
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
            Name::UPGRADE => return self.list(List::Upgrade, value),
            Name::CONNECTION => return self.list(List::Connection, value),
            Name::EXPECT => return self.list(List::Expect, value),
            Name::VIA | Name::FORWARDED => self.flags.insert(Flags::PROXIED),
            _ if starts_with_name(name, b"x-forwarded-") => self.flags.insert(Flags::PROXIED),
            _ => {}
        }
        Ok(())
    }

    /// Connection, Upgrade or Expect. A list of the `usual` member alone is the most, and known at a glance.
    /// Small targets have one of it.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn list(&mut self, list: List, value: &[u8]) -> Result<(), Error> {
        let mut rest = Some(value);
        let is_usual = cfg!(target_pointer_width = "64") && same_name(value, list.usual());
        while rest.is_some() {
            self.list_members += 1;
            if self.list_members > MAX_LIST_MEMBERS {
                return Err(Error::ListTooLong);
            }
            let member = if is_usual {
                rest.take()
            } else {
                take_member(&mut rest)
            };
            if let Some(member) = member.filter(|member| !member.is_empty()) {
                self.member(list, member);
            }
        }
        Ok(())
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn member(&mut self, list: List, member: &[u8]) {
        match list {
            List::Connection => self.flags.connection_option(member),
            List::Upgrade => {
                self.named |= self
                    .around
                    .policy
                    .entries(|allow| (allow.rules.is_named_by)(allow.protocol, member));
            }
            List::Expect if same_name(member, List::Expect.usual()) => {
                self.flags.insert(Flags::EXPECT_CONTINUE);
            }
            // Another expectation is remembered (RFC 9110 section 10.1.1).
            List::Expect => self.failed_expectation = true,
        }
    }
}

/// The fields that are lists, up to one limit for all lists together.
#[derive(Clone, Copy)]
enum List {
    Connection,
    Upgrade,
    Expect,
}

impl List {
    /// The member that mostly stands alone.
    const fn usual(self) -> &'static [u8] {
        match self {
            List::Connection => b"upgrade",
            List::Upgrade => b"websocket",
            List::Expect => b"100-continue",
        }
    }
}
