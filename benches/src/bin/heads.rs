//! How the cost of a head grows, up to the decision. `NAME` is what grows and how far it has grown:
//!
//! - `by1-N`, `by16-N`, and so on: a head of N bytes in 20 fields, in reads of that many bytes, `whole-N` in one read;
//!   `2k` and `64k` are such heads with 90 fields, in reads of one byte;
//! - `fields-N`: a head with N fields of 40 bytes, in one read.

use http_upgrade::{Action, Origins, Policy, Server};
use http_upgrade_benches::driver::{self, Driver};
use std::{hint::black_box, process::ExitCode};

const POLICY: Policy = Policy::new(Origins::Any);

fn main() -> ExitCode {
    let Some((name, driver)) = driver::args() else {
        eprintln!("heads by1-N|whole-N|fields-N|2k|64k ROUNDS");
        return ExitCode::FAILURE;
    };
    let (kind, n) = name.split_once('-').unwrap_or((&name, ""));
    let n = n.parse().unwrap_or(0);
    match kind {
        "2k" => repeat(&driver, &head(2 << 10, 90), 1),
        "64k" => repeat(&driver, &head(64 << 10, 90), 1),
        "whole" => repeat(&driver, &head(n, 20), n),
        "fields" => repeat(&driver, &head(BEGIN.len() + 40 * n + 2, n), usize::MAX),
        _ => {
            let Some(Ok(read)) = kind.strip_prefix("by").map(str::parse) else {
                return ExitCode::FAILURE;
            };
            repeat(&driver, &head(n, 20), read);
        }
    }
    ExitCode::SUCCESS
}

const BEGIN: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n";

/// A head of that many bytes, with that many fields besides Host.
fn head(len: usize, fields: usize) -> Vec<u8> {
    let mut head = BEGIN.to_vec();
    for left in (1..=fields).rev() {
        let share = (len - 2 - head.len()) / left;
        let end = head.len() + share - 2;
        head.extend_from_slice(b"X: ");
        head.resize(end, b'a');
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    assert!(head.len() == len);
    head
}

#[inline(never)]
fn repeat(driver: &Driver, head: &[u8], read: usize) {
    let mut storage = vec![0; head.len()];
    driver.each(|| {
        let mut server = Server::new(&mut storage[..], &POLICY);
        for piece in black_box(head).chunks(read.min(head.len())) {
            assert!(server.receive(piece) == piece.len());
        }
        assert!(matches!(server.action(), Action::Decide(_)));
    });
}
