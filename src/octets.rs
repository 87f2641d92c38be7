//! What an octet may be part of: one table for all of the grammar (RFC 9110 section 5.6.2, RFC 3986, RFC 4648).

/// Whether that octet may stand in a token (RFC 9110 section 5.6.2).
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    is_in(byte, TOKEN)
}

/// What an octet may be part of, a bit each, looked up in [`CLASSES`].
const TOKEN: u8 = 1;
/// `reg-name` without its percent-encoded octets.
pub(crate) const REG_NAME: u8 = 1 << 1;
/// The digits of base64.
const BASE64: u8 = 1 << 2;
/// A request target.
const TARGET: u8 = 1 << 3;

/// What separates nothing: a target before it is judged.
const TARGET_LIKE: u8 = 1 << 4;

/// One look instead of a chain of comparisons: heads are judged octet by octet.
static CLASSES: [u8; 256] = classes();

pub(crate) const fn is_in(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        let alphanumeric = byte.is_ascii_alphanumeric();
        let mut class = 0;
        if alphanumeric
            || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
        {
            class |= TOKEN;
        }
        // No comma: a comma in Host is the mark of two joined Host lines.
        if alphanumeric
            || matches!(
                byte,
                b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&'..=b'+' | b';' | b'='
            )
        {
            class |= REG_NAME;
        }
        if alphanumeric || matches!(byte, b'+' | b'/') {
            class |= BASE64;
        }
        // No fragment (RFC 9112 section 3.2).
        if byte.is_ascii_graphic() && byte != b'#' {
            class |= TARGET;
        }
        if byte > b' ' && byte != 0x7f {
            class |= TARGET_LIKE;
        }
        classes[byte as usize] = class;
        if byte == u8::MAX {
            return classes;
        }
        byte += 1;
    }
}

/// How many octets from the first on are of that class: eight at a time, for most are.
#[inline(never)]
pub(crate) fn leading(bytes: &[u8], class: u8) -> usize {
    let mut len = 0;
    for group in bytes.chunks_exact(8) {
        let common = group
            .iter()
            .fold(class, |common, &byte| common & CLASSES[byte as usize]);
        if common == 0 {
            break;
        }
        len += group.len();
    }
    for byte in bytes.get(len..).unwrap_or_default() {
        if !is_in(*byte, class) {
            break;
        }
        len += 1;
    }
    len
}

/// How long the token is that those octets start with; 0 if they start with none.
pub(crate) fn token_len(bytes: &[u8]) -> usize {
    leading(bytes, TOKEN)
}

/// How many octets a request-line has there for its target, good or bad.
pub(crate) fn target_len(bytes: &[u8]) -> usize {
    leading(bytes, TARGET_LIKE)
}

/// How many octets from the first on may stand in a request target (RFC 9112 section 3.2).
pub(crate) fn good_target_len(bytes: &[u8]) -> usize {
    leading(bytes, TARGET)
}

/// Whether those octets may stand in a request target.
pub(crate) fn is_target(bytes: &[u8]) -> bool {
    good_target_len(bytes) == bytes.len()
}

/// Whether those octets are digits of base64 (RFC 4648 section 4).
pub(crate) fn is_base64(bytes: &[u8]) -> bool {
    let class = |class, &byte: &u8| class & CLASSES[byte as usize];
    bytes.iter().fold(BASE64, class) != 0
}

/// Whether those octets are a token (RFC 9110 section 5.6.2).
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && token_len(bytes) == bytes.len()
}

/// Whether that octet may stand in a field value (RFC 9110 section 5.5).
pub(crate) const fn is_value_byte(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}
