//! The end, should it come: a line in the log, and out of the emulator with an error.

use core::panic::PanicInfo;
use cortex_m::asm::udf;
use cortex_m_semihosting::debug;
use defmt::{Display2Format, error};

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    error!("{}", Display2Format(info));
    debug::exit(debug::EXIT_FAILURE);
    udf()
}
