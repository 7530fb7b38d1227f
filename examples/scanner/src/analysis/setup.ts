// Setups: shapes that the last candles have drawn, as chart readers name them, and the price that would prove them wrong.
import type { Candle } from "../market/candle-series.ts";
import { extremesOf } from "./indicators.ts";
import type { MarketLook } from "./market-look.ts";

/** The names on the record. */
export type SetupType = "OB_FVG_Confluence" | "Order_Block" | "Fair_Value_Gap" | "Breakout" | "Trend_Continuation";

/** A setup for a rise. */
export interface Setup {
  readonly type: SetupType;
  /** Below this price, times 1e8, the setup has failed. */
  readonly invalidation: bigint;
  /** What it adds to the confluence, in hundredths of a point, 0 to 10,000. */
  readonly strength: number;
}

const STRENGTHS: Readonly<Record<SetupType, number>> = {
  OB_FVG_Confluence: 10_000,
  Order_Block: 8_000,
  Fair_Value_Gap: 7_000,
  Breakout: 6_000,
  Trend_Continuation: 0,
};
/** Setups older than this many candles have been acted on by others. */
const LOOKBACK_CANDLES = 12;
/** Candles that a rise out of an order block may take. */
const IMPULSE_CANDLES = 3;
/** Candles whose low a rise must not fall below where there is no better place. */
const SWING_CANDLES = 5;

/** The strongest setup for a rise that the market has not proved wrong; `range` is the usual range of a candle, times 1e8. */
export function findSetup({ candles, bid }: MarketLook, range: bigint): Setup {
  const recent = candles.slice(-LOOKBACK_CANDLES);
  const holds = (price: bigint | undefined): price is bigint => price !== undefined && price < bid;
  const block = findOrderBlock(recent, range);
  const gap = findFairValueGap(recent);
  if (holds(block) && holds(gap)) return setupOf("OB_FVG_Confluence", lowerOf(block, gap));
  if (holds(block)) return setupOf("Order_Block", block);
  if (holds(gap)) return setupOf("Fair_Value_Gap", gap);
  const swing = extremesOf(candles.slice(-SWING_CANDLES)).lowest;
  return setupOf(isBreakout(candles) ? "Breakout" : "Trend_Continuation", swing);
}

/**
 * Order block: the last falling candle before a rise that, within three candles, closed a usual range above its high. Whoever
 * sold in it was overrun. Returns its low, unless a later candle has gone below it.
 */
export function findOrderBlock(candles: readonly Candle[], range: bigint): bigint | undefined {
  for (let at = candles.length - 2; at >= 0; at--) {
    const { open, high, low, close } = candles[at] as Candle;
    if (close >= open) continue;
    const after = candles.slice(at + 1);
    const isOverrun = after.slice(0, IMPULSE_CANDLES).some((candle) => candle.close >= high + range);
    if (isOverrun) return extremesOf(after).lowest >= low ? low : undefined;
  }
  return undefined;
}

/**
 * Fair value gap: three candles in a row of which the third stays above the first, so that between them price moved too fast to
 * trade both ways. Returns the gap's lower end, the first one's high, of the latest gap that no later candle has filled.
 */
export function findFairValueGap(candles: readonly Candle[]): bigint | undefined {
  for (let at = candles.length - 1; at >= 2; at--) {
    const { high } = candles[at - 2] as Candle;
    if (extremesOf(candles.slice(at)).lowest > high) return high;
  }
  return undefined;
}

/** Breakout: the last candle closed above every price of the ones before it. */
export function isBreakout(candles: readonly Candle[]): boolean {
  const before = candles.slice(0, -1);
  const last = candles.at(-1);
  return last !== undefined && before.length > 0 && last.close > extremesOf(before).highest;
}

function lowerOf(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

function setupOf(type: SetupType, invalidation: bigint): Setup {
  return { type, invalidation, strength: STRENGTHS[type] };
}
