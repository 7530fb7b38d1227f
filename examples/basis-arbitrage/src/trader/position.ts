/**
 * One signed position at average cost, exact: what a closed part cost is cut to 1e-16 of the quote asset, and the rest stays with
 * the part still open, so that nothing is ever lost or made.
 */
import { divideDown, divideUp } from "../market/fixed-point.ts";
import type { Side } from "../market/market.ts";

/** A position being traded. Amounts of money times 1e16, quantities and prices times 1e8. Made by `createPosition`. */
export interface Position {
  /** Positive when long, negative when short. */
  readonly quantity: bigint;
  /** What the open quantity cost: positive when long (paid), negative when short (received). */
  readonly cost: bigint;
  /** Profit of what was closed, without commissions. */
  readonly realisedPnl: bigint;
  /** `|cost / quantity|`, rounded down; `undefined` when flat. */
  readonly averagePrice: bigint | undefined;
  /** Trades a positive quantity at a price; what goes against the position closes it first. */
  trade(side: Side, quantity: bigint, price: bigint): void;
  /** Worth at a price less cost. */
  unrealisedPnl(price: bigint): bigint;
}

/** A flat position. */
export function createPosition(): Position {
  return new AverageCostPosition();
}

class AverageCostPosition implements Position {
  quantity = 0n;
  cost = 0n;
  realisedPnl = 0n;

  get averagePrice(): bigint | undefined {
    return this.quantity === 0n ? undefined : divideDown(this.cost * sign(this.quantity), absolute(this.quantity));
  }

  trade(side: Side, quantity: bigint, price: bigint): void {
    const change = side === "buy" ? quantity : -quantity;
    const isClosing = sign(this.quantity) === -sign(change);
    const closing = isClosing ? smaller(quantity, absolute(this.quantity)) : 0n;
    if (closing > 0n) this.#close(closing, price);
    const opened = quantity - closing;
    this.quantity += side === "buy" ? opened : -opened;
    this.cost += (side === "buy" ? opened : -opened) * price;
  }

  unrealisedPnl(price: bigint): bigint {
    return this.quantity * price - this.cost;
  }

  #close(quantity: bigint, price: bigint): void {
    const open = absolute(this.quantity);
    // Cut so that the part closed never looks better than it was.
    const share = quantity === open ? this.cost : divideUp(this.cost * quantity, open);
    const signed = this.quantity > 0n ? quantity : -quantity;
    this.realisedPnl += signed * price - share;
    this.quantity -= signed;
    this.cost -= share;
  }
}

function sign(value: bigint): bigint {
  if (value === 0n) return 0n;
  return value > 0n ? 1n : -1n;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
