//! Status codes (RFC 9110 section 15).

/// A three-digit status code from 100 to 599 (RFC 9110 section 15).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status(u16);

/// Names and reason phrases of the codes, in their order, once for the constants and for their phrases.
macro_rules! statuses {
    ($($code:literal $name:ident $reason:literal)+) => {
        impl Status {
            $(
                #[doc = concat!("`", $code, " ", $reason, "`")]
                pub const $name: Status = Status($code);
            )+
        }

        /// The codes with their reason phrases.
        const ALL: &[(u16, &str)] = &[$(($code, $reason)),+];
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

impl Status {
    /// The reason phrase of the registry, or `""` for a code that has none here.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        let mut rest = ALL;
        while let [(code, reason), behind @ ..] = rest {
            if *code == self.0 {
                return reason;
            }
            rest = behind;
        }
        ""
    }

    /// What is written behind the code in a message. A reason phrase may be left out (RFC 9110 section 15.1), and is where
    /// flash is short and a server of this crate does not answer so by itself, nor an application every day.
    pub(crate) fn phrase(self) -> &'static [u8] {
        #[cfg(target_pointer_width = "64")]
        return self.reason().as_bytes();
        #[cfg(not(target_pointer_width = "64"))]
        packed::phrase(self)
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

/// Where flash is short: the phrases of some codes, one behind the other, for a table of slices takes twice the flash.
#[cfg(any(test, not(target_pointer_width = "64")))]
mod packed {
    use super::{ALL, Status};

    /// The codes that go with their phrase.
    const CODES: &[u16] = &[
        100, 101, 200, 204, 302, 400, 401, 403, 404, 405, 408, 413, 414, 417, 426, 431, 500, 501,
        503, 505,
    ];

    pub(super) const fn has_phrase(code: u16) -> bool {
        let mut rest = CODES;
        while let [first, behind @ ..] = rest {
            if *first == code {
                return true;
            }
            rest = behind;
        }
        false
    }

    /// How many have one, and their length.
    const SIZE: (usize, usize) = {
        let (mut count, mut len, mut rest) = (0, 0, ALL);
        while let [(code, reason), behind @ ..] = rest {
            if has_phrase(*code) {
                (count, len) = (count + 1, len + reason.len());
            }
            rest = behind;
        }
        (count, len)
    };

    /// For each code how far it is from the one before, and the length of its phrase.
    static STEPS: [[u8; 2]; SIZE.0] = steps();

    static PHRASES: [u8; SIZE.1] = phrases();

    /// No gap and no phrase is as long as 256.
    #[allow(clippy::cast_possible_truncation)]
    const fn steps() -> [[u8; 2]; SIZE.0] {
        let mut steps = [[0; 2]; SIZE.0];
        let (mut at, mut before, mut rest) = (0, 0, ALL);
        while let [(code, reason), behind @ ..] = rest {
            if has_phrase(*code) {
                assert!(*code - before < 256 && reason.len() < 256);
                steps[at] = [(*code - before) as u8, reason.len() as u8];
                (at, before) = (at + 1, *code);
            }
            rest = behind;
        }
        steps
    }

    const fn phrases() -> [u8; SIZE.1] {
        let mut phrases = [0; SIZE.1];
        let (mut at, mut rest) = (0, ALL);
        while let [(code, reason), behind @ ..] = rest {
            if has_phrase(*code) {
                let (_, free) = phrases.split_at_mut(at);
                free.split_at_mut(reason.len())
                    .0
                    .copy_from_slice(reason.as_bytes());
                at += reason.len();
            }
            rest = behind;
        }
        phrases
    }

    pub(super) fn phrase(status: Status) -> &'static [u8] {
        let (mut ahead, mut rest) = (status.0, PHRASES.as_slice());
        for [step, len] in &STEPS {
            ahead = ahead.wrapping_sub(u16::from(*step));
            let (phrase, behind) = rest.split_at_checked(usize::from(*len)).unwrap_or_default();
            if ahead == 0 {
                return phrase;
            }
            rest = behind;
        }
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Status, packed};

    #[test]
    fn what_is_packed_is_the_phrase() {
        for code in 100..600 {
            let status = Status(code);
            let expected = if packed::has_phrase(code) {
                status.reason()
            } else {
                ""
            };
            assert_eq!(packed::phrase(status), expected.as_bytes(), "{code}");
        }
        assert!(ALL.is_sorted());
    }
}
