// A queue of records: a ring that grows, so that steady work allocates nothing.
import type { EventRecord } from "@tracebook/core/extension";

const FIRST_CAPACITY = 256;

/** First in, first out. Taking and adding are a few instructions; doubling copies the references once. */
export class RecordRing {
  #items: (EventRecord | undefined)[] = new Array(FIRST_CAPACITY).fill(undefined);
  #mask = FIRST_CAPACITY - 1;
  #head = 0;
  size = 0;

  push(record: EventRecord): void {
    if (this.size > this.#mask) this.#grow();
    this.#items[(this.#head + this.size) & this.#mask] = record;
    this.size++;
  }

  /** Puts a record back in front of all others. */
  unshift(record: EventRecord): void {
    if (this.size > this.#mask) this.#grow();
    this.#head = (this.#head - 1) & this.#mask;
    this.#items[this.#head] = record;
    this.size++;
  }

  /** The `seq` of the oldest record; Infinity when the ring is empty. */
  headSeq(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#items[this.#head]!.seq;
  }

  /** Takes the oldest record. The ring must not be empty. */
  shift(): EventRecord {
    const record = this.#items[this.#head]!;
    // Let go of the payload: a ring that wraps once an hour would keep an hour of garbage alive.
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.size--;
    return record;
  }

  #grow(): void {
    const capacity = (this.#mask + 1) * 2;
    const items: (EventRecord | undefined)[] = new Array(capacity).fill(undefined);
    for (let i = 0; i < this.size; i++) items[i] = this.#items[(this.#head + i) & this.#mask];
    this.#items = items;
    this.#mask = capacity - 1;
    this.#head = 0;
  }
}
