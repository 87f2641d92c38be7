//! HTTP/1.1 message syntax, framing, connection: RFC 9112 and the parts of RFC 9110 it leans on.

use crate::harness::{allowing, serve};
use http_upgrade::Allow;

#[test]
fn r9112_01_octets_above_ascii_are_opaque() {
    let policy = allowing(&[Allow::WEBSOCKET]);
    let run = serve(
        &policy,
        b"GET / HTTP/1.1\r\nHost: a\r\nX: \xe5\x98\x8a\xe5\x98\x8dUpgrade: websocket\r\n\r\n",
    );
    assert_eq!(run.short(), "request, respond");
}
