// Time and timers as a feed needs them, so that its tests have their own.

/** A clock with timers. */
export interface FeedClock {
  nowMs(): number;
  /** Runs something once, later. Returns what calls it off. */
  after(ms: number, run: () => void): () => void;
}

/** The browser's. */
export const browserClock: FeedClock = Object.freeze({
  nowMs: () => Date.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});
