//! The machine: its states, its two halves.

use super::{
    Action, CloseCode, Event, Limits, Role,
    header::Opcode,
    receive::{Input, Receiver},
    role::{Client, Server},
    state::Step,
};
use core::{marker::PhantomData, str};

/// The data transfer of one WebSocket connection, after its opening handshake.
///
/// [`action`](Self::action) names the one thing to do next; frames of the application's own may be written at any time.
/// The module's documentation shows the loop.
#[derive(Clone, Debug)]
pub struct WebSocket<R> {
    pub(super) receiver: Receiver,
    /// With which opcode the application began the message that it has not ended; [`Opcode::CONTINUATION`] if there is none.
    pub(super) sending: Opcode,
    role: PhantomData<R>,
}

impl WebSocket<Server> {
    /// The server's end.
    #[must_use]
    pub const fn server(limits: Limits) -> Self {
        Self::new(limits)
    }
}

impl WebSocket<Client> {
    /// The client's end.
    #[must_use]
    pub const fn client(limits: Limits) -> Self {
        Self::new(limits)
    }
}

impl<R> WebSocket<R> {
    const fn new(limits: Limits) -> Self {
        let mut new = Self {
            receiver: Receiver::NEW,
            sending: Opcode::CONTINUATION,
            role: PhantomData,
        };
        new.receiver.limits = limits;
        new
    }
}

impl<R: Role> WebSocket<R> {
    /// The one thing to do next.
    #[must_use]
    #[inline]
    pub fn action(&self) -> Action {
        self.receiver.state.action(!R::PEER_MASKS)
    }

    /// Takes bytes of the peer, up to the next event. It gives the number of bytes taken and the event, if there is one.
    ///
    /// Offer the bytes that follow the handshake once, in order, in pieces of any size; offer again what was not taken.
    /// Payload is unmasked where it lies. While the action is [`Action::Receive`], at least one byte of input that is not
    /// empty is taken; with any other action nothing is.
    ///
    /// A text message that turns out not to be UTF-8 fails at the first wrong byte; of the piece that holds it nothing is
    /// reported.
    #[inline]
    pub fn receive<'b>(&mut self, input: &'b mut [u8]) -> (usize, Option<Event<'b>>) {
        let offered = input.len();
        let mut input = Input {
            rest: input,
            event: None,
            behind: 0,
        };
        let left = self.receiver.receive(&mut input, R::PEER_MASKS);
        (offered - left, input.event)
    }

    /// Says that the peer will send nothing more: a read gave 0 bytes, or failed.
    pub fn end_of_input(&mut self) {
        self.step(Step::End);
    }

    /// What the last [`Event::Ping`] or [`Event::Pong`] carried, at most 125 bytes, until the next byte is taken.
    #[must_use]
    pub fn control_payload(&self) -> &[u8] {
        self.receiver.shown()
    }

    /// The reason in the peer's Close; empty if there was none, or no Close.
    #[must_use]
    pub fn close_reason(&self) -> &str {
        let reason = self
            .receiver
            .state
            .closed_with()
            .and(self.receiver.shown().get(2..));
        reason.map_or("", |reason| str::from_utf8(reason).unwrap_or(""))
    }

    /// The code of the peer's Close, once that has come; [`CloseCode::NONE`] if it carried none.
    #[must_use]
    pub const fn close_code(&self) -> Option<CloseCode> {
        self.receiver.state.closed_with()
    }

    /// Takes a step if it has a place in this state.
    #[inline(always)]
    pub(super) fn step(&mut self, step: Step) {
        self.receiver.state.step(step);
    }
}

/// What a connection costs beside its buffers, where memory is scarce.
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<WebSocket<Server>>() <= 192);

#[cfg(feature = "defmt")]
impl<R> defmt::Format for WebSocket<R> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "WebSocket({})", self.receiver.state);
    }
}
