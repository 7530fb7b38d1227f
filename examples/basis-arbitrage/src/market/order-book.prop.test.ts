import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Level } from "./market.ts";
import { createOrderBook } from "./order-book.ts";

const changes = fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 60n }), fc.bigInt({ min: 0n, max: 3n })), {
  maxLength: 12,
});
const updates = fc.array(fc.record({ bids: changes, asks: changes }), { maxLength: 30 });

/** The slow and obvious way: a map, sorted when asked. */
function sorted(levels: ReadonlyMap<bigint, bigint>, ascending: boolean): Level[] {
  const sign = ascending ? 1 : -1;
  return [...levels].filter(([, size]) => size > 0n).sort(([a], [b]) => (a < b ? -sign : sign));
}

function follow(target: Map<bigint, bigint>, levels: readonly Level[]): void {
  for (const [price, size] of levels) target.set(price, size);
}

describe("an order book", () => {
  it("holds exactly what a map of absolute sizes would, best first", () => {
    fc.assert(
      fc.property(updates, (sequence) => {
        const book = createOrderBook("spot", "BTCUSDT");
        book.applySnapshot({ lastUpdateId: 0, bids: [], asks: [] });
        const [bids, asks] = [new Map<bigint, bigint>(), new Map<bigint, bigint>()];
        sequence.forEach((levels, index) => {
          const id = index + 1;
          book.applyDepth({ firstUpdateId: id, finalUpdateId: id, previousFinalUpdateId: undefined, ...levels });
          follow(bids, levels.bids);
          follow(asks, levels.asks);
        });
        expect(book.bestBid()).toEqual(sorted(bids, false)[0]);
        expect(book.bestAsk()).toEqual(sorted(asks, true)[0]);
        const everything = 1_000_000n;
        expect(book.walk("sell", everything).steps.map(({ price, size }) => [price, size])).toEqual(
          sorted(bids, false),
        );
        expect(book.walk("buy", everything).steps.map(({ price, size }) => [price, size])).toEqual(sorted(asks, true));
      }),
    );
  });

  it("walks so that filled and notional are the sums of its steps, and no more is filled than asked for", () => {
    fc.assert(
      fc.property(changes, fc.bigInt({ min: 1n, max: 40n }), (asks, quantity) => {
        const book = createOrderBook("usdm", "BTCUSDT");
        book.applySnapshot({ lastUpdateId: 0, bids: [], asks });
        const walk = book.walk("buy", quantity);
        expect(walk.filled).toBe(walk.steps.reduce((sum, { size }) => sum + size, 0n));
        expect(walk.notional).toBe(walk.steps.reduce((sum, { price, size }) => sum + price * size, 0n));
        expect(walk.filled <= quantity).toBe(true);
        expect(walk.complete).toBe(walk.filled === quantity);
      }),
    );
  });
});
