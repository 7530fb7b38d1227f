// The JavaScript heap of a page after garbage was collected, every half minute.
import { setTimeout as sleep } from "node:timers/promises";
import type { CDPSession, Page } from "playwright-core";
import { listLength } from "./page-probe.ts";

/** What came of it. */
export interface HeapFigures {
  readonly minutes: number;
  /** Rows in the list at the beginning and at the end: while it grows, so does the heap. */
  readonly rows: readonly [from: number, to: number];
  /** Used bytes, by seconds since the first look. */
  readonly samples: readonly { readonly atS: number; readonly bytes: number }[];
  /** The straight line through the samples, bytes a minute: 0 is flat. */
  readonly bytesPerMinute: number;
}

const EVERY_S = 30;

/** Watches it. */
export async function watchHeap(page: Page, minutes: number, say: (line: string) => void): Promise<HeapFigures> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  const fromRows = await page.evaluate(listLength);
  const startMs = performance.now();
  const samples: { atS: number; bytes: number }[] = [];
  for (let nextS = 0; nextS <= minutes * 60; nextS += EVERY_S) {
    await sleep(Math.max(0, nextS * 1e3 - (performance.now() - startMs)));
    samples.push({ atS: nextS, bytes: await usedBytes(session) });
    say(`heap after ${nextS} s: ${(samples.at(-1)!.bytes / 2 ** 20).toFixed(1)} MiB`);
  }
  await session.detach();
  const rows = [fromRows, await page.evaluate(listLength)] as const;
  return { minutes, rows, samples, bytesPerMinute: slope(samples) };
}

async function usedBytes(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize;
}

/** Least squares; 0 for a single sample. */
function slope(samples: HeapFigures["samples"]): number {
  const meanS = samples.reduce((sum, { atS }) => sum + atS, 0) / samples.length;
  const meanBytes = samples.reduce((sum, { bytes }) => sum + bytes, 0) / samples.length;
  const square = samples.reduce((sum, { atS }) => sum + (atS - meanS) ** 2, 0);
  const product = samples.reduce((sum, { atS, bytes }) => sum + (atS - meanS) * (bytes - meanBytes), 0);
  return square === 0 ? 0 : (product / square) * 60;
}
