//! Prints how much stack a server's opening handshake takes. See `run` beside this file.
#![no_std]
#![no_main]

use core::arch::asm;
use core::hint::black_box;
use cortex_m_semihosting::{debug, hprintln};
use http_upgrade::{Action, Origins, Policy, Server};
use panic_semihosting as _;

const POLICY: Policy = Policy::new(Origins::SameHost);

/// What a browser sends.
const REQUEST: &[u8] = b"GET /chat HTTP/1.1\r\nHost: 10.0.2.15:8080\r\nConnection: Upgrade\r\nPragma: no-cache\r\n\
    Cache-Control: no-cache\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nUpgrade: websocket\r\n\
    Origin: http://10.0.2.15:8080\r\nSec-WebSocket-Version: 13\r\nAccept-Encoding: gzip, deflate, br\r\n\
    Accept-Language: en-US,en;q=0.9\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";

const REFUSED: &[u8] = b"GET /chat HTTP/1.1\r\nHost: 10.0.2.15:8080\r\nHost: 10.0.2.15\r\n\r\n";

/// How much below the caller is painted: more than is ever used, and far less than the board has.
const PAINTED: usize = 8 * 1024;
const PAINT: u32 = 0xA5A5_5A5A;

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut output = [0; 256];
    let mut storage = [0; 512];
    let nothing = stack_of(|| {});
    for (name, request, piece) in [
        ("one-read", REQUEST, REQUEST.len()),
        ("byte-by-byte", REQUEST, 1),
        ("refused", REFUSED, REFUSED.len()),
    ] {
        let mut outcome = 0;
        let used = stack_of(|| outcome = handshake(black_box(request), piece, &mut storage, &mut output));
        hprintln!("{} {} {}", name, used - nothing, outcome);
    }
    debug::exit(debug::EXIT_SUCCESS);
    loop {}
}

/// One opening handshake, from a request in memory to an answer in memory. The storage is lent, the machine is on the stack.
/// It gives the status of the answer, or 0.
#[inline(never)]
fn handshake(mut input: &[u8], piece: usize, storage: &mut [u8], output: &mut [u8]) -> u16 {
    let mut server = Server::new(storage, &POLICY);
    let mut answer = 0;
    loop {
        match server.action() {
            Action::Receive => {
                let read = input.get(..piece).unwrap_or(input);
                let used = server.receive(read);
                input = input.get(used..).unwrap_or_default();
            }
            Action::Decide(request) => {
                let decision = POLICY.decide(&request);
                if server.decide(decision).is_err() {
                    return 0;
                }
            }
            Action::Send(status) => {
                answer = status.code();
                if server.send(output).is_err() {
                    return 0;
                }
            }
            _ => return answer,
        }
    }
}

/// How many bytes below this function's own frame were written to while `work` ran.
#[inline(never)]
fn stack_of(work: impl FnOnce()) -> usize {
    let top: *mut u32;
    // SAFETY: only reads the stack pointer.
    unsafe { asm!("mov {}, sp", out(reg) top, options(nomem, nostack)) };
    let words = PAINTED / 4;
    for n in 1..=words {
        // SAFETY: between this frame and the end of RAM, far above what is static; nothing lives there, and no interrupt runs.
        unsafe { top.sub(n).write_volatile(PAINT) };
    }
    work();
    let is_painted = |n: &usize| {
        // SAFETY: as above.
        unsafe { top.sub(*n).read_volatile() == PAINT }
    };
    let untouched = (1..=words).rev().take_while(is_painted).count();
    (words - untouched) * 4
}
