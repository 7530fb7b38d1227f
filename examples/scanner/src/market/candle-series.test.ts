import { describe, expect, it } from "vitest";
import { createCandleSeries, MAX_CANDLES } from "./candle-series.ts";

const flat = (price: bigint) => ({ open: price, high: price, low: price, close: price, buys: 0n, sells: 0n });

describe("candles", () => {
  it("have the first, the highest, the lowest and the last price of their time, and what was traded in it", () => {
    const series = createCandleSeries(1_000);
    series.quote(100n, 2_000);
    series.quote(130n, 2_300);
    series.trade(7n, true, 2_400);
    series.quote(90n, 2_500);
    series.trade(5n, false, 2_999);
    series.quote(110n, 2_999);
    expect(series.closedAt(2_999)).toEqual([]);
    expect(series.closedAt(3_000)).toEqual([{ open: 100n, high: 130n, low: 90n, close: 110n, buys: 7n, sells: 5n }]);
  });

  it("open where the one before has closed, and are flat where nothing happened", () => {
    const series = createCandleSeries(1_000);
    series.quote(100n, 0);
    series.quote(120n, 3_500);
    expect(series.closedAt(4_000)).toEqual([
      flat(100n),
      flat(100n),
      flat(100n),
      { ...flat(100n), high: 120n, close: 120n },
    ]);
  });

  it("know of no trade before the first price", () => {
    const series = createCandleSeries(1_000);
    series.trade(7n, true, 0);
    series.quote(100n, 500);
    expect(series.closedAt(1_000)).toEqual([flat(100n)]);
  });

  it("are kept in limited number, the latest of them", () => {
    const series = createCandleSeries(1_000);
    for (let step = 0; step < 200; step++) series.quote(BigInt(step + 1), step * 1_000);
    const closed = series.closedAt(200_000);
    expect(closed).toHaveLength(MAX_CANDLES);
    expect(closed.at(-1)?.close).toBe(200n);
  });

  it("start over after a silence that is longer than all that is kept", () => {
    const series = createCandleSeries(1_000);
    series.quote(100n, 0);
    series.quote(200n, (MAX_CANDLES + 1) * 1_000);
    expect(series.closedAt((MAX_CANDLES + 2) * 1_000)).toEqual([flat(200n)]);
  });

  it("are forgotten when asked to, and handed out as a copy", () => {
    const series = createCandleSeries(1_000);
    series.quote(100n, 0);
    const before = series.closedAt(1_000);
    series.reset();
    expect(series.closedAt(5_000)).toEqual([]);
    expect(before).toEqual([flat(100n)]);
  });
});
