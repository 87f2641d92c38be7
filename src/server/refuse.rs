//! Refusals: 426 and every other answer that the machine words itself.

use super::core::Core;
use super::state::{Event, State};
use crate::request::Flags;
use crate::span::narrow;
use crate::websocket::HandshakeError;
use crate::write::{Field, Writer};
use crate::{Error, Misuse, Protocol, Status};

/// The size of the largest message that a server words itself, in bytes, without the fields, tokens and subprotocols of
/// the application: a 426 that lists WebSocket, h2c and TLS.
pub const MAX_MESSAGE: usize = 204;

impl Core<'_> {
    /// 426 that lists those of the protocols that can be had here.
    pub(super) fn require(&mut self, protocols: &[Protocol<'_>]) -> Result<(), Misuse> {
        let mut required = 0;
        for &protocol in protocols {
            let (allow, entry) = self.policy.listed(protocol).ok_or(Misuse::NotAllowed)?;
            if allow.can_be_listed(self.secure) {
                required |= entry;
            }
        }
        if required == 0 {
            return Err(Misuse::NotAllowed);
        }
        self.refuse(Status::UPGRADE_REQUIRED, required);
        Ok(())
    }

    /// Any other status; a 426 lists all that the policy allows.
    pub(super) fn refuse_with(&mut self, status: Status) -> Result<(), Misuse> {
        let all = self.allowed_tokens();
        match (status, all) {
            (Status::UPGRADE_REQUIRED, 0) => return Err(Misuse::BadStatus),
            (Status::UPGRADE_REQUIRED, _) => self.refuse(status, all),
            _ if status.code() < 300 || status.never_has_content() => {
                return Err(Misuse::BadStatus);
            }
            _ => self.refuse(status, 0),
        }
        Ok(())
    }

    /// An opening handshake that breaks a rule.
    pub(super) fn refuse_malformed(&mut self, error: HandshakeError) {
        let required = if error == HandshakeError::UnsupportedVersion {
            self.chosen
        } else {
            0
        };
        self.facts.handshake_error = Some(error);
        self.refuse(error.status(), required);
    }

    /// Entries of the policy that an Upgrade list can name here.
    pub(super) fn allowed_tokens(&self) -> u16 {
        self.policy
            .entries(|allow| allow.can_be_listed(self.secure))
    }

    fn refuse(&mut self, status: Status, required: u16) {
        (self.status, self.required) = (status, required);
        let event = match (self.must_close_refused(), self.content.is_complete()) {
            (true, _) => Event::RefusedForGood,
            (false, false) => Event::RefusedWithContent,
            (false, true) => Event::Refused,
        };
        if self.is_data_behind() {
            self.error = Some(Error::DataBehindRefusal);
        }
        self.fire(event);
    }

    /// Whether the connection must end behind the refusal.
    pub(super) fn must_close_refused(&self) -> bool {
        self.must_close(self.asks())
    }

    /// Whether bytes lie behind a refused request that asked for a switch, to whatever: a proxy may have let them through
    /// in the belief that they are no HTTP (RFC 9931 sections 5 and 8).
    pub(super) fn is_data_behind(&self) -> bool {
        self.early && self.asks() && !self.policy.keep_after_refusal
    }

    fn asks(&self) -> bool {
        let flags = self.facts.flags;
        flags.has(Flags::CONNECT) || (flags.has(Flags::UPGRADE) && !flags.has(Flags::HTTP10))
    }

    pub(super) fn write_refusal(
        &self,
        writer: &mut Writer<'_>,
        fields: &[Field<'_>],
    ) -> Result<(), Misuse> {
        // The text is the machine's, and so is its type; and a 405 to an opening handshake says itself what it allows.
        let is_method = self.answers(HandshakeError::Method);
        let is_ours = |name: &str| {
            name.eq_ignore_ascii_case("content-type")
                || (is_method && name.eq_ignore_ascii_case("allow"))
        };
        if fields.iter().any(|(name, _)| is_ours(name)) {
            return Err(Misuse::ReservedField);
        }
        let names_websocket = self.write_upgrade(self.required, writer);
        self.write_connection(self.required != 0, self.state == State::RefuseClose, writer);
        // RFC 6455 section 4.4.
        if names_websocket
            || self.answers(HandshakeError::BadVersion)
            || self.answers(HandshakeError::UnsupportedVersion)
        {
            writer.text(VERSIONS);
        }
        if is_method {
            writer.text("Allow: GET\r\n");
        }
        Ok(())
    }

    /// The content of a refusal: its status again.
    pub(super) fn write_text(&self, storage: &[u8], writer: &mut Writer<'_>) {
        // A reason phrase is short.
        let phrase = self.status.phrase();
        let length = narrow(phrase.len() + 5);
        writer
            .text("Content-Type: text/plain\r\nContent-Length: ")
            .small_number(length)
            .text("\r\n\r\n");
        if !self.is_head(storage) {
            writer.status(self.status, phrase).text("\n");
        }
    }

    /// Whether the request is a HEAD, as far as it was understood: the answer has no content (RFC 9110 section 9.3.2).
    fn is_head(&self, storage: &[u8]) -> bool {
        self.request(storage).head().starts_with(b"HEAD ")
    }

    /// Upgrade with the tokens of those entries, best first (RFC 9110 section 7.8). Whether WebSocket is one of them.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn write_upgrade(&self, mut entries: u16, writer: &mut Writer<'_>) -> bool {
        let mut names_websocket = false;
        writer.list("Upgrade: ");
        for allow in self.policy.allow {
            if entries & 1 == 1 {
                writer.member(allow.name());
                names_websocket |= matches!(allow.protocol, Protocol::WebSocket);
            }
            entries >>= 1;
        }
        writer.end_list();
        names_websocket
    }

    /// Connection with the options that the answer needs, if any (RFC 9110 section 7.6.1, RFC 9112 section 9.3).
    pub(super) fn write_connection(&self, upgrade: bool, close: bool, writer: &mut Writer<'_>) {
        writer.list("Connection: ");
        if upgrade {
            writer.member("Upgrade");
        }
        if close {
            writer.member("close");
        } else if self.facts.flags.has(Flags::HTTP10) {
            writer.member("keep-alive");
        }
        writer.end_list();
    }

    /// Whether this refusal is due to that rule of the opening handshake.
    fn answers(&self, error: HandshakeError) -> bool {
        self.facts.handshake_error == Some(error) && self.status == error.status()
    }
}

/// The versions of WebSocket that the server speaks (RFC 6455 section 4.4).
pub(super) const VERSIONS: &str = "Sec-WebSocket-Version: 13\r\n";
