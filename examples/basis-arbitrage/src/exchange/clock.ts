/** The exchange's clock, passed in so that tests can hold it. */
import { setTimeout as sleep } from "node:timers/promises";

/** Wall time for stamps, monotonic time for durations, and waiting. */
export interface Clock {
  /** Milliseconds since 1970, whole. */
  wallMs(): number;
  /** Milliseconds from an arbitrary start, with fractions, never going back. */
  monotonicMs(): number;
  /** Waits; returns at once, without an error, when the signal is aborted. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  wait: async (durationMs, signal) => {
    try {
      await sleep(durationMs, undefined, { signal });
    } catch {
      // Aborted: the caller looks at the signal.
    }
  },
};
