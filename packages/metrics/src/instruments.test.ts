// Counters, gauges and histograms: what they take, what they refuse, what they tell.
import { describe, expect, it } from "vitest";
import { readPoints, readValue } from "../test/read-points.ts";
import { defineMetric } from "./metric-definition.ts";
import type { MetricProblem } from "./metric-problem.ts";
import { createMetricRegistry } from "./metric-registry.ts";

const ORDERS = defineMetric({
  name: "orders_total",
  kind: "counter",
  unit: "{order}",
  labels: ["symbol", "side"],
  help: "Orders.",
});
const OPEN = defineMetric({
  name: "orders_open",
  kind: "updowncounter",
  unit: "{order}",
  labels: [],
  help: "Open orders.",
});
const PNL = defineMetric({ name: "pnl_usd", kind: "gauge", unit: "{USD}", labels: ["symbol"], help: "Profit." });
const WAIT = defineMetric({
  name: "wait_seconds",
  kind: "histogram",
  unit: "s",
  labels: ["queue"],
  help: "Wait.",
  bounds: [1, 2, 5],
});

describe("a counter", () => {
  it("adds 1 by default, and the same labels give the same series in every form", () => {
    const orders = createMetricRegistry().counter(ORDERS);
    const bound = orders.bind({ side: "buy", symbol: "BTC" });
    bound.add();
    orders.add(2, { symbol: "BTC", side: "buy" });
    orders.bindValues(["BTC", "buy"]).add(3);
    expect(orders.bind({ symbol: "BTC", side: "buy" })).toBe(bound);
    expect(bound.value).toBe(6);
    expect(bound.labels).toEqual({ symbol: "BTC", side: "buy" });
  });

  it("is there with 0 once bound, so that its first increase is seen", () => {
    const registry = createMetricRegistry();
    registry.counter(ORDERS).bind({ symbol: "BTC" });
    expect(readPoints(registry, "orders_total")).toEqual([{ labels: { symbol: "BTC", side: "" }, value: 0 }]);
  });

  it("can follow a sum that is kept elsewhere, upwards only", () => {
    const series = createMetricRegistry().counter(ORDERS).bind();
    for (const total of [5, 3, Number.NaN, Infinity, -1]) series.advanceTo(total);
    expect(series.value).toBe(5);
    series.advanceTo(7);
    expect(series.value).toBe(7);
  });

  it("refuses an increase that would make it infinite", () => {
    const series = createMetricRegistry().counter(ORDERS).bind();
    series.add(Number.MAX_VALUE);
    series.add(Number.MAX_VALUE);
    expect(series.value).toBe(Number.MAX_VALUE);
  });
});

describe("an updowncounter", () => {
  it("rises and falls, and refuses what is no finite number", () => {
    const open = createMetricRegistry().upDownCounter(OPEN);
    open.add(5);
    for (const n of [-2, Number.NaN, Infinity, -Infinity, "1", 1n]) open.add(n as number);
    expect(open.bind().value).toBe(3);
  });
});

describe("a gauge", () => {
  it("has no value and is not exported until it is set, nor after it is cleared", () => {
    const registry = createMetricRegistry();
    const gauge = registry.gauge(PNL).bind({ symbol: "BTC" });
    expect([gauge.value, registry.collect().metrics]).toEqual([undefined, []]);
    gauge.set(1);
    expect(readValue(registry, "pnl_usd", { symbol: "BTC" })).toBe(1);
    gauge.clear();
    expect([gauge.value, registry.collect().metrics]).toEqual([undefined, []]);
  });

  it("takes money as decimal text, to the nearest double", () => {
    const gauge = createMetricRegistry().gauge(PNL).bind();
    for (const [text, value] of [
      ["125.50", 125.5],
      ["-0.1", -0.1],
      ["1e-7", 1e-7],
      [".5", 0.5],
      ["+3.", 3],
      ["0.30000000000000004", 0.1 + 0.2],
    ] as const) {
      gauge.set(text);
      expect(gauge.value).toBe(value);
    }
    gauge.set(12n);
    expect(gauge.value).toBe(12);
  });

  it("refuses text that is no decimal and keeps its value", () => {
    const gauge = createMetricRegistry().gauge(PNL).bind();
    gauge.set("7");
    for (const text of ["", " 1", "1,0", "0x10", "NaN", "Infinity", "1e999", "--1", "1".repeat(1000)]) gauge.set(text);
    gauge.set({ valueOf: () => 1 } as unknown as number);
    expect(gauge.value).toBe(7);
  });

  it("adds from 0 when it has no value yet, and sets -0 as 0", () => {
    const gauges = createMetricRegistry().gauge(PNL);
    gauges.add(2, { symbol: "A" });
    gauges.add(-0.5, { symbol: "A" });
    gauges.set(-0, { symbol: "B" });
    expect(gauges.bind({ symbol: "A" }).value).toBe(1.5);
    expect(Object.is(gauges.bind({ symbol: "B" }).value, 0)).toBe(true);
  });
});

