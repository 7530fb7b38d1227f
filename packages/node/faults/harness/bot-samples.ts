// How a bot stands, again and again while something is done to it.
import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "../bot/bot.ts";
import { spooledOf } from "./health-counts.ts";

/** At one moment. */
export interface BotSample {
  /** Of this process's `performance.now()`. */
  readonly atMs: number;
  readonly rssMib: number;
  /** On the heap and outside it; after a collection of garbage, if the process may ask for one. */
  readonly usedBytes: number;
  readonly descriptors: number | undefined;
  /** Spans and log records on disk. */
  readonly spooled: number;
}

/** Looks once. */
export async function lookAt(bot: Bot): Promise<BotSample> {
  const { rssMib, heapBytes, externalBytes, descriptors, health } = await bot.look();
  return {
    atMs: performance.now(),
    rssMib,
    usedBytes: heapBytes + externalBytes,
    descriptors,
    spooled: spooledOf(health),
  };
}

/** Looks every `everyMs` (0: never) until `work` is done. */
export async function sampleBot(bot: Bot, everyMs: number, work: () => Promise<void>): Promise<BotSample[]> {
  const samples: BotSample[] = [];
  const isDone = new AbortController();
  const look = async (): Promise<void> => {
    while (everyMs > 0 && !isDone.signal.aborted) {
      samples.push(await lookAt(bot));
      await sleep(everyMs, undefined, { signal: isDone.signal }).catch(() => {});
    }
  };
  // A bot that has ended is told of by whoever asks it next.
  const looking = look().catch(() => {});
  try {
    await work();
  } finally {
    isDone.abort();
  }
  await looking;
  return samples;
}

/** The most that was on disk at any of the moments. */
export function peakSpooled(samples: readonly BotSample[]): number {
  return samples.reduce((most, { spooled }) => Math.max(most, spooled), 0);
}
