//! Sec-WebSocket-Extensions (RFC 6455 section 9.1): read, and declined.

use crate::octets::{is_token_byte, token_len};
use crate::span::text;

/// One extension that the peer offers or accepts: its name and its parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Extension<'a> {
    name: &'a str,
    parameters: &'a [u8],
}

impl<'a> Extension<'a> {
    /// The name, as it was written.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The parameters in their order: a name, and a value where there is one, without its quotes.
    pub fn parameters(&self) -> impl Iterator<Item = (&'a str, Option<Value<'a>>)> + use<'a> {
        let mut rest = trim_start(self.parameters);
        core::iter::from_fn(move || {
            let (name, value) = skip(&mut rest, b';').then(|| take_parameter(&mut rest))??;
            Some((text(name), value.map(|value| Value(text(value)))))
        })
    }
}

/// The value of a parameter: a token, in quotes or not.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    /// The characters, unescaped.
    pub fn chars(&self) -> impl Iterator<Item = char> + use<'a> {
        let mut chars = self.0.chars();
        core::iter::from_fn(move || match chars.next() {
            Some('\\') => chars.next(),
            other => other,
        })
    }
}

impl PartialEq<str> for Value<'_> {
    fn eq(&self, other: &str) -> bool {
        self.chars().eq(other.chars())
    }
}

/// What Chromium and Safari offer.
const USUAL: &[u8] = b"permessage-deflate; client_max_window_bits";

/// Whether that is a list of extensions. Empty members are skipped, an empty list is none. The usual list is known at a
/// glance where flash is not short.
pub(crate) fn is_list(value: &[u8]) -> bool {
    let is_usual = cfg!(target_pointer_width = "64") && value == USUAL;
    let mut rest = if is_usual { &[] } else { value };
    let mut is_good = true;
    while is_good && !skip_commas(&mut rest) {
        is_good = skip_extension(&mut rest);
    }
    is_good
}

/// The extensions of one line, as far as it is well-formed.
pub(crate) fn all(line: &[u8]) -> impl Iterator<Item = Extension<'_>> {
    let mut rest = line;
    core::iter::from_fn(move || next(&mut rest).ok().flatten())
}

/// The next extension: its parameters are unread, but well-formed.
pub(crate) fn next<'a>(rest: &mut &'a [u8]) -> Result<Option<Extension<'a>>, ()> {
    if skip_commas(rest) {
        return Ok(None);
    }
    let whole = *rest;
    if !skip_extension(rest) {
        return Err(());
    }
    let len = whole.len().saturating_sub(rest.len());
    let (name, parameters) = whole
        .get(..len)
        .and_then(|extension| extension.split_at_checked(token_len(extension)))
        .unwrap_or_default();
    Ok(Some(Extension {
        name: text(name),
        parameters,
    }))
}

/// Goes behind what separates members; whether there are none left.
fn skip_commas(rest: &mut &[u8]) -> bool {
    *rest = trim_start(rest);
    while skip(rest, b',') {}
    rest.is_empty()
}

/// Goes behind an extension, to the comma or to the end; whether that was one.
fn skip_extension(rest: &mut &[u8]) -> bool {
    let mut is_good = take_token(rest).is_some();
    while is_good && skip(rest, b';') {
        is_good = take_parameter(rest).is_some();
    }
    is_good && matches!(rest, [] | [b',', ..])
}

/// The octets of a name, and those of its value where there is one.
type Parameter<'a> = (&'a [u8], Option<&'a [u8]>);

/// `token [ "=" ( token / quoted-string ) ]`, with whitespace anywhere between.
fn take_parameter<'a>(rest: &mut &'a [u8]) -> Option<Parameter<'a>> {
    let name = take_token(rest)?;
    if !skip(rest, b'=') {
        return Some((name, None));
    }
    let value = if let [b'"', behind @ ..] = *rest {
        *rest = behind;
        take_quoted(rest)?
    } else {
        take_token(rest)?
    };
    Some((name, Some(value)))
}

/// Goes behind that octet and whitespace, if it is there.
fn skip(rest: &mut &[u8], octet: u8) -> bool {
    match rest.split_first() {
        Some((first, behind)) if *first == octet => {
            *rest = trim_start(behind);
            true
        }
        _ => false,
    }
}

fn trim_start(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// A token, and goes behind the whitespace that follows.
fn take_token<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (token, behind) = rest.split_at_checked(token_len(rest))?;
    *rest = trim_start(behind);
    (!token.is_empty()).then_some(token)
}

/// Up to the closing quote, and goes behind the whitespace that follows. What is inside must be a token once it is
/// unescaped (RFC 6455 section 9.1).
fn take_quoted<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut len = 0;
    loop {
        len += match rest.get(len..)? {
            [b'"', behind @ ..] if len > 0 => {
                let value = rest.get(..len);
                *rest = trim_start(behind);
                return value;
            }
            [b'\\', byte, ..] if is_token_byte(*byte) => 2,
            [byte, ..] if is_token_byte(*byte) => 1,
            _ => return None,
        };
    }
}