describe("a histogram", () => {
  it("counts a value on a bound into the bucket below, as OpenTelemetry and Prometheus do", () => {
    const registry = createMetricRegistry();
    const wait = registry.histogram(WAIT);
    for (const value of [0, 1, 1.5, 2, 5, 5.1]) wait.record(value, { queue: "a" });
    expect(readPoints(registry, "wait_seconds")).toEqual([
      {
        labels: { queue: "a" },
        count: 6,
        sum: 14.6,
        min: 0,
        max: 5.1,
        bounds: [1, 2, 5],
        counts: [2, 2, 1, 1],
        exponential: undefined,
      },
    ]);
  });

  it("gives exponential buckets beside the explicit ones when a collection asks for them", () => {
    const registry = createMetricRegistry();
    registry.histogram(WAIT).record(1, { queue: "a" });
    const { metrics } = registry.collect({ histogramAggregation: "base2_exponential_bucket_histogram" });
    expect(metrics[0]?.points).toMatchObject([
      { counts: [1, 0, 0, 0], exponential: { scale: 5, zeroCount: 0, positive: { offset: -1, bucketCounts: [1] } } },
    ]);
  });

  it("is not exported while it is empty", () => {
    const registry = createMetricRegistry();
    registry.histogram(WAIT).bind({ queue: "a" });
    expect(registry.collect().metrics).toEqual([]);
  });

  it("summarises what it has", () => {
    const series = createMetricRegistry().histogram(WAIT).bind();
    for (let i = 1; i <= 100; i++) series.record(i / 100);
    const summary = series.summary();
    expect(summary).toMatchObject({ count: 100, min: 0.01, max: 1 });
    expect(summary?.p50).toBeGreaterThan(0.49);
    expect(summary?.p50).toBeLessThan(0.51);
  });
});

describe("a refused number", () => {
  it("is counted by metric each time and told once", () => {
    const problems: MetricProblem[] = [];
    const registry = createMetricRegistry({ onProblem: (problem) => problems.push(problem) });
    const orders = registry.counter(ORDERS).bind();
    orders.add(Number.NaN);
    orders.add(-1);
    registry.histogram(WAIT).record(-0.001);
    expect(readValue(registry, "tracebook_invalid_values_total", { metric: "orders_total" })).toBe(2);
    expect(readValue(registry, "tracebook_invalid_values_total", { metric: "wait_seconds" })).toBe(1);
    expect(problems.map(({ code, metric }) => [code, metric])).toEqual([
      ["invalid_value", "orders_total"],
      ["invalid_value", "wait_seconds"],
    ]);
    expect(problems[1]?.message).toContain("refused -0.001");
  });

  it("is told in one short line however long or hostile it is", () => {
    const problems: MetricProblem[] = [];
    const registry = createMetricRegistry({ onProblem: (problem) => problems.push(problem) });
    registry.gauge(PNL).set("x".repeat(5_000_000));
    registry.counter(ORDERS).add({
      toString: () => {
        throw new Error("no");
      },
    } as unknown as number);
    expect(problems).toHaveLength(2);
    for (const { message } of problems) expect(message.length).toBeLessThan(200);
  });
});
