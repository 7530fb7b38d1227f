import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCandleSeries } from "./candle-series.ts";

const happenings = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 2_500 }),
    price: fc.bigInt({ min: 1n, max: 10n ** 13n }),
    size: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    isBuy: fc.boolean(),
  }),
  { minLength: 1, maxLength: 20 },
);

describe("candles of any market", () => {
  it("lose no trade, and hold open and close between low and high", () => {
    fc.assert(
      fc.property(happenings, (given) => {
        const series = createCandleSeries(1_000);
        let nowMs = 0;
        let [bought, sold] = [0n, 0n];
        for (const { waitMs, price, size, isBuy } of given) {
          nowMs += waitMs;
          series.quote(price, nowMs);
          series.trade(size, isBuy, nowMs);
          if (isBuy) bought += size;
          else sold += size;
        }
        const candles = series.closedAt(nowMs + 1_000);
        expect(candles.reduce((sum, { buys }) => sum + buys, 0n)).toBe(bought);
        expect(candles.reduce((sum, { sells }) => sum + sells, 0n)).toBe(sold);
        for (const { open, high, low, close } of candles)
          expect(low <= open && low <= close && open <= high && close <= high).toBe(true);
        const firstStep = Math.floor((given[0]?.waitMs ?? 0) / 1_000);
        expect(candles).toHaveLength(Math.floor(nowMs / 1_000) + 1 - firstStep);
        expect(candles.at(-1)?.close).toBe(given.at(-1)?.price);
      }),
    );
  });
});
