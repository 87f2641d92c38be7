//! Counts instructions on an emulated Cortex-M3: see `run` beside this package.
//!
//! Under `-icount shift=0` the clock of the board follows the instructions. What it does not tell, how many of them make
//! one tick of the timer, a loop of known length does.
#![no_std]
#![no_main]

#[cfg(feature = "floor")]
#[path = "../../src/floor.rs"]
#[allow(dead_code)]
mod by_hand;
mod who;

use core::arch::asm;
use core::hint::black_box;
use core::panic::PanicInfo;
use cortex_m::peripheral::{Peripherals, SYST, syst::SystClkSource};
use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, hprintln};

const REQUEST: &[u8] = b"GET /chat?x=1 HTTP/1.1\r\n\
    Host: 127.0.0.1:18712\r\n\
    Connection: Upgrade\r\n\
    Pragma: no-cache\r\n\
    Cache-Control: no-cache\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    HeadlessChrome/156.0.0.0 Safari/537.36\r\n\
    Upgrade: websocket\r\n\
    Origin: http://127.0.0.1:18711\r\n\
    Sec-WebSocket-Version: 13\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Accept-Language: en-US,en;q=0.9\r\n\
    Sec-WebSocket-Key: XP7kHc2SWCTn1wx5JokW9g==\r\n\
    Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
    X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\
    \r\n";

const ROUNDS: u32 = 200;

#[entry]
fn main() -> ! {
    if let Some(Peripherals {
        SYST: mut clock, ..
    }) = Peripherals::take()
    {
        clock.set_clock_source(SystClkSource::Core);
        clock.set_reload(0x00FF_FFFF);
        clock.clear_current();
        clock.enable_counter();
        measure();
    }
    debug::exit(debug::EXIT_SUCCESS);
    loop {}
}

/// Prints ticks for each thousand rounds, and for a thousand of two thousand instructions.
fn measure() {
    let known = difference(1000, |rounds| {
        for _ in 0..rounds {
            two_thousand();
        }
    });
    hprintln!("known {} 1000", known);

    let mut out = [0; 1200];
    let handshakes = difference(ROUNDS, |rounds| {
        for _ in 0..rounds {
            let len = who::handshake(black_box(REQUEST), black_box(&mut out));
            assert!(
                out.get(..len)
                    .is_some_and(|out| out.starts_with(b"HTTP/1.1 101 "))
            );
        }
    });
    hprintln!("handshake {} {}", handshakes, ROUNDS);

    let mut echo = who::Echo::new();
    let mut frame = [0x5A; 8 + 1024];
    let frames = difference(ROUNDS, |rounds| {
        for _ in 0..rounds {
            // Unmasking in place leaves another payload; any will do.
            frame[..8].copy_from_slice(&[0x82, 0xFE, 4, 0, 0x37, 0xFA, 0x21, 0x3D]);
            let len = echo.echo(black_box(&mut frame), black_box(&mut out));
            assert!(len == 1028 && out[..4] == [0x82, 126, 4, 0]);
        }
    });
    hprintln!("frames {} {}", frames, ROUNDS);
}

/// Ticks between so many rounds and twice as many.
#[inline(never)]
fn difference(rounds: u32, mut repeat: impl FnMut(u32)) -> u32 {
    let mut taken = [0; 2];
    for (taken, rounds) in taken.iter_mut().zip(black_box([rounds, 2 * rounds])) {
        let begin = SYST::get_current();
        repeat(rounds);
        // It counts down, in 24 bits.
        *taken = begin.wrapping_sub(SYST::get_current()) & 0x00FF_FFFF;
    }
    taken[1] - taken[0]
}

/// 666 times three instructions, and two.
#[inline(never)]
fn two_thousand() {
    // SAFETY: it changes a register and flags.
    unsafe {
        asm!(
            "movw {n}, #666",
            "nop",
            "2:",
            "nop",
            "subs {n}, #1",
            "bne 2b",
            n = out(reg) _,
        );
    }
}

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    hprintln!("{}", info);
    debug::exit(debug::EXIT_FAILURE);
    loop {}
}
