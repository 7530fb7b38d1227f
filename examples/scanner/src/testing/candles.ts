// Candles and markets for tests, written in whole numbers, and any market for properties.
import fc from "fast-check";
import type { MarketLook } from "../analysis/market-look.ts";
import type { Candle } from "../market/candle-series.ts";

/** `[open, high, low, close]`, and volumes where they matter. */
export type PlainCandle = readonly [
  open: number,
  high: number,
  low: number,
  close: number,
  buys?: number,
  sells?: number,
];

/** Candles of whole numbers, the oldest first. */
export function candlesOf(...plain: readonly PlainCandle[]): readonly Candle[] {
  return plain.map(([open, high, low, close, buys = 0, sells = 0]) => ({
    open: BigInt(open),
    high: BigInt(high),
    low: BigInt(low),
    close: BigInt(close),
    buys: BigInt(buys),
    sells: BigInt(sells),
  }));
}

/** Candles that opened where the one before closed, and went straight from there to each of these prices. */
export function straightTo(...closes: readonly number[]): readonly Candle[] {
  return candlesOf(
    ...closes.map((close, at): PlainCandle => {
      const open = closes[at - 1] ?? close;
      return [open, Math.max(open, close), Math.min(open, close), close];
    }),
  );
}

/** A market with a spread of 1 around the last close and the same value on both sides, unless told otherwise. */
export function lookAt(candles: readonly Candle[], other: Partial<MarketLook> = {}): MarketLook {
  const bid = candles.at(-1)?.close ?? 1n;
  return { candles, bid, ask: bid + 1n, bidDepth: 1_000n, askDepth: 1_000n, ...other };
}

const price = fc.bigInt({ min: 1_000n, max: 10n ** 14n });
const size = fc.bigInt({ min: 0n, max: 10n ** 16n });

const anyCandle = fc
  .record({ prices: fc.array(price, { minLength: 4, maxLength: 4 }), buys: size, sells: size })
  .map(({ prices, buys, sells }): Candle => {
    const [low, open, close, high] = prices.toSorted((a, b) => Number(a - b)) as [bigint, bigint, bigint, bigint];
    return { open, high, low, close, buys, sells };
  });

/** Any market with one to thirty candles; falling candles come about by the mirror. */
export const anyLook = fc
  .record({
    candles: fc.array(anyCandle, { minLength: 1, maxLength: 30 }),
    falling: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
    bid: price,
    spread: fc.bigInt({ min: 1n, max: 10n ** 10n }),
    bidDepth: size,
    askDepth: size,
  })
  .map(({ candles, falling, bid, spread, bidDepth, askDepth }): MarketLook => {
    const both = candles.map((candle, at) =>
      falling[at] === true ? { ...candle, open: candle.close, close: candle.open } : candle,
    );
    return { candles: both, bid, ask: bid + spread, bidDepth, askDepth };
  });
