// The registry: one instrument a metric, one snapshot of all.
import { describe, expect, it } from "vitest";
import { readPoints, readValue } from "../test/read-points.ts";
import { defineMetric } from "./metric-definition.ts";
import type { MetricProblem } from "./metric-problem.ts";
import { createMetricRegistry } from "./metric-registry.ts";

const QUEUE = defineMetric({ name: "queue_depth", kind: "gauge", unit: "{item}", labels: [], help: "Waiting." });
const SENT = defineMetric({ name: "sent_total", kind: "counter", unit: "{item}", labels: ["to"], help: "Sent." });

describe("a registry", () => {
  it("makes an instrument once", () => {
    const registry = createMetricRegistry();
    expect(registry.counter(SENT)).toBe(registry.counter({ ...SENT }));
  });

  it("refuses another metric under a name that is taken", () => {
    const registry = createMetricRegistry();
    registry.counter(SENT);
    const conflict = expect.objectContaining({ code: "metric_conflict" });
    expect(() => registry.counter({ ...SENT, labels: ["from"] })).toThrow(conflict);
    expect(() => registry.gauge({ ...SENT, kind: "gauge" })).toThrow(conflict);
    expect(() => createMetricRegistry().gauge(SENT)).toThrow(conflict);
  });

  it("checks definitions and options, and names the bad value", () => {
    const bad = [
      [{ name: "1x" }, "invalid_metric_name"],
      [{ name: "a-b" }, "invalid_metric_name"],
      [{ kind: "timer" }, "invalid_metric_definition"],
      [{ labels: ["a", "a"] }, "invalid_metric_definition"],
      [{ labels: ["le"] }, "invalid_metric_definition"],
      [{ kind: "histogram", bounds: [2, 1] }, "invalid_metric_definition"],
      [{ kind: "histogram", bounds: [-1] }, "invalid_metric_definition"],
      [{ bounds: [1] }, "invalid_metric_definition"],
      [{ unit: 5 }, "invalid_metric_definition"],
    ] as const;
    for (const [change, code] of bad) {
      expect(() => defineMetric({ ...SENT, ...change } as never)).toThrow(expect.objectContaining({ code }));
    }
    for (const options of [{ maxSeriesPerMetric: 9 }, { maxSeriesPerMetric: 1.5 }, { maxValuesPerLabel: Number.NaN }]) {
      expect(() => createMetricRegistry(options)).toThrow(/is (9|1\.5|NaN), not a whole number from/);
    }
  });

  it("ends at a thousand metrics, without being kept from counting its own problems", () => {
    const registry = createMetricRegistry();
    for (let i = 0; i < 1000; i++) registry.counter({ ...SENT, name: `m${i}_total` });
    expect(() => registry.counter({ ...SENT, name: "one_more_total" })).toThrow(
      expect.objectContaining({ code: "too_many_metrics" }),
    );
    registry.counter({ ...SENT, name: "m0_total" }).add(Number.NaN);
    expect(readValue(registry, "tracebook_invalid_values_total", { metric: "m0_total" })).toBe(1);
  });

  it("says from when to when a snapshot counts, never backwards", () => {
    let now = 5000;
    const registry = createMetricRegistry({ nowEpochMs: () => now });
    now = 9000;
    expect(registry.collect()).toMatchObject({ startEpochMs: 5000, timeEpochMs: 9000 });
    now = 1000;
    expect(registry.collect()).toMatchObject({ startEpochMs: 5000, timeEpochMs: 5000 });
  });

  it("keeps one labels object a series, frozen", () => {
    const registry = createMetricRegistry();
    registry.counter(SENT).add(1, { to: "a" });
    const [first] = readPoints(registry, "sent_total");
    expect(readPoints(registry, "sent_total")[0]?.labels).toBe(first?.labels);
    expect(Object.isFrozen(first?.labels)).toBe(true);
  });

  it("is a snapshot: what is recorded later does not change it", () => {
    const registry = createMetricRegistry();
    const spread = registry.histogram({
      name: "spread_seconds",
      kind: "histogram",
      unit: "s",
      labels: [],
      help: "Spread.",
    });
    spread.record(1);
    const before = registry.collect();
    const copy = structuredClone(before);
    spread.record(1);
    expect(before).toEqual(copy);
  });
});

describe("observers of a collection", () => {
  it("run before each one, until they are stopped", () => {
    const registry = createMetricRegistry();
    let depth = 0;
    const stop = registry.onCollect(() => registry.gauge(QUEUE).set(++depth));
    expect(readValue(registry, "queue_depth")).toBe(1);
    expect(readValue(registry, "queue_depth")).toBe(2);
    stop();
    expect(readValue(registry, "queue_depth")).toBe(2);
  });

  it("that throw are told once and keep nobody else from being heard", () => {
    const problems: MetricProblem[] = [];
    const registry = createMetricRegistry({ onProblem: (problem) => problems.push(problem) });
    registry.onCollect(() => {
      throw new Error("gauge source is gone");
    });
    registry.onCollect(() => registry.gauge(QUEUE).set(4));
    expect(readValue(registry, "queue_depth")).toBe(4);
    registry.collect();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      code: "callback_failed",
      message: expect.stringContaining("gauge source is gone"),
    });
  });
});

describe("listeners for problems", () => {
  it("that come late hear what was missed, and throw into nobody's code", () => {
    const registry = createMetricRegistry();
    registry.counter(SENT).add(-1);
    const heard: string[] = [];
    registry.onProblem(() => {
      throw new Error("listener");
    });
    const stop = registry.onProblem((problem) => heard.push(problem.metric));
    registry.gauge(QUEUE).set(Number.NaN);
    stop();
    registry.gauge({ ...QUEUE, name: "other_depth" }).set(Number.NaN);
    expect(heard).toEqual(["sent_total", "queue_depth"]);
  });
});
