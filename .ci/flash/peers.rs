//! What others take for the same handshake, each as its documentation shows it.

/// `httparse`, `sha1_smol` and `base64ct` by hand, with no strictness.
#[cfg(feature = "floor")]
pub fn floor(input: &[u8], output: &mut [u8]) {
    core::hint::black_box(by_hand::accept(input, output));
}

#[cfg(feature = "floor")]
#[path = "floor.rs"]
#[allow(dead_code)]
mod by_hand;

#[cfg(feature = "embedded-websocket")]
pub fn embedded_websocket(input: &[u8], output: &mut [u8]) {
    use embedded_websocket::{WebSocketServer, read_http_header};
    let mut slots = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut slots);
    if !matches!(request.parse(input), Ok(httparse::Status::Complete(_))) {
        return;
    }
    let fields = request
        .headers
        .iter()
        .map(|field| (field.name, field.value));
    let Ok(Some(context)) = read_http_header(fields) else {
        return;
    };
    let mut server = WebSocketServer::new_server();
    core::hint::black_box(
        server
            .server_accept(&context.sec_websocket_key, None, output)
            .is_ok(),
    );
}

#[cfg(feature = "ws-framer")]
pub fn ws_framer(input: &[u8], output: &mut [u8]) {
    use ws_framer::{Header, WsTxFramer, process_sec_websocket_key};
    let mut slots = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut slots);
    if !matches!(request.parse(input), Ok(httparse::Status::Complete(_))) {
        return;
    }
    let key = request
        .headers
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case("sec-websocket-key"));
    let Some(key) = key.and_then(|field| core::str::from_utf8(field.value).ok()) else {
        return;
    };
    let Some(accept) = process_sec_websocket_key(key) else {
        return;
    };
    let fields = [
        ("Upgrade", &b"websocket"[..]),
        ("Connection", b"Upgrade"),
        ("Sec-WebSocket-Accept", &accept),
    ];
    let fields = fields.map(|(name, value)| Header { name, value });
    let mut tx = WsTxFramer::new(false, output);
    core::hint::black_box(
        tx.http_response(101, "Switching Protocols", &fields)
            .is_some(),
    );
}
