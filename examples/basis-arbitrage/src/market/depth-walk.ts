/** What an order would fetch from one side of a book: exact notional, and the average price that follows from it. */
import type { BookSide } from "./book-side.ts";
import { divideDown, divideUp } from "./fixed-point.ts";
import type { Side } from "./market.ts";

/** One level an order takes from, both numbers times 1e8. */
export interface WalkStep {
  readonly price: bigint;
  readonly size: bigint;
}

/** The result of walking a book. `filled` is below the quantity asked for when the side ran out or the limit was reached. */
export interface DepthWalk {
  /** Quantity that could be taken, times 1e8. */
  readonly filled: bigint;
  /** Sum of price times size, times 1e16: exact. */
  readonly notional: bigint;
  /** `notional / filled`, times 1e8, rounded against the taker (up for a buy, down for a sell); `undefined` when nothing filled. */
  readonly averagePrice: bigint | undefined;
  /** Price of the last level touched, times 1e8; `undefined` when nothing filled. */
  readonly worstPrice: bigint | undefined;
  /** True when the whole quantity was there. */
  readonly complete: boolean;
  /** The levels taken from, best first. */
  readonly steps: readonly WalkStep[];
}

/** Walks from the best level on, up to `quantity` (times 1e8) and no further than `limitPrice` (times 1e8) if one is given. */
export function walkSide(side: BookSide | undefined, taker: Side, quantity: bigint, limitPrice?: bigint): DepthWalk {
  const steps: WalkStep[] = [];
  let filled = 0n;
  let notional = 0n;
  for (let rank = 0; side !== undefined && filled < quantity; rank++) {
    const level = side.at(rank);
    if (level === undefined || isBeyond(level[0], taker, limitPrice)) break;
    const [price, available] = level;
    let size = quantity - filled;
    if (size > available) size = available;
    filled += size;
    notional += price * size;
    steps.push({ price, size });
  }
  const averagePrice = filled === 0n ? undefined : (taker === "buy" ? divideUp : divideDown)(notional, filled);
  return {
    filled,
    notional,
    averagePrice,
    worstPrice: steps.at(-1)?.price,
    complete: filled === quantity,
    steps,
  };
}

function isBeyond(price: bigint, taker: Side, limitPrice: bigint | undefined): boolean {
  if (limitPrice === undefined) return false;
  return taker === "buy" ? price > limitPrice : price < limitPrice;
}
