// Frames of the spot market for tests, in whole quote units.
import type { DepthSnapshot } from "@tracebook-examples/basis-arbitrage/market";
import type { UsableFrame } from "../market/symbol-watch.ts";

type Plain = readonly (readonly [price: number, size: number])[];

const ONE = 100_000_000n;
const HEAD = { market: "spot", symbol: "BTCUSDT", eventTimeMs: 1, transactionTimeMs: undefined } as const;

/** A depth update that follows the one of the id before. */
export function depthFrame(updateId: number, bids: Plain = [], asks: Plain = []): UsableFrame {
  const ids = { firstUpdateId: updateId, finalUpdateId: updateId, previousFinalUpdateId: undefined };
  const stream = "btcusdt@depth@100ms";
  return { ...HEAD, ...ids, kind: "depth", stream, bids: levelsOf(bids), asks: levelsOf(asks) };
}

/** The best prices, one of each. */
export function quoteFrame(updateId: number, bid: number, ask: number): UsableFrame {
  const sizes = { bidSize: ONE, askSize: ONE };
  const prices = { bidPrice: times(bid), askPrice: times(ask) };
  return { ...HEAD, ...prices, ...sizes, kind: "bookTicker", stream: "btcusdt@bookTicker", updateId };
}

/** A trade, by a buyer who crossed the spread or by a seller. */
export function tradeFrame(price: number, size: number, isBuy: boolean): UsableFrame {
  const trade = { tradeId: 1, price: times(price), size: times(size), buyerIsMaker: !isBuy };
  return { ...HEAD, ...trade, kind: "trade", stream: "btcusdt@trade" };
}

/** A book as of an update id. */
export function snapshotOf(lastUpdateId: number, bids: Plain, asks: Plain): DepthSnapshot {
  return { lastUpdateId, bids: levelsOf(bids), asks: levelsOf(asks) };
}

function levelsOf(plain: Plain): readonly (readonly [bigint, bigint])[] {
  return plain.map(([price, size]) => [times(price), times(size)]);
}

function times(value: number): bigint {
  return BigInt(value) * ONE;
}
