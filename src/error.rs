//! What a peer can do wrong ([`Error`]), and what a caller can ([`Misuse`]). The two never mix.

use crate::Status;

/// Declares [`Error`] with the status a server answers, the name in kebab-case, and the rule. It starts at 1: no error is 0
/// then, which takes less code to look for.
macro_rules! errors {
    ($($(#[doc = $doc:literal])+ $variant:ident $(= $number:literal)? $status:ident $name:literal)+) => {
        /// Why a connection ends: a fault of the peer, or an end that the application asked for.
        ///
        /// A server answers [`Error::status`] first where the peer can still be answered.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Error {
            $($(#[doc = $doc])+ $variant $(= $number)?,)+
        }

        impl Error {
            /// Every error, in the order of their declaration.
            pub const ALL: &'static [Error] = &[$(Error::$variant),+];

            /// The status with which a server answers it.
            #[must_use]
            pub const fn status(self) -> Status {
                Status::of_fault(match self {
                    $(Error::$variant => Status::$status.above_400(),)+
                })
            }

            /// The name in kebab-case, such as `bad-line-end`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Error::$variant => $name,)+ }
            }
        }
    };
}

errors! {
    /// The head outgrew the storage that was lent for it (RFC 6585 section 5).
    HeadTooLarge = 1 HEADER_FIELDS_TOO_LARGE "head-too-large"
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
    /// 101 to a request that offered nothing, or before its content was sent (RFC 9110 section 15.2.2).
    UnexpectedSwitch BAD_GATEWAY "unexpected-switch"
    /// 101 in HTTP/1.0 (RFC 9110 section 15.2.2).
    SwitchInHttp10 BAD_GATEWAY "switch-in-http10"
    /// 101 without Upgrade (RFC 9110 section 15.2.2).
    SwitchWithoutUpgrade BAD_GATEWAY "switch-without-upgrade"
    /// 101 whose Connection lacks the upgrade option (RFC 9110 section 7.8).
    SwitchWithoutConnection BAD_GATEWAY "switch-without-connection"
    /// 101 that names what was not offered, or several things (RFC 9110 section 7.8).
    SwitchNotOffered BAD_GATEWAY "switch-not-offered"
    /// Sec-WebSocket-Accept is missing, repeated, or not that of the key (RFC 6455 section 4.1).
    BadAccept BAD_GATEWAY "bad-accept"
    /// A subprotocol that was not offered, or several, or none where one is a must (RFC 6455 section 4.1).
    BadSubprotocol BAD_GATEWAY "bad-subprotocol"
    /// An extension that was not offered, or that breaks its rules (RFC 6455 section 9.1, RFC 7692 section 7).
    BadExtension BAD_GATEWAY "bad-extension"
    /// More interim responses than [`MAX_INTERIM`](crate::client::MAX_INTERIM) (RFC 9110 section 15.2).
    TooManyInterim BAD_GATEWAY "too-many-interim"
    /// The server did not switch to TLS, and the request insists on it (RFC 2817 section 3.2).
    TlsRefused BAD_GATEWAY "tls-refused"
    /// The server closed behind the OPTIONS that led into TLS, before the request itself (RFC 9112 section 9.6).
    ClosedBeforeRequest BAD_GATEWAY "closed-before-request"
    /// Bytes came while no request was under way (RFC 9112 section 9.2).
    Unsolicited BAD_GATEWAY "unsolicited"
    /// The connection ended inside a message (RFC 9112 section 8).
    Incomplete BAD_GATEWAY "incomplete"
    /// A deadline of the application passed (RFC 9110 section 15.5.9).
    Timeout REQUEST_TIMEOUT "timeout"
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

impl core::error::Error for Error {}

/// A call that the machine did not carry out. Nothing has changed; what the buffer of the call holds then is no message.
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
    /// The method is no token (RFC 9110 section 9.1).
    BadMethod,
    /// The URI or target is none, or has a fragment (RFC 9112 section 3.2).
    BadTarget,
    /// The host is missing or none, or CONNECT has no port (RFC 9110 sections 7.2 and 9.3.6).
    BadHost,
    /// An upgrade token is none, or has an offer of its own, or there is nothing to offer (RFC 9110 section 7.8).
    BadToken,
    /// One protocol stands twice among the offers (RFC 9110 section 5.3).
    OfferedTwice,
    /// A subprotocol is no token, or stands twice (RFC 6455 section 4.1).
    BadSubprotocol,
    /// An extension breaks its grammar (RFC 6455 section 9.1).
    BadExtension,
    /// The protocol is for GET without content, or the method has none.
    ContentNotAllowed,
    /// `100-continue` is for requests with content (RFC 9110 section 10.1.1).
    ExpectWithoutContent,
    /// The content of OPTIONS needs a Content-Type (RFC 9110 section 9.3.7).
    NoContentType,
    /// The scheme needs a connection inside TLS.
    NeedsTls,
    /// TLS and h2c are no offers inside TLS (RFC 7540 section 3.3).
    InsideTls,
    /// Through a proxy this needs a tunnel first, and CONNECT carries no offer (RFC 2817 section 5).
    NeedsTunnel,
    /// The content of the response was not read (RFC 9112 section 9.3).
    ContentPending,
    /// More content than the request said.
    TooMuchContent,
    /// The connection ends with this response: the next request needs another.
    NotReusable,
    /// The key of an opening handshake is for one request (RFC 6455 section 4.1).
    KeyReused,
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
            Misuse::BadMethod => f.write_str("the method is no token"),
            Misuse::BadTarget => f.write_str("not a URI or target of a request"),
            Misuse::BadHost => f.write_str("not a host, or a port is missing"),
            Misuse::BadToken => f.write_str("not an upgrade token"),
            Misuse::OfferedTwice => f.write_str("one protocol is offered twice"),
            Misuse::BadSubprotocol => f.write_str("not a list of different tokens"),
            Misuse::BadExtension => f.write_str("not an extension"),
            Misuse::ContentNotAllowed => {
                f.write_str("such a request has another method or no content")
            }
            Misuse::ExpectWithoutContent => {
                f.write_str("100-continue is for requests with content")
            }
            Misuse::NoContentType => f.write_str("the content of OPTIONS needs a Content-Type"),
            Misuse::NeedsTls => f.write_str("the scheme needs a connection inside TLS"),
            Misuse::InsideTls => f.write_str("not an offer inside TLS"),
            Misuse::NeedsTunnel => f.write_str("through a proxy this needs a tunnel of its own"),
            Misuse::ContentPending => f.write_str("the content of the response was not read"),
            Misuse::TooMuchContent => f.write_str("more content than the request said"),
            Misuse::NotReusable => f.write_str("the connection ends with this response"),
            Misuse::KeyReused => f.write_str("the key of an opening handshake is for one request"),
        }
    }
}

impl core::error::Error for Misuse {}
