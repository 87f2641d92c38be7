// Opens a WebSocket to the URL that is given, says so, and leaves.
const WebSocket = require("ws");

const socket = new WebSocket(process.argv[2], { handshakeTimeout: 10_000 });
socket.on("open", () => {
  console.log("open");
  socket.close();
});
socket.on("unexpected-response", (_request, response) => {
  console.log(`refused ${response.statusCode}`);
  process.exit(1);
});
socket.on("error", (error) => console.log(`error ${error.message}`));
socket.on("close", () => process.exit(0));
