//! The web server on a Stellaris LM3S6965: 256 KiB of flash, 64 KiB of RAM.
#![no_std]
#![no_main]

mod clock;
mod ethernet;
mod panic;
mod stack;

use app::{Address, Board, Memory, Sockets, Stack, WebServer};
use clock::Clock;
use cortex_m::Peripherals;
use cortex_m::asm::wfi;
use defmt::info;
use defmt_semihosting as _;
use ethernet::Ethernet;
use smoltcp::wire::{EthernetAddress, Ipv4Address, Ipv4Cidr};
use static_cell::ConstStaticCell;

/// The addresses of a guest in QEMU's user network. The board has no source of randomness: give your own a real seed.
const ADDRESS: Address = Address {
    ethernet: EthernetAddress([0x02, 0, 0, 0, 0, 1]),
    ip: Ipv4Cidr::new(Ipv4Address::new(10, 0, 2, 15), 24),
    gateway: Ipv4Address::new(10, 0, 2, 2),
    seed: 0x5eed,
};

// `const` values, so that none is ever on the stack.
static SOCKETS: ConstStaticCell<Sockets> = ConstStaticCell::new(Sockets::new());
static MEMORY: ConstStaticCell<Memory> = ConstStaticCell::new(Memory::new());
static ETHERNET: ConstStaticCell<Ethernet> = ConstStaticCell::new(Ethernet::new());

struct Lm3s6965;

impl Board for Lm3s6965 {
    fn stack(&self) -> Stack {
        Stack {
            size: stack::size(),
            free: stack::never_used(),
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let Some(peripherals) = Peripherals::take() else {
        panic!("started twice")
    };
    let ethernet = ETHERNET.take();
    let mut clock = Clock::start(peripherals.SYST);
    Ethernet::start(ADDRESS.ethernet);
    let mut server = WebServer::new(SOCKETS.take(), MEMORY.take(), &ADDRESS, ethernet);
    info!("serving at port 80");
    loop {
        let is_busy = server.poll(clock.now(), ethernet, &Lm3s6965);
        if !is_busy {
            wfi(); // until the next millisecond
        }
    }
}
