// chromium.cjs URL: opens the page of the board, waits for live values, and has text echoed. Prints a line for each thing that went well.
const { chromium } = require("playwright-core");

const TEXT = "Grüße, 世界 🌍";

async function main(url) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic"] });
  try {
    const page = await browser.newPage();
    const faults = [];
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => faults.push(error.message));
    console.log(`page ${(await page.goto(url)).status()}`);
    const values = new Set();
    while (values.size < 3) {
      await page.waitForFunction((seen) => {
        const text = document.getElementById("uptime").textContent;
        return / s$/.test(text) && !seen.includes(text);
      }, [...values]);
      values.add(await page.textContent("#uptime"));
    }
    const stack = await page.textContent("#free_stack");
    if (!/^\d+ of \d+$/.test(stack)) throw new Error(`the stack is ${stack}`);
    console.log(`live ${values.size}`);
    await page.fill("#echo input", TEXT);
    await page.press("#echo input", "Enter");
    await page.locator("#echo output", { hasText: TEXT }).waitFor();
    console.log(`back ${await page.textContent("#echo output")}`);
    await page.setViewportSize({ width: 320, height: 640 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > 320) throw new Error(`on 320 pixels the page takes ${wide}`);
    console.log("fits a small screen");
    if (faults.length) throw new Error(faults.join("\n"));
  } finally {
    await browser.close();
  }
}

main(process.argv[2]).catch((error) => {
  console.log(error.message);
  process.exit(1);
});
