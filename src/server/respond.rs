//! Responses of the application to ordinary requests (RFC 9112 section 6).

use super::core::Core;
use super::refuse::VERSIONS;
use super::state::{Event, State};
use crate::request::Flags;
use crate::write::{Field, Writer};
use crate::{Misuse, Status};

/// How the content of a response is delimited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ResponseContent<'a> {
    /// All of it, written with the head.
    Whole(&'a [u8]),
    /// That many bytes follow from the application.
    Length(u64),
    /// Chunks follow from the application.
    Chunked,
    /// Bytes follow from the application until it closes the connection.
    UntilClose,
}

/// A response to an ordinary request.
///
/// ```
/// use http_upgrade::{Response, Status};
///
/// let fields = [("Content-Type", "text/plain")];
/// let response = Response::new(Status::OK).fields(&fields).content(b"hello");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Response<'a> {
    status: Status,
    fields: &'a [Field<'a>],
    content: ResponseContent<'a>,
    advertise: bool,
    close: bool,
}

impl<'a> Response<'a> {
    /// A response without content.
    #[must_use]
    pub const fn new(status: Status) -> Response<'a> {
        Response {
            status,
            fields: &[],
            content: ResponseContent::Whole(&[]),
            advertise: false,
            close: false,
        }
    }

    /// Fields of the application. Those that the crate writes itself are refused; that no other field that may stand once
    /// stands twice is up to the application.
    #[must_use]
    pub const fn fields(self, fields: &'a [Field<'a>]) -> Response<'a> {
        Response { fields, ..self }
    }

    /// Content that is written with the head: not for HEAD, 204, 205 and 304, which have none.
    #[must_use]
    pub const fn content(self, content: &'a [u8]) -> Response<'a> {
        Response {
            content: ResponseContent::Whole(content),
            ..self
        }
    }

    /// Content of that many bytes, which the application writes behind the head: not for HEAD, 204, 205 and 304.
    #[must_use]
    pub const fn content_length(self, bytes: u64) -> Response<'a> {
        Response {
            content: ResponseContent::Length(bytes),
            ..self
        }
    }

    /// Content in the chunked coding, which the application writes behind the head (RFC 9112 section 7.1).
    #[must_use]
    pub const fn chunked(self) -> Response<'a> {
        Response {
            content: ResponseContent::Chunked,
            ..self
        }
    }

    /// Content that the application writes behind the head, and ends by closing the connection.
    #[must_use]
    pub const fn until_close(self) -> Response<'a> {
        Response {
            content: ResponseContent::UntilClose,
            close: true,
            ..self
        }
    }

    /// Say in Upgrade what the policy allows (RFC 9110 section 7.8). A 426 always says it.
    #[must_use]
    pub const fn advertise(self) -> Response<'a> {
        Response {
            advertise: true,
            ..self
        }
    }

    /// End the connection behind this response.
    #[must_use]
    pub const fn close(self) -> Response<'a> {
        Response {
            close: true,
            ..self
        }
    }
}

/// The status: field values and content may be secrets.
impl core::fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Response<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Response({})", self.status);
    }
}

impl Core<'_> {
    pub(super) fn want_content(&mut self) -> Result<(), Misuse> {
        match (
            self.state,
            self.content.is_complete(),
            self.facts.flags.has(Flags::EXPECT_CONTINUE),
        ) {
            (State::Respond, true, _) => {}
            (State::Respond, false, true) => self.fire(Event::WantedContinue),
            (State::Respond, false, false) => self.fire(Event::WantedContent),
            _ => return Err(Misuse::OutOfTurn),
        }
        Ok(())
    }

    pub(super) fn respond(
        &mut self,
        storage: &[u8],
        out: &mut [u8],
        response: &Response<'_>,
    ) -> Result<usize, Misuse> {
        if !self.state.may_respond() {
            return Err(Misuse::OutOfTurn);
        }
        let is_tunnel = self.facts.flags.has(Flags::CONNECT) && response.status.is_successful();
        if response.status.is_interim() || is_tunnel {
            return Err(Misuse::BadStatus);
        }
        let is_head = self.request(storage).method() == "HEAD";
        // What lies behind content that is still to come cannot be seen yet.
        let is_blind = self.facts.offered != 0
            && !self.content.is_complete()
            && !self.policy.keep_after_refusal;
        let close = response.close || is_blind || self.must_close(self.facts.offered != 0);
        let mut writer = Writer::new(out);
        self.write_response(response, is_head, close, &mut writer)?;
        let len = writer.finish()?;
        self.fire(match (close, self.content.is_complete()) {
            (true, _) => Event::RespondedForGood,
            (false, false) => Event::RespondedWithContent,
            (false, true) => Event::Responded,
        });
        Ok(len)
    }

    fn write_response(
        &self,
        response: &Response<'_>,
        is_head: bool,
        close: bool,
        writer: &mut Writer<'_>,
    ) -> Result<(), Misuse> {
        let advertise = response.advertise || response.status == Status::UPGRADE_REQUIRED;
        let advertised = if advertise { self.allowed_tokens() } else { 0 };
        if response.status == Status::UPGRADE_REQUIRED && advertised == 0 {
            return Err(Misuse::BadStatus);
        }
        writer.status_line(response.status);
        let names_websocket = self.write_upgrade(advertised, writer);
        self.write_connection(advertised != 0, close, writer);
        if response.status == Status::UPGRADE_REQUIRED && names_websocket {
            writer.text(VERSIONS);
        }
        writer.fields(response.fields)?;
        // A 205 says that it has no content, the others go without saying (RFC 9110 section 15.3.6).
        let content = match response.status.code() {
            205 => ResponseContent::Whole(&[]),
            _ => response.content,
        };
        let has_content = !response.status.never_has_content();
        if has_content {
            self.write_framing(content, writer)?;
        }
        writer.text("\r\n");
        match content {
            ResponseContent::Whole(content) if has_content && !is_head => writer.bytes(content),
            _ => writer,
        };
        Ok(())
    }

    fn write_framing(
        &self,
        content: ResponseContent<'_>,
        writer: &mut Writer<'_>,
    ) -> Result<(), Misuse> {
        match content {
            ResponseContent::Whole(content) => {
                writer
                    .text("Content-Length: ")
                    .number(content.len() as u64)
                    .text("\r\n");
            }
            ResponseContent::Length(length) => {
                writer.text("Content-Length: ").number(length).text("\r\n");
            }
            ResponseContent::Chunked if self.facts.flags.has(Flags::HTTP10) => {
                return Err(Misuse::NoChunkedInHttp10);
            }
            ResponseContent::Chunked => {
                writer.field("Transfer-Encoding", "chunked");
            }
            ResponseContent::UntilClose => {}
        }
        Ok(())
    }
}
