/** A clock and timers that stand still until a test moves them on. */
import type { StartTimer, TraderClock } from "../clock.ts";

/** Made by `createHeldTime`. */
export interface HeldTime {
  readonly clock: TraderClock;
  readonly startTimer: StartTimer;
  /** Delays of the timers waiting now, shortest first. */
  readonly waiting: readonly number[];
  /** Moves time on and runs what is due, in order. */
  advance(ms: number): void;
}

/** Time at 0 on the monotonic clock. */
export function createHeldTime(epochMs = 1_700_000_000_000): HeldTime {
  let nowMs = 0;
  let timers: { readonly dueMs: number; readonly delayMs: number; readonly run: () => void }[] = [];
  return {
    clock: { monotonicMs: () => nowMs, epochMs: () => epochMs + nowMs },
    startTimer: (run, delayMs) => {
      const timer = { dueMs: nowMs + delayMs, delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    get waiting() {
      return timers.map(({ delayMs }) => delayMs).sort((left, right) => left - right);
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const next = timers.filter(({ dueMs }) => dueMs <= endMs).sort((left, right) => left.dueMs - right.dueMs)[0];
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        nowMs = next.dueMs;
        next.run();
      }
      nowMs = endMs;
    },
  };
}
