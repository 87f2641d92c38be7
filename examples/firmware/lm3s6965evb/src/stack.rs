//! How much of the stack was ever used. `cortex-m-rt` paints it before `main`, and has it grow down to the end of what is static.

use core::mem::size_of;
use core::ptr::addr_of;
use cortex_m_rt::STACK_PAINT_VALUE;

unsafe extern "C" {
    static _stack_end: u32;
    static _stack_start: u32;
}

/// In bytes.
pub fn size() -> usize {
    addr_of!(_stack_start) as usize - addr_of!(_stack_end) as usize
}

/// In bytes, from the far end to the first word that is no paint any more.
pub fn never_used() -> usize {
    let end = addr_of!(_stack_end);
    let is_paint = |at: &usize| {
        // SAFETY: between both symbols lies the stack. It is read as bytes of memory, whatever they are to others.
        unsafe { end.add(*at).read_volatile() == STACK_PAINT_VALUE }
    };
    let words = size() / size_of::<u32>();
    (0..words).take_while(is_paint).count() * size_of::<u32>()
}
