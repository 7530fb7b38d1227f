// The difference of two variants that are nearly the same, within one process: short windows of each in turn.
import { setImmediate as afterTick } from "node:timers/promises";
import { spreadOf } from "../statistics.ts";
import type { Variant } from "../variant.ts";

/** About a millisecond: most windows are over before another process wants the core. */
const WINDOW_TICKS = 2_000;
/** Windows that are thrown away: the code is still being compiled. */
const WARM_UP_PAIRS = 100;

/**
 * What `variant` costs more than `base`, in nanoseconds per tick: the median of the differences of neighbouring windows.
 *
 * Two processes of the same variant differ by tens of nanoseconds a tick; windows of one process do not.
 * Only for variants that put nothing out.
 */
export async function measurePaired(variant: Variant, base: Variant, durationMs: number): Promise<number> {
  const differences: number[] = [];
  const until = performance.now() + durationMs;
  for (let pair = 0; pair < WARM_UP_PAIRS || performance.now() < until; pair++) {
    const first = pair % 2 === 0 ? variant : base;
    const firstNs = timeWindow(first);
    const secondNs = timeWindow(first === variant ? base : variant);
    if (pair >= WARM_UP_PAIRS) differences.push(first === variant ? firstNs - secondNs : secondNs - firstNs);
    await afterTick();
  }
  return spreadOf(differences)?.median ?? Number.NaN;
}

function timeWindow(variant: Variant): number {
  const startMs = performance.now();
  for (let index = 0; index < WINDOW_TICKS; index++) void variant.tick(index);
  return ((performance.now() - startMs) * 1e6) / WINDOW_TICKS;
}
