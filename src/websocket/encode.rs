//! Frames, written (RFC 6455 section 5.2).

use super::{Frame, header::Opcode, mask};
use crate::write;

/// Writes a whole frame at the front of `out`, or nothing that counts, and gives its length, whether it was written or not.
/// Where flash is plenty there is one for each role.
#[cfg_attr(target_pointer_width = "64", inline(always))]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(super) fn frame(
    frame: &Frame<'_>,
    opcode: Opcode,
    key: Option<[u8; 4]>,
    out: &mut [u8],
) -> Result<usize, usize> {
    let needed = frame.size(key.is_some());
    match whole(frame, opcode, key, out.get_mut(..needed)) {
        Some(()) => Ok(needed),
        None => Err(needed),
    }
}

/// The same in a place of its length.
#[inline(always)]
fn whole(
    frame: &Frame<'_>,
    opcode: Opcode,
    key: Option<[u8; 4]>,
    out: Option<&mut [u8]>,
) -> Option<()> {
    let body = header(out?, opcode.first_byte(frame.last), frame.length(), key)?;
    match (frame.code, key) {
        (None, Some(key)) => mask::copy(body, frame.payload, key),
        (code, key) => {
            let reason = match code {
                Some(code) => put(&mut *body, code.get().to_be_bytes())?,
                None => &mut *body,
            };
            copy(reason, frame.payload);
            if let Some(key) = key {
                mask::mask(body, u32::from_le_bytes(key));
            }
        }
    }
    Some(())
}

/// The bytes that a header takes.
#[inline]
pub(super) const fn size(length: usize, masked: bool) -> usize {
    let unmasked = 2 + extended(length);
    if masked { unmasked + 4 } else { unmasked }
}

/// The bytes that a length takes behind its short form.
#[inline]
const fn extended(length: usize) -> usize {
    match length {
        0..=125 => 0,
        126..=0xffff => 2,
        _ => 8,
    }
}

/// Writes a header at the front of `out` and gives what is behind it, or nothing if it does not fit.
#[inline]
pub(super) fn header(
    out: &mut [u8],
    first: u8,
    length: usize,
    key: Option<[u8; 4]>,
) -> Option<&mut [u8]> {
    let masked = if key.is_some() { 0x80 } else { 0 };
    let rest = if cfg!(target_pointer_width = "64") {
        one_of_three(out, [first, masked], length)?
    } else {
        octet_by_octet(out, [first, masked], length)?
    };
    match key {
        Some(key) => put(rest, key),
        None => Some(rest),
    }
}

/// A header without its key: each form is written at once.
#[inline]
fn one_of_three(out: &mut [u8], [first, masked]: [u8; 2], length: usize) -> Option<&mut [u8]> {
    let bytes = (length as u64).to_be_bytes();
    let [.., high, low] = bytes;
    match extended(length) {
        0 => put(out, [first, masked | low]),
        2 => put(out, [first, masked | 0x7e, high, low]),
        _ => put(put(out, [first, masked | 0x7f])?, bytes),
    }
}

/// The same in few bytes of code.
#[inline]
fn octet_by_octet(out: &mut [u8], [first, masked]: [u8; 2], length: usize) -> Option<&mut [u8]> {
    let extended = extended(length);
    let short = match extended {
        0 => length.to_le_bytes()[0],
        2 => 0x7e,
        _ => 0x7f,
    };
    let rest = put(out, [first, masked | short])?;
    let (extended, rest) = rest.split_at_mut_checked(extended)?;
    let mut length = length;
    for place in extended.iter_mut().rev() {
        *place = length.to_le_bytes()[0];
        length >>= 8;
    }
    Some(rest)
}

/// Writes `bytes` at the front of `out` and gives what is behind them.
#[inline]
pub(super) fn put<const N: usize>(out: &mut [u8], bytes: [u8; N]) -> Option<&mut [u8]> {
    let (front, rest) = out.split_first_chunk_mut()?;
    *front = bytes;
    Some(rest)
}

/// As [`put`], where the number of bytes is not known beforehand.
#[inline]
pub(super) fn put_slice<'o>(out: &'o mut [u8], bytes: &[u8]) -> Option<&'o mut [u8]> {
    let (front, rest) = out.split_at_mut_checked(bytes.len())?;
    copy(front, bytes);
    Some(rest)
}

/// As a function of its own the compiler knows that the two do not overlap; [`write::copy_long`] is one where flash is short.
#[cfg_attr(target_pointer_width = "64", inline(never))]
fn copy(to: &mut [u8], from: &[u8]) {
    write::copy_long(to, from);
}
