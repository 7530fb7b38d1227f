// Whatever is recorded, no series is poisoned and nothing throws.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineMetric } from "./metric-definition.ts";
import { createMetricRegistry } from "./metric-registry.ts";

const COUNT = defineMetric({ name: "count_total", kind: "counter", unit: "1", labels: ["a", "b"], help: "Counts." });
const SUM = defineMetric({ name: "sum", kind: "updowncounter", unit: "1", labels: ["a"], help: "Sums." });
const LAST = defineMetric({ name: "last", kind: "gauge", unit: "1", labels: ["a"], help: "Last values." });
const SPREAD = defineMetric({
  name: "spread",
  kind: "histogram",
  unit: "1",
  labels: ["a"],
  help: "Spreads.",
  bounds: [1, 10],
});

const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new Error("get");
    },
    ownKeys: () => {
      throw new Error("ownKeys");
    },
    getPrototypeOf: () => {
      throw new Error("prototype");
    },
  },
);
const hostile = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
  }),
  fc.constantFrom(throwing, Symbol("s"), () => 1, "\ud800", 'a"} 1\nevil', "x".repeat(100_000), 10n ** 5000n),
);
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, Number.MAX_VALUE, -1),
  hostile,
);

describe("the instruments", () => {
  it("never throw and never leave a series that is NaN, infinite or, for a counter, lower than before", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, hostile, hostile), { maxLength: 40 }), (records) => {
        const registry = createMetricRegistry();
        const last = new Map<object, number>();
        for (const [value, a, b] of records) {
          registry.counter(COUNT).add(value as number, { a, b } as never);
          registry
            .counter(COUNT)
            .bind(a as never)
            .add(value as number);
          registry.upDownCounter(SUM).add(value as number, { a } as never);
          registry.gauge(LAST).set(value as number, b as never);
          registry.gauge(LAST).add(value as number, { a } as never);
          registry.histogram(SPREAD).record(value as number, { a: b } as never);
          for (const series of registry.counter(COUNT).series()) {
            expect(series.value).toBeGreaterThanOrEqual(last.get(series) ?? 0);
            last.set(series, series.value);
          }
        }
        for (const { points } of registry.collect({ histogramAggregation: "base2_exponential_bucket_histogram" })
          .metrics) {
          for (const point of points) {
            expect(numbersIn(point).every((n) => Number.isFinite(n) && !Object.is(n, -0))).toBe(true);
            expect(Object.values(point.labels).every((text) => text.length <= 128 && text.isWellFormed())).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
