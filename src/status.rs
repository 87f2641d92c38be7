//! Status codes (RFC 9110 section 15).

/// A three-digit status code from 100 to 599 (RFC 9110 section 15).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status(u16);

/// Names and reason phrases of the codes, in their order, once for the constants and for [`Status::reason`].
macro_rules! statuses {
    ($($code:literal $name:ident $reason:literal)+) => {
        impl Status {
            $(
                #[doc = concat!("`", $code, " ", $reason, "`")]
                pub const $name: Status = Status($code);
            )+
        }

        /// The reason phrases, one behind the other: a table of slices takes twice the flash.
        const PHRASES: &str = concat!($($reason),+);

        /// For each code how far it is from the one before, and the length of its reason phrase.
        static STEPS: &[[u8; 2]] = &steps([$(($code, $reason)),+]);
    };
}

statuses! {
    100 CONTINUE "Continue"
    101 SWITCHING_PROTOCOLS "Switching Protocols"
    103 EARLY_HINTS "Early Hints"
    200 OK "OK"
    201 CREATED "Created"
    202 ACCEPTED "Accepted"
    204 NO_CONTENT "No Content"
    206 PARTIAL_CONTENT "Partial Content"
    301 MOVED_PERMANENTLY "Moved Permanently"
    302 FOUND "Found"
    303 SEE_OTHER "See Other"
    304 NOT_MODIFIED "Not Modified"
    307 TEMPORARY_REDIRECT "Temporary Redirect"
    308 PERMANENT_REDIRECT "Permanent Redirect"
    400 BAD_REQUEST "Bad Request"
    401 UNAUTHORIZED "Unauthorized"
    403 FORBIDDEN "Forbidden"
    404 NOT_FOUND "Not Found"
    405 METHOD_NOT_ALLOWED "Method Not Allowed"
    407 PROXY_AUTHENTICATION_REQUIRED "Proxy Authentication Required"
    408 REQUEST_TIMEOUT "Request Timeout"
    409 CONFLICT "Conflict"
    411 LENGTH_REQUIRED "Length Required"
    413 CONTENT_TOO_LARGE "Content Too Large"
    414 URI_TOO_LONG "URI Too Long"
    415 UNSUPPORTED_MEDIA_TYPE "Unsupported Media Type"
    417 EXPECTATION_FAILED "Expectation Failed"
    421 MISDIRECTED_REQUEST "Misdirected Request"
    426 UPGRADE_REQUIRED "Upgrade Required"
    429 TOO_MANY_REQUESTS "Too Many Requests"
    431 HEADER_FIELDS_TOO_LARGE "Request Header Fields Too Large"
    500 INTERNAL_SERVER_ERROR "Internal Server Error"
    501 NOT_IMPLEMENTED "Not Implemented"
    502 BAD_GATEWAY "Bad Gateway"
    503 SERVICE_UNAVAILABLE "Service Unavailable"
    504 GATEWAY_TIMEOUT "Gateway Timeout"
    505 HTTP_VERSION_NOT_SUPPORTED "HTTP Version Not Supported"
}

/// No gap and no phrase is as long as 256.
#[allow(clippy::cast_possible_truncation)]
const fn steps<const N: usize>(all: [(u16, &str); N]) -> [[u8; 2]; N] {
    let mut steps = [[0; 2]; N];
    let (mut at, mut before) = (0, 0);
    while at < N {
        let (code, reason) = all[at];
        assert!(code - before < 256 && reason.len() < 256);
        steps[at] = [(code - before) as u8, reason.len() as u8];
        before = code;
        at += 1;
    }
    steps
}

impl Status {
    /// The reason phrase of the registry, or `""` for a code that has none here.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        let (start, len) = self.place();
        if let Some((_, rest)) = PHRASES.split_at_checked(start) {
            if let Some((reason, _)) = rest.split_at_checked(len) {
                return reason;
            }
        }
        ""
    }

    /// The same in octets, which takes less code.
    pub(crate) fn phrase(self) -> &'static [u8] {
        let (start, len) = self.place();
        let rest = PHRASES.as_bytes().get(start..).unwrap_or_default();
        rest.get(..len).unwrap_or_default()
    }

    /// Where in the phrases the reason phrase starts, and its length.
    const fn place(self) -> (usize, usize) {
        let (mut steps, mut code, mut start) = (STEPS, 0, 0);
        while let [[step, len], rest @ ..] = steps {
            code += *step as u16;
            if code == self.0 {
                return (start, *len as usize);
            }
            start += *len as usize;
            steps = rest;
        }
        (0, 0)
    }

    /// The status of that code; `None` outside 100 to 599.
    #[must_use]
    pub const fn new(code: u16) -> Option<Status> {
        if code >= 100 && code <= 599 {
            Some(Status(code))
        } else {
            None
        }
    }

    /// From how far its code is above 400: a byte in a table.
    pub(crate) const fn of_fault(above_400: u8) -> Status {
        Status(400 + above_400 as u16)
    }

    /// How far the code of a 4xx or 5xx is above 400.
    #[allow(clippy::cast_possible_truncation)]
    pub(crate) const fn above_400(self) -> u8 {
        (self.0 - 400) as u8
    }

    /// The code, 100 to 599.
    #[must_use]
    pub const fn code(self) -> u16 {
        self.0
    }

    /// Whether this is an interim response, 1xx (RFC 9110 section 15.2).
    #[must_use]
    pub const fn is_interim(self) -> bool {
        self.0 < 200
    }

    /// Whether this is a 2xx.
    #[must_use]
    pub const fn is_successful(self) -> bool {
        self.0 / 100 == 2
    }

    /// Whether a response of this status never has content (RFC 9112 section 6.3): 1xx, 204, 304.
    #[must_use]
    pub(crate) const fn never_has_content(self) -> bool {
        self.is_interim() || self.0 == 204 || self.0 == 304
    }
}

impl core::fmt::Display for Status {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}", self.0, self.reason())
    }
}
