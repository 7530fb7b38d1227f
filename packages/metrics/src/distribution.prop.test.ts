// Explicit buckets, percentiles and exponential buckets against brute force.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBucketShape, Distribution } from "./distribution.ts";
import { DURATION_BOUNDS, LAG_BOUNDS, SIZE_BOUNDS } from "./histogram-bounds.ts";
import { calculatePercentiles } from "./percentiles.ts";

/** Positive values over many powers of two, and zeros. */
const values = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: -25, max: 25, noNaN: true }).map((power) => 2 ** power) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, 0.25, 0.005, 5) },
  ),
  { minLength: 1, maxLength: 300 },
);

function distributionOf(list: readonly number[], bounds: readonly number[] = []): Distribution {
  const distribution = new Distribution(createBucketShape(bounds));
  for (const value of list) expect(distribution.record(value)).toBe(true);
  return distribution;
}

describe("Distribution", () => {
  it("counts every value into the first explicit bucket whose bound is not below it", () => {
    const bounds = fc.oneof(
      fc.constantFrom(DURATION_BOUNDS, LAG_BOUNDS, SIZE_BOUNDS, [], [0], [1e20, 1e30], [1, 1.0000001, 1.0000002, 1.01]),
      fc
        .uniqueArray(fc.double({ min: 0, max: 1e18, noNaN: true }), { maxLength: 60 })
        .map((list) => list.sort((a, b) => a - b)),
    );
    fc.assert(
      fc.property(values, bounds, (list, limits) => {
        const expected = new Array<number>(limits.length + 1).fill(0);
        // Values on the bounds as well: there the rule (inclusive above) shows.
        const all = [...list, ...limits];
        for (const value of all) {
          const bucket = limits.findIndex((bound) => value <= bound);
          expected[bucket < 0 ? limits.length : bucket]! += 1;
        }
        expect(distributionOf(all, limits).counts()).toEqual(expected);
      }),
    );
  });

  it("knows count, sum and extremes exactly", () => {
    fc.assert(
      fc.property(values, (list) => {
        const { count, sum, min, max } = distributionOf(list);
        expect({ count, sum, min, max }).toEqual({
          count: list.length,
          sum: list.reduce((a, b) => a + b, 0),
          min: Math.min(...list) + 0,
          max: Math.max(...list),
        });
      }),
    );
  });

  it("gives percentiles within 1.1 % of those of the sorted list", () => {
    fc.assert(
      fc.property(values, (list) => {
        const distribution = distributionOf(list);
        const exact = calculatePercentiles(list);
        for (const [percent, wanted] of [
          [50, exact.p50],
          [90, exact.p90],
          [95, exact.p95],
          [99, exact.p99],
        ] as const) {
          const estimate = distribution.percentile(percent);
          expect(Math.abs(estimate! - wanted!)).toBeLessThanOrEqual(wanted! * 0.011);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives the extremes exactly at 0 and 100 percent, and nothing before the first value", () => {
    expect(distributionOf([]).percentile(50)).toBeUndefined();
    expect(distributionOf([]).summary()).toBeUndefined();
    fc.assert(
      fc.property(values, (list) => {
        const distribution = distributionOf(list);
        expect([distribution.percentile(0), distribution.percentile(100)]).toEqual([
          Math.min(...list) + 0,
          Math.max(...list),
        ]);
      }),
    );
  });

  it("gives an exponential histogram of at most the wanted buckets, at the finest scale that allows it", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 160 }), (list, maxBuckets) => {
        const { scale, zeroCount, positive } = distributionOf(list).exponential(maxBuckets);
        const positives = list.filter((value) => value > 0);
        expect(zeroCount).toBe(list.length - positives.length);
        expect(positive.bucketCounts).toEqual(referenceBuckets(positives, scale).bucketCounts);
        if (positives.length > 0) expect(positive.offset).toBe(referenceBuckets(positives, scale).offset);
        expect(positive.bucketCounts.length).toBeLessThanOrEqual(maxBuckets);
        if (scale < 5) expect(referenceBuckets(positives, scale + 1).bucketCounts.length).toBeGreaterThan(maxBuckets);
      }),
      { numRuns: 300 },
    );
  });

  it("refuses what is not a finite number of at least 0, and stays as it was", () => {
    const distribution = distributionOf([1, 2]);
    const before = [distribution.summary(), distribution.counts(), distribution.exponential()];
    for (const value of [
      Number.NaN,
      Infinity,
      -Infinity,
      -1,
      -Number.MIN_VALUE,
      "1",
      1n,
      null,
      undefined,
      {},
      Symbol("x"),
    ]) {
      expect(distribution.record(value as number)).toBe(false);
    }
    expect([distribution.summary(), distribution.counts(), distribution.exponential()]).toEqual(before);
  });

  it("refuses a value that would make the sum infinite", () => {
    const distribution = distributionOf([Number.MAX_VALUE]);
    expect(distribution.record(Number.MAX_VALUE)).toBe(false);
    expect([distribution.count, distribution.sum]).toEqual([1, Number.MAX_VALUE]);
  });

  it("takes -0 as 0", () => {
    const distribution = distributionOf([-0]);
    expect(Object.is(distribution.min, 0)).toBe(true);
    expect(Object.is(distribution.summary()?.sum, 0)).toBe(true);
  });

  it("holds its bound on memory however far apart values lie", () => {
    const distribution = distributionOf([1e-300, 1e300, 1, 1e-12, 1e15]);
    expect(distribution.exponential(100_000).positive.bucketCounts.length).toBeLessThanOrEqual(90 * 32);
    expect(distribution.count).toBe(5);
  });
});

/** Buckets by logarithm; a value within rounding of a bound is put where exact arithmetic would, by trying both sides. */
function referenceBuckets(list: readonly number[], scale: number): { offset: number; bucketCounts: number[] } {
  if (list.length === 0) return { offset: 0, bucketCounts: [] };
  const indexes = list.map((value) => {
    const power = Math.log2(value) * 2 ** scale;
    const nearest = Math.round(power);
    return Math.abs(power - nearest) < 1e-9 && 2 ** (nearest / 2 ** scale) === value
      ? nearest - 1
      : Math.ceil(power) - 1;
  });
  const offset = Math.min(...indexes);
  const bucketCounts = new Array<number>(Math.max(...indexes) - offset + 1).fill(0);
  for (const index of indexes) bucketCounts[index - offset]! += 1;
  return { offset, bucketCounts };
}
