import { describe, expect, it } from "vitest";
import { candlesOf, lookAt, straightTo } from "../testing/candles.ts";
import { confluenceOf } from "./confluence.ts";
import { mirror } from "./market-look.ts";
import { findOpportunity } from "./opportunity.ts";
import { planRise } from "./trade-plan.ts";

describe("the confluence", () => {
  it("is the weighed sum of what was looked at", () => {
    const candles = straightTo(...Array.from({ length: 12 }, (_, at) => 100 + 10 * at));
    const { score, factors, setup, range } = confluenceOf(lookAt(candles, { bidDepth: 3n, askDepth: 1n }));
    // All of 25 and of 15, nothing of 10, 75 % of 15, half of 10, and 70 % of 25 for the gap above the first, flat candle.
    expect(factors).toEqual({ trend: 10_000, momentum: 10_000, room: 0, book: 7_500, flow: 5_000, setup: 7_000 });
    expect([setup.type, range, score]).toEqual(["Fair_Value_Gap", 9n, 7_375]);
  });
});

describe("a plan", () => {
  const confluence = { score: 0, range: 10n, factors: confluenceOf(lookAt(straightTo(1))).factors };
  const setup = { type: "Order_Block", invalidation: 70n, strength: 8_000 } as const;
  const candles = candlesOf([60, 120, 60, 100]);

  it("buys at the ask, stops where the setup fails, and aims half of the height beyond the highest price", () => {
    const plan = planRise(lookAt(candles, { ask: 100n }), { ...confluence, setup });
    // (150 - 100) / (100 - 70)
    expect(plan).toEqual({ entry: 100n, stop: 70n, target: 150n, rewardPercent: 166 });
  });

  it("aims at the highest price alone where there is no setup", () => {
    const none = { type: "Trend_Continuation", invalidation: 70n, strength: 0 } as const;
    expect(planRise(lookAt(candles, { ask: 100n }), { ...confluence, setup: none }).target).toBe(120n);
    expect(planRise(lookAt(candles, { ask: 130n }), { ...confluence, setup: none })).toMatchObject({
      target: 130n,
      rewardPercent: 0,
    });
  });

  it("stops no closer than a usual range and a sixth of the height", () => {
    const near = { ...setup, invalidation: 99n };
    expect(planRise(lookAt(candles, { ask: 100n }), { ...confluence, setup: near }).stop).toBe(90n);
    expect(planRise(lookAt(candles, { ask: 100n }), { ...confluence, range: 3n, setup: near }).stop).toBe(90n);
    expect(planRise(lookAt(candles, { ask: 100n }), { ...confluence, range: 20n, setup: near }).stop).toBe(80n);
  });
});

describe("an opportunity", () => {
  const rising = lookAt(straightTo(...Array.from({ length: 12 }, (_, at) => 100_000 + 10 * at)), { askDepth: 7n });

  it("is long in a market that rises: bought at the ask, stopped below, with the value of the asks to take from", () => {
    const found = findOpportunity(rising);
    expect(found).toMatchObject({ direction: "LONG", entry: 100_111n, depth: 7n });
    expect(found.stop < found.entry && found.entry <= found.target).toBe(true);
    // 1 of 100,110 is 0.0998... basis points, rounded up in the fourth place.
    expect(found.spread).toBe(999n);
  });

  it("is short in one that falls: sold at the bid, stopped above", () => {
    const falling = lookAt(straightTo(...Array.from({ length: 12 }, (_, at) => 100_000 - 10 * at)), { bidDepth: 7n });
    const found = findOpportunity(falling);
    expect(found).toMatchObject({ direction: "SHORT", entry: 99_890n, depth: 7n });
    expect(found.stop > found.entry && found.entry >= found.target).toBe(true);
    expect(found.score).toBe(confluenceOf(mirror(falling)).score);
  });
});
