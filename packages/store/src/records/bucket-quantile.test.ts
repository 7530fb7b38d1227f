import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { bucketQuantile } from "./bucket-quantile.ts";

describe("a percentile of buckets", () => {
  it.each([
    ["is interpolated within its bucket", 0.5, [1, 2, 4], [0, 10, 10, 0], 2],
    ["begins at 0 in the first bucket", 0.25, [2, 4], [8, 0, 0], 0.5],
    ["is the bound of a first bucket that is not above 0", 0.5, [-1, 1], [3, 1, 0], -1],
    ["is the last bound where it is beyond all", 0.99, [1, 2], [1, 1, 8], 2],
    ["passes over empty buckets", 0.75, [1, 2, 3, 4], [2, 0, 0, 2, 0], 3.5],
  ])("%s", (_, share, bounds, counts, value) => {
    expect(bucketQuantile(share, bounds, counts)).toBeCloseTo(value, 12);
  });

  it.each([
    ["nothing was counted", [1], [0, 0]],
    ["there are no bounds", [], [5]],
    ["the counts are not those of the bounds", [1, 2], [1, 1]],
  ])("there is none where %s", (_, bounds, counts) => {
    expect(bucketQuantile(0.5, bounds, counts)).toBeNull();
  });

  test("never falls with its share, and lies between 0 and the last bound", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(counts, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (some, share) => {
        const [low, high] = [bucketQuantile(share / 2, [1, 2, 4], some), bucketQuantile(share, [1, 2, 4], some)];
        if (low === null || high === null) {
          expect(some).toEqual([0, 0, 0, 0]);
          return;
        }
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeGreaterThanOrEqual(low);
        expect(high).toBeLessThanOrEqual(4);
      }),
      { examples: [[[0, 0, 0, 0], 0.5]] },
    );
  });
});
