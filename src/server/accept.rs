//! Decisions, and the 101 (RFC 9110 sections 7.8 and 15.2.2).

use super::core::Core;
use super::state::{Event, State};
use crate::policy::{Decision, lowest};
use crate::request::Flags;
use crate::span::Span;
use crate::websocket::HandshakeError;
use crate::write::{Field, Writer};
use crate::{Error, Misuse, Protocol, Status};

impl Core<'_> {
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    pub(super) fn decide(&mut self, storage: &[u8], decision: Decision<'_>) -> Result<(), Misuse> {
        if self.state != State::Decide {
            return Err(Misuse::OutOfTurn);
        }
        match decision {
            Decision::Accept(protocol) => self.accept(protocol, Span::default()),
            Decision::AcceptSubprotocol(name) => {
                let chosen = self.request(storage).subprotocol(name);
                let chosen = Span::within(storage, chosen.ok_or(Misuse::NotOffered)?);
                self.accept(Protocol::WebSocket, chosen)
            }
            Decision::Ignore => {
                self.ignore();
                Ok(())
            }
            Decision::Require(protocols) => self.require(protocols),
            Decision::Refuse(status) => self.refuse_with(status),
        }
    }

    /// The start of HTTP/2 cannot be served as HTTP/1.1.
    fn ignore(&mut self) {
        if self.facts.flags.has(Flags::PREFACE) {
            self.fault(Error::UnsupportedVersion);
        } else {
            self.fire(Event::Ignored);
        }
    }

    fn accept(&mut self, protocol: Protocol<'_>, subprotocol: Span) -> Result<(), Misuse> {
        let allowed = self.policy.entries_of(protocol);
        let offered = allowed & self.facts.offered;
        let Some(allow) = self.policy.first_of(offered) else {
            return Err(if allowed == 0 {
                Misuse::NotAllowed
            } else {
                Misuse::NotOffered
            });
        };
        (self.chosen, self.subprotocol) = (lowest(offered), subprotocol);
        if self.facts.flags.has(Flags::NOT_HOP_BY_HOP) {
            self.fault(Error::BadConnectionOption);
            return Ok(());
        }
        let malformed = match protocol {
            Protocol::WebSocket => self.facts.handshake_error,
            _ if allow.is_malformed(self.facts.flags) => Some(HandshakeError::Target),
            _ => None,
        };
        if let Some(error) = malformed {
            self.refuse_malformed(error);
        } else {
            self.fire(self.accepted(protocol));
            self.check_early();
        }
        Ok(())
    }

    fn accepted(&self, protocol: Protocol<'_>) -> Event {
        match (
            protocol,
            self.facts.flags.has(Flags::EXPECT_CONTINUE),
            self.content.is_complete(),
        ) {
            (Protocol::PriorKnowledge, _, _) => Event::AcceptedSilently,
            (_, true, _) => Event::AcceptedWithExpect,
            (_, false, false) => Event::AcceptedWithContent,
            (_, false, true) => Event::Accepted,
        }
    }

    #[inline(never)]
    pub(super) fn send(
        &mut self,
        storage: &[u8],
        out: &mut [u8],
        fields: &[Field<'_>],
    ) -> Result<usize, Misuse> {
        let status = self.due().ok_or(Misuse::OutOfTurn)?;
        let is_refusal = matches!(self.state, State::Refuse | State::RefuseClose);
        let mut writer = Writer::new(out);
        writer.status_line(status);
        if is_refusal {
            self.write_refusal(&mut writer, fields)?;
        } else if status == Status::SWITCHING_PROTOCOLS {
            // It has no content, nor says so, like the 200 that opens a tunnel (RFC 9110 section 8.6).
            (self.chosen_entry().rules.write)(&self.request(storage), &mut writer);
        }
        writer.fields(fields)?;
        if is_refusal {
            self.write_text(storage, &mut writer);
        } else {
            writer.text("\r\n");
        }
        let len = writer.finish()?;
        self.sent();
        Ok(len)
    }

    fn sent(&mut self) {
        let is_tls = self.state == State::Accept && matches!(self.chosen(), Protocol::Tls);
        let was_continue = matches!(self.state, State::AcceptContinue | State::RespondContinue);
        self.touched = true;
        self.fire(if is_tls { Event::SentTls } else { Event::Sent });
        if was_continue {
            self.facts.flags.remove(Flags::EXPECT_CONTINUE);
            if self.content.is_complete() {
                self.content_complete(false);
            }
        }
    }
}
