// Where Chromium is, and how it is started: for tests of the page, and for its benchmark.
import { existsSync } from "node:fs";

/** Its path: `CHROMIUM`, or where systems put it; undefined: the machine has none. */
export function findChromium(): string | undefined {
  return [
    process.env["CHROMIUM"],
    "/usr/bin/chromium",
    "/usr/local/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ].find((path) => path !== undefined && existsSync(path));
}

/** For root and small machines; and nothing that asks the outside world. Frames are drawn by software, as on a machine without a screen. */
export const CHROMIUM_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
