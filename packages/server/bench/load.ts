// The first load of the page: bytes, requests, and when it is painted.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { openFreshPage, startChromium } from "./chromium.ts";
import { openMeasuredDesk } from "./desk.ts";
import { readLoad, watchLoad } from "./page-probe.ts";
import { type Sender, startSender } from "./sender.ts";

/** How it is measured. */
export interface LoadOptions {
  readonly workDir: string;
  readonly say: (line: string) => void;
}

/** One first load, of a browser that has never been here. */
export interface LoadFigures {
  readonly requests: number;
  /** Of them, those for the page itself, and those to the API. */
  readonly fileRequests: number;
  readonly apiRequests: number;
  /** Bytes as they came, without headers: of the page itself, and of the answers. */
  readonly fileBytes: number;
  readonly apiBytes: number;
  /** The page's own files, unpacked. */
  readonly fileBytesUnpacked: number;
  /** Milliseconds since the navigation began; undefined: nothing was painted. */
  readonly fcpMs: number | undefined;
  readonly lcpMs: number | undefined;
}

const RUNS = 3;
const ITEMS = 20_000;
const MINUTES = 10;
/** After the first rows: late answers and late paints. */
const SETTLE_MS = 3_000;

/** Loads it three times, over a desk with the events of some minutes. */
export async function measureLoad({ workDir, say }: LoadOptions): Promise<readonly LoadFigures[]> {
  const browser = await startChromium();
  const sender = startSender();
  try {
    return await loadAll(browser, sender, join(workDir, "load.db"), say);
  } finally {
    await browser.close();
    await sender.end();
  }
}

async function loadAll(browser: Browser, sender: Sender, path: string, say: LoadOptions["say"]) {
  const desk = await openMeasuredDesk(path);
  try {
    say(`writing ${ITEMS} events of the last ${MINUTES} minutes`);
    await sender.fill(desk.url, ITEMS, MINUTES);
    const all: LoadFigures[] = [];
    for (let run = 1; run <= RUNS; run++) {
      say(`first load ${run} of ${RUNS}`);
      all.push(await loadOnce(browser, desk.url));
    }
    return all;
  } finally {
    await desk.end();
  }
}

async function loadOnce(browser: Browser, url: string): Promise<LoadFigures> {
  const { context, page } = await openFreshPage(browser);
  await page.addInitScript(watchLoad);
  await page.goto(url);
  await page.locator('[role="option"]').first().waitFor();
  await sleep(SETTLE_MS);
  const { files, fcpMs, lcpMs } = await page.evaluate(readLoad);
  await context.close();
  const isApi = ({ url: of }: (typeof files)[number]) => new URL(of).pathname.startsWith("/api/");
  const [ofApi, own] = [files.filter(isApi), files.filter((file) => !isApi(file))];
  const encoded = (some: typeof files) => some.reduce((sum, { encodedBytes }) => sum + encodedBytes, 0);
  return {
    requests: files.length,
    fileRequests: own.length,
    apiRequests: ofApi.length,
    fileBytes: encoded(own),
    apiBytes: encoded(ofApi),
    fileBytesUnpacked: own.reduce((sum, { decodedBytes }) => sum + decodedBytes, 0),
    fcpMs,
    lcpMs,
  };
}
