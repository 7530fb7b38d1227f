// Chromium for stages that look at pages.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const CHROMIUM = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/local/bin/chromium"].find(
  (path) => path && existsSync(path),
);

const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** Starts Chromium. `open(url)` gives a page of its own with what it complains of; `weigh(url)` loads it once with nothing kept. */
export async function openBrowser() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return {
    open: (url, options) => open(browser, url, options),
    weigh: (url) => weigh(browser, url),
    close: () => browser.close(),
  };
}

async function open(browser, url, { theme = "dark" } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: theme });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  return { page, complaints };
}

async function weigh(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const seen = { bytes: 0, requests: 0 };
  // What the page is made of, not the answers it asks for: those go on for ever.
  const files = new Set();
  await devtools.send("Network.enable");
  devtools.on("Network.responseReceived", ({ requestId, response }) => {
    if (!new URL(response.url).pathname.startsWith("/api/")) files.add(requestId);
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (!files.has(requestId)) return;
    seen.bytes += encodedDataLength;
    seen.requests++;
  });
  await page.goto(url);
  await page.locator("main section").first().waitFor();
  const largestPaintMs = await page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({
          type: "largest-contentful-paint",
          buffered: true,
        });
        setTimeout(() => resolve(Number.NaN), 3_000);
      }),
  );
  await context.close();
  return { ...seen, largestPaintMs };
}
