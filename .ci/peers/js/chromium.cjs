// Shows the page at the URL that is given and opens a WebSocket to /echo from it.
const { chromium } = require("playwright-core");

// Runs in the page.
function open() {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/echo`);
    socket.onopen = () => resolve("open");
    socket.onerror = () => resolve("failed");
  });
}

async function main() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic"] });
  try {
    const page = await browser.newPage();
    const response = await page.goto(process.argv[2]);
    console.log(`page ${response.status()}`);
    console.log(await page.evaluate(open));
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.log(error.message);
  process.exit(1);
});
