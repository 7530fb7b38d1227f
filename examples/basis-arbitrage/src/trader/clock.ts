/** The clocks and timers the trader is built on, injected everywhere so that tests and replays own the time. */

/** Two readings of time: durations come from `monotonicMs` only, since a wall clock steps. */
export interface TraderClock {
  /** Milliseconds since an arbitrary start, with fractions; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01 UTC, with fractions where the platform has them; may step either way. */
  epochMs(): number;
}

/** Runs `callback` once after `delayMs`; the returned function cancels it. */
export type StartTimer = (callback: () => void, delayMs: number) => () => void;

/** The machine's clocks. */
export const systemClock: TraderClock = {
  monotonicMs: () => performance.now(),
  epochMs: () => performance.timeOrigin + performance.now(),
};

/** `setTimeout` as a `StartTimer`: a waiting timer keeps the process alive, as a bot that waits to reconnect must. */
export const startSystemTimer: StartTimer = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};

/** Resolves after `delayMs` of the given timer. */
export function pause(startTimer: StartTimer, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    startTimer(resolve, delayMs);
  });
}

/** The delay before attempt `attempt` (0 is the first): doubles from `firstMs`, never more than `maxMs`. */
export function backoffMs(attempt: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));
}
