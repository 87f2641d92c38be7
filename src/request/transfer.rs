//! How the content of a request is delimited: Content-Length and Transfer-Encoding (RFC 9112 section 6).

use crate::Error;
use crate::content::Framing;
use crate::fields::{members, number, same_name};
use crate::octets::is_token;

/// What the lines of both fields say together.
#[derive(Clone, Copy, Default)]
pub(crate) struct Transfer {
    length: Option<u64>,
    codings: Option<Codings>,
}

/// The transfer codings so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Codings {
    /// None but `chunked` could be read, and it has not come yet.
    Unknown,
    Chunked,
    /// Another coding, then `chunked`.
    UnknownChunked,
    /// No coding in the value, or one that is no coding, or something behind `chunked`.
    Bad,
}

impl Transfer {
    pub(crate) fn content_length(&mut self, value: &[u8]) -> Result<(), Error> {
        match (self.length, number(value)) {
            (None, Some(length)) => self.length = Some(length),
            _ => return Err(Error::BadContentLength),
        }
        Ok(())
    }

    pub(crate) fn transfer_encoding(&mut self, value: &[u8]) {
        let mut codings = members(value).peekable();
        if codings.peek().is_none() {
            self.codings = Some(Codings::Bad);
        }
        for coding in codings {
            let is_chunked = same_name(coding, b"chunked");
            self.codings = Some(match self.codings {
                None if is_chunked => Codings::Chunked,
                Some(Codings::Unknown) if is_chunked => Codings::UnknownChunked,
                None | Some(Codings::Unknown) if is_coding(coding) => Codings::Unknown,
                _ => Codings::Bad,
            });
        }
    }

    /// The framing of a request (RFC 9112 section 6.3).
    pub(super) fn of_request(self, is_http10: bool) -> Result<Framing, Error> {
        match (self.codings, self.length) {
            (None, None | Some(0)) => Ok(Framing::None),
            (None, Some(length)) => Ok(Framing::Length(length)),
            (Some(Codings::Chunked), None) if !is_http10 => Ok(Framing::Chunked),
            (Some(Codings::UnknownChunked), None) if !is_http10 => {
                Err(Error::UnknownTransferCoding)
            }
            _ => Err(Error::BadTransferEncoding),
        }
    }

    /// The framing of a response that has content, and whether Content-Length stands beside Transfer-Encoding
    /// (RFC 9112 section 6.3).
    pub(crate) fn of_response(self) -> Result<(Framing, bool), Error> {
        let framing = match (self.codings, self.length) {
            (Some(Codings::Chunked | Codings::UnknownChunked), _) => Framing::Chunked,
            (Some(Codings::Unknown), _) | (None, None) => Framing::UntilClose,
            (Some(Codings::Bad), _) => return Err(Error::BadTransferEncoding),
            (None, Some(0)) => Framing::None,
            (None, Some(length)) => Framing::Length(length),
        };
        Ok((framing, self.length.is_some()))
    }
}

/// `token *( OWS ";" ... )` (RFC 9112 section 7).
fn is_coding(member: &[u8]) -> bool {
    let name = member
        .split(|byte| matches!(byte, b';' | b' ' | b'\t'))
        .next()
        .unwrap_or_default();
    is_token(name) && !same_name(name, b"chunked")
}
