// The depth of the queue as this process reports it, looked at once a second.
import { setTimeout } from "node:timers/promises";
import type { SignalQueue } from "./signal-queue.ts";

/** Watches the depth. */
export interface QueueWatch {
  /** Signals that wait; undefined while Redis does not answer. */
  readonly depth: () => number | undefined;
  /** Resolves when none waits, or after `patienceMs` milliseconds. */
  drained(patienceMs: number): Promise<void>;
  stop(): void;
}

const LOOK_EVERY_MS = 1_000;
const POLL_MS = 20;

/** Begins to watch. */
export function watchQueue(queue: Pick<SignalQueue, "depth">): QueueWatch {
  let last: number | undefined;
  const look = async (): Promise<number | undefined> => {
    last = await queue.depth().catch(() => undefined);
    return last;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    depth: () => last,
    async drained(patienceMs) {
      const deadlineMs = performance.now() + patienceMs;
      while ((await look()) !== 0 && performance.now() < deadlineMs) await setTimeout(POLL_MS);
    },
    stop: () => clearInterval(timer),
  };
}
