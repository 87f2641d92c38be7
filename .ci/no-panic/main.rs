//! See `run` beside this file.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::panic::PanicInfo;

unsafe extern "C" {
    fn a_panic_is_reachable() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    unsafe { a_panic_is_reachable() }
}

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let a: &[u8]=black_box(b"abc");
    black_box(a.get(2));
    loop {}
}
