// Sends messages of every kind over a browser's or ws's WebSocket, compares what comes back, closes.
// Resolves to "echoed N, closed CODE", or to what went wrong.
function echo(WebSocket, url) {
  const bytes = (n) => Uint8Array.from({ length: n }, (_, i) => (i * 31) & 255);
  const messages = ["hello", "Grüße, 世界 🌍", "", "ä€🌍".repeat(131_072), bytes(256), bytes(0), bytes(1 << 20)];
  const same = (sent, data) =>
    typeof sent === "string"
      ? data === sent
      : data instanceof ArrayBuffer && data.byteLength === sent.length && new Uint8Array(data).every((b, i) => b === sent[i]);

  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    let next = 0;
    socket.onopen = () => socket.send(messages[0]);
    socket.onerror = () => resolve(`failed after ${next} messages`);
    socket.onmessage = ({ data }) => {
      if (!same(messages[next], data)) return resolve(`message ${next} came back otherwise`);
      next += 1;
      return next < messages.length ? socket.send(messages[next]) : socket.close(1000, "done");
    };
    socket.onclose = ({ code }) => resolve(`echoed ${next}, closed ${code}`);
  });
}

if (typeof module !== "undefined") module.exports = echo;
