//! Our server's other answers in memory: `426` where WebSocket is required, `ordinary` for a 200 with content, `h2c` for
//! the 101 and the decoded settings.

use http_upgrade::{Action, Allow, Origins, Policy, Protocol, Response, Server, Status};
use http_upgrade_benches::driver::{self, Driver};
use http_upgrade_benches::work::{CONTENT, H2C, ORDINARY};
use std::{hint::black_box, process::ExitCode};

const OPEN: Policy = Policy::new(Origins::Any).allow(&[Allow::WEBSOCKET, Allow::H2C]);
const STRICT: Policy = Policy::new(Origins::Any).require(&[Protocol::WebSocket]);

fn main() -> ExitCode {
    driver::main(&[
        ("426", |d| answer(d, ORDINARY, &STRICT, 426)),
        ("ordinary", |d| answer(d, ORDINARY, &OPEN, 200)),
        ("h2c", |d| answer(d, H2C, &OPEN, 101)),
    ])
}

#[inline(never)]
fn answer(driver: &Driver, head: &[u8], policy: &Policy, status: u16) {
    let (mut storage, mut out) = ([0; 2048], [0; 512]);
    driver.each(|| {
        let answered = serve(
            black_box(head),
            black_box(policy),
            black_box(&mut storage),
            black_box(&mut out),
        );
        assert!(answered == status);
    });
}

/// The status of the answer.
#[inline(never)]
fn serve(request: &[u8], policy: &Policy, storage: &mut [u8], out: &mut [u8]) -> u16 {
    let mut server = Server::new(storage, policy);
    let (mut rest, mut answered) = (request, 0);
    loop {
        match server.action() {
            Action::Receive if rest.is_empty() => return answered,
            Action::Receive => rest = &rest[server.receive(rest)..],
            Action::Decide(request) => {
                let decision = policy.decide(&request);
                server.decide(decision).unwrap();
            }
            Action::Send(status) => {
                answered = status.code();
                server.send(out).unwrap();
            }
            Action::Respond(_) => {
                answered = 200;
                let response = Response::new(Status::OK).content(CONTENT);
                server.respond(out, &response).unwrap();
            }
            Action::Switch(_, request) => {
                let settings = request
                    .http2_settings()
                    .map(|settings| settings.iter().count());
                assert!(settings == Some(3));
                return answered;
            }
            other => panic!("{other:?}"),
        }
    }
}
