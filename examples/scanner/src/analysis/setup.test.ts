import { describe, expect, it } from "vitest";
import { candlesOf, lookAt, straightTo } from "../testing/candles.ts";
import { findFairValueGap, findOrderBlock, findSetup, isBreakout } from "./setup.ts";

/** A falling candle (low 95), and a rise that closes 20 above its high of 102. */
const overrun = candlesOf([100, 101, 99, 100], [100, 102, 95, 96], [96, 110, 96, 109], [109, 123, 108, 122]);

describe("an order block", () => {
  it("is the low of the last falling candle before a rise of a usual range above its high", () => {
    expect(findOrderBlock(overrun, 20n)).toBe(95n);
    expect(findOrderBlock(overrun, 21n)).toBeUndefined();
  });

  it("is over once a later candle has gone below it", () => {
    expect(findOrderBlock([...overrun, ...candlesOf([122, 122, 95, 100])], 20n)).toBe(95n);
    expect(findOrderBlock([...overrun, ...candlesOf([122, 122, 94, 100])], 20n)).toBeUndefined();
  });

  it("is none when the rise took longer than three candles", () => {
    const slow = candlesOf(
      [100, 102, 95, 96],
      [96, 97, 96, 97],
      [97, 98, 97, 98],
      [98, 99, 98, 99],
      [99, 123, 99, 122],
    );
    expect(findOrderBlock(slow, 20n)).toBeUndefined();
  });
});

describe("a fair value gap", () => {
  it("is the high of the first of three candles where the third stays above it", () => {
    expect(findFairValueGap(candlesOf([10, 12, 9, 11], [11, 20, 11, 19], [19, 21, 13, 20]))).toBe(12n);
    expect(findFairValueGap(candlesOf([10, 12, 9, 11], [11, 20, 11, 19], [19, 21, 12, 20]))).toBeUndefined();
  });

  it("is over once a later candle has filled it", () => {
    const gap = candlesOf([10, 12, 9, 11], [11, 20, 11, 19], [19, 21, 13, 20]);
    expect(findFairValueGap([...gap, ...candlesOf([20, 20, 13, 15])])).toBe(12n);
    expect(findFairValueGap([...gap, ...candlesOf([20, 20, 12, 15])])).toBeUndefined();
  });
});

describe("a breakout", () => {
  it("is a close above every earlier price", () => {
    expect(isBreakout(candlesOf([10, 12, 9, 11], [11, 14, 11, 13]))).toBe(true);
    expect(isBreakout(candlesOf([10, 13, 9, 11], [11, 14, 11, 13]))).toBe(false);
    expect(isBreakout(candlesOf([10, 13, 9, 11]))).toBe(false);
  });
});

describe("the setup of a market", () => {
  it("is an order block, a gap, or both, with the lower of the two as the price that proves it wrong", () => {
    expect(findSetup(lookAt(overrun), 20n)).toEqual({ type: "OB_FVG_Confluence", invalidation: 95n, strength: 10_000 });
    expect(findSetup(lookAt(overrun), 21n)).toEqual({ type: "Fair_Value_Gap", invalidation: 102n, strength: 7_000 });
    const block = candlesOf([100, 102, 95, 96], [96, 113, 96, 112], [112, 123, 101, 122]);
    expect(findSetup(lookAt(block), 20n)).toEqual({ type: "Order_Block", invalidation: 95n, strength: 8_000 });
  });

  it("counts nothing that the price has already proved wrong", () => {
    expect(findSetup(lookAt(overrun, { bid: 102n }), 20n).type).toBe("Order_Block");
    expect(findSetup(lookAt(overrun, { bid: 95n }), 20n).strength).not.toBe(10_000);
  });

  it("is a breakout, or nothing but the trend, where there is no shape, and fails below the last five candles", () => {
    expect(findSetup(lookAt(straightTo(100, 90, 95, 101)), 50n)).toEqual({
      type: "Breakout",
      invalidation: 90n,
      strength: 6_000,
    });
    expect(findSetup(lookAt([...candlesOf([95, 96, 70, 95]), ...straightTo(95, 90, 95, 92, 94, 93)]), 50n)).toEqual({
      type: "Trend_Continuation",
      invalidation: 90n,
      strength: 0,
    });
  });
});
