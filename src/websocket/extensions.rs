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
        let mut rest = self.parameters;
        core::iter::from_fn(move || next_parameter(&mut rest).ok().flatten())
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
/// glance.
pub(crate) fn is_list(value: &[u8]) -> bool {
    let mut rest = if value == USUAL { &[] } else { value };
    loop {
        match next_range(&mut rest) {
            Ok(Some(_)) if !rest.is_empty() => {}
            end => return end.is_ok(),
        }
    }
}

/// The extensions of one line, as far as it is well-formed.
pub(crate) fn all(line: &[u8]) -> impl Iterator<Item = Extension<'_>> {
    let mut rest = line;
    core::iter::from_fn(move || next(&mut rest).ok().flatten())
}

/// The next extension of the list in `rest`.
pub(crate) fn next<'a>(rest: &mut &'a [u8]) -> Result<Option<Extension<'a>>, ()> {
    let extension = next_range(rest)?;
    Ok(extension.map(|(name, parameters)| Extension {
        name: text(name),
        parameters,
    }))
}

/// The octets of a name and of what belongs to it.
type Range<'a> = (&'a [u8], &'a [u8]);

/// The name of the next extension and its parameters, unread but well-formed.
fn next_range<'a>(rest: &mut &'a [u8]) -> Result<Option<Range<'a>>, ()> {
    *rest = trim_start(rest);
    while let [b',', behind @ ..] = *rest {
        *rest = trim_start(behind);
    }
    if rest.is_empty() {
        return Ok(None);
    }
    let name = take_token(rest)?;
    let parameters = *rest;
    while parameter_range(rest)?.is_some() {}
    let parameters = parameters
        .get(..parameters.len().saturating_sub(rest.len()))
        .unwrap_or_default();
    match rest {
        [] | [b',', ..] => Ok(Some((name, parameters))),
        _ => Err(()),
    }
}

/// The next parameter, read.
fn next_parameter<'a>(rest: &mut &'a [u8]) -> Result<Option<(&'a str, Option<Value<'a>>)>, ()> {
    let parameter = parameter_range(rest)?;
    Ok(parameter.map(|(name, value)| (text(name), value.map(|value| Value(text(value))))))
}

/// The octets of a name, and those of its value where there is one.
type Parameter<'a> = (&'a [u8], Option<&'a [u8]>);

/// `";" token [ "=" ( token / quoted-string ) ]`, with whitespace anywhere between.
fn parameter_range<'a>(rest: &mut &'a [u8]) -> Result<Option<Parameter<'a>>, ()> {
    *rest = trim_start(rest);
    let [b';', behind @ ..] = *rest else {
        return Ok(None);
    };
    *rest = trim_start(behind);
    let name = take_token(rest)?;
    *rest = trim_start(rest);
    let [b'=', behind @ ..] = *rest else {
        return Ok(Some((name, None)));
    };
    *rest = trim_start(behind);
    let value = if let [b'"', behind @ ..] = *rest {
        *rest = behind;
        take_quoted(rest)?
    } else {
        take_token(rest)?
    };
    *rest = trim_start(rest);
    Ok(Some((name, Some(value))))
}

fn trim_start(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

fn take_token<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], ()> {
    let (token, behind) = rest.split_at_checked(token_len(rest)).ok_or(())?;
    *rest = behind;
    if token.is_empty() { Err(()) } else { Ok(token) }
}

/// Up to the closing quote. What is inside must be a token once it is unescaped (RFC 6455 section 9.1).
fn take_quoted<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], ()> {
    let (mut len, mut behind) = (0, *rest);
    loop {
        (len, behind) = match behind {
            [b'"', tail @ ..] if len > 0 => {
                let value = rest.get(..len).ok_or(())?;
                *rest = tail;
                return Ok(value);
            }
            [b'\\', byte, tail @ ..] if is_token_byte(*byte) => (len + 2, tail),
            [byte, tail @ ..] if is_token_byte(*byte) => (len + 1, tail),
            _ => return Err(()),
        };
    }
}
