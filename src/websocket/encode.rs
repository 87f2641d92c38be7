//! Frames, written (RFC 6455 section 5.2).

use super::{Frame, SendError, header::Opcode, mask};
use crate::write;

/// Writes a whole frame at the front of `out`, or nothing that counts. Where flash is plenty there is one for each role.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn frame(
    frame: &Frame<'_>,
    opcode: Opcode,
    key: Option<[u8; 4]>,
    out: &mut [u8],
) -> Result<usize, SendError> {
    let needed = frame.size(key.is_some());
    let too_small = SendError::BufferTooSmall { needed };
    let (out, _) = out.split_at_mut_checked(needed).ok_or(too_small)?;
    let body = header(out, opcode.first_byte(frame.last), frame.length(), key).ok_or(too_small)?;
    match (frame.code(), key) {
        (None, Some(key)) => mask::copy(body, frame.payload, key),
        (code, key) => {
            let reason = match code {
                Some(code) => put(&mut *body, code.get().to_be_bytes()).ok_or(too_small)?,
                None => &mut *body,
            };
            copy(reason, frame.payload);
            if let Some(key) = key {
                mask::mask(body, key);
            }
        }
    }
    Ok(needed)
}

/// The bytes that a header takes.
#[inline]
pub(super) const fn size(length: usize, masked: bool) -> usize {
    let form = match length {
        0..=125 => 2,
        126..=0xffff => 4,
        _ => 10,
    };
    if masked { form + 4 } else { form }
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
    let bytes = (length as u64).to_be_bytes();
    let [.., high, low] = bytes;
    let rest = match length {
        0..=125 => put(out, [first, masked | low])?,
        126..=0xffff => put(out, [first, masked | 0x7e, high, low])?,
        _ => put(put(out, [first, masked | 0x7f])?, bytes)?,
    };
    match key {
        Some(key) => put(rest, key),
        None => Some(rest),
    }
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
