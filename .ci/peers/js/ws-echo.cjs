// Echoes with Node's ws through the server at the URL that is given.
const WebSocket = require("ws");
const echo = require("./echo.js");

echo(WebSocket, process.argv[2]).then(console.log);
