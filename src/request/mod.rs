//! What a finished request head says: read once, kept as places and flags.

mod connection;
mod field_section;
mod gather;
mod line;
mod target;
mod transfer;

use crate::content::Content;
use crate::h2c::PREFACE;
use crate::head::Head;
use crate::policy::Policy;
use crate::span::Span;
use crate::websocket::HandshakeError;
use crate::{Error, Protocol};

pub(crate) use connection::Flags;
pub(crate) use field_section::each_field;
pub(crate) use gather::Once;
pub(crate) use transfer::Transfer;

/// What the head of one request says, as places in the storage.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Facts {
    pub(crate) flags: Flags,
    /// One bit for each entry of the policy's list that the request offers in a way that counts.
    pub(crate) offered: u16,
    pub(crate) handshake_error: Option<HandshakeError>,
    pub(crate) method_end: u32,
    pub(crate) target_end: u32,
    pub(crate) authority: Span,
    /// Where Sec-WebSocket-Key starts: 24 bytes, if the opening handshake has no fault.
    pub(crate) key: u32,
}

impl Facts {
    /// Those of no request.
    pub(crate) const NONE: Facts = Facts {
        method_end: 0,
        target_end: 0,
        authority: Span::new(0, 0),
        key: 0,
        flags: Flags::NONE,
        offered: 0,
        handshake_error: None,
    };

    pub(crate) fn method(self, head: &[u8]) -> &[u8] {
        head.get(..self.method_end as usize).unwrap_or_default()
    }

    pub(crate) fn target(self, head: &[u8]) -> &[u8] {
        let (start, end) = (self.method_end as usize + 1, self.target_end as usize);
        head.get(start..end).unwrap_or_default()
    }
}

/// The circumstances of a request that its head does not tell.
#[derive(Clone, Copy)]
pub(crate) struct Circumstances<'p> {
    pub(crate) policy: &'p Policy<'p>,
    /// The connection is inside TLS.
    pub(crate) secure: bool,
    /// Nothing came before on this connection.
    pub(crate) first: bool,
}

/// The start of the HTTP/2 connection preface, a request head in form (RFC 9113 section 3.4).
const PREFACE_HEAD: &[u8] = PREFACE.split_at(18).0;

/// Reads a head: what it says in `facts`, where nothing is yet, and its `content`, which is none yet; on an error they are of
/// no use. A finished head, or one that `is_guess`, where an error may also mean that it was no good guess.
pub(crate) fn read(
    bytes: &[u8],
    head: &Head,
    is_guess: bool,
    around: Circumstances<'_>,
    facts: &mut Facts,
    content: &mut Content,
) -> Result<(), Error> {
    if bytes == PREFACE_HEAD && !head.has_empty_lines() {
        return read_preface(around, facts);
    }
    line::read(bytes, head.start_line(), facts)?;
    if head.has_lone_lf() {
        facts.flags.insert(Flags::LENIENT);
    }
    let mut once = Once::NONE;
    let mut gather = gather::Gather::new(bytes, facts, &mut once, around);
    each_field(bytes, head.start_line(), is_guess, |name, value| {
        gather.field(name, value)
    })?;
    gather.finish(content)
}

/// HTTP/2 with prior knowledge is a protocol like the others, if it comes first and in clear, for inside TLS it is ALPN
/// that tells (RFC 9113 section 3.2); otherwise PRI is no method.
fn read_preface(around: Circumstances<'_>, facts: &mut Facts) -> Result<(), Error> {
    let offered = if around.secure {
        0
    } else {
        around.policy.entries_of(Protocol::PriorKnowledge)
    };
    match (around.first, offered) {
        (false, _) => Err(Error::BadRequestLine),
        (true, 0) => Err(Error::UnsupportedVersion),
        (true, _) => {
            (facts.method_end, facts.target_end) = (3, 5);
            facts.flags = Flags::PREFACE;
            facts.offered = offered;
            Ok(())
        }
    }
}
