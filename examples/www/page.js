"use strict";

// The parts that the chat and the echo have in common: a socket, its state, a log, the close.
class Panel {
  constructor(name) {
    this.name = name;
    this.root = document.getElementById(name);
    this.find("form.say").onsubmit = (event) => this.submit(event);
    this.find("form.close").onsubmit = (event) => this.close(event);
    this.find(".open").onclick = () => this.open();
    this.open();
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  open() {
    this.find(".open").hidden = true;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/${this.name}`, [this.name]);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.state(`Open at /${this.name}`, true);
    this.socket.onmessage = ({ data }) => this.receive(data);
    this.socket.onclose = ({ code, reason, wasClean }) => {
      this.state(`Closed with ${code}${reason && `: ${reason}`}${wasClean ? "" : ", not cleanly"}`, false);
      if (code === 1009) this.log(`The server takes no message as long as that${this.limit ? `: ${this.limit} bytes at most` : ""}.`, "note");
      this.find(".ping").textContent = "";
      this.find(".open").hidden = false;
    };
  }

  submit(event) {
    event.preventDefault();
    const { text } = event.target.elements;
    if (this.send(text.value)) text.value = "";
  }

  send(message) {
    const isOpen = this.isOpen("Not sent");
    if (isOpen) this.socket.send(message);
    return isOpen;
  }

  // Says why not.
  isOpen(otherwise) {
    const { readyState } = this.socket;
    if (readyState === WebSocket.OPEN) return true;
    const what = readyState === WebSocket.CONNECTING ? "is not open yet" : "is closed";
    this.log(`${otherwise}: the connection ${what}.`, "note");
    return false;
  }

  close(event) {
    event.preventDefault();
    const { code, reason } = event.target.elements;
    if (!this.isOpen("Nothing to close")) return;
    try {
      this.socket.close(Number(code.value), reason.value);
      this.log(`You close with ${code.value}${reason.value && `: ${reason.value}`}`, "note");
    } catch (error) {
      this.log(`The browser refuses: ${error.message}`, "note"); // it takes 1000 and 3000 to 4999
    }
  }

  state(text, isOpen) {
    this.find(".state").textContent = text;
    this.root.classList.toggle("is-open", isOpen);
  }

  log(text, kind = "") {
    const time = document.createElement("time");
    time.textContent = new Date().toLocaleTimeString();
    const item = document.createElement("li");
    item.className = kind;
    item.append(time, text);
    const log = this.find(".log");
    log.append(item);
    while (log.children.length > 200) log.firstChild.remove();
    log.scrollTop = log.scrollHeight;
  }
}

// Each message begins with a word that says what it is. Pings are the server's, which says what they took.
class Chat extends Panel {
  // Nothing is not worth saying, and too much would end the connection.
  send(message) {
    const { length } = new TextEncoder().encode(message);
    if (!message.trim()) return false;
    if (length > this.limit) {
      this.log(`Not sent: ${length} bytes, and the server takes ${this.limit} at most.`, "note");
      return false;
    }
    return super.send(message);
  }

  receive(data) {
    const [, word, rest] = /^(\w+) (.*)$/s.exec(data);
    const [, number, text] = /^(\S+) ?(.*)$/s.exec(rest);
    switch (word) {
      case "you":
        this.number = number;
        this.limit = Number(text);
        return this.log(`You are number ${number} here.`, "note");
      case "join":
      case "leave":
        if (number === this.number) return;
        return this.log(`Number ${number} has ${word === "join" ? "come" : "gone"}${text && `: ${text}`}`, "note");
      case "say":
        return this.log(`${number === this.number ? "You" : number}: ${text}`, "message");
      case "ping":
        this.find(".ping").textContent = `ping ${number} ms`;
    }
  }
}

// What comes back is compared with what was sent, in order.
class Echo extends Panel {
  constructor(name) {
    super(name);
    for (const button of this.root.querySelectorAll(".bytes button")) {
      button.onclick = () => this.send(Uint8Array.from({ length: Number(button.value) }, () => Math.random() * 256).buffer);
    }
    this.find("input[type=file]").onchange = async ({ target }) => {
      if (target.files.length) this.send(await target.files[0].arrayBuffer());
      target.value = "";
    };
  }

  open() {
    this.sent = [];
    super.open();
  }

  send(message) {
    const isSent = super.send(message);
    if (isSent) this.sent.push({ message, at: performance.now() });
    return isSent;
  }

  receive(data) {
    const { message, at } = this.sent.shift();
    const time = (performance.now() - at).toFixed(1);
    const what = typeof data === "string" ? `“${data}”` : `${data.byteLength} bytes`;
    this.log(`${what} ${isSame(message, data) ? "came back" : "came back CHANGED"} in ${time} ms`, "message");
    this.find(".ping").textContent = `round trip ${time} ms`;
  }
}

function isSame(sent, data) {
  if (typeof sent === "string" || typeof data === "string") return sent === data;
  const [a, b] = [new Uint8Array(sent), new Uint8Array(data)];
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

const chat = new Chat("chat");
new Echo("echo");
