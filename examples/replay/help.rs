//! What `replay --help` prints. The options of a role are those that stand here. `tests/transcripts/README.md` has the lines too.
#![allow(dead_code, reason = "the tests read parts of it")]

/// What comes first.
pub const START: &str = "\
usage: replay ROLE [OPTIONS] [FILE]

Feeds the bytes of FILE to a machine and prints what happens, one line each. Without FILE, or with -, they come from
standard input.
";

/// What `--show` shows.
pub const SHOWN: &str = "\
a message that is shown, with --show:
  Indented below the line that sends it, as it goes to the peer. Each line ends in CRLF, but for one that ends in \\, which
  stands for no line end: it is the last, and content. \\r \\n \\x81 are bytes that could not be seen, \\\\ is a backslash.
";

/// What comes last.
pub const END: &str = "\
exit status:
  0  the run ended in a switch, in a clean end, or with the wish for more bytes
  1  the peer broke a rule: the last line but one is close with the name of the rule, or there is a line with fail
  2  the command line makes no sense, or FILE cannot be read

tests/transcripts/README.md describes the language, and the transcripts beside it are full of examples.
";

/// What the options of `replay server` do.
pub const SERVER: &str = "\
replay server [OPTIONS] [FILE]: the input is a client's
  --allow LIST            what the server accepts, best first: websocket, h2c, tls (any request), tls-options
                          (OPTIONS * only), tunnel (CONNECT), prior-knowledge, or any token such as tcp;
                          token:h2c is that token and nothing more; websocket unless told otherwise
  --require LIST          answer 426 to requests that offer none of these
  --subprotocol LIST      the WebSocket subprotocols of the server, best first
  --origins LIST          which Origins may open a WebSocket: any (unless told otherwise), same-host, none, or a
                          LIST of scheme://host[:port] and null
  --inside-tls            the connection is inside TLS from its first byte
  --storage BYTES         the storage for a head; 8192 unless told otherwise
  --skip-limit BYTES      the content of a refused request that is skipped; 65536 unless told otherwise
  --refuse-content        refuse every request that has content
  --lone-lf               LF alone ends a line of a head
  --refuse-early-data     refuse an upgrade when bytes lie behind it
  --keep-after-refusal    go on after a refused upgrade although bytes lie behind it
  --ignore-expectations   ignore expectations other than 100-continue
  --split N               offer N bytes at a time: changes nothing
  --show                  print the messages too

lines:
  request GET /chat            a head is complete
  content 5                    content of it, in total, once it has ended
  send 101                     a message of the machine, by its status
  respond                      an ordinary request; the tool answers 200 with no content and goes on
  switch websocket             or tls, h2c, tunnel, prior-knowledge, or the token in its configured spelling
  close                        the connection ends; close NAME where NAME is the reason
  receive                      the input ended and the machine wants more
  rest 2                       last line, always: how many bytes of the input were not taken
";

/// What the options of `replay client` do.
pub const CLIENT: &str = "\
replay client [OPTIONS] [FILE]: the input is a server's
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

lines:
  send                         the request, or what follows it
  interim 103                  such a response; the tool goes on
  response 426                 the head of the final response is complete
  content 5                    content of it, in total, once it has ended
  retry same-connection        behind the response: where another request may follow; or: retry new-connection
  switch websocket             or tls, h2c, tunnel, or the token as it was offered
  close                        the connection ends; close NAME where NAME is the reason
  receive                      the input ended and the machine wants more
  rest 2                       last line, always: how many bytes of the input were not taken
";

/// What the options of `replay websocket` do.
pub const WEBSOCKET: &str = "\
replay websocket --role server|client [OPTIONS] [FILE]: the input is frames
  --role server|client    whose side the machine is on; the input is the other's
  --max-frame BYTES       the largest payload of a frame; 16777216 (16 MiB) unless told otherwise
  --max-message BYTES     the largest message; 16777216 (16 MiB) unless told otherwise
  --split N               offer N bytes at a time: changes nothing

lines:
  text \"...\"                   a whole message has come, quoted with the escapes of Rust
  binary 5                     likewise, and how many bytes it has
  ping 5                       such a frame has come, and how many bytes it carries; likewise pong 5
  close 1000                   the peer's Close has come; 1005 where it carries no code
  send pong 5                  the answer to a Ping
  send close 1000              a Close of the machine; send close alone where it carries no code
  fail 1002 NAME               the peer broke the rule of that name, and the code that goes with it
  receive                      the input ended and the machine wants more
  rest 2                       last line, always: how many bytes of the input were not taken
";
