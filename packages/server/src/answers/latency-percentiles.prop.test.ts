import fc from "fast-check";
import { expect, test } from "vitest";
import { latencyFigures } from "./latency-percentiles.ts";

/** Rising bounds with one count more than there are of them. */
const histogram = fc
  .uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 20 })
  .map((bounds) => bounds.sort((a, b) => a - b))
  .chain((bounds) =>
    fc.tuple(
      fc.constant(bounds),
      fc.array(fc.nat(1_000), { minLength: bounds.length + 1, maxLength: bounds.length + 1 }),
    ),
  );

test("percentiles rise, and lie in the bucket that holds the value of their rank", () => {
  fc.assert(
    fc.property(histogram, ([bounds, counts]) => {
      const { count, p50_ms, p90_ms, p95_ms, p99_ms } = latencyFigures(bounds, counts, 0);
      expect(count).toBe(counts.reduce((sum, one) => sum + one, 0));
      const figures = [p50_ms, p90_ms, p95_ms, p99_ms];
      if (count === 0) return expect(figures).toEqual([null, null, null, null]);
      expect(figures).toEqual([...figures].sort((a, b) => a! - b!));
      for (const [i, share] of [0.5, 0.9, 0.95, 0.99].entries()) {
        let below = 0;
        let bucket = 0;
        while (below + counts[bucket]! < share * count || counts[bucket] === 0) below += counts[bucket++]!;
        const lower = bucket === 0 ? 0 : bounds[bucket - 1]!;
        // Above the last bound nobody knows: the bound itself is said.
        const upper = bounds[bucket] ?? bounds.at(-1)!;
        expect(figures[i]).toBeGreaterThanOrEqual(Math.min(lower, upper) - 1e-9);
        expect(figures[i]).toBeLessThanOrEqual(upper + 1e-9);
      }
    }),
  );
});

test("values that lie evenly in one bucket have the percentiles that they have", () => {
  expect(latencyFigures([10, 20], [0, 100, 0], 1_500)).toEqual({
    count: 100,
    mean_ms: 15,
    p50_ms: 15,
    p90_ms: 19,
    p95_ms: 19.5,
    p99_ms: 19.9,
  });
  expect(latencyFigures([10], [0, 5], 100)).toMatchObject({ p50_ms: 10, p99_ms: 10, mean_ms: 20 });
  expect(latencyFigures([], [], 0)).toMatchObject({ count: 0, p50_ms: null });
});
