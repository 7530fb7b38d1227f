// The list scrolled by a mouse wheel, and how smoothly the page draws meanwhile.
import type { Page } from "playwright-core";
import { listLength, type SeenFrames, takeFrames, watchFrames } from "./page-probe.ts";
import { type TimeFigures, timeFigures } from "./times.ts";

/** What came of it. */
export interface ScrollFigures {
  /** Rows in the list as it began. */
  readonly rows: number;
  readonly seconds: number;
  readonly wheelTurns: number;
  readonly scrolledPixels: number;
  readonly frames: TimeFigures | undefined;
  /** Percent of the frames. */
  readonly within33Ms: number;
  /** Tasks over 50 ms. */
  readonly longTasks: number;
  readonly longestTaskMs: number;
}

const PIXELS = 600;
/** A frame of a thirtieth of a second, as clocks have it. */
const SLOW_MS = 33.4;
const LIST = '[role="listbox"]';

/** Scrolls down for most of the time, and a fifth of it up again, as fast as a wheel is turned. */
export async function measureScrolling(page: Page, seconds: number): Promise<ScrollFigures> {
  const box = await page.locator(LIST).locator("..").boundingBox();
  if (box === null) throw new Error("the page shows no list of events");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const scrollTop = () => page.locator(LIST).evaluate(scrollTopAround);
  const [fromPixels, rows] = [await scrollTop(), await page.evaluate(listLength)];
  await page.evaluate(watchFrames);
  const startMs = performance.now();
  let wheelTurns = 0;
  for (let tookMs = 0; tookMs < seconds * 1e3; tookMs = performance.now() - startMs) {
    const isUp = tookMs % 5_000 > 4_000;
    await page.mouse.wheel(0, isUp ? -PIXELS : PIXELS);
    wheelTurns++;
  }
  const tookS = (performance.now() - startMs) / 1e3;
  const { framesMs, longTasksMs }: SeenFrames = await page.evaluate(takeFrames);
  const within = framesMs.filter((ms) => ms <= SLOW_MS).length;
  return {
    rows,
    seconds: tookS,
    wheelTurns,
    scrolledPixels: (await scrollTop()) - fromPixels,
    frames: timeFigures(framesMs),
    within33Ms: (100 * within) / framesMs.length,
    longTasks: longTasksMs.length,
    longestTaskMs: Math.max(0, ...longTasksMs),
  };
}

/** Runs in the page. */
function scrollTopAround(list: unknown): number {
  return (list as { readonly parentElement: { readonly scrollTop: number } }).parentElement.scrollTop;
}
