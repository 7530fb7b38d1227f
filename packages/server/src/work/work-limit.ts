// How many heavy questions are answered at a time: the rest waits a little, and is sent away before it piles up.
import { ProblemError } from "../http/problem.ts";

/** The bounds. */
export interface WorkBounds {
  /** Questions that are answered at a time. */
  readonly running: number;
  /** Questions that wait for one of those to end. */
  readonly waiting: number;
  /** How long they wait, in milliseconds. */
  readonly patienceMs: number;
}

const RETRY_SECONDS = 2;

/** Lets so many work at a time. */
export class WorkLimit {
  readonly #bounds: WorkBounds;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(bounds: WorkBounds) {
    this.#bounds = bounds;
  }

  /** Does the work when it is its turn. Rejects with `too_many_questions`, and with the signal's reason when it aborts while waiting. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const leave = await this.enter(signal);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Takes a place, for work that does not end with a promise; the function that it resolves with gives it back, and may be called again. */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#running < this.#bounds.running) this.#running++;
    else await this.#turn(signal);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      // The place goes on to the next: nobody else can take it in between.
      const next = this.#queue.shift();
      if (next === undefined) this.#running--;
      else next();
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    const { waiting, patienceMs } = this.#bounds;
    if (this.#queue.length >= waiting) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", give);
        const place = this.#queue.indexOf(take);
        if (place >= 0) this.#queue.splice(place, 1);
        end();
      };
      const take = () => settle(resolve);
      const give = () => settle(() => reject(signal.reason));
      const timer = setTimeout(() => settle(() => reject(tooMany())), patienceMs);
      timer.unref();
      signal.addEventListener("abort", give, { once: true });
      this.#queue.push(take);
    });
  }
}

function tooMany(): ProblemError {
  return new ProblemError(
    "too_many_questions",
    "Too many questions of this kind are being answered. Ask again in a moment.",
    {
      retryAfterSeconds: RETRY_SECONDS,
    },
  );
}
