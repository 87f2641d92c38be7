// ws-large.cjs URL BYTES: sends one message of so many bytes with Node's ws and says whether it came back.
const WebSocket = require("ws");

const [url, length] = process.argv.slice(2);
const message = Buffer.alloc(Number(length), Uint8Array.from({ length: 251 }, (_, i) => i));
const socket = new WebSocket(url, { perMessageDeflate: false });
socket.on("open", () => socket.send(message));
socket.on("message", (data) => {
  console.log(`${data.equals(message) ? "same" : "other"} ${data.length}`);
  socket.close(1000);
});
// The server that refuses the message may be gone before the message has.
socket.on("error", () => {});
