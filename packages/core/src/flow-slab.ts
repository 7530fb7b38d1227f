// The numbers of running flows: typed arrays, used again and again, so that a tick leaves next to nothing behind.

/** How many marks one flow can hold; later ones are counted and left out. */
export const MAX_MARKS = 30;

/** Times per flow: the start, the marks, the end. */
const STRIDE = MAX_MARKS + 2;
const FIRST_CAPACITY = 256;

/** Storage for at most `limit` flows at once. A flow owns the slot that `take` gave it until `release`. */
export class FlowSlab {
  times = new Float64Array(FIRST_CAPACITY * STRIDE);
  stages = new Uint8Array(FIRST_CAPACITY * STRIDE);
  #free = new Int32Array(FIRST_CAPACITY);
  #freeCount = 0;
  #capacity = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
    this.#grow(Math.min(FIRST_CAPACITY, limit));
  }

  /** A free slot, or -1 when `limit` flows are in the air. Doubling the arrays costs one copy each time, at most nine times. */
  take(): number {
    if (this.#freeCount === 0) {
      if (this.#capacity >= this.#limit) return -1;
      this.#grow(Math.min(this.#capacity * 2, this.#limit));
    }
    return this.#free[--this.#freeCount]!;
  }

  release(slot: number): void {
    this.#free[this.#freeCount++] = slot;
  }

  get inUse(): number {
    return this.#capacity - this.#freeCount;
  }

  /** Index of the start time of a slot; mark i is at `+ 1 + i`. */
  timeBase(slot: number): number {
    return slot * STRIDE;
  }

  #grow(capacity: number): void {
    const before = this.#capacity;
    if (capacity > FIRST_CAPACITY) {
      const times = new Float64Array(capacity * STRIDE);
      times.set(this.times);
      this.times = times;
      const stages = new Uint8Array(capacity * STRIDE);
      stages.set(this.stages);
      this.stages = stages;
      const free = new Int32Array(capacity);
      free.set(this.#free);
      this.#free = free;
    }
    this.#capacity = capacity;
    for (let slot = capacity - 1; slot >= before; slot--) this.#free[this.#freeCount++] = slot;
  }
}
