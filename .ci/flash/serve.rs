//! A server that does more than WebSocket: h2c, with its bridge or without, or everything.

use core::hint::black_box;

use http_upgrade::h2c::{ServerBridge, Taken};
use http_upgrade::{Action, Allow, Decision, Origins, Policy, Protocol, Server};
#[cfg(feature = "respond")]
use http_upgrade::{Response, Status};

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
    one(&mut Server::new([0; 512], &POLICY), input, output);
}

#[inline(never)]
fn one(server: &mut Server<'_, [u8]>, input: &mut [u8], output: &mut [u8]) {
    let mut bridge = None;
    let mut used = 0;
    loop {
        let rest = input.get(used..).unwrap_or_default();
        match server.action() {
            Action::Receive if HAS_BRIDGE => {
                let (taken, run) = server.receive_content(rest);
                used += taken;
                if let Some(bridge) = &mut bridge {
                    content(bridge, run, output);
                }
            }
            Action::Receive => used += server.receive(rest),
            Action::Decide(request) => {
                let decision = POLICY.decide(&request);
                if HAS_BRIDGE && matches!(decision, Decision::Accept(Protocol::H2c)) {
                    bridge = ServerBridge::start(&request, engine).ok();
                }
                if server.decide(decision).is_err() {
                    return;
                }
            }
            Action::Send(_) => {
                match &mut bridge {
                    Some(bridge) if HAS_BRIDGE => pass(bridge.end_content(), &mut &[][..]),
                    _ => {}
                }
                if server.send(output).is_err() {
                    return;
                }
            }
            #[cfg(feature = "respond")]
            Action::Respond(_) => {
                if server.respond(output, &Response::new(Status::NOT_FOUND)).is_err() {
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
                return match &mut bridge {
                    Some(bridge) if HAS_BRIDGE => go_on(bridge, rest, output),
                    _ => {}
                };
            }
            _ => return,
        }
    }
}

/// Gives the engine a run of the request's content, as it has window for it.
#[inline(never)]
fn content(bridge: &mut ServerBridge, mut run: &[u8], mut output: &[u8]) {
    while !run.is_empty() && !output.is_empty() {
        pass(bridge.content(run), &mut run);
        pass(bridge.send(output), &mut output);
    }
}

/// Both directions behind the 101.
#[inline(never)]
fn go_on(bridge: &mut ServerBridge, mut input: &[u8], mut output: &[u8]) {
    while let Ok(taken) = bridge.receive(input) {
        pass(taken, &mut input);
        pass(bridge.send(output), &mut output);
    }
}

#[inline(never)]
fn pass(taken: Taken, rest: &mut &[u8]) {
    taken.parts.into_iter().for_each(engine);
    *rest = rest.get(taken.used..).unwrap_or_default();
}

/// An HTTP/2 engine takes octets, or a peer does.
fn engine(octets: &[u8]) {
    black_box(octets);
}
