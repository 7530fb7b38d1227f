// As fast as it goes: time of the thread, garbage and CPU per tick, after-tick work and exports included.
import { setImmediate as afterTick, setTimeout as sleep } from "node:timers/promises";
import type { Variant } from "../variant.ts";
import { startAllocationMeter } from "./allocation-meter.ts";

/** What a flat-out run shows, per tick. */
export interface FlatOutFigures {
  readonly ticks: number;
  /** Nanoseconds of the thread: wall time less what it waited idly, so all that ticks cause in it. */
  readonly ns: number;
  /** Nanoseconds of CPU of the same thread: on a busy machine less than `ns`, by what others took. */
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
  const loop = performance.eventLoopUtilization();
  const ticks = await runFlatOut(variant, first, durationMs);
  const { active } = performance.eventLoopUtilization(loop);
  const thread = process.threadCpuUsage(threadCpu);
  const bytes = meter.stop();
  await variant.flush();
  const { user, system } = process.cpuUsage(cpu);
  return {
    ticks,
    ns: (active * 1e6) / ticks,
    threadCpuNs: ((thread.user + thread.system) * 1e3) / ticks,
    bytes: bytes / ticks,
    cpuSPerMillion: (user + system) / ticks,
  };
}

/**
 * Runs ticks for `durationMs`, on a busy machine longer until there are enough; resolves to their number. Waits, idly, while
 * the variant is behind.
 */
export async function runFlatOut(variant: Variant, first: number, durationMs: number): Promise<number> {
  const startMs = performance.now();
  let index = first;
  for (;;) {
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs >= durationMs && (index - first >= LEAST_TICKS || elapsedMs >= MAX_STRETCH * durationMs)) break;
    const end = index + BATCH_TICKS;
    while (index < end) {
      const pending = variant.tick(index++);
      if (pending !== undefined) await pending;
    }
    await afterTick();
    await caughtUp(variant);
  }
  return index - first;
}

async function caughtUp(variant: Variant): Promise<void> {
  const until = performance.now() + STUCK_MS;
  while (variant.isBehind()) {
    if (performance.now() > until) throw new Error(`output has not caught up within ${STUCK_MS} ms`);
    await sleep(RETRY_MS);
  }
}
