// At the pace of a market: how long single ticks take while exports, writes and scrapes go on around them.
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../statistics.ts";
import type { Variant } from "../variant.ts";

/** What a paced run shows: microseconds inside single ticks. */
export interface PacedFigures {
  readonly ticks: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
  /** CPU seconds of the whole process per million ticks, waking up included, until everything has left. */
  readonly cpuSPerMillion: number;
}

const TICKS_PER_MS = 2;
const WAKE_MS = 1;

/** Runs `ticks` ticks, beginning at tick `first`, each at its time: a late one does not put off the next. */
export async function measurePaced(variant: Variant, first: number, ticks: number): Promise<PacedFigures> {
  const tookMs = new Float64Array(ticks);
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  let done = 0;
  while (done < ticks) {
    const due = Math.min(ticks, Math.floor((performance.now() - startMs) * TICKS_PER_MS));
    while (done < due) {
      const fromMs = performance.now();
      // A promise is not waited for: a market does not wait either.
      void variant.tick(first + done);
      tookMs[done++] = performance.now() - fromMs;
    }
    await sleep(WAKE_MS);
  }
  await variant.flush();
  const { user, system } = process.cpuUsage(cpu);
  tookMs.sort();
  return {
    ticks,
    p50Us: quantile(tookMs, 0.5) * 1e3,
    p99Us: quantile(tookMs, 0.99) * 1e3,
    p999Us: quantile(tookMs, 0.999) * 1e3,
    maxUs: tookMs.at(-1)! * 1e3,
    cpuSPerMillion: (user + system) / ticks,
  };
}
