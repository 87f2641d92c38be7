// chromium.cjs URL: uses the page at that URL as a person would, and compares what comes back. Prints a line for each thing
// that went well.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { chromium } = require("playwright-core");

// What a page's /echo sent and received, as the browser saw it.
function spy(page) {
  const seen = { sent: [], received: [] };
  page.on("websocket", (socket) => {
    if (!socket.url().endsWith("/echo")) return;
    socket.on("framesent", ({ payload }) => seen.sent.push(payload));
    socket.on("framereceived", ({ payload }) => seen.received.push(payload));
  });
  return seen;
}

const bytes = (payload) => Buffer.from(payload);
const log = (page, panel, text) => page.locator(`#${panel} .log li`, { hasText: text }).waitFor();
const state = (page, panel, text) => page.locator(`#${panel} .state`, { hasText: text }).waitFor();

async function say(page, panel, text) {
  await page.fill(`#${panel} input[name=text]`, text);
  await page.press(`#${panel} input[name=text]`, "Enter");
}

async function close(page, panel, code, reason) {
  await page.fill(`#${panel} input[name=code]`, String(code));
  await page.fill(`#${panel} input[name=reason]`, reason);
  await page.click(`#${panel} form.close button`);
  await state(page, panel, `Closed with ${code}`);
}

async function echoes(page, seen) {
  await state(page, "echo", "Open at");
  await say(page, "echo", "Grüße, 世界 🌍");
  await log(page, "echo", "“Grüße, 世界 🌍” came back in");
  for (const size of [256, 65536, 1048576]) {
    await page.click(`#echo button[value="${size}"]`);
    await log(page, "echo", `${size} bytes came back in`);
  }
  const lengths = seen.sent.map((payload) => bytes(payload).length);
  const same = seen.sent.every((payload, i) => bytes(payload).equals(bytes(seen.received[i])));
  if (seen.received.length !== 4 || !same) throw new Error(`sent ${lengths}, and other things came back`);
  console.log(`came back the same: ${lengths.join(" ")}`);
  await close(page, "echo", 4001, "enough");
  console.log("echo closed 4001");
}

async function chats(one, other) {
  await state(other, "chat", "Open at");
  await say(one, "chat", "hello, all");
  await log(one, "chat", "You: hello, all");
  await log(other, "chat", /\d: hello, all/);
  console.log("both pages see it");
  await one.locator("#chat .ping", { hasText: /^ping \d+\.\d\d ms$/ }).waitFor();
  console.log("ping times are there");
  await say(other, "chat", "x".repeat(20_000));
  await log(other, "chat", "Not sent: 20000 bytes, and the server takes 16384 at most.");
  console.log("too long not sent");
  await other.evaluate(() => chat.socket.send("x".repeat(20_000)));
  await state(other, "chat", "Closed with 1009");
  await log(other, "chat", "16384 bytes at most");
  await log(one, "chat", "has gone");
  console.log("too long closed 1009");
  await say(other, "chat", "too late");
  await log(other, "chat", "Not sent: the connection is closed.");
  console.log("told that it is closed");
  await other.click("#chat .open");
  await state(other, "chat", "Open at");
  await say(one, "chat", " ");
  await close(one, "chat", 1000, "good night");
  await log(one, "chat", "You close with 1000: good night");
  await log(other, "chat", /has gone: good night/);
  if (await one.locator("#chat .log .message").count() !== 1) throw new Error("an empty message was said");
  console.log("chat closed 1000");
}

// How wide the content of the page is on a small screen.
async function fits(page) {
  const size = page.viewportSize();
  for (const width of [320, 360]) {
    await page.setViewportSize({ width, height: 640 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) throw new Error(`on ${width} pixels the page takes ${wide}`);
  }
  await page.setViewportSize(size);
  console.log("fits a small screen");
}

async function main(url) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic"] });
  try {
    const [one, other] = [await browser.newPage(), await browser.newPage()];
    const faults = [];
    for (const page of [one, other]) {
      page.setDefaultTimeout(10_000);
      page.on("pageerror", (error) => faults.push(error.message));
    }
    const seen = spy(one);
    console.log(`page ${(await one.goto(url)).status()}`);
    await other.goto(url);
    await fits(one);
    await echoes(one, seen);
    await chats(one, other);
    await one.addScriptTag({ content: readFileSync(join(__dirname, "echo.js"), "utf8") });
    console.log(await one.evaluate(() => echo(WebSocket, `ws://${location.host}/echo`)));
    if (faults.length) throw new Error(faults.join("\n"));
  } finally {
    await browser.close();
  }
}

main(process.argv[2]).catch((error) => {
  console.log(error.message);
  process.exit(1);
});
