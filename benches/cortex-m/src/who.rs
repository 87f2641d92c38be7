//! The work, as each of them does it: a server's handshake, and the echo of a masked frame of 1 KiB.

#[cfg(feature = "http-upgrade")]
pub use ours::{Echo, handshake};

#[cfg(feature = "floor")]
pub use floor::{Echo, handshake};

#[cfg(feature = "embedded-websocket")]
pub use embedded::{Echo, handshake};

#[cfg(feature = "ws-framer")]
pub use framer::{Echo, handshake};

#[cfg(feature = "http-upgrade")]
mod ours {
    use http_upgrade::websocket::{Event, Frame, Limits, WebSocket, role};
    use http_upgrade::{Action, Origins, Policy, Server};

    const POLICY: Policy = Policy::new(Origins::Any);

    pub fn handshake(mut request: &[u8], out: &mut [u8]) -> usize {
        let mut storage = [0; 1024];
        let mut server = Server::new(&mut storage[..], &POLICY);
        let mut len = 0;
        loop {
            match server.action() {
                Action::Receive => request = &request[server.receive(request)..],
                Action::Decide(request) => {
                    let decision = POLICY.decide(&request);
                    server.decide(decision).expect("an offer");
                }
                Action::Send(_) => len = server.send(out).expect("room"),
                _ => return len,
            }
        }
    }

    pub struct Echo(WebSocket<role::Server>);

    impl Echo {
        pub fn new() -> Self {
            Echo(WebSocket::server(Limits::DEFAULT))
        }

        pub fn echo(&mut self, frame: &mut [u8], out: &mut [u8]) -> usize {
            let (_, event) = self.0.receive(frame);
            let Some(Event::Binary { piece, last }) = event else {
                return 0;
            };
            self.0
                .write(Frame::binary(piece).last(last), out)
                .expect("room")
        }
    }
}

#[cfg(feature = "floor")]
mod floor {
    use crate::by_hand::{Head, accept, decode, encode};

    pub fn handshake(request: &[u8], out: &mut [u8]) -> usize {
        let mut storage = [0; 1024];
        Head::new(&mut storage)
            .receive(request, |head| accept(head, out))
            .expect("a request")
    }

    pub struct Echo;

    impl Echo {
        pub fn new() -> Self {
            Echo
        }

        pub fn echo(&mut self, frame: &mut [u8], out: &mut [u8]) -> usize {
            encode(0x82, decode(frame).expect("a frame"), None, out).expect("room")
        }
    }
}

#[cfg(feature = "embedded-websocket")]
mod embedded {
    use embedded_websocket::{
        WebSocketSendMessageType, WebSocketServer, WebSocketState, read_http_header,
    };

    pub fn handshake(request: &[u8], out: &mut [u8]) -> usize {
        let mut storage = [0; 1024];
        let head = &mut storage[..request.len()];
        head.copy_from_slice(request);
        let mut slots = [httparse::EMPTY_HEADER; 32];
        let mut request = httparse::Request::new(&mut slots);
        request.parse(head).expect("a request");
        let fields = request
            .headers
            .iter()
            .map(|field| (field.name, field.value));
        let context = read_http_header(fields)
            .expect("a request")
            .expect("an upgrade");
        let mut server = WebSocketServer::new_server();
        server
            .server_accept(&context.sec_websocket_key, None, out)
            .expect("room")
    }

    pub struct Echo(WebSocketServer, [u8; 1024]);

    impl Echo {
        pub fn new() -> Self {
            let mut server = WebSocketServer::new_server();
            server.state = WebSocketState::Open;
            Echo(server, [0; 1024])
        }

        pub fn echo(&mut self, frame: &mut [u8], out: &mut [u8]) -> usize {
            let read = self.0.read(frame, &mut self.1).expect("a frame");
            let kind = WebSocketSendMessageType::Binary;
            self.0
                .write(kind, true, &self.1[..read.len_to], out)
                .expect("room")
        }
    }
}

#[cfg(feature = "ws-framer")]
mod framer {
    use ws_framer::{Header, WsFrame, WsRxFramer, WsTxFramer, process_sec_websocket_key};

    pub fn handshake(request: &[u8], out: &mut [u8]) -> usize {
        let mut storage = [0; 1024];
        let head = &mut storage[..request.len()];
        head.copy_from_slice(request);
        let mut slots = [httparse::EMPTY_HEADER; 32];
        let mut request = httparse::Request::new(&mut slots);
        request.parse(head).expect("a request");
        let is_key =
            |field: &&httparse::Header| field.name.eq_ignore_ascii_case("sec-websocket-key");
        let key = request.headers.iter().find(is_key).expect("a key").value;
        let accept = process_sec_websocket_key(str::from_utf8(key).expect("a key")).expect("a key");
        let fields = [
            ("Upgrade", &b"websocket"[..]),
            ("Connection", b"Upgrade"),
            ("Sec-WebSocket-Accept", &accept),
        ];
        let fields = fields.map(|(name, value)| Header { name, value });
        let mut tx = WsTxFramer::new(false, out);
        tx.http_response(101, "Switching Protocols", &fields)
            .expect("room")
            .len()
    }

    pub struct Echo([u8; 1100]);

    impl Echo {
        pub fn new() -> Self {
            Echo([0; 1100])
        }

        pub fn echo(&mut self, frame: &mut [u8], out: &mut [u8]) -> usize {
            let mut rx = WsRxFramer::new(&mut self.0);
            rx.read_buf()[..frame.len()].copy_from_slice(frame);
            rx.advance(frame.len());
            let Some(Ok(WsFrame::Binary(payload))) = rx.next_frame() else {
                return 0;
            };
            WsTxFramer::new(false, out)
                .binary(payload)
                .expect("room")
                .len()
        }
    }
}
