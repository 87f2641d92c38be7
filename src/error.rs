//! What a peer can do wrong ([`Error`]), and what a caller can ([`Misuse`]). The two never mix.

use crate::Status;

/// Declares [`Error`] with the status a server answers, the name in kebab-case, and the rule.
macro_rules! errors {
    ($($(#[doc = $doc:literal])+ $variant:ident $status:ident $name:literal)+) => {
        /// Why a connection ends: a fault of the peer, or an end that the application asked for.
        ///
        /// A server answers [`Error::status`] first where the peer can still be answered.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Error {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Error {
            /// Every error, in the order of their declaration.
            pub const ALL: &'static [Error] = &[$(Error::$variant),+];

            /// The status with which a server answers it.
            #[must_use]
            pub const fn status(self) -> Status {
                match self { $(Error::$variant => Status::$status,)+ }
            }

            /// The name in kebab-case, such as `bare-lf`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Error::$variant => $name,)+ }
            }
        }
    };
}

errors! {
    /// The head outgrew the storage that was lent for it (RFC 6585 section 5).
    HeadTooLarge HEADER_FIELDS_TOO_LARGE "head-too-large"
    /// More field lines than [`MAX_FIELDS`](crate::MAX_FIELDS) (RFC 9110 section 5.4).
    TooManyFields HEADER_FIELDS_TOO_LARGE "too-many-fields"
    /// The request-line outgrew the storage inside the target (RFC 9112 section 3).
    TargetTooLong URI_TOO_LONG "target-too-long"
    /// The request-line outgrew the storage inside the method (RFC 9112 section 3).
    MethodTooLong NOT_IMPLEMENTED "method-too-long"
    /// A line ended in LF without CR, or more empty lines than allowed came first (RFC 9112 section 2.2).
    BadLineEnd BAD_REQUEST "bad-line-end"
    /// The request-line is not `method SP target SP version` (RFC 9112 section 3).
    BadRequestLine BAD_REQUEST "bad-request-line"
    /// The status-line is not `version SP code SP [reason]` (RFC 9112 section 4).
    BadStatusLine BAD_REQUEST "bad-status-line"
    /// The target is none of the four forms that its method allows (RFC 9112 section 3.2).
    BadTarget BAD_REQUEST "bad-target"
    /// The version is not `HTTP/DIGIT.DIGIT` (RFC 9112 section 2.3).
    BadVersion BAD_REQUEST "bad-version"
    /// A major version other than 1 (RFC 9110 section 15.6.6).
    UnsupportedVersion HTTP_VERSION_NOT_SUPPORTED "unsupported-version"
    /// A field line is not `name ":" OWS value OWS`, or is folded (RFC 9112 section 5).
    BadField BAD_REQUEST "bad-field"
    /// A list of more than [`MAX_LIST_MEMBERS`](crate::MAX_LIST_MEMBERS) members, empty ones included (RFC 9110 section 5.6.1).
    ListTooLong BAD_REQUEST "list-too-long"
    /// An HTTP/1.1 request without Host, or any request with several (RFC 9112 section 3.2).
    MissingOrRepeatedHost BAD_REQUEST "missing-or-repeated-host"
    /// Host, or the authority in the target, is not `uri-host [":" port]` (RFC 9110 section 7.2).
    BadHost BAD_REQUEST "bad-host"
    /// Content-Length is not one decimal number, or stands twice (RFC 9112 section 6.3).
    BadContentLength BAD_REQUEST "bad-content-length"
    /// Transfer-Encoding does not end in one `chunked`, or is in HTTP/1.0, or beside Content-Length (RFC 9112 section 6.1).
    BadTransferEncoding BAD_REQUEST "bad-transfer-encoding"
    /// A transfer coding other than `chunked` (RFC 9112 section 6.1).
    UnknownTransferCoding NOT_IMPLEMENTED "unknown-transfer-coding"
    /// The chunked coding is broken: size, extension or line end (RFC 9112 section 7.1).
    BadChunk BAD_REQUEST "bad-chunk"
    /// Chunk extensions outgrew their limit (RFC 9112 section 7.1.1).
    ChunkExtensionsTooLarge CONTENT_TOO_LARGE "chunk-extensions-too-large"
    /// A trailer line breaks the grammar of field lines (RFC 9112 section 7.1.2).
    BadTrailer BAD_REQUEST "bad-trailer"
    /// The trailer section outgrew its limit (RFC 9112 section 7.1.2).
    TrailersTooLarge HEADER_FIELDS_TOO_LARGE "trailers-too-large"
    /// More content than the machine may skip for the application.
    ContentTooLarge CONTENT_TOO_LARGE "content-too-large"
    /// An expectation other than `100-continue` (RFC 9110 section 10.1.1).
    ExpectationFailed EXPECTATION_FAILED "expectation-failed"
    /// Bytes lay behind a request whose upgrade, or CONNECT, was refused (RFC 9931 sections 5 and 8).
    DataBehindRefusal BAD_REQUEST "data-behind-refusal"
    /// Bytes of the new protocol came before the 101, and the policy refuses that (RFC 9931 section 3).
    EarlyData BAD_REQUEST "early-data"
    /// Connection names a field that it may not make hop-by-hop, such as Host (RFC 9110 section 7.6.1).
    BadConnectionOption BAD_REQUEST "bad-connection-option"
    /// The TLS handshake after the switch failed (RFC 2817 section 3.3).
    TlsFailed BAD_REQUEST "tls-failed"
    /// A deadline of the application passed (RFC 9110 section 15.5.9).
    Timeout REQUEST_TIMEOUT "timeout"
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

impl core::error::Error for Error {}

/// A call that the machine did not carry out. Nothing has changed and nothing was written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Misuse {
    /// The state names another thing to do.
    OutOfTurn,
    /// The buffer is smaller than the message.
    BufferTooSmall {
        /// The size of the message in bytes.
        needed: usize,
    },
    /// The request did not offer that protocol or subprotocol, or not in a way that counts.
    NotOffered,
    /// The policy does not allow that protocol.
    NotAllowed,
    /// A field name is not a token, or a value holds a control character (RFC 9110 section 5.5).
    BadField,
    /// The crate writes that field itself.
    ReservedField,
    /// That status is not one for this place.
    BadStatus,
    /// HTTP/1.0 does not know the chunked coding (RFC 9112 section 6.1).
    NoChunkedInHttp10,
}

impl core::fmt::Display for Misuse {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Misuse::OutOfTurn => f.write_str("the state names another thing to do"),
            Misuse::BufferTooSmall { needed } => write!(f, "the message needs {needed} bytes"),
            Misuse::NotOffered => f.write_str("the request did not offer that"),
            Misuse::NotAllowed => f.write_str("the policy does not allow that protocol"),
            Misuse::BadField => f.write_str("not a field name or field value"),
            Misuse::ReservedField => f.write_str("the crate writes that field itself"),
            Misuse::BadStatus => f.write_str("that status is not one for this place"),
            Misuse::NoChunkedInHttp10 => f.write_str("HTTP/1.0 does not know the chunked coding"),
        }
    }
}

impl core::error::Error for Misuse {}
