//! The Ethernet controller of the Stellaris, polled (data sheet, section 17).

use smoltcp::phy::{self, Device, DeviceCapabilities, Medium};
use smoltcp::time::Instant;
use smoltcp::wire::EthernetAddress;

/// An Ethernet header and 1 500 bytes.
const FRAME: usize = 1514;
const HEADER: usize = 14;

/// What the controller puts around a frame that was received: two bytes with the length of the whole, and the checksum behind it.
const LENGTH: usize = 2;
const CHECKSUM: usize = 4;

/// Registers, and their bits.
const RECEIVE_CONTROL: usize = 0x08;
const RECEIVE_ENABLE: u32 = 1;
const REJECT_BAD_CHECKSUM: u32 = 1 << 3;
const TRANSMIT_CONTROL: usize = 0x0C;
const TRANSMIT_ENABLE: u32 = 1;
const TRANSMIT_PADDING: u32 = 1 << 1;
const TRANSMIT_CHECKSUM: u32 = 1 << 2;
const DATA: usize = 0x10;
const ADDRESS_0: usize = 0x14;
const ADDRESS_1: usize = 0x18;
const PACKETS: usize = 0x34;
const TRANSMIT_REQUEST: usize = 0x38;

/// The clock of the controller and of its transceiver, off after a reset (data sheet, section 5.5).
const CLOCK_GATES: *mut u32 = 0x400F_E108 as *mut u32;
const ETHERNET: u32 = 1 << 30 | 1 << 28;

/// The controller and memory for a frame in each direction.
pub struct Ethernet {
    received: [u8; FRAME],
    to_send: [u8; FRAME],
}

impl Ethernet {
    pub const fn new() -> Ethernet {
        Ethernet {
            received: [0; FRAME],
            to_send: [0; FRAME],
        }
    }

    pub fn start(EthernetAddress([a, b, c, d, e, f]): EthernetAddress) {
        // SAFETY: a register of the processor that nobody else writes.
        unsafe { CLOCK_GATES.write_volatile(CLOCK_GATES.read_volatile() | ETHERNET) };
        write(ADDRESS_0, u32::from_le_bytes([a, b, c, d]));
        write(ADDRESS_1, u32::from_le_bytes([e, f, 0, 0]));
        write(
            TRANSMIT_CONTROL,
            TRANSMIT_ENABLE | TRANSMIT_PADDING | TRANSMIT_CHECKSUM,
        );
        write(RECEIVE_CONTROL, RECEIVE_ENABLE | REJECT_BAD_CHECKSUM);
    }
}

impl Device for Ethernet {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = ToSend<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, ToSend<'_>)> {
        if read(PACKETS) == 0 {
            return None;
        }
        let len = receive(&mut self.received);
        let frame = self.received.get(..len).unwrap_or_default();
        Some((Received(frame), ToSend(&mut self.to_send)))
    }

    fn transmit(&mut self, _: Instant) -> Option<ToSend<'_>> {
        (read(TRANSMIT_REQUEST) == 0).then_some(ToSend(&mut self.to_send))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME;
        capabilities.max_burst_size = Some(1);
        capabilities
    }
}

/// A frame that has come.
pub struct Received<'a>(&'a [u8]);

impl phy::RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(self.0)
    }
}

/// Memory for a frame that goes out.
pub struct ToSend<'a>(&'a mut [u8; FRAME]);

impl phy::TxToken for ToSend<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        let len = len.min(FRAME); // smoltcp knows the limit
        let frame = self.0.get_mut(..len).unwrap_or_default();
        let result = f(frame);
        send(frame);
        result
    }
}

/// Takes a frame from the controller, all of it, and says how long it is without what does not fit.
fn receive(frame: &mut [u8; FRAME]) -> usize {
    let first = read(DATA).to_le_bytes();
    let [a, b, c, d] = first;
    let total = usize::from(u16::from_le_bytes([a, b]));
    let words = total.div_ceil(4).saturating_sub(1);
    let bytes = (0..words).flat_map(|_| read(DATA).to_le_bytes());
    let bytes = [c, d].into_iter().chain(bytes);
    let mut to = frame.iter_mut();
    for byte in bytes {
        if let Some(to) = to.next() {
            *to = byte;
        }
    }
    total.saturating_sub(LENGTH + CHECKSUM).min(FRAME)
}

/// Gives a frame to the controller: the length of what is behind the Ethernet header, then the frame.
fn send(frame: &[u8]) {
    let length = u16::try_from(frame.len().saturating_sub(HEADER)).unwrap_or_default();
    let mut bytes = length
        .to_le_bytes()
        .into_iter()
        .chain(frame.iter().copied());
    while let Some(first) = bytes.next() {
        let mut next = || bytes.next().unwrap_or(0);
        write(DATA, u32::from_le_bytes([first, next(), next(), next()]));
    }
    write(TRANSMIT_REQUEST, 1);
}

/// Where the registers lie.
const BASE: usize = 0x4004_8000;

fn read(register: usize) -> u32 {
    // SAFETY: a register of the controller, which only this file uses.
    unsafe { ((BASE + register) as *const u32).read_volatile() }
}

fn write(register: usize, value: u32) {
    // SAFETY: as in `read`.
    unsafe { ((BASE + register) as *mut u32).write_volatile(value) };
}
