//! What the page shows of the board.

use core::fmt::Write;
use heapless::String;
use smoltcp::time::Instant;

/// What the application asks of a board, beside its clock and network.
pub trait Board {
    /// The stack, as far as it was ever used.
    fn stack(&self) -> Stack;
}

/// Sizes in bytes.
#[derive(Clone, Copy)]
pub struct Stack {
    pub size: usize,
    /// Never touched since the start.
    pub free: usize,
}

/// What a connection may know of the whole.
#[derive(Clone, Copy)]
pub struct Vitals<'b> {
    /// Since the start of the board.
    pub now: Instant,
    pub connections: usize,
    pub board: &'b dyn Board,
}

/// Four numbers of at most 20 digits, and their names.
pub type Line = String<144>;

impl Vitals<'_> {
    /// One line of JSON. The stack is looked at now and not before, as that takes a while.
    pub fn json(&self) -> Line {
        let mut line = Line::new();
        let Stack { size, free } = self.board.stack();
        let (uptime, connections) = (self.now.secs(), self.connections);
        // Four numbers always fit; were it not so, half of them would be of no use.
        let written = write!(
            line,
            r#"{{"uptime":{uptime},"connections":{connections},"free_stack":{free},"stack":{size}}}"#
        );
        if written.is_err() {
            line.clear();
        }
        line
    }
}
