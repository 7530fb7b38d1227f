// Bytes of requests that may be in memory at a time, of all of them together.

/** From here on a request is a large one. */
const LARGE_BYTES = 262_144;

/** A budget of bytes, a part of which large requests leave to the others: a few giants must not turn away everybody else. */
export class ByteBudget {
  readonly #most: number;
  readonly #reserved: number;
  #used = 0;

  /** `most` bytes in all, of which large requests leave `reserved`. */
  constructor(most: number, reserved: number) {
    this.#most = most;
    this.#reserved = reserved;
  }

  /** Whether there is room for a request of so many bytes now. */
  has(bytes: number): boolean {
    return this.#fits(bytes, bytes);
  }

  /** Takes `bytes` for a request that holds `held` already; false: there is no room for them. */
  take(bytes: number, held: number): boolean {
    if (!this.#fits(bytes, held + bytes)) return false;
    this.#used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }

  get used(): number {
    return this.#used;
  }

  #fits(bytes: number, whole: number): boolean {
    return this.#used + bytes <= (whole > LARGE_BYTES ? this.#most - this.#reserved : this.#most);
  }
}

/** What one request has taken of a budget. */
export class BudgetShare {
  readonly #budget: ByteBudget;
  #held = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** Takes so many more; false: there is no room for them. */
  take(bytes: number): boolean {
    if (!this.#budget.take(bytes, this.#held)) return false;
    this.#held += bytes;
    return true;
  }

  /** Gives all of it back. */
  release(): void {
    this.#budget.give(this.#held);
    this.#held = 0;
  }
}
