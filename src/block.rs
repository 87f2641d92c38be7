//! Line ends, looked for in many octets at once.

/// Whether there is LF. The compiler looks at all octets of a block at once where the target can.
pub(crate) fn has_lf(block: &[u8]) -> bool {
    block
        .iter()
        .fold(false, |found, &byte| found | (byte == b'\n'))
}

/// The place of LF in the block, or far more than there are places where there are several.
#[inline(never)]
pub(crate) fn lf_place(block: &[u8]) -> u16 {
    const FIRST: u8 = 32;
    let sum: u16 = block.iter().zip(FIRST..).fold(0, |sum, (&byte, place)| {
        sum + if byte == b'\n' { u16::from(place) } else { 0 }
    });
    sum.wrapping_sub(u16::from(FIRST))
}

/// The place of the first LF.
pub(crate) fn first_lf(octets: &[u8]) -> Option<usize> {
    let plain = octets.chunks(BLOCK).take_while(|block| !has_lf(block));
    let start = plain.count() * BLOCK;
    let rest = octets.get(start..)?;
    Some(start + rest.iter().position(|&byte| byte == b'\n')?)
}

/// How many octets are looked at at once.
pub(crate) const BLOCK: usize = 16;
