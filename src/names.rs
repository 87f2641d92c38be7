//! The names that a head is read for: fields, and options of Connection that are none.

/// One of those names, or [`Name::OTHER`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Name(u8);

macro_rules! names {
    ($($name:ident = $text:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($name,)* OTHER }

        impl Name {
            $(pub(crate) const $name: Name = Name(Place::$name as u8);)*
            /// None of them.
            pub(crate) const OTHER: Name = Name(Place::OTHER as u8);

            /// Which of them that is, in any case: compared with those of its length.
            #[cfg(target_pointer_width = "64")]
            #[inline(always)]
            pub(crate) fn of(name: &[u8]) -> Name {
                $(if name.len() == $text.len() && crate::fields::same_name(name, $text) {
                    return Name::$name;
                })*
                Name::OTHER
            }
        }

        /// In lower case, each at its place.
        #[cfg(any(test, not(target_pointer_width = "64")))]
        const KNOWN: &[&[u8]] = &[$($text,)*];
    };
}

names! {
    // Those that may stand once in a request.
    HOST = b"host",
    ORIGIN = b"origin",
    HTTP2_SETTINGS = b"http2-settings",
    KEY = b"sec-websocket-key",
    VERSION = b"sec-websocket-version",
    // The others.
    PROTOCOL = b"sec-websocket-protocol",
    EXTENSIONS = b"sec-websocket-extensions",
    CONTENT_LENGTH = b"content-length",
    AUTHORIZATION = b"authorization",
    COOKIE = b"cookie",
    TRANSFER_ENCODING = b"transfer-encoding",
    UPGRADE = b"upgrade",
    CONNECTION = b"connection",
    EXPECT = b"expect",
    VIA = b"via",
    FORWARDED = b"forwarded",
    CLOSE = b"close",
    KEEP_ALIVE = b"keep-alive",
}

impl Name {
    /// How many of them may stand once in a request: they come first.
    pub(crate) const ONCE: usize = Name::VERSION.place() + 1;

    pub(crate) const fn place(self) -> usize {
        self.0 as usize
    }
}

/// Where flash is short: all names in one text, gone through one by one.
#[cfg(any(test, not(target_pointer_width = "64")))]
mod walk {
    use super::{KNOWN, Name};
    use crate::fields::same_name;

    #[cfg(not(target_pointer_width = "64"))]
    impl Name {
        /// Which of them that is, in any case.
        pub(crate) fn of(name: &[u8]) -> Name {
            of(name)
        }
    }

    #[inline(never)]
    pub(super) fn of(name: &[u8]) -> Name {
        let (mut place, mut rest) = (0, TEXT.as_slice());
        while let Some((known, behind)) = rest
            .split_first()
            .and_then(|(len, behind)| behind.split_at_checked(usize::from(*len)))
        {
            if same_name(name, known) {
                return Name(place);
            }
            place += 1;
            rest = behind;
        }
        Name::OTHER
    }

    /// The names at their places, each behind its length: eight bytes less a name than references.
    static TEXT: [u8; LEN] = text();

    const LEN: usize = {
        let (mut len, mut rest) = (0, KNOWN);
        while let [name, behind @ ..] = rest {
            len += 1 + name.len();
            rest = behind;
        }
        len
    };

    #[allow(clippy::cast_possible_truncation)]
    const fn text() -> [u8; LEN] {
        let (mut text, mut at, mut rest) = ([0; LEN], 0, KNOWN);
        while let [name, behind @ ..] = rest {
            let (_, free) = text.split_at_mut(at);
            if let [len, free @ ..] = free {
                *len = name.len() as u8;
                free.split_at_mut(name.len()).0.copy_from_slice(name);
            }
            at += 1 + name.len();
            rest = behind;
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, Name, walk};

    #[track_caller]
    fn is(name: &[u8], expected: Name) {
        assert_eq!(Name::of(name), expected);
        assert_eq!(walk::of(name), expected);
    }

    #[test]
    fn each_is_found_in_any_case_and_nothing_near_it() {
        for (place, known) in (0..).zip(KNOWN) {
            let mut longer = [b'x'; 25];
            let longer = &mut longer[..=known.len()];
            longer[1..].copy_from_slice(known);
            is(longer, Name::OTHER);
            let name = &mut longer[1..];
            is(name, Name(place));
            name.make_ascii_uppercase();
            is(name, Name(place));
            for at in 0..known.len() {
                let byte = core::mem::replace(&mut name[at], b'_');
                is(name, Name::OTHER);
                name[at] = byte;
            }
            is(&name[1..], Name::OTHER);
        }
    }

    #[test]
    fn they_are_what_they_are_called() {
        is(b"hOST", Name::HOST);
        is(b"Sec-WebSocket-Extensions", Name::EXTENSIONS);
        is(b"keep-alive", Name::KEEP_ALIVE);
    }

    #[test]
    fn no_length_is_too_much() {
        let long = [b'a'; 300];
        for len in 0..long.len() {
            is(&long[..len], Name::OTHER);
        }
    }
}
