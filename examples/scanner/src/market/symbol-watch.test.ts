import type { DepthSnapshot } from "@tracebook-examples/basis-arbitrage/market";
import { describe, expect, it, vi } from "vitest";
import { findOpportunity } from "../analysis/opportunity.ts";
import { depthFrame, quoteFrame, snapshotOf, tradeFrame } from "../testing/frames.ts";
import { createSymbolWatch, type SymbolWatch, type SymbolWatchOptions } from "./symbol-watch.ts";

const BOOK = snapshotOf(
  10,
  [
    [1_000, 2],
    [999, 3],
    [990, 50],
  ],
  [
    [1_002, 1],
    [1_003, 4],
    [1_010, 50],
  ],
);

function watchOf(options: Partial<SymbolWatchOptions> = {}): SymbolWatch {
  const given = { symbol: "BTCUSDT", candleMs: 1_000, fetchSnapshot: async () => BOOK, askVenue: async () => {} };
  return createSymbolWatch({ ...given, ...options });
}

/** Brings the watch into step with the venue at time 0. */
async function follow(watch: SymbolWatch): Promise<void> {
  watch.apply(depthFrame(11), 0, 0);
  await vi.waitUntil(() => {
    watch.apply(quoteFrame(11, 1_000, 1_002), 0, 0);
    return watch.look(true, 0, 1_000).market !== undefined;
  });
}

describe("a watched symbol", () => {
  it("has best prices, candles between them, and the value within a thousandth of them", async () => {
    const watch = watchOf();
    await follow(watch);
    watch.apply(tradeFrame(1_002, 3, true), 5, 1_500);
    watch.apply(quoteFrame(12, 1_002, 1_004), 5, 1_600);
    const { market, quoteAgeMs, candleCount } = watch.look(true, 25, 2_000);
    expect([quoteAgeMs, candleCount]).toEqual([20, 2]);
    expect(market?.candles.at(-1)).toMatchObject({
      open: 100_100_000_000n,
      close: 100_300_000_000n,
      buys: 300_000_000n,
    });
    expect([market?.bid, market?.ask]).toEqual([100_200_000_000n, 100_400_000_000n]);
    // Bids from 1000.998 on: none of the book's. Asks up to 1005.004: 1 at 1002 and 4 at 1003.
    expect([market?.bidDepth, market?.askDepth]).toEqual([0n, (1_002n + 4n * 1_003n) * 10n ** 16n]);
  });

  it("is no market to judge before its book is in step and a candle complete", async () => {
    const answer = Promise.withResolvers<DepthSnapshot>();
    const watch = watchOf({ fetchSnapshot: () => answer.promise });
    expect(watch.isHeard).toBe(false);
    watch.apply(depthFrame(11), 0, 0);
    expect(watch.isHeard).toBe(true);
    watch.apply(quoteFrame(11, 1_000, 1_002), 0, 0);
    expect(watch.look(true, 0, 5_000)).toMatchObject({ market: undefined, candleCount: 0, error: undefined });
    answer.resolve(BOOK);
    await follow(watch);
    expect(watch.look(true, 0, 1_000)).toMatchObject({ candleCount: 1 });
  });

  it("tells of a gap in the updates, and has no market until the book is fetched again", async () => {
    const watch = watchOf();
    await follow(watch);
    expect(watch.apply(depthFrame(12), 0, 1_000)).toBe(false);
    expect(watch.apply(depthFrame(20), 0, 1_000)).toBe(true);
    expect(watch.look(true, 0, 2_000).market).toBeUndefined();
  });

  it("forgets everything when the connection is lost: a market with a hole is none", async () => {
    const watch = watchOf();
    await follow(watch);
    watch.disconnected();
    expect(watch.isHeard).toBe(false);
    expect(watch.look(false, 0, 3_000)).toMatchObject({ isConnected: false, market: undefined, candleCount: 0 });
  });

  it("keeps what the venue said when it was asked in vain, until it begins to send", async () => {
    const refusal = new Error("Invalid symbol.");
    const watch = watchOf({ askVenue: () => Promise.reject(refusal) });
    await watch.ask();
    expect(watch.look(true, 0, 0)).toMatchObject({ error: refusal, quoteAgeMs: Number.POSITIVE_INFINITY });
    await follow(watch);
    expect(watch.look(true, 0, 1_000).error).toBeUndefined();
  });

  it("has an error where the venue sends updates but gives no book to put them on", async () => {
    const refusal = new Error("HTTP 503");
    const watch = watchOf({ fetchSnapshot: () => Promise.reject(refusal), startTimer: () => () => {} });
    watch.apply(depthFrame(11), 0, 0);
    await vi.waitUntil(() => watch.look(true, 0, 0).error === refusal);
    watch.disconnected();
    expect(watch.look(true, 0, 0).error).toBeUndefined();
  });

  it("comes to the same opportunity from the same messages, whatever the machine's clock says", async () => {
    const [one, other] = [watchOf(), watchOf()];
    for (const [watch, startMs] of [
      [one, 5],
      [other, 777_777],
    ] as const) {
      await follow(watch);
      for (let at = 0; at < 200; at++) {
        const price = 1_000 + ((at * 37) % 11);
        const nowMs = startMs + at * 3;
        watch.apply(tradeFrame(price, (at * 13) % 5, at % 3 === 0), nowMs, at * 100);
        watch.apply(quoteFrame(12 + at, price, price + 2), nowMs, at * 100);
      }
    }
    const [first, second] = [one, other].map((watch) => watch.look(true, 1_000_000, 20_000).market);
    expect(first?.candles).toHaveLength(20);
    expect(second).toEqual(first);
    if (first === undefined || second === undefined) throw new Error("there is no market");
    expect(findOpportunity(second)).toEqual(findOpportunity(first));
  });
});
