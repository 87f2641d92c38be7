//! Joins the folded lines of a response (RFC 9112 section 5.2): a request with such is refused instead.

/// Puts spaces in place of the line end of each line whose next one starts with whitespace, and says whether there was
/// any. `lines` starts at the first field line, which continues none.
pub(super) fn unfold(lines: &mut [u8]) -> bool {
    let mut found = false;
    let mut rest = lines;
    while let Some((first, behind)) = rest.split_first_mut() {
        if let (b'\r', [lf @ b'\n', b' ' | b'\t', ..]) = (*first, &mut *behind) {
            (*first, *lf) = (b' ', b' ');
            found = true;
        }
        rest = behind;
    }
    found
}
