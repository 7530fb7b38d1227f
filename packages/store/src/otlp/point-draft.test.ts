// Data points as the store takes them.
import { describe, expect, it } from "vitest";
import type { MetricPointInput } from "../store-input.ts";
import { json, NOW_MICROS, type Read, readMetrics } from "./testdata/stock-bodies.ts";

const NANOS = "1795132800000001999";
const START = "1795132799000000000";
const POINT = { startTimeUnixNano: START, timeUnixNano: NANOS };

function readMetric(metric: object): Read<MetricPointInput> {
  return readMetrics(
    json({
      resourceMetrics: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "bot" } }] },
          scopeMetrics: [{ metrics: [{ name: "m", unit: "ms", description: "d", ...metric }] }],
        },
      ],
    }),
    "json",
  );
}

function pointOf(metric: object): MetricPointInput {
  const { items, message } = readMetric(metric);
  expect(message).toBeUndefined();
  expect(items).toHaveLength(1);
  return items[0]!;
}

describe("a data point", () => {
  it("of a gauge or a sum is a number with its labels as texts", () => {
    const attributes = [
      { key: "symbol", value: { stringValue: "BTC/USDT" } },
      { key: "level", value: { intValue: "3" } },
      { key: "hot", value: { boolValue: false } },
      { key: "list", value: { arrayValue: { values: [{ doubleValue: 0.5 }] } } },
      { key: "none" },
    ];
    const common = {
      source: { serviceName: "bot", instanceId: "" },
      name: "m",
      unit: "ms",
      description: "d",
      labels: { symbol: "BTC/USDT", level: "3", hot: "false", list: "[0.5]", none: "" },
      startMicros: 1_795_132_799_000_000,
      timeMicros: 1_795_132_800_000_001,
    };
    expect(pointOf({ gauge: { dataPoints: [{ ...POINT, attributes, asDouble: -0 }] } })).toStrictEqual({
      ...common,
      type: "gauge",
      isMonotonic: false,
      isCumulative: false,
      value: 0,
    });
    const sum = { dataPoints: [{ ...POINT, attributes, asInt: "-7" }], aggregationTemporality: 2, isMonotonic: true };
    expect(pointOf({ sum })).toStrictEqual({
      ...common,
      type: "sum",
      isMonotonic: true,
      isCumulative: true,
      value: -7,
    });
    expect(pointOf({ sum: { ...sum, aggregationTemporality: 1 } })).toMatchObject({ isCumulative: false });
  });

  it("of a histogram has buckets, all in one where none were sent", () => {
    const histogram = (point: object) => ({
      histogram: { aggregationTemporality: 1, dataPoints: [{ ...POINT, count: "3", sum: 1.5, ...point }] },
    });
    expect(pointOf(histogram({ explicitBounds: [1, 2], bucketCounts: ["1", 2, "0"] }))).toMatchObject({
      type: "histogram",
      isCumulative: false,
      count: 3,
      sum: 1.5,
      bounds: [1, 2],
      bucketCounts: [1, 2, 0],
    });
    expect(pointOf(histogram({ sum: undefined }))).toMatchObject({ sum: 0, bounds: [], bucketCounts: [3] });
  });

  it("of an exponential histogram has the bounds that all of them have", () => {
    const dataPoints = [
      {
        ...POINT,
        count: 10,
        sum: 20,
        scale: 0,
        zeroCount: 1,
        positive: { offset: 1, bucketCounts: [2, 0, 3] },
        negative: { offset: 4, bucketCounts: [4] },
      },
    ];
    const point = pointOf({ exponentialHistogram: { aggregationTemporality: 2, dataPoints } });
    expect(point).toMatchObject({ type: "histogram", isCumulative: true, count: 10, sum: 20 });
    expect(filledOf(point)).toStrictEqual({ 0: 5, 4: 2, 16: 3 });
  });

  it("is now when it has no time", () => {
    expect(pointOf({ gauge: { dataPoints: [{ asInt: 1 }] } })).toMatchObject({
      timeMicros: NOW_MICROS,
      startMicros: 0,
    });
  });

  it("has at most 64 labels", () => {
    const attributes = Array.from({ length: 70 }, (_, i) => ({ key: `l${i}`, value: { intValue: i } }));
    expect(Object.keys(pointOf({ gauge: { dataPoints: [{ asInt: 1, attributes }] } }).labels)).toHaveLength(64);
  });

  it("that says it holds no value is neither taken nor rejected", () => {
    const { accepted, rejected } = readMetric({ gauge: { dataPoints: [{ flags: 1 }, { asInt: 1, flags: 2 }] } });
    expect([accepted, rejected]).toStrictEqual([1, 0]);
  });

  it.each([
    ["has no name", { name: "", gauge: { dataPoints: [{ asInt: 1 }] } }],
    ["has no finite value", { gauge: { dataPoints: [{ ...POINT }] } }],
    ["has no finite value", { sum: { dataPoints: [{ asDouble: "NaN" }] } }],
    ["has no finite value", { sum: { dataPoints: [{ asDouble: "-Infinity" }] } }],
    ["is not finite", { histogram: { dataPoints: [{ count: 1, sum: "Infinity" }] } }],
    ["are not finite and rising", histogramOf([2, 1], [0, 0, 0])],
    ["are not finite and rising", histogramOf([1, 1], [0, 0, 0])],
    ["are not finite and rising", histogramOf([1, "Infinity"], [0, 0, 0])],
    ["has 2 buckets for 2 bounds", histogramOf([1, 2], [0, 0])],
    ["has 0 buckets for 1 bounds", histogramOf([1], [])],
    ["send a histogram", { summary: { dataPoints: [{ ...POINT, count: 1, quantileValues: [] }] } }],
  ])("is rejected with a message: it %s", (why, metric) => {
    const good = { gauge: { dataPoints: [{ asInt: 1 }] } };
    const { accepted, rejected, message } = readMetric(metric);
    expect([accepted, rejected]).toStrictEqual([0, 1]);
    expect(message).toContain(why);
    expect(message).toMatch(
      / \(at \$\.resourceMetrics\[0\]\.scopeMetrics\[0\]\.metrics\[0\]\.\w+\.dataPoints\[0\]\)\.$/,
    );
    expect(readMetric(good).rejected).toBe(0);
  });
});

function histogramOf(explicitBounds: unknown[], bucketCounts: unknown[]) {
  return { histogram: { dataPoints: [{ count: 1, sum: 1, explicitBounds, bucketCounts }] } };
}

/** Counts by upper bound, of the buckets that hold something. */
function filledOf(point: MetricPointInput | undefined): Record<number, number> {
  if (point?.type !== "histogram") return {};
  const entries = point.bucketCounts.map((count, i) => [point.bounds[i] ?? Number.POSITIVE_INFINITY, count] as const);
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}
