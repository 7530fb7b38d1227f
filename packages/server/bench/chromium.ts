// The browser that the page is measured in.
import { spawnSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";
import { CHROMIUM_FLAGS, findChromium } from "../test/chromium.ts";

const VIEWPORT = { width: 1_440, height: 900 };

/** `Chromium 140.0.7339.80`; undefined when there is none. */
export function chromiumVersion(): string | undefined {
  const path = findChromium();
  if (path === undefined) return undefined;
  const { stdout } = spawnSync(path, ["--version", "--no-sandbox"], { encoding: "utf8" });
  return stdout?.trim() || path;
}

/** Starts it. Throws where there is none. */
export function startChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error(
      "Chromium is in none of its usual places; set CHROMIUM to its path, or measure --only ingest or api",
    );
  return chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
}

/** A page with nothing in its caches, as a browser has it that has never been here. */
export async function openFreshPage(browser: Browser) {
  const context = await browser.newContext({ viewport: VIEWPORT, colorScheme: "dark", serviceWorkers: "block" });
  return { context, page: await context.newPage() };
}
