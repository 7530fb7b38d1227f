/** A signal: one basis trade the strategy would make now, with the prices it rests on. Two legs, one on each market. */
import { divideDown, divideUp, formatFixed } from "../market/fixed-point.ts";
import type { Market, Side } from "../market/market.ts";
import { formatBps } from "./basis-points.ts";

/** Which market is sold and which bought. */
export type Direction = "sell_spot_buy_perp" | "buy_spot_sell_perp";

/** One side of a basis trade. Prices and sizes times 1e8, notional times 1e16. */
export interface SignalLeg {
  readonly market: Market;
  readonly side: Side;
  /** The best price, and the size there. */
  readonly bestPrice: bigint;
  readonly bestSize: bigint;
  /** Price of the last level the quantity reaches. */
  readonly worstPrice: bigint;
  /** What the whole quantity costs or brings, by walking the book: exact. */
  readonly notional: bigint;
}

/** A trade the strategy would make. Basis points times 1e4; made by `BasisStrategy.check`. */
export interface Signal {
  readonly direction: Direction;
  /** `close` takes back what an earlier trade in the other direction opened. */
  readonly purpose: "open" | "close";
  /** Times 1e8, the same on both legs. */
  readonly quantity: bigint;
  readonly spot: SignalLeg;
  readonly perp: SignalLeg;
  /** `(price sold - price bought) / price bought` at the best prices, rounded down. */
  readonly premium: bigint;
  /** What of the premium is usual, in this direction. */
  readonly fairPremium: bigint;
  /** `premium - fair premium`: what the basis returning to its usual value would earn, before costs. */
  readonly gross: bigint;
  /** What walking the books costs against the best prices; `gross - slippage` is exact for the quantity, rounded down. */
  readonly slippage: bigint;
  /** 0 to 100: 50 when the edge is as large as the basis usually deviates, towards 100 the rarer it is. */
  readonly confidence: number;
}

/** A signal for people and records: decimal strings, basis points with four places. */
export interface SignalReport {
  readonly direction: Direction;
  readonly purpose: "open" | "close";
  readonly quantity: string;
  /** Average over the quantity, rounded against the trader. */
  readonly spotPrice: string;
  readonly perpPrice: string;
  readonly premiumBps: string;
  readonly fairPremiumBps: string;
  readonly grossBps: string;
  readonly slippageBps: string;
  readonly confidence: number;
}

/** Writes a signal out; costs about two microseconds. */
export function toSignalReport(signal: Signal): SignalReport {
  return {
    direction: signal.direction,
    purpose: signal.purpose,
    quantity: formatFixed(signal.quantity),
    spotPrice: formatFixed(averagePrice(signal.spot, signal.quantity)),
    perpPrice: formatFixed(averagePrice(signal.perp, signal.quantity)),
    premiumBps: formatBps(signal.premium),
    fairPremiumBps: formatBps(signal.fairPremium),
    grossBps: formatBps(signal.gross),
    slippageBps: formatBps(signal.slippage),
    confidence: signal.confidence,
  };
}

/** The average price of a leg, times 1e8: rounded up for a buy, down for a sell. */
function averagePrice(leg: SignalLeg, quantity: bigint): bigint {
  return (leg.side === "buy" ? divideUp : divideDown)(leg.notional, quantity);
}
