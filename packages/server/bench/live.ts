// The page while two thousand events a second happen: how soon they are there, how smoothly their list scrolls, and what it keeps.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { createAsker } from "./asker.ts";
import { openFreshPage, startChromium } from "./chromium.ts";
import { type MeasuredDesk, openMeasuredDesk } from "./desk.ts";
import { type FeedLatency, feedLatency } from "./feed-latency.ts";
import { type HeapFigures, watchHeap } from "./heap-watch.ts";
import { countKept, readEventTimes } from "./kept-file.ts";
import { listLength, type SeenRows, takeRows, watchRows } from "./page-probe.ts";
import { measureScrolling, type ScrollFigures } from "./scrolling.ts";
import { type Sender, type SendReport, startSender } from "./sender.ts";

/** How it is measured. */
export interface LiveOptions {
  readonly seconds: number;
  readonly minutes: number;
  readonly rows: number;
  readonly workDir: string;
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface LiveFigures {
  readonly eventsPerS: number;
  readonly latency: FeedLatency;
  readonly latencySeconds: number;
  /** Events that the desk left out of the page's feed, all the while. */
  readonly skipped: number;
  readonly scrollWhileEventsCome: ScrollFigures;
  readonly scrollWhenQuiet: ScrollFigures;
  readonly heap: HeapFigures | undefined;
  readonly sending: SendReport;
  readonly stored: number;
  /** Sent = acknowledged = stored = counted. */
  readonly isConserved: boolean;
}

const EVENTS_PER_S = 2_000;
const SCROLL_S = 10;
const SETTLE_MS = 3_000;
const LOOK_MS = 250;
/** Each event has a row of its own: more to draw than where those in a row that say the same are folded into one. */
const ADDRESS = "/?fold=off";

/** Measures it all, one after the other, with one page. */
export async function measureLive(options: LiveOptions): Promise<LiveFigures> {
  const browser = await startChromium();
  const sender = startSender();
  try {
    return await measureWith(browser, sender, options);
  } finally {
    await browser.close();
    await sender.end();
  }
}

async function measureWith(browser: Browser, sender: Sender, options: LiveOptions): Promise<LiveFigures> {
  const { seconds, workDir, say } = options;
  const path = join(workDir, "live.db");
  const desk = await openMeasuredDesk(path);
  try {
    say(`${EVENTS_PER_S} events a second`);
    await sender.pace(desk.url, EVENTS_PER_S);
    const { seen, ...ofPage } = await watchPage(browser, desk, options, () => sender.stop());
    await desk.close();
    const { sent, acknowledged } = ofPage.sending;
    const { rows: stored, counted } = countKept(path, "logs");
    const lastId = seen.reduce((last, [id]) => Math.max(last, id), 0);
    return {
      eventsPerS: EVENTS_PER_S,
      latency: feedLatency(seen, readEventTimes(path, lastId)),
      latencySeconds: seconds,
      ...ofPage,
      stored,
      isConserved: sent === acknowledged && stored === sent && counted === stored,
    };
  } finally {
    await desk.end();
  }
}

/** The page from its opening to its end; the sender is stopped on the way. */
async function watchPage(browser: Browser, desk: MeasuredDesk, options: LiveOptions, stop: () => Promise<SendReport>) {
  const { seconds, minutes, rows, say } = options;
  const { page, context } = await openFreshPage(browser);
  await page.goto(desk.url + ADDRESS);
  await untilListHas(page, 1);
  await sleep(SETTLE_MS);
  say(`following events into the page for ${seconds} s`);
  const seen = await followRows(page, seconds);
  say(`waiting until the list has ${rows} rows`);
  await untilListHas(page, rows);
  say(`scrolling for ${SCROLL_S} s while events come`);
  const scrollWhileEventsCome = await measureScrolling(page, SCROLL_S);
  await page.keyboard.press("Home");
  await sleep(SETTLE_MS);
  if (minutes > 0) say(`watching the heap for ${minutes} min while events come`);
  const heap = minutes > 0 ? await watchHeap(page, minutes, say) : undefined;
  const sending = await stop();
  await sleep(SETTLE_MS);
  say(`scrolling for ${SCROLL_S} s with nothing coming`);
  const scrollWhenQuiet = await measureScrolling(page, SCROLL_S);
  const skipped = await skippedBy(desk);
  await context.close();
  return { seen, scrollWhileEventsCome, scrollWhenQuiet, heap, sending, skipped };
}

async function followRows(page: Page, seconds: number): Promise<SeenRows> {
  await page.evaluate(watchRows);
  await sleep(seconds * 1e3);
  return page.evaluate(takeRows);
}

async function untilListHas(page: Page, rows: number): Promise<void> {
  // Twice the time that it takes when nothing is left out, and a minute more for slow machines.
  const endMs = performance.now() + (2e3 * rows) / EVENTS_PER_S + 60_000;
  for (let length = 0; length < rows; length = await page.evaluate(listLength)) {
    if (performance.now() > endMs) throw new Error(`the list has ${length} rows, and not ${rows} within its time`);
    await sleep(LOOK_MS);
  }
}

async function skippedBy(desk: MeasuredDesk): Promise<number> {
  const asker = createAsker(desk.url);
  const { live } = await asker.json<{ live: { skipped: number } }>("/api/telemetry/health");
  asker.close();
  return live.skipped;
}
