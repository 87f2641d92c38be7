//! The parameters of permessage-deflate, for those who bring the compression (RFC 7692 section 7.1).

use super::extensions::{Extension, Value};

/// The name of the extension.
pub(crate) const NAME: &str = "permessage-deflate";

/// The parameters of one offer or answer.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Parameters {
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    /// `Some(None)` without a value.
    server_max_window_bits: Option<Option<u8>>,
    client_max_window_bits: Option<Option<u8>>,
}

/// Reads the parameters: each known, once, with a legal value.
fn read(extension: &Extension<'_>) -> Option<Parameters> {
    let mut read = Parameters::default();
    for (name, value) in extension.parameters() {
        let bits = value.map(window_bits);
        match (name, bits) {
            ("server_no_context_takeover", None) if !read.server_no_context_takeover => {
                read.server_no_context_takeover = true;
            }
            ("client_no_context_takeover", None) if !read.client_no_context_takeover => {
                read.client_no_context_takeover = true;
            }
            ("server_max_window_bits", Some(Some(bits)))
                if read.server_max_window_bits.is_none() =>
            {
                read.server_max_window_bits = Some(Some(bits));
            }
            ("client_max_window_bits", None | Some(Some(_)))
                if read.client_max_window_bits.is_none() =>
            {
                read.client_max_window_bits = Some(bits.flatten());
            }
            _ => return None,
        }
    }
    Some(read)
}

/// 8 to 15 in decimal, without a leading zero (RFC 7692 section 7.1.2).
fn window_bits(value: Value<'_>) -> Option<u8> {
    (8..=15).find(|bits| {
        let digits = [b'1', b'0' + bits % 10];
        let digits = if *bits < 10 {
            digits.get(1..)
        } else {
            Some(&digits[..])
        };
        digits.is_some_and(|digits| {
            value
                .chars()
                .map(u32::from)
                .eq(digits.iter().copied().map(u32::from))
        })
    })
}

/// Whether that is an offer of a client.
pub(crate) fn is_offer(extension: &Extension<'_>) -> bool {
    read(extension).is_some()
}

/// Whether that answer of a server fits that offer (RFC 7692 sections 7.1.1 and 7.1.2).
pub(crate) fn is_answer(offer: &Extension<'_>, answer: &Extension<'_>) -> bool {
    let (Some(offer), Some(answer)) = (read(offer), read(answer)) else {
        return false;
    };
    let server_window = match (offer.server_max_window_bits, answer.server_max_window_bits) {
        (Some(Some(offered)), Some(Some(answered))) => answered <= offered,
        (Some(_), None) => false,
        _ => true,
    };
    let client_window = match (offer.client_max_window_bits, answer.client_max_window_bits) {
        (Some(Some(offered)), Some(Some(answered))) => answered <= offered,
        (_, None) | (Some(None), Some(Some(_))) => true,
        _ => false,
    };
    let takeover = !offer.server_no_context_takeover || answer.server_no_context_takeover;
    server_window && client_window && takeover
}
