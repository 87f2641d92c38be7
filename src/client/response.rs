//! A borrowed view of a response, and what its head says (RFC 9112 section 4).

use crate::Status;
use crate::content::Framing;
use crate::field_lines::Fields;
use crate::websocket::{Extension, extensions};

/// Whether the next request can go out on the same connection (RFC 9112 section 9.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Retry {
    /// On the same connection, when the content of the response was read.
    SameConnection,
    /// Only on another.
    NewConnection,
}

/// A response whose head is complete: a view of the lent storage.
#[derive(Clone, Copy)]
pub struct Response<'a> {
    pub(super) head: &'a [u8],
    pub(super) start_line: usize,
    pub(super) code: u16,
    pub(super) framing: Framing,
    pub(super) content_complete: bool,
    pub(super) reusable: bool,
}

impl<'a> Response<'a> {
    /// The status. A code outside 100 to 599 is read as 500 (RFC 9110 section 15).
    #[must_use]
    pub const fn status(&self) -> Status {
        match Status::new(self.code) {
            Some(status) => status,
            None => Status::INTERNAL_SERVER_ERROR,
        }
    }

    /// The code as it came, three digits.
    #[must_use]
    pub const fn code(&self) -> u16 {
        self.code
    }

    /// All field lines, in their order.
    #[must_use]
    pub fn fields(&self) -> Fields<'a> {
        Fields {
            rest: self.head.get(self.start_line..).unwrap_or_default(),
        }
    }

    /// The value of the first line of that field, the name in any case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'a [u8]> {
        self.fields().get(name)
    }

    /// The members of all lines of a field that is a list of tokens, joined in their order (RFC 9110 section 5.6.1).
    pub fn list(&self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.fields().list(name)
    }

    /// The fields that end at this connection: Connection, what it names, and those that always do
    /// (RFC 9110 section 7.6.1).
    pub fn hop_by_hop_fields(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.fields().hop_by_hop(true)
    }

    /// The fields that a proxy passes on.
    pub fn end_to_end_fields(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.fields().hop_by_hop(false)
    }

    /// What the server could switch to, as Upgrade says: what it requires with a 426, an advertisement otherwise
    /// (RFC 9110 section 7.8). `HTTP/1.1` is left out: behind TLS it is what goes on inside, and no way to go on in clear text
    /// (RFC 2817 section 4.2).
    pub fn upgrades(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.list("upgrade")
            .filter(|member| !member.eq_ignore_ascii_case("http/1.1"))
    }

    /// Whether it is a 426 that does not say what it requires: a proxy has taken that away. A tunnel through the proxy, with
    /// CONNECT, leads to the server itself (RFC 2817 section 5.1).
    #[must_use]
    pub fn needs_tunnel(&self) -> bool {
        self.code == 426 && self.upgrades().next().is_none()
    }

    /// The subprotocol that the server chose (RFC 6455 section 4.2.2).
    #[must_use]
    pub fn subprotocol(&self) -> Option<&'a str> {
        self.list("sec-websocket-protocol").next()
    }

    /// The extensions that the server accepted, in the order in which they apply (RFC 6455 section 9.1).
    pub fn extensions(&self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        self.fields()
            .values("sec-websocket-extensions")
            .flat_map(extensions::all)
    }

    /// The whole head as it came, but for folded lines: each fold is spaces (RFC 9112 section 5.2).
    #[must_use]
    pub const fn head(&self) -> &'a [u8] {
        self.head
    }

    /// How the content is delimited (RFC 9112 section 6.3).
    #[must_use]
    pub const fn framing(&self) -> Framing {
        self.framing
    }

    /// Whether content is still to come.
    #[must_use]
    pub const fn is_content_pending(&self) -> bool {
        !self.content_complete
    }

    /// Where the next request can go out.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        if self.reusable {
            Retry::SameConnection
        } else {
            Retry::NewConnection
        }
    }
}

impl core::fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response")
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// The code: field values may be secrets.
#[cfg(feature = "defmt")]
impl defmt::Format for Response<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=u16}", self.code);
    }
}
