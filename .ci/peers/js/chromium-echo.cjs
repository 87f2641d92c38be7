// Shows the page at the URL that is given and echoes from it through /echo.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { chromium } = require("playwright-core");

async function main() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic"] });
  try {
    const page = await browser.newPage();
    await page.goto(process.argv[2]);
    await page.addScriptTag({ content: readFileSync(join(__dirname, "echo.js"), "utf8") });
    console.log(await page.evaluate(() => echo(WebSocket, `ws://${location.host}/echo`)));
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.log(error.message);
  process.exit(1);
});
