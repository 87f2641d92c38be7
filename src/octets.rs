//! What an octet may be part of: one table for all of the grammar (RFC 9110 section 5.6.2, RFC 3986, RFC 4648).

/// What an octet may be part of, a bit each, looked up in [`CLASSES`].
pub(crate) const TOKEN: u8 = 1;
/// `reg-name` without its percent-encoded octets.
pub(crate) const REG_NAME: u8 = 1 << 1;
/// `IPvFuture` behind its first letter.
pub(crate) const IP_FUTURE: u8 = 1 << 2;
/// An IPv6 address.
pub(crate) const IP_V6: u8 = 1 << 3;
/// Hexadecimal digits.
pub(crate) const HEX: u8 = 1 << 4;
/// `scheme` behind its first letter.
pub(crate) const SCHEME: u8 = 1 << 5;
/// A request target (RFC 9112 section 3.2).
pub(crate) const TARGET: u8 = 1 << 6;
/// The digits of base64 (RFC 4648 section 4).
pub(crate) const BASE64: u8 = 1 << 7;

/// Large enough that any octet is in it, and no look needs a check, where flash is not short.
const LEN: usize = if cfg!(target_pointer_width = "64") {
    256
} else {
    128
};

/// One look instead of a chain of comparisons: heads are judged octet by octet.
static CLASSES: [u8; LEN] = classes();

/// The classes of an octet: none above ASCII.
pub(crate) const fn classes_of(byte: u8) -> u8 {
    if (byte as usize) < LEN {
        CLASSES[byte as usize]
    } else {
        0
    }
}

const fn classes() -> [u8; LEN] {
    let mut classes = [0; LEN];
    let mut byte = 0_u8;
    while byte.is_ascii() {
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
            class |= REG_NAME | IP_FUTURE;
        }
        if byte == b':' {
            class |= IP_FUTURE;
        }
        if byte.is_ascii_hexdigit() {
            class |= HEX;
        }
        if byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.') {
            class |= IP_V6;
        }
        if alphanumeric || matches!(byte, b'+' | b'-' | b'.') {
            class |= SCHEME;
        }
        // No fragment (RFC 9112 section 3.2).
        if byte.is_ascii_graphic() && byte != b'#' {
            class |= TARGET;
        }
        if alphanumeric || matches!(byte, b'+' | b'/') {
            class |= BASE64;
        }
        classes[byte as usize] = class;
        byte += 1;
    }
    classes
}

/// How many octets from the first on are of that class: eight at a time, for most are.
#[inline(never)]
pub(crate) fn leading(bytes: &[u8], class: u8) -> usize {
    let mut len = 0;
    if cfg!(target_pointer_width = "64") {
        for group in bytes.chunks_exact(8) {
            let common = |common, &byte: &u8| common & classes_of(byte);
            if group.iter().fold(class, common) == 0 {
                break;
            }
            len += group.len();
        }
    }
    for byte in bytes.get(len..).unwrap_or_default() {
        if classes_of(*byte) & class == 0 {
            break;
        }
        len += 1;
    }
    len
}

/// Whether both are the same: by one function, where flash is short.
#[cfg_attr(target_pointer_width = "64", inline(always))]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn are_same(octets: &[u8], others: &[u8]) -> bool {
    octets == others
}

/// Whether all octets are of that class.
pub(crate) fn are(bytes: &[u8], class: u8) -> bool {
    if cfg!(target_pointer_width = "64") {
        let common = |common, &byte: &u8| common & classes_of(byte);
        bytes.iter().fold(class, common) != 0
    } else {
        leading(bytes, class) == bytes.len()
    }
}

/// Whether that octet may stand in a token (RFC 9110 section 5.6.2).
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    classes_of(byte) & TOKEN != 0
}

/// Whether those octets are a token (RFC 9110 section 5.6.2).
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && are(bytes, TOKEN)
}

/// Whether those octets may stand in a request target.
pub(crate) fn is_target(bytes: &[u8]) -> bool {
    are(bytes, TARGET)
}

/// Whether those octets may stand in a field value.
pub(crate) fn is_value(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| is_value_byte(byte))
}

/// Whether that octet may stand in a field value (RFC 9110 section 5.5).
pub(crate) const fn is_value_byte(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}
