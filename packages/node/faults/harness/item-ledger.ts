// What has arrived, number by number: how much of what was made is here, how much of it twice, and how much out of order.
import type { OtlpItem } from "./otlp-items.ts";

/** What has arrived of one kind of one run. */
export interface KindArrivals {
  /** Different numbers. */
  readonly distinct: number;
  /** Arrivals of a number that was there already. */
  readonly duplicates: number;
  /** First arrivals after one with a greater number. */
  readonly outOfOrder: number;
  /** The greatest number, and one more; 0 when nothing came. */
  readonly upTo: number;
}

/** By run and kind. */
export type Arrivals = Readonly<Record<number, Readonly<Record<string, KindArrivals>>>>;

/** Counts items. Memory: a byte for each number of each kind. */
export class ItemLedger {
  /** Items in all, and those whose end lay before their start. */
  items = 0;
  negative = 0;
  readonly #runs = new Map<number, Map<string, KindCount>>();

  take({ run, kind, number, isNegative }: OtlpItem): void {
    this.items++;
    if (isNegative) this.negative++;
    const kinds = this.#runs.get(run) ?? new Map<string, KindCount>();
    this.#runs.set(run, kinds);
    const count = kinds.get(kind) ?? new KindCount();
    kinds.set(kind, count);
    count.take(number);
  }

  arrivals(): Arrivals {
    return Object.fromEntries([...this.#runs].map(([run, kinds]) => [run, Object.fromEntries(kinds)]));
  }
}

/** Numbers that are not ours (spans of an instrumentation, say) are not looked at one by one. */
const MAX_NUMBER = 20_000_000;

class KindCount implements KindArrivals {
  distinct = 0;
  duplicates = 0;
  outOfOrder = 0;
  upTo = 0;
  #seen = new Uint8Array(4_096);

  take(number: number): void {
    if (number >= MAX_NUMBER) {
      this.upTo = number + 1;
      return;
    }
    if (number >= this.#seen.length) this.#grow(number + 1);
    if (this.#seen[number] !== 0) {
      this.duplicates++;
      return;
    }
    this.#seen[number] = 1;
    this.distinct++;
    if (number < this.upTo) this.outOfOrder++;
    this.upTo = Math.max(this.upTo, number + 1);
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#seen.length * 2));
    larger.set(this.#seen);
    this.#seen = larger;
  }
}
