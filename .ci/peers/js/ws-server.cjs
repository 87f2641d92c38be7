// ws-server.cjs PORT STATUS: opens WebSockets and echoes (101), or refuses them with the status.
const { WebSocketServer } = require("ws");

const [port, status] = process.argv.slice(2).map(Number);
const fields = status === 426 ? { Upgrade: "other", Connection: "Upgrade" } : {};
const server = new WebSocketServer({
  host: "127.0.0.1",
  port,
  verifyClient: (_info, answer) => answer(status === 101, status, "no", fields),
});
server.on("connection", (socket) => {
  socket.on("message", (data, binary) => socket.send(data, { binary }));
  socket.on("error", () => {});
});
