//! Heads in reads of one byte, for counting instructions: their cost is a straight line.
//!
//! `heads 2k ROUNDS` and `heads 64k ROUNDS`, to be run as `handshake` is.

use http_upgrade::{Action, Origins, Policy, Server};
use std::{env, hint::black_box, process::ExitCode};

const POLICY: Policy = Policy::new(Origins::Any);

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let (Some(name), Some(Ok(rounds))) = (args.next(), args.next().map(|n| n.parse())) else {
        eprintln!("heads NAME ROUNDS");
        return ExitCode::FAILURE;
    };
    match name.as_str() {
        "2k" => head(2 << 10, rounds),
        "64k" => head(64 << 10, rounds),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

/// A head of that many bytes in reads of one byte, up to the decision: the cost of a byte does not depend on how many
/// there are.
fn head(len: usize, rounds: u32) {
    let mut request = b"GET / HTTP/1.1\r\nHost: a\r\n".to_vec();
    let fields = (len - request.len() - 2) / 90;
    for _ in 0..90 {
        request.extend_from_slice(b"X: ");
        request.resize(request.len() + fields.saturating_sub(5), b'a');
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    let mut storage = vec![0; request.len()];
    for _ in 0..rounds {
        let mut server = Server::new(&mut storage[..], &POLICY);
        for byte in black_box(&request) {
            assert_eq!(server.receive(std::slice::from_ref(byte)), 1);
        }
        assert!(matches!(server.action(), Action::Decide(_)));
    }
}
