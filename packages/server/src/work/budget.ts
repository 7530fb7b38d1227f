// How long a question may be worked on.

/** A time budget that ends early when nobody waits any more. */
export interface Budget {
  /** Throws when nobody waits any more. True: the time is used up, and what there is has to do. */
  isSpent(): boolean;
}

/** Begins a budget of so many milliseconds. */
export function createBudget(
  signal: AbortSignal,
  budgetMs: number,
  nowMs: () => number = () => performance.now(),
): Budget {
  const endMs = nowMs() + budgetMs;
  return {
    isSpent() {
      signal.throwIfAborted();
      return nowMs() > endMs;
    },
  };
}
