// When a lane tries again: by monotonic time, sooner than people lose patience, later than a receiver asks for.

/** A new try waits this long after a failed one began, doubled at each further failure: at the end of an outage, seconds count. */
export const FIRST_BACKOFF_MS = 1_000;
const LAST_BACKOFF_MS = 5_000;
const JITTER = 0.2;

/** How a try failed. Times are monotonic milliseconds. */
export interface FailedTry {
  readonly startMs: number;
  readonly nowMs: number;
  /** What the receiver asks for, from now on. */
  readonly retryAfterMs: number | undefined;
  /** True when the request is not tried again. */
  readonly isFinal: boolean;
}

/** The patience of one lane. */
export class Backoff {
  /** Requests in a row that are to be tried again. */
  failures = 0;
  /** Monotonic time before which nothing is sent. */
  notBeforeMs = 0;
  readonly #random: () => number;
  /** Requests in a row that were refused for good. */
  #refusals = 0;
  /** True when the time is not for us to shorten. */
  #isFirm = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  succeeded(): void {
    this.failures = 0;
    this.notBeforeMs = 0;
    this.#refusals = 0;
    this.#isFirm = false;
  }

  failed({ startMs, nowMs, retryAfterMs, isFinal }: FailedTry): void {
    this.failures = isFinal ? 0 : this.failures + 1;
    this.#refusals = isFinal ? this.#refusals + 1 : 0;
    // One request that is refused for what is in it says nothing about the next; several in a row do: what waits is not thrown after them.
    const steps = Math.min(isFinal ? this.#refusals - 2 : this.failures - 1, 8);
    const spread = 1 + JITTER * (2 * this.#random() - 1);
    const backoffMs = steps < 0 ? 0 : Math.min(FIRST_BACKOFF_MS * 2 ** steps, LAST_BACKOFF_MS) * spread;
    this.#isFirm = retryAfterMs !== undefined;
    // Time spent waiting for an answer that did not come is waiting time already.
    this.notBeforeMs = Math.max(startMs + backoffMs, nowMs + (retryAfterMs ?? 0));
  }

  /** Something on our side stands in the way: nothing is sent until it may be gone. */
  pause(nowMs: number): void {
    this.notBeforeMs = nowMs + FIRST_BACKOFF_MS;
    this.#isFirm = true;
  }

  /** Whoever flushes wants to know now, unless the receiver itself has asked for patience. */
  hurry(): void {
    if (!this.#isFirm) this.notBeforeMs = 0;
  }
}
