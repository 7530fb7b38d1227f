/** What an order gets from the exchange's own book. */

import type { DepthWalk, WalkStep } from "../market/depth-walk.ts";
import { feeOn } from "../market/fee-schedule.ts";
import { FIXED_ONE } from "../market/fixed-point.ts";
import type { OrderBook } from "../market/order-book.ts";
import type { ExecutionTotals } from "./paper-account.ts";
import type { PaperOrder } from "./paper-order.ts";

/** One fill, amounts times 1e8. */
export interface Fill extends WalkStep {
  readonly commission: bigint;
  readonly tradeId: number;
}

/** What became of an order. */
export interface Execution {
  readonly fills: readonly Fill[];
  readonly totals: ExecutionTotals;
  /** `EXPIRED` when any part found no match: nothing rests on this exchange. */
  readonly status: "FILLED" | "EXPIRED";
}

/** What the exchange calls an order, and when it matched it. */
export interface OrderIds {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly transactTimeMs: number;
}

/**
 * Matches an order against a book without changing it. `ahead` (times 1e8) is how much of the best levels somebody
 * quicker takes first. A `FOK` order that cannot be filled whole gets nothing.
 */
export function execute(
  order: PaperOrder,
  book: OrderBook,
  ahead: bigint,
  feeBps: bigint,
  nextTradeId: () => number,
): Execution {
  const walk: DepthWalk = book.walk(order.side, order.quantity + ahead, order.limitPrice);
  let steps = withoutFirst(walk.steps, ahead);
  if (order.timeInForce === "FOK" && sum(steps, ({ size }) => size) < order.quantity) steps = [];
  const { market, base, quote } = order.rules;
  // Spot takes its fee from what is received; USD-M always in the quote asset.
  const inBase = market === "spot" && order.side === "buy";
  const fills = steps.map(({ price, size }) => {
    const received = inBase ? size : (price * size) / FIXED_ONE;
    return { price, size, commission: feeOn(received, feeBps), tradeId: nextTradeId() };
  });
  const totals: ExecutionTotals = {
    quantity: sum(fills, ({ size }) => size),
    notional: sum(fills, ({ price, size }) => price * size),
    commission: sum(fills, ({ commission }) => commission),
    commissionAsset: inBase ? base : quote,
  };
  return { fills, totals, status: totals.quantity === order.quantity ? "FILLED" : "EXPIRED" };
}

/** Drops the first `ahead` of what the steps add up to. */
function withoutFirst(steps: readonly WalkStep[], ahead: bigint): readonly WalkStep[] {
  let left = ahead;
  return steps.flatMap(({ price, size }) => {
    if (left >= size) {
      left -= size;
      return [];
    }
    const kept = size - left;
    left = 0n;
    return [{ price, size: kept }];
  });
}

function sum<T>(items: readonly T[], amount: (item: T) => bigint): bigint {
  return items.reduce((total, item) => total + amount(item), 0n);
}
