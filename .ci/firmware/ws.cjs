// ws.cjs URL: sends messages of 1 byte to 100 KB with Node's ws, in text and in binary, and compares what comes back.
const WebSocket = require("ws");

const SIZES = [1, 2, 125, 126, 1000, 10_000, 65_535, 65_536, 100_000];
// Characters of 1 to 4 bytes, and no more than `size` bytes of them.
const text = (size) => Buffer.from("aé€🌍".repeat(size / 10 + 1)).subarray(0, size).toString().replace(/\uFFFD+$/, "");
const bytes = (size) => Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 31) & 255));
const messages = SIZES.flatMap((size) => [text(size), bytes(size)]);

const socket = new WebSocket(process.argv[2]);
let next = 0;
socket.on("open", () => socket.send(messages[0]));
socket.on("error", (error) => console.log(error.message));
socket.on("message", (data, isBinary) => {
  const sent = messages[next];
  if (isBinary === (typeof sent === "string") || !data.equals(Buffer.from(sent))) {
    console.log(`message ${next} came back otherwise`);
    return socket.terminate();
  }
  next += 1;
  return next < messages.length ? socket.send(messages[next]) : socket.close(1000, "done");
});
socket.on("close", (code) => console.log(`${next === messages.length ? "same" : "not same"} ${SIZES.join(" ")}, closed ${code}`));
