// A clock that tests move by hand.
import type { FeedClock } from "./feed-clock.ts";

/** The clock, and what moves it. */
export interface TestClock extends FeedClock {
  /** Goes on, and runs what is due on the way, in order. */
  advance(ms: number): void;
}

/** Begins at a moment in milliseconds since 1970. */
export function createTestClock(nowMs = Date.UTC(2026, 10, 20, 13)): TestClock {
  let now = nowMs;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    nowMs: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((each) => each !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}
