//! The network interface, its sockets, and the loop over the connections.

use crate::connection::Connection;
use crate::memory::{CONNECTIONS, Memory, Sockets, TO_SEND};
use crate::vitals::{Board, Vitals};
use core::array;
use smoltcp::iface::{Config, Interface, PollResult, SocketHandle, SocketSet};
use smoltcp::phy::Device;
use smoltcp::socket::tcp;
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, Ipv4Address, Ipv4Cidr};

/// Who the board is on its network.
pub struct Address {
    pub ethernet: EthernetAddress,
    pub ip: Ipv4Cidr,
    pub gateway: Ipv4Address,
    /// From a source of randomness: it makes the sequence numbers of TCP hard to guess.
    pub seed: u64,
}

pub struct WebServer {
    interface: Interface,
    sockets: SocketSet<'static>,
    handles: [SocketHandle; CONNECTIONS],
    connections: &'static mut [Connection; CONNECTIONS],
    scratch: &'static mut [u8; TO_SEND],
}

impl WebServer {
    pub fn new(
        sockets: &'static mut Sockets,
        memory: &'static mut Memory,
        address: &Address,
        device: &mut impl Device,
    ) -> WebServer {
        let mut sockets = SocketSet::new(&mut sockets.0[..]);
        let mut buffers = memory.buffers.iter_mut();
        let handles = array::from_fn(|_| {
            // There are as many buffers as handles; without a buffer a socket would take no connection.
            let (received, to_send) = buffers.next().map_or_else(Default::default, |buffers| {
                (&mut buffers.received[..], &mut buffers.to_send[..])
            });
            sockets.add(tcp::Socket::new(
                tcp::SocketBuffer::new(received),
                tcp::SocketBuffer::new(to_send),
            ))
        });
        WebServer {
            interface: interface(address, device),
            sockets,
            handles,
            connections: &mut memory.connections,
            scratch: &mut memory.scratch,
        }
    }

    /// Takes what the network has, goes one step with each connection, and says whether there may be more to do at once.
    /// Where not, call it again when a frame has come, and every few milliseconds for the sake of deadlines.
    pub fn poll(&mut self, now: Instant, device: &mut impl Device, board: &dyn Board) -> bool {
        let result = self.interface.poll(now, device, &mut self.sockets);
        let vitals = Vitals {
            now,
            connections: self.connections(),
            board,
        };
        for (connection, handle) in self.connections.iter_mut().zip(self.handles) {
            let tcp = self.sockets.get_mut::<tcp::Socket>(handle);
            connection.step(tcp, self.scratch, &vitals);
        }
        result == PollResult::SocketStateChanged
    }

    /// How many clients are connected.
    fn connections(&self) -> usize {
        let is_active = |handle: &&SocketHandle| {
            let tcp = self.sockets.get::<tcp::Socket>(**handle);
            tcp.is_active()
        };
        self.handles.iter().filter(is_active).count()
    }
}

fn interface(address: &Address, device: &mut impl Device) -> Interface {
    let mut config = Config::new(address.ethernet.into());
    config.random_seed = address.seed;
    let mut interface = Interface::new(config, device, Instant::ZERO);
    // Both have room for one.
    interface.update_ip_addrs(|addresses| {
        let _ = addresses.push(address.ip.into());
    });
    let _ = interface
        .routes_mut()
        .add_default_ipv4_route(address.gateway);
    interface
}
