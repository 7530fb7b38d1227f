import { describe, expect, it } from "vitest";
import { candlesOf, lookAt, straightTo } from "../testing/candles.ts";
import {
  bookLean,
  extremesOf,
  FULL_LEAN,
  flowLean,
  leanOf,
  momentumLean,
  NO_LEAN,
  roomLean,
  trendLean,
  usualRange,
} from "./indicators.ts";

const rising = straightTo(...Array.from({ length: 12 }, (_, at) => 100 + 10 * at));

describe("the usual range", () => {
  it("is the average distance of high and low over the last twelve candles", () => {
    expect(usualRange(lookAt(candlesOf([5, 10, 0, 5], [5, 25, 5, 5])))).toBe(15n);
    expect(usualRange(lookAt([...candlesOf([5, 1_000, 0, 5]), ...rising]))).toBe(9n);
  });

  it("is never below the spread, nor below one", () => {
    const still = straightTo(100, 100, 100);
    expect(usualRange(lookAt(still, { bid: 100n, ask: 107n }))).toBe(7n);
    expect(usualRange(lookAt(still, { bid: 100n, ask: 100n }))).toBe(1n);
  });
});

describe("the trend", () => {
  it("is the average of four closes above that of twelve, measured in usual ranges", () => {
    // 195 - 155 = 40: half of it at a range of 80, all of it at 40 and below.
    expect(trendLean(rising, 80n)).toBe(7_500);
    expect(trendLean(rising, 40n)).toBe(FULL_LEAN);
    expect(trendLean(rising, 9n)).toBe(FULL_LEAN);
    expect(trendLean(rising.toReversed(), 40n)).toBe(0);
    expect(trendLean(straightTo(100, 100, 100), 1n)).toBe(NO_LEAN);
  });
});

describe("the momentum", () => {
  it("is the way of six candles, measured in two usual ranges", () => {
    expect(momentumLean(rising, 60n)).toBe(7_500);
    expect(momentumLean(rising, 30n)).toBe(FULL_LEAN);
    expect(momentumLean(straightTo(160, 100), 60n)).toBe(2_500);
    expect(momentumLean(straightTo(160), 60n)).toBe(NO_LEAN);
  });
});

describe("the room", () => {
  it("is all at the lowest price, none at the highest, and undecided where nothing has moved", () => {
    expect(roomLean(straightTo(100, 200, 100))).toBe(FULL_LEAN);
    expect(roomLean(straightTo(100, 200))).toBe(0);
    expect(roomLean(straightTo(100, 200, 125))).toBe(7_500);
    expect(roomLean(straightTo(100, 100))).toBe(NO_LEAN);
  });
});

describe("the book and the flow", () => {
  it("are the share of the buyers", () => {
    const candles = candlesOf([1, 1, 1, 1, 30, 10], [1, 1, 1, 1, 0, 40]);
    expect(bookLean(lookAt(candles, { bidDepth: 3n, askDepth: 1n }))).toBe(7_500);
    expect(flowLean(candles)).toBe(3_750);
  });

  it("say nothing where there is nothing", () => {
    const candles = straightTo(100);
    expect(bookLean(lookAt(candles, { bidDepth: 0n, askDepth: 0n }))).toBe(NO_LEAN);
    expect(flowLean(candles)).toBe(NO_LEAN);
  });

  it("count the volume of the last twelve candles only", () => {
    expect(flowLean([...candlesOf([1, 1, 1, 1, 1_000, 0]), ...rising])).toBe(NO_LEAN);
  });
});

describe("a lean", () => {
  it("stays between nothing and all, however large the part", () => {
    expect([leanOf(3n, 1n), leanOf(-3n, 1n), leanOf(1n, 4n), leanOf(5n, 0n)]).toEqual([FULL_LEAN, 0, 6_250, NO_LEAN]);
  });
});

it("the extremes are those of all candles", () => {
  expect(extremesOf(candlesOf([5, 9, 4, 5], [5, 7, 2, 5]))).toEqual({ highest: 9n, lowest: 2n });
});
