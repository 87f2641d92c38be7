//! Requests and responses of the tests.

use super::harness::{Run, Script};
use http_upgrade::{Client, Misuse, Offer, UpgradeRequest, WebSocketOffer};

/// The run of one request and all bytes that the server answers.
pub fn ask(request: &UpgradeRequest<'_>, server: impl AsRef<[u8]>) -> Run {
    Script::new(&[*request], &[server.as_ref()]).run()
}

/// Why that request cannot be sent on a connection in clear text.
pub fn misuse(request: &UpgradeRequest<'_>) -> Misuse {
    let client = Client::new([0; 512], request);
    client.expect_err("a request that cannot be sent")
}

/// What goes out first for that request.
pub fn sent(request: &UpgradeRequest<'_>) -> String {
    let mut client = Client::new([0; 512], request).expect("a request that can be sent");
    let mut out = [0; 8192];
    let len = client.send(&mut out).expect("a buffer that fits");
    String::from_utf8_lossy(&out[..len]).into_owned()
}

/// For requests that live as long as the test.
pub fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// GET of `http://h/` with those offers.
pub fn get<const N: usize>(offers: [Offer<'static>; N]) -> UpgradeRequest<'static> {
    UpgradeRequest::get("http://h/")
        .expect("a URI")
        .offer(leak(offers))
}

/// An offer of WebSocket with the key of RFC 6455 section 1.3.
pub fn offer() -> WebSocketOffer<'static> {
    WebSocketOffer::new(*b"the sample nonce")
}

/// GET of `ws://h/chat` with that offer.
pub fn websocket_with(offer: WebSocketOffer<'static>) -> UpgradeRequest<'static> {
    let request = UpgradeRequest::get("ws://h/chat").expect("a URI");
    request.offer(leak([Offer::websocket(leak(offer))]))
}

/// GET of `ws://h/chat` with the key of RFC 6455 section 1.3.
pub fn websocket() -> UpgradeRequest<'static> {
    websocket_with(offer())
}

/// An offer of h2c with `{3: 100, 4: 65535}`.
pub fn h2c() -> Offer<'static> {
    let settings = http_upgrade::h2c::Settings::decode(b"AAMAAABkAAQAAP__");
    Offer::h2c(leak(settings.expect("settings")))
}

/// An offer of `TLS/1.2`.
pub const TLS: Offer<'static> = Offer::tls(&["TLS/1.2"]);

/// A response with that status-line, those field lines, and what follows.
pub fn response(line: &str, fields: &[&str], behind: &str) -> String {
    let lines = [&[line], fields, &["", behind]].concat();
    lines.join("\r\n")
}

/// A 101 with those field lines, and two bytes behind it.
pub fn switch(fields: &[&str]) -> String {
    response("HTTP/1.1 101 Switching Protocols", fields, "\u{1}\u{2}")
}

/// The field lines of the 101 that answers the key of RFC 6455 section 1.3.
pub const WEBSOCKET: [&str; 3] = [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
];

/// That 101 with more field lines.
pub fn websocket_101(more: &[&str]) -> String {
    switch(&[&WEBSOCKET[..], more].concat())
}

/// The 101 to TLS.
pub const TO_TLS: &str =
    "HTTP/1.1 101 x\r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n";

/// A request with everything that must not be seen in clear text.
pub fn secret() -> UpgradeRequest<'static> {
    UpgradeRequest::get("http://u:p@h:8080/secret?token=1")
        .expect("a URI")
        .method("POST")
        .fields(&[("Cookie", "session=2"), ("Authorization", "Basic 3")])
        .content(b"content=4")
        .mandatory_tls(&["TLS/1.2"])
}

/// What may be seen of it.
pub const PROBE: &str =
    "OPTIONS * HTTP/1.1\r\nHost: h:8080\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n";
