import { describe, expect, test } from "vitest";
import { createFairBasis, createFixedFairBasis } from "./fair-basis.ts";
import { createMarketTime } from "./market-time.ts";

const START = 1_700_000_000_000;

describe("market time", () => {
  test("passes as event times advance, whatever market they are from, and never goes back", () => {
    const time = createMarketTime();
    for (const offset of [0, 100, 90, 130, 125]) time.observe(START + offset);
    time.observe(undefined);
    expect(time.elapsedMs).toBe(130);
  });

  test("is not moved by a single corrupt event time", () => {
    const time = createMarketTime();
    time.observe(START);
    time.observe(START + 3_600_000);
    time.observe(START + 10);
    time.observe(START + 30);
    expect(time.elapsedMs).toBe(20);
  });
});

describe("the fair basis", () => {
  test("has no value until the market has been watched for a while", () => {
    const fair = createFairBasis({ warmUpMs: 1_000 });
    for (let ms = 0; ms < 1_000; ms += 100) fair.observe(37_000n, ms);
    expect(fair.value).toBeUndefined();
    fair.observe(37_000n, 1_000);
    expect(fair.value).toBe(37_000n);
  });

  test("is the plain average while it is young", () => {
    const fair = createFairBasis({ warmUpMs: 1_000, averagingMs: 60_000 });
    fair.observe(0n, 0);
    for (let ms = 100; ms <= 2_000; ms += 100) fair.observe(ms <= 1_000 ? 10_000n : 30_000n, ms);
    expect(Number(fair.value)).toBeCloseTo(20_000, -1);
  });

  test("comes nearer to a new level by 1 - 1/e within its time constant", () => {
    const fair = createFairBasis({ averagingMs: 10_000, warmUpMs: 1 });
    for (let ms = 0; ms <= 100_000; ms += 100) fair.observe(0n, ms);
    for (let ms = 100_100; ms <= 110_000; ms += 100) fair.observe(100_000n, ms);
    expect(Number(fair.value) / 100_000).toBeCloseTo(1 - 1 / Math.E, 2);
  });

  test("ignores times that have not advanced", () => {
    const fair = createFairBasis({ warmUpMs: 50 });
    fair.observe(10_000n, 0);
    expect(fair.isDue(10)).toBe(false);
    fair.observe(990_000n, 10);
    fair.observe(10_000n, 100);
    expect(fair.value).toBe(10_000n);
  });

  test("measures the usual deviation, of a fixed value too", () => {
    const fair = createFixedFairBasis(0n);
    for (let ms = 0; ms <= 10_000; ms += 100) fair.observe(ms % 200 === 0 ? 20_000n : -20_000n, ms);
    expect(fair.value).toBe(0n);
    expect(Number(fair.usualDeviation)).toBeCloseTo(20_000, -1);
  });
});
