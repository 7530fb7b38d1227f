// What went wrong a short time ago, and goes on by itself: said once in a while, and shown until it has not been heard of for some time.

const SHOWN_MS = 60_000;

/** The latest one. */
export class RecentProblem {
  readonly #tell: (line: string) => void;
  readonly #nowMs: () => number;
  #latest: string | undefined;
  #heardMs = 0;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(tell: (line: string) => void, nowMs: () => number) {
    this.#tell = tell;
    this.#nowMs = nowMs;
  }

  /** Hears of a problem; it is told no more than once a minute. */
  note(line: string): void {
    const now = this.#nowMs();
    this.#latest = line;
    this.#heardMs = now;
    if (Math.abs(now - this.#toldMs) < SHOWN_MS) return;
    this.#toldMs = now;
    this.#tell(line);
  }

  /** Undefined: nothing was wrong for a minute. */
  line(): string | undefined {
    return Math.abs(this.#nowMs() - this.#heardMs) < SHOWN_MS ? this.#latest : undefined;
  }
}
