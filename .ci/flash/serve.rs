//! A server that does more than WebSocket: h2c, with its bridge or without, or everything.

use core::hint::black_box;

use http_upgrade::h2c::{ServerBridge, Taken};
use http_upgrade::{Action, Allow, Decision, Origins, Policy, Protocol, Server};

#[cfg(not(feature = "everything"))]
const POLICY: Policy = Policy::new(Origins::Any).allow(&[Allow::H2C]);
#[cfg(feature = "everything")]
const POLICY: Policy = Policy::new(Origins::SameHost).subprotocols(&["chat.v2", "chat"]).allow(&[
    Allow::WEBSOCKET,
    Allow::H2C,
    Allow::TLS.any_request(),
    Allow::token("tcp").any_request(),
    Allow::TUNNEL,
    Allow::PRIOR_KNOWLEDGE,
]);

/// Without, nothing of the bridge is in the firmware.
const HAS_BRIDGE: bool = cfg!(any(feature = "bridge", feature = "everything"));

/// One connection up to the switch, and behind it where WebSocket or h2c takes over.
pub fn serve(input: &mut [u8], output: &mut [u8]) {
    let mut server = Server::new([0; 512], &POLICY);
    let mut bridge = None;
    let mut used = 0;
    loop {
        let rest = input.get(used..).unwrap_or_default();
        match server.action() {
            Action::Receive => match &mut bridge {
                Some(bridge) if HAS_BRIDGE => {
                    let (taken, run) = server.receive_content(rest);
                    used += taken;
                    content(bridge, run, output);
                }
                _ => used += server.receive(rest),
            },
            Action::Decide(request) => {
                let decision = POLICY.decide(&request);
                if HAS_BRIDGE && decision == Decision::Accept(Protocol::H2c) {
                    bridge = ServerBridge::start(&request, engine).ok();
                }
                if server.decide(decision).is_err() {
                    return;
                }
            }
            Action::Send(_) => {
                match &mut bridge {
                    Some(bridge) if HAS_BRIDGE => _ = pass(bridge.end_content()),
                    _ => {}
                }
                if server.send(output).is_err() {
                    return;
                }
            }
            #[cfg(feature = "everything")]
            Action::Switch(Protocol::Tls, _) => {
                if server.tls_established().is_err() {
                    return;
                }
            }
            #[cfg(feature = "everything")]
            Action::Switch(Protocol::WebSocket, _) => {
                return super::echo(input.get_mut(used..).unwrap_or_default(), output);
            }
            Action::Switch(Protocol::H2c, _) => {
                return match bridge {
                    Some(bridge) if HAS_BRIDGE => go_on(bridge, rest, output),
                    _ => {}
                };
            }
            _ => return,
        }
    }
}

/// Gives the engine a run of the request's content, as it has window for it.
fn content(bridge: &mut ServerBridge, mut run: &[u8], mut output: &[u8]) {
    while !run.is_empty() && !output.is_empty() {
        let taken = pass(bridge.content(run));
        run = run.get(taken..).unwrap_or_default();
        let taken = pass(bridge.send(output));
        output = output.get(taken..).unwrap_or_default();
    }
}

/// Both directions behind the 101.
fn go_on(mut bridge: ServerBridge, mut input: &[u8], mut output: &[u8]) {
    while let Ok(taken) = bridge.receive(input) {
        let taken = pass(taken);
        input = input.get(taken..).unwrap_or_default();
        let taken = pass(bridge.send(output));
        output = output.get(taken..).unwrap_or_default();
    }
}

fn pass(taken: Taken) -> usize {
    taken.parts.into_iter().for_each(engine);
    taken.used
}

/// An HTTP/2 engine takes octets, or a peer does.
fn engine(octets: &[u8]) {
    black_box(octets);
}
