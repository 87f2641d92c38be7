//! Both bridges of h2c, with whatever the input holds.

use http_upgrade::Request;
use http_upgrade::h2c::{BridgeError, ClientBridge, ServerBridge, Taken};

use crate::used;

pub fn server(request: &Request, input: &[u8]) {
    let Ok(mut bridge) = ServerBridge::start(request, |bytes| used(bytes)) else {
        return;
    };
    used(bridge.clone());
    for piece in input.split(|byte| *byte == 0) {
        part(Ok(bridge.content(piece)));
        part(Ok(bridge.end_content()));
        part(Ok(bridge.send(piece)));
        part(bridge.receive(piece));
    }
}

pub fn client(input: &[u8]) {
    let mut bridge = ClientBridge::start(|bytes| used(bytes));
    used(bridge.clone());
    for piece in input.split(|byte| *byte == 0) {
        part(Ok(bridge.send(piece)));
        part(bridge.receive(piece));
    }
}

fn part(taken: Result<Taken, BridgeError>) {
    used(taken.map(|taken| (taken.used, taken.parts)));
}
