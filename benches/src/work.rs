//! The work that is the same for all: what is read, and what has to come out.

/// 543 bytes, as a Chromium sends them, and a field of filling.
pub const REQUEST: &[u8] = b"GET /chat?x=1 HTTP/1.1\r\n\
    Host: 127.0.0.1:18712\r\n\
    Connection: Upgrade\r\n\
    Pragma: no-cache\r\n\
    Cache-Control: no-cache\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    HeadlessChrome/156.0.0.0 Safari/537.36\r\n\
    Upgrade: websocket\r\n\
    Origin: http://127.0.0.1:18711\r\n\
    Sec-WebSocket-Version: 13\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Accept-Language: en-US,en;q=0.9\r\n\
    Sec-WebSocket-Key: XP7kHc2SWCTn1wx5JokW9g==\r\n\
    Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
    X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\
    \r\n";
const _: () = assert!(REQUEST.len() == 543);

/// An ordinary request, as curl sends it, behind three fields of a proxy.
pub const ORDINARY: &[u8] = b"GET /index.html HTTP/1.1\r\n\
    Host: 127.0.0.1:18712\r\n\
    User-Agent: curl/8.5.0\r\n\
    Accept: */*\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Accept-Language: en-US,en;q=0.9\r\n\
    Cache-Control: no-cache\r\n\
    \r\n";

/// The content of the answer to it.
pub const CONTENT: &[u8] = b"hello\n";

/// An upgrade to h2c, as curl asks for it.
pub const H2C: &[u8] = b"GET /x HTTP/1.1\r\n\
    Host: 127.0.0.1:18670\r\n\
    User-Agent: curl/7.88.1\r\n\
    Accept: */*\r\n\
    Connection: Upgrade, HTTP2-Settings\r\n\
    Upgrade: h2c\r\n\
    HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\
    \r\n";

/// A client asks this host for this target, with this nonce.
pub const HOST: &str = "server.example.com";
pub const TARGET: &str = "/chat";
pub const NONCE: [u8; 16] = *b"the sample nonce";
pub const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The answer to it, as Node's ws sends it.
pub const ANSWER: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\
    \r\n";

/// What frames are masked with where the caller chooses.
pub const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// What a frame holds.
#[derive(Clone, Copy, PartialEq)]
pub enum Size {
    Text125,
    Binary16K,
    Binary1M,
}

impl Size {
    #[must_use]
    pub fn is_text(self) -> bool {
        self == Size::Text125
    }

    #[must_use]
    pub fn payload(self) -> Vec<u8> {
        match self {
            Size::Text125 => "a text message ".repeat(9).into_bytes()[..125].to_vec(),
            Size::Binary16K => vec![7; 16 << 10],
            Size::Binary1M => vec![7; 1 << 20],
        }
    }

    /// The frame on the wire, masked as a client's or not.
    #[must_use]
    pub fn frame(self, is_masked: bool) -> Vec<u8> {
        let payload = self.payload();
        let mut frame = vec![0x80 | if self.is_text() { 1 } else { 2 }];
        let bit = u8::from(is_masked) << 7;
        match u16::try_from(payload.len()) {
            Ok(len @ ..126) => frame.push(bit | u8::try_from(len).expect("below 126")),
            Ok(len) => {
                frame.push(bit | 126);
                frame.extend(len.to_be_bytes());
            }
            Err(_) => {
                frame.push(bit | 127);
                frame.extend((payload.len() as u64).to_be_bytes());
            }
        }
        if is_masked {
            frame.extend(MASK);
        }
        let mask = if is_masked { MASK } else { [0; 4] };
        frame.extend(
            payload
                .iter()
                .zip(mask.iter().cycle())
                .map(|(byte, key)| byte ^ key),
        );
        frame
    }

    /// 1 MiB of such frames or more, for those that read from a stream, many of them in a read.
    #[must_use]
    pub fn frames(self, is_masked: bool) -> Vec<u8> {
        let frame = self.frame(is_masked);
        frame.repeat((1 << 20) / frame.len() + 1)
    }
}
