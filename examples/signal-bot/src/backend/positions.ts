// What is held and at which price it last traded: what the risk check needs to know. Its own arithmetic, not telemetry's.
import { parseDecimal } from "../shared/decimal.ts";
import type { StoredFill } from "./database.ts";

/** The open quantities, by symbol. */
export interface Positions {
  /** Takes a fill in. One that is not fresh, from an earlier run, says nothing about the market. */
  apply(fill: StoredFill, isFresh?: boolean): void;
  /** Signed, in 10^-8; negative when short. */
  quantity(symbol: string): bigint;
  /** The price of the last fill in 10^-8; undefined when it is older than a few seconds. */
  freshPrice(symbol: string): bigint | undefined;
}

/** A price older than this says nothing about the market. */
const FRESH_MS = 10_000;

/** Makes an empty book. */
export function createPositions(nowMs: () => number = () => performance.now()): Positions {
  const held = new Map<string, bigint>();
  const last = new Map<string, { readonly price: bigint; readonly atMs: number }>();
  return {
    apply({ symbol, side, quantity, price }, isFresh = true) {
      const units = parseDecimal(quantity) ?? 0n;
      held.set(symbol, (held.get(symbol) ?? 0n) + (side === "BUY" ? units : -units));
      if (isFresh) last.set(symbol, { price: parseDecimal(price) ?? 0n, atMs: nowMs() });
    },
    quantity: (symbol) => held.get(symbol) ?? 0n,
    freshPrice(symbol) {
      const known = last.get(symbol);
      return known !== undefined && nowMs() - known.atMs <= FRESH_MS ? known.price : undefined;
    },
  };
}
