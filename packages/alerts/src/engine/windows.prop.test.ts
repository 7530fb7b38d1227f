// Windows hold what came in the last so many seconds, whatever the order in which it came: compared with the plainest way to say it.
import type { MetricSample } from "@tracebook/store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketQuantile } from "./bucket-quantile.ts";
import { CountWindow, PresenceWindow } from "./count-window.ts";
import { type SampleAggregation, SampleWindow } from "./sample-window.ts";

const SECONDS = 7;
const item = fc.record({ second: fc.integer({ min: 0, max: 40 }), value: fc.constantFrom(0.1, 0.2, 0.3, 1, 5) });
/** Adds an item, or goes on in time. */
const steps = fc.array(fc.oneof(item, fc.record({ dropBefore: fc.integer({ min: 0, max: 40 }) })), { maxLength: 60 });

describe("a window", () => {
  test.each<SampleAggregation>(["avg", "sum", "min", "max", "count", "rate", "p50", "p90", "p95", "p99"])(
    "has the %s of what is in it",
    (aggregation) => {
      fc.assert(
        fc.property(steps, (all) => {
          const window = new SampleWindow(SECONDS, aggregation);
          let held: { second: number; value: number }[] = [];
          let from = 0;
          for (const step of all) {
            if ("dropBefore" in step) {
              from = Math.max(from, step.dropBefore);
              held = held.filter(({ second }) => second >= from);
              window.dropBefore(from);
            } else if (step.second >= from) {
              held.push(step);
              window.add(step.second, createSample(step.second, step.value));
            }
            const expected = plainly(
              aggregation,
              held.map(({ value }) => value),
            );
            if (expected === undefined) expect(window.value()).toBeUndefined();
            else expect(window.value()).toBeCloseTo(expected, 9);
          }
        }),
      );
    },
  );

  test("has exactly the same sum in whatever order its values came", () => {
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1 }),
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        (items, keys) => {
          const sumOf = (list: typeof items) => {
            const window = new SampleWindow(100, "sum");
            for (const { second, value } of list) window.add(second, createSample(second, value));
            return window.value();
          };
          const shuffled = items.map((one, i) => ({ one, key: keys[i % keys.length]! })).sort((a, b) => a.key - b.key);
          expect(sumOf(shuffled.map(({ one }) => one))).toBe(sumOf(items));
        },
      ),
    );
  });

  test("counts events, and knows whether there was any", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const count = new CountWindow(SECONDS);
        const presence = new PresenceWindow(SECONDS);
        let held: number[] = [];
        let from = 0;
        for (const step of all) {
          if ("dropBefore" in step) {
            from = Math.max(from, step.dropBefore);
            held = held.filter((second) => second >= from);
            count.dropBefore(from);
            presence.dropBefore(from);
          } else if (step.second >= from) {
            held.push(step.second);
            count.add(step.second, 1);
            presence.add(step.second);
          }
          expect(count.total).toBe(held.length);
          expect(presence.isPresent).toBe(held.length > 0);
        }
      }),
    );
  });

  test("that would have to hold too much says so", () => {
    const window = new SampleWindow(SECONDS, "avg");
    for (let i = 0; i <= 100_000; i++) window.add(1, createSample(1, i));
    expect(() => window.value()).toThrow(/100001 values/);
  });
});

describe("percentiles of histograms", () => {
  const histogram = { count: 4, bounds: [1, 2, 4], counts: [1, 1, 2, 0] };

  test("are interpolated within the bucket, as Prometheus does", () => {
    expect(bucketQuantile([histogram], 0.5)).toBe(2);
    expect(bucketQuantile([histogram], 0.75)).toBe(3);
    expect(bucketQuantile([histogram], 0.125)).toBe(0.5);
    expect(bucketQuantile([histogram, histogram], 0.75)).toBe(3);
  });

  test("are the lower bound of a bucket that has no upper one", () => {
    expect(bucketQuantile([{ count: 1, bounds: [1, 2], counts: [0, 0, 1] }], 0.5)).toBe(2);
  });

  test("take single numbers as they are", () => {
    expect(bucketQuantile([{ count: 1, bounds: [1], counts: [1, 0] }], 0.9, [7, 8])).toBe(8);
  });
});

function plainly(aggregation: SampleAggregation, values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const sum = sorted.reduce((all, one) => all + one, 0);
  if (aggregation === "count") return sorted.length;
  if (sorted.length === 0) return undefined;
  if (aggregation === "sum") return sum;
  if (aggregation === "avg") return sum / sorted.length;
  if (aggregation === "rate") return sum / SECONDS;
  if (aggregation === "min") return sorted[0];
  if (aggregation === "max") return sorted.at(-1);
  // The smallest value that is not below so many in a hundred of them.
  const rank = Number(aggregation.slice(1));
  return sorted.find((_, i) => (i + 1) * 100 >= rank * sorted.length);
}

function createSample(second: number, value: number): MetricSample {
  return {
    source: "otlp",
    metric: "load",
    unit: "1",
    labels: {},
    second,
    value,
    exact: null,
    buckets: null,
    percentiles: null,
  };
}
