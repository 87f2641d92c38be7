//! Sec-WebSocket-Extensions (RFC 6455 section 9.1): read, and declined.

use crate::octets::TOKEN;
use crate::scan::Scan;
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
        let mut scan = Scan::new(self.parameters);
        scan.skip_space();
        core::iter::from_fn(move || {
            let (name, value) = eat(&mut scan, b';').then(|| take_parameter(&mut scan))??;
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
    let mut scan = Scan::new(if is_usual { &[] } else { value });
    let mut is_good = true;
    while is_good && !skip_commas(&mut scan) {
        is_good = skip_extension(&mut scan);
    }
    is_good
}

/// The extensions of one line, as far as it is well-formed.
pub(crate) fn all(line: &[u8]) -> impl Iterator<Item = Extension<'_>> {
    let mut rest = line;
    core::iter::from_fn(move || next(&mut rest).ok().flatten())
}

/// The next extension of the list in `rest`: its parameters are unread, but well-formed.
pub(crate) fn next<'a>(rest: &mut &'a [u8]) -> Result<Option<Extension<'a>>, ()> {
    let mut scan = Scan::new(rest);
    if skip_commas(&mut scan) {
        return Ok(None);
    }
    let mut extension = scan;
    if !skip_extension(&mut scan) {
        return Err(());
    }
    *rest = scan.rest;
    let name = extension.take(TOKEN);
    let len = extension.rest.len().saturating_sub(rest.len());
    Ok(Some(Extension {
        name: text(name),
        parameters: extension.skip(len),
    }))
}

/// Goes behind what separates members; whether there are none left.
fn skip_commas(scan: &mut Scan<'_>) -> bool {
    scan.skip_space();
    while eat(scan, b',') {}
    scan.rest.is_empty()
}

/// Goes behind an extension, to the comma or to the end; whether that was one.
fn skip_extension(scan: &mut Scan<'_>) -> bool {
    // What stands before the next name or value.
    let mut separator = b',';
    loop {
        let is_quoted = separator == b'=' && scan.eat(b'"');
        if !(is_quoted && skip_quoted(scan) || !is_quoted && skip_token(scan)) {
            return false;
        }
        scan.skip_space();
        separator = match (separator, scan.rest) {
            (_, [] | [b',', ..]) => return true,
            (_, [b';', ..]) => b';',
            (b';', [b'=', ..]) => b'=',
            _ => return false,
        };
        eat(scan, separator);
    }
}

/// The octets of a name, and those of its value where there is one.
type Parameter<'a> = (&'a [u8], Option<&'a [u8]>);

/// `token [ "=" ( token / quoted-string ) ]`, with whitespace anywhere between.
fn take_parameter<'a>(scan: &mut Scan<'a>) -> Option<Parameter<'a>> {
    let name = scan.take(TOKEN);
    scan.skip_space();
    if !eat(scan, b'=') {
        return Some((name, None));
    }
    let is_quoted = scan.eat(b'"');
    let value = if is_quoted {
        let value = scan.rest;
        skip_quoted(scan);
        let len = value.len().checked_sub(scan.rest.len() + 1)?;
        value.get(..len)?
    } else {
        scan.take(TOKEN)
    };
    scan.skip_space();
    Some((name, Some(value)))
}

/// Goes behind that octet and whitespace, if it is there.
fn eat(scan: &mut Scan<'_>, octet: u8) -> bool {
    let is_there = scan.eat(octet);
    if is_there {
        scan.skip_space();
    }
    is_there
}

/// Goes behind a token; whether there is one.
fn skip_token(scan: &mut Scan<'_>) -> bool {
    !scan.take(TOKEN).is_empty()
}

/// Goes behind the closing quote; whether what is inside is a token once it is unescaped (RFC 6455 section 9.1).
fn skip_quoted(scan: &mut Scan<'_>) -> bool {
    loop {
        scan.eat(b'\\');
        if !skip_token(scan) {
            return false;
        }
        if scan.eat(b'"') {
            return true;
        }
    }
}
