/** Frames for tests, written as prices and sizes in plain decimals. */

import { parseFixed } from "../../market/fixed-point.ts";
import type { BookTickerFrame, DepthFrame } from "../../market/frame.ts";
import type { Level, Market } from "../../market/market.ts";
import type { DepthSnapshot } from "../../market/order-book.ts";

/** A price and a size. */
export type PlainLevel = readonly [price: string, size: string];

/** The exact value of a decimal, times 1e8. */
export function fixed(text: string): bigint {
  const value = parseFixed(text);
  if (value === undefined) throw new RangeError(`${text} is no decimal`);
  return value;
}

/** Levels times 1e8. */
export function levels(plain: readonly PlainLevel[]): Level[] {
  return plain.map(([price, size]) => [fixed(price), fixed(size)]);
}

/** A snapshot at an update id. */
export function snapshotAt(
  lastUpdateId: number,
  bids: readonly PlainLevel[],
  asks: readonly PlainLevel[],
): DepthSnapshot {
  return { lastUpdateId, bids: levels(bids), asks: levels(asks) };
}

/** A depth update of BTCUSDT; on USD-M `previous` is its `pu`. */
export function depthFrame(
  market: Market,
  ids: { readonly first: number; readonly final: number; readonly previous?: number },
  bids: readonly PlainLevel[] = [],
  asks: readonly PlainLevel[] = [],
  eventTimeMs = 1_700_000_000_000,
): DepthFrame {
  return {
    kind: "depth",
    market,
    symbol: "BTCUSDT",
    stream: "btcusdt@depth@100ms",
    eventTimeMs,
    transactionTimeMs: undefined,
    firstUpdateId: ids.first,
    finalUpdateId: ids.final,
    previousFinalUpdateId: ids.previous,
    bids: levels(bids),
    asks: levels(asks),
  };
}

/** A bookTicker of BTCUSDT. */
export function tickerFrame(
  market: Market,
  updateId: number,
  bid: PlainLevel,
  ask: PlainLevel,
  eventTimeMs?: number,
): BookTickerFrame {
  return {
    kind: "bookTicker",
    market,
    symbol: "BTCUSDT",
    stream: "btcusdt@bookTicker",
    eventTimeMs,
    transactionTimeMs: undefined,
    updateId,
    bidPrice: fixed(bid[0]),
    bidSize: fixed(bid[1]),
    askPrice: fixed(ask[0]),
    askSize: fixed(ask[1]),
  };
}
