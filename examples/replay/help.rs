//! What `replay --help` prints.

/// What the options of `replay server` do.
pub const SERVER: &str = "
  --allow LIST            what the server accepts, best first: websocket, h2c, tls (any request), tls-options
                          (OPTIONS * only), tunnel (CONNECT), prior-knowledge, or any token such as tcp;
                          token:h2c is that token and nothing more; websocket unless told otherwise
  --require LIST          answer 426 to requests that offer none of these
  --subprotocol LIST      the WebSocket subprotocols of the server, best first
  --origins LIST          which Origins may open a WebSocket: any (unless told otherwise), same-host, none, or
                          scheme://host[:port]
  --inside-tls            the connection is inside TLS from its first byte
  --storage BYTES         the storage for a head; 8192 unless told otherwise
  --skip-limit BYTES      the content of a refused request that is skipped; 65536 unless told otherwise
  --lone-lf               LF alone ends a line of a head
  --refuse-early-data     refuse an upgrade when bytes lie behind it
  --keep-after-refusal    go on after a refused upgrade although bytes lie behind it
  --ignore-expectations   ignore expectations other than 100-continue
  --split N               offer N bytes at a time: changes nothing
  --show                  print the messages too
";

/// What the options of `replay client` do.
pub const CLIENT: &str = "
  --ask LIST              what the client offers: websocket, h2c, tls, or any token such as tcp
  --key BASE64            the key of the opening handshake; that of RFC 6455 unless told otherwise
  --subprotocol LIST      the WebSocket subprotocols that it offers, best first
  --must-choose           fail when the server chooses none of them
  --extension LIST        the WebSocket extensions that it offers
  --method NAME           GET unless told otherwise
  --target TARGET         / unless told otherwise
  --host HOST             example.org unless told otherwise
  --content TEXT          content of the request
  --expect                let the content wait for a 100
  --via-proxy             the connection leads to a proxy
  --inside-tls            the connection is inside TLS from its first byte
  --mandatory             nothing but OPTIONS leaves before TLS
  --lenient               read what some servers get wrong
  --storage BYTES         the storage for a head; 8192 unless told otherwise
  --split N               offer N bytes at a time: changes nothing
  --show                  print the messages too
";

/// What the options of `replay websocket` do.
pub const WEBSOCKET: &str = "
  --role server|client    whose side the machine is on; the input is the other's
  --max-frame BYTES       the largest payload of a frame
  --max-message BYTES     the largest message
  --split N               offer N bytes at a time: changes nothing
";
