//! Collects what the field lines of a request say, and judges it when the last is in.

mod judge;

use super::transfer::Transfer;
use super::{Circumstances, Facts, Flags};
use crate::Error;
use crate::fields::{MAX_LIST_MEMBERS, same_name, starts_with_name, take_member};
use crate::names::Name;
use crate::websocket::handshake::are_subprotocols;
use crate::websocket::{HandshakeError, extensions};

/// What the field lines say so far.
pub(super) struct Gather<'h, 'p> {
    head: &'h [u8],
    around: Circumstances<'p>,
    facts: &'p mut Facts,
    /// The fields that may stand once, at the places of their names.
    once: &'p mut OnceFields<'h>,
    /// A list of the opening handshake that is none.
    list_error: Option<HandshakeError>,
    transfer: Transfer,
    /// Entries of the policy's list that Upgrade names.
    named: u16,
    list_members: usize,
    failed_expectation: bool,
}

/// The fields that may stand once, at the places of their names.
pub(super) type OnceFields<'h> = [Once<'h>; Name::ONCE];

/// The value of a field that may stand once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Once<'h> {
    Missing,
    One(&'h [u8]),
    Repeated,
}

impl<'h> Once<'h> {
    /// None of them, lent so that they are not moved.
    pub(super) const NONE: OnceFields<'h> = [Once::Missing; Name::ONCE];

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
    /// Nothing but the request-line has been read.
    pub(super) fn new(
        head: &'h [u8],
        facts: &'p mut Facts,
        once: &'p mut OnceFields<'h>,
        around: Circumstances<'p>,
    ) -> Gather<'h, 'p> {
        Gather {
            head,
            around,
            facts,
            once,
            list_error: None,
            transfer: Transfer::default(),
            named: 0,
            list_members: 0,
            failed_expectation: false,
        }
    }

    /// One field line. Names are told apart by their length first.
    pub(super) fn field(&mut self, name: &'h [u8], value: &'h [u8]) -> Result<(), Error> {
        let known = Name::of(name);
        if let Some(once) = self.once.get_mut(known.place()) {
            once.add(value);
            return Ok(());
        }
        match known {
            Name::PROTOCOL if !are_subprotocols(value) => {
                self.list_error = Some(HandshakeError::Subprotocols);
            }
            Name::EXTENSIONS if !extensions::is_list(value) => {
                self.list_error = self.list_error.or(Some(HandshakeError::Extensions));
            }
            Name::CONTENT_LENGTH => return self.transfer.content_length(value),
            Name::TRANSFER_ENCODING => self.transfer.transfer_encoding(value),
            Name::UPGRADE => return self.list(List::Upgrade, value),
            Name::CONNECTION => return self.list(List::Connection, value),
            Name::EXPECT => return self.list(List::Expect, value),
            Name::VIA | Name::FORWARDED => self.facts.flags.insert(Flags::PROXIED),
            _ if starts_with_name(name, b"x-forwarded-") => self.facts.flags.insert(Flags::PROXIED),
            _ => {}
        }
        Ok(())
    }

    fn once(&self, name: Name) -> Once<'h> {
        let once = self.once.get(name.place());
        *once.unwrap_or(&Once::Missing)
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
            List::Connection => self.facts.flags.connection_option(member),
            List::Upgrade => {
                self.named |= self
                    .around
                    .policy
                    .entries(|allow| allow.is_named_by(member));
            }
            List::Expect if same_name(member, List::Expect.usual()) => {
                self.facts.flags.insert(Flags::EXPECT_CONTINUE);
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
