// As fast as it goes: time of the thread, garbage and CPU per tick, after-tick work and exports included.
import { setImmediate as afterTick, setTimeout as sleep } from "node:timers/promises";
import type { Variant } from "../variant.ts";
import { startAllocationMeter } from "./allocation-meter.ts";

/** What a flat-out run shows, per tick. */
export interface FlatOutFigures {
  readonly ticks: number;
  /** Nanoseconds inside the tick: from its call to its return, as the market waits for it; exports that run inside it included. */
  readonly ns: number;
  /** Nanoseconds of CPU of the thread for all that ticks cause in it: the tick, what is left for after it, exports, garbage collection. */
  readonly threadCpuNs: number;
  /** Bytes allocated on the heap. */
  readonly bytes: number;
  /** CPU seconds of the whole process per million ticks, until everything has left. */
  readonly cpuSPerMillion: number;
}

/** Ticks between two turns of the event loop. */
const BATCH_TICKS = 500;
/** With fewer the time to compile the code stands for the code, but a run may not take longer than so many times as asked. */
const LEAST_TICKS = 20_000;
const MAX_STRETCH = 3;
const RETRY_MS = 1;
/** A variant that is behind for so long is stuck. */
const STUCK_MS = 20_000;

/** Runs ticks for `durationMs`, beginning at tick `first`, and measures them. */
export async function measureFlatOut(variant: Variant, first: number, durationMs: number): Promise<FlatOutFigures> {
  const cpu = process.cpuUsage();
  const threadCpu = process.threadCpuUsage();
  const meter = startAllocationMeter();
  const { ticks, insideMs } = await runFlatOut(variant, first, durationMs);
  const thread = process.threadCpuUsage(threadCpu);
  const bytes = meter.stop();
  await variant.flush();
  const { user, system } = process.cpuUsage(cpu);
  return {
    ticks,
    ns: (insideMs * 1e6) / ticks,
    threadCpuNs: ((thread.user + thread.system) * 1e3) / ticks,
    bytes: bytes / ticks,
    cpuSPerMillion: (user + system) / ticks,
  };
}

/**
 * Runs ticks for `durationMs` or until there are `maxTicks`, on a busy machine longer until there are enough; resolves to their number and the time
 * inside them. Waits, idly, while the variant is behind.
 */
export async function runFlatOut(
  variant: Variant,
  first: number,
  durationMs: number,
  maxTicks = Number.POSITIVE_INFINITY,
): Promise<{ ticks: number; insideMs: number }> {
  const startMs = performance.now();
  let index = first;
  let insideMs = 0;
  for (;;) {
    const elapsedMs = performance.now() - startMs;
    if (index - first >= maxTicks) break;
    if (elapsedMs >= durationMs && (index - first >= LEAST_TICKS || elapsedMs >= MAX_STRETCH * durationMs)) break;
    const end = index + BATCH_TICKS;
    const enteredMs = performance.now();
    while (index < end) {
      const pending = variant.tick(index++);
      if (pending !== undefined) await pending;
    }
    insideMs += performance.now() - enteredMs;
    await afterTick();
    await caughtUp(variant);
  }
  return { ticks: index - first, insideMs };
}

async function caughtUp(variant: Variant): Promise<void> {
  const until = performance.now() + STUCK_MS;
  while (variant.isBehind()) {
    if (performance.now() > until) throw new Error(`output has not caught up within ${STUCK_MS} ms`);
    await sleep(RETRY_MS);
  }
}
