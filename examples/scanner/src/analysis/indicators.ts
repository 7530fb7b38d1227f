// Indicators on candles and books, each a number that says how much speaks for a rise. Integer arithmetic, the same everywhere.
import type { Candle } from "../market/candle-series.ts";
import type { MarketLook } from "./market-look.ts";

/**
 * How much speaks for a rise, in hundredths of a point: 0 (nothing, all for a fall), 5,000 (neither), 10,000 (all).
 * Of a market and its mirror: lean + lean in the mirror = 10,000, exactly.
 */
export type Lean = number;

/** The ends and the middle of a lean. */
export const FULL_LEAN: Lean = 10_000;
export const NO_LEAN: Lean = 5_000;

/** Candles that the averages, the momentum and the flow of trades are taken over. */
const FAST_CANDLES = 4;
const SLOW_CANDLES = 12;
const MOMENTUM_CANDLES = 6;

/**
 * The usual distance between the highest and the lowest price of a candle: the measure of every other distance. Never below the
 * spread, since a move within it is none, nor below the smallest price there is.
 */
export function usualRange({ candles, bid, ask }: MarketLook): bigint {
  const recent = candles.slice(-SLOW_CANDLES);
  const average = sumOf(recent, ({ high, low }) => high - low) / BigInt(recent.length);
  const spread = ask - bid;
  return [average, spread, 1n].reduce((most, value) => (value > most ? value : most));
}

/** Trend: the average close of the last 4 candles above that of the last 12; one usual range above it is all. */
export function trendLean(candles: readonly Candle[], range: bigint): Lean {
  const [fast, slow] = [candles.slice(-FAST_CANDLES), candles.slice(-SLOW_CANDLES)];
  const [fastCount, slowCount] = [BigInt(fast.length), BigInt(slow.length)];
  // fast/fastCount - slow/slowCount, both sides times both counts, so that nothing is rounded before the end.
  const above = sumOf(fast, closeOf) * slowCount - sumOf(slow, closeOf) * fastCount;
  return leanOf(above, range * fastCount * slowCount);
}

/** Momentum: how far the price has come within 6 candles; two usual ranges are all. */
export function momentumLean(candles: readonly Candle[], range: bigint): Lean {
  const recent = candles.slice(-MOMENTUM_CANDLES - 1);
  return leanOf(closeOf(lastOf(recent)) - closeOf(recent[0] as Candle), range * 2n);
}

/** Room: where the price stands between the lowest and the highest of all candles; at the lowest there is all the room. */
export function roomLean(candles: readonly Candle[]): Lean {
  const { highest, lowest } = extremesOf(candles);
  const close = closeOf(lastOf(candles));
  return leanOf(highest + lowest - 2n * close, highest - lowest);
}

/** Book: the share of the value resting near the best prices that would buy. */
export function bookLean({ bidDepth, askDepth }: MarketLook): Lean {
  return leanOf(bidDepth - askDepth, bidDepth + askDepth);
}

/** Flow: the share of the volume of the last 12 candles in which buyers crossed the spread. */
export function flowLean(candles: readonly Candle[]): Lean {
  const recent = candles.slice(-SLOW_CANDLES);
  const [bought, sold] = [sumOf(recent, ({ buys }) => buys), sumOf(recent, ({ sells }) => sells)];
  return leanOf(bought - sold, bought + sold);
}

/** The highest and the lowest price of the candles, at least one. */
export function extremesOf(candles: readonly Candle[]): { readonly highest: bigint; readonly lowest: bigint } {
  let { high: highest, low: lowest } = candles[0] as Candle;
  for (const { high, low } of candles) {
    if (high > highest) highest = high;
    if (low < lowest) lowest = low;
  }
  return { highest, lowest };
}

/** A part of a whole, from minus the whole (0) to the whole (10,000); of nothing, neither. Truncates, so that the mirror is exact. */
export function leanOf(part: bigint, whole: bigint): Lean {
  if (whole <= 0n) return NO_LEAN;
  const lean = Number((part * BigInt(NO_LEAN)) / whole);
  return NO_LEAN + Math.min(Math.max(lean, -NO_LEAN), NO_LEAN);
}

function sumOf(candles: readonly Candle[], read: (candle: Candle) => bigint): bigint {
  return candles.reduce((sum, candle) => sum + read(candle), 0n);
}

function closeOf({ close }: Candle): bigint {
  return close;
}

function lastOf(candles: readonly Candle[]): Candle {
  return candles[candles.length - 1] as Candle;
}
