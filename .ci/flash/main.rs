//! See `run` beside this file.
#![no_std]
#![no_main]

mod peers;
#[cfg(any(feature = "h2c", feature = "everything"))]
mod serve;

use core::hint::black_box;
use core::panic::PanicInfo;

#[cfg(feature = "handshake")]
use http_upgrade::{Action, Origins, Policy, Server};

/// The least that serves WebSocket, and what is asked for beside it.
#[cfg(feature = "handshake")]
const POLICY: Policy = {
    let origins = if cfg!(feature = "same-host") { Origins::SameHost } else { Origins::Any };
    Policy::new(origins).refuse_content(!cfg!(feature = "content"))
};

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    loop {}
}

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let mut input = [0; 512];
    let mut output = [0; 512];
    loop {
        let (input, output) = (unforeseen(&mut input), unforeseen(&mut output));
        #[cfg(feature = "handshake")]
        handshake(&mut Server::new([0; 512], &POLICY), input, output);
        #[cfg(feature = "second-storage")]
        handshake(&mut Server::new([0; 1024], &POLICY), input, output);
        #[cfg(feature = "framing")]
        echo(input, output);
        #[cfg(feature = "client")]
        open(input, output);
        #[cfg(any(feature = "h2c", feature = "everything"))]
        serve::serve(input, output);
        #[cfg(feature = "floor")]
        peers::floor(input, output);
        #[cfg(feature = "embedded-websocket")]
        peers::embedded_websocket(input, output);
        #[cfg(feature = "ws-framer")]
        peers::ws_framer(input, output);
        black_box((input, output));
    }
}

/// The same bytes, of which the compiler now knows nothing, and as few of them as it cannot know.
fn unforeseen(bytes: &mut [u8]) -> &mut [u8] {
    let len = black_box(bytes.len());
    black_box(bytes).get_mut(..len).unwrap_or_default()
}

/// One opening handshake, from a request in memory to a 101 in memory: one loop, whatever the size of the storage.
#[cfg(feature = "handshake")]
fn handshake(server: &mut Server<'_, [u8]>, mut input: &[u8], output: &mut [u8]) {
    loop {
        match server.action() {
            Action::Receive => input = input.get(server.receive(input)..).unwrap_or_default(),
            Action::Decide(request) => {
                if cfg!(feature = "target") {
                    black_box(request.target());
                }
                let decision = POLICY.decide(&request);
                if server.decide(decision).is_err() {
                    return;
                }
            }
            Action::Send(_) => {
                if server.send(output).is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}

/// A server's frames, each message echoed.
#[cfg(any(feature = "framing", feature = "everything"))]
#[inline(never)]
fn echo(mut input: &mut [u8], output: &mut [u8]) {
    use http_upgrade::websocket::{Action, Event, Frame, Limits, WebSocket};
    let mut websocket = WebSocket::server(Limits::DEFAULT);
    loop {
        match websocket.action() {
            Action::Receive => {
                let (used, event) = websocket.receive(input);
                let frame = match event {
                    Some(Event::Text { ref piece, last }) => Some(Frame::from(piece).last(last)),
                    Some(Event::Binary { piece, last }) => Some(Frame::binary(piece).last(last)),
                    _ => None,
                };
                if let Some(frame) = frame {
                    black_box(websocket.write(frame, output).is_ok());
                }
                input = input.get_mut(used..).unwrap_or_default();
            }
            Action::Send(_) => {
                black_box(websocket.send(output).is_ok());
            }
            _ => return,
        }
    }
}

/// A client's opening handshake.
#[cfg(feature = "client")]
fn open(mut input: &[u8], output: &mut [u8]) {
    use http_upgrade::client::Action;
    use http_upgrade::{Client, Offer, UpgradeRequest, WebSocketOffer};
    let websocket = WebSocketOffer::new(black_box([7; 16]));
    let offers = [Offer::websocket(&websocket)];
    let Ok(request) = UpgradeRequest::get(black_box("ws://example.org/chat")) else { return };
    let request = request.offer(&offers);
    let Ok(mut client) = Client::new([0; 512], &request) else { return };
    loop {
        match client.action() {
            Action::Send => {
                if client.send(output).is_err() {
                    return;
                }
            }
            Action::Receive => input = input.get(client.receive(input)..).unwrap_or_default(),
            Action::Interim(_) => {
                black_box(client.proceed().is_ok());
            }
            _ => return,
        }
    }
}
