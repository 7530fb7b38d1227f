/** One side of an order book: levels sorted by price, the best one last, so that the busy end is the cheap one to change. */
import type { Level } from "./market.ts";

/** The levels of one side. Made by `createBookSide`. */
export interface BookSide {
  /** How many levels rest here. */
  readonly size: number;
  /** Sets the absolute size at a price; 0 removes the level, and removing one that is not there changes nothing. */
  set(price: bigint, size: bigint): void;
  /** The level `rank` places from the best one (0 is the best); `undefined` past the end. */
  at(rank: number): Level | undefined;
  /** Removes every level. */
  clear(): void;
}

/** An empty side: `bids` are best at the highest price, `asks` at the lowest. A change costs one binary search and one splice. */
export function createBookSide(side: "bids" | "asks"): BookSide {
  return new SortedSide(side === "bids");
}

class SortedSide implements BookSide {
  readonly #ascending: boolean;
  readonly #prices: bigint[] = [];
  readonly #sizes: bigint[] = [];

  constructor(ascending: boolean) {
    this.#ascending = ascending;
  }

  get size(): number {
    return this.#prices.length;
  }

  set(price: bigint, size: bigint): void {
    const index = this.#find(price);
    const found = this.#prices[index] === price;
    if (size === 0n) {
      if (!found) return;
      this.#prices.splice(index, 1);
      this.#sizes.splice(index, 1);
    } else if (found) {
      this.#sizes[index] = size;
    } else {
      this.#prices.splice(index, 0, price);
      this.#sizes.splice(index, 0, size);
    }
  }

  at(rank: number): Level | undefined {
    const index = this.#prices.length - 1 - rank;
    const price = this.#prices[index];
    const size = this.#sizes[index];
    return price === undefined || size === undefined ? undefined : [price, size];
  }

  clear(): void {
    this.#prices.length = 0;
    this.#sizes.length = 0;
  }

  /** Where the price is, or where it belongs. */
  #find(price: bigint): number {
    const prices = this.#prices;
    let low = 0;
    let high = prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = prices[middle] as bigint;
      if (this.#ascending ? candidate < price : candidate > price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
