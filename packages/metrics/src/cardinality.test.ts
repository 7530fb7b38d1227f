// The cardinality guard: bounded series, bounded values, bounded memory, and nothing lost from the sums.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { readPoints, readValue } from "../test/read-points.ts";
import { defineMetric } from "./metric-definition.ts";
import type { MetricProblem } from "./metric-problem.ts";
import { createMetricRegistry } from "./metric-registry.ts";

const TICKS = defineMetric({
  name: "ticks_total",
  kind: "counter",
  unit: "{tick}",
  labels: ["symbol", "reason_code"],
  help: "Ticks.",
});

function sumOf(points: readonly object[]): number {
  return points.reduce((sum, point) => sum + (point as { value: number }).value, 0);
}

describe("a label with too many values", () => {
  it("gets other for those beyond the limit; the rest stays apart and no count is lost", () => {
    const problems: MetricProblem[] = [];
    const registry = createMetricRegistry({ maxValuesPerLabel: 3, onProblem: (problem) => problems.push(problem) });
    const ticks = registry.counter(TICKS);
    for (let i = 0; i < 10; i++) ticks.add(1, { symbol: `S${i}`, reason_code: "no_signal" });
    expect(readPoints(registry, "ticks_total").map((point) => point.labels.symbol)).toEqual([
      "S0",
      "S1",
      "S2",
      "other",
    ]);
    expect(readValue(registry, "ticks_total", { symbol: "other", reason_code: "no_signal" })).toBe(7);
    expect(readValue(registry, "tracebook_label_overflow_total", { metric: "ticks_total" })).toBe(7);
    expect(problems.map(({ code }) => code)).toEqual(["label_overflow"]);
  });

  it("counts a value that is called other with them", () => {
    const registry = createMetricRegistry({ maxValuesPerLabel: 1 });
    const ticks = registry.counter(TICKS);
    for (const symbol of ["other", "A", "B"]) ticks.add(1, { symbol });
    expect(readValue(registry, "ticks_total", { symbol: "other" })).toBe(2);
  });
});

describe("a metric with too many series", () => {
  it("gives up the most varied label first, so that reasons stay exact", () => {
    const registry = createMetricRegistry({ maxSeriesPerMetric: 100 });
    const ticks = registry.counter(TICKS);
    for (let i = 0; i < 4000; i++) ticks.add(1, { symbol: `S${i % 199}`, reason_code: `reason_${i % 4}` });
    const points = readPoints(registry, "ticks_total");
    expect(points.length).toBeLessThanOrEqual(100);
    expect(sumOf(points)).toBe(4000);
    for (let reason = 0; reason < 4; reason++) {
      expect(sumOf(points.filter((point) => point.labels.reason_code === `reason_${reason}`))).toBe(1000);
    }
  });

  it("never has more than its limit, whatever the labels", () => {
    for (const limit of [10, 11, 57, 1000]) {
      const registry = createMetricRegistry({ maxSeriesPerMetric: limit, maxValuesPerLabel: 10_000 });
      const ticks = registry.counter(TICKS);
      for (let i = 0; i < 5000; i++) ticks.add(1, { symbol: `S${i}`, reason_code: `r${i % 97}` });
      const points = readPoints(registry, "ticks_total");
      expect(points.length).toBeLessThanOrEqual(limit);
      expect(points.length).toBeGreaterThan(limit / 2);
      expect(sumOf(points)).toBe(5000);
    }
  });
});

describe("a million distinct symbols", () => {
  it("leave bounded series and bounded memory", () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const registry = createMetricRegistry();
    const ticks = registry.counter(TICKS);
    const record = (from: number, count: number): void => {
      for (let i = from; i < from + count; i++) ticks.add(1, { symbol: `SYMBOL-${i}`, reason_code: `r${i % 7}` });
    };
    record(0, 10_000);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    record(10_000, 990_000);
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000);
    expect(readPoints(registry, "ticks_total").length).toBeLessThanOrEqual(1000);
    expect(sumOf(readPoints(registry, "ticks_total"))).toBe(1_000_000);
  });

  it("cut from large frames do not keep the frames in memory", () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const ticks = createMetricRegistry().counter(TICKS);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100; i++) {
      const frame = `{"symbol":"LONG-SYMBOL-NAME-${1000 + i}","rest":"${"x".repeat(300_000)}"}`;
      ticks.add(1, { symbol: frame.slice(11, 32) });
    }
    collectGarbage();
    expect(ticks.series()[0]?.labels.symbol).toBe("LONG-SYMBOL-NAME-1000");
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
  });
});

describe("label values", () => {
  it("are text: numbers and booleans as printed, nothing as empty, objects as other", () => {
    const ticks = createMetricRegistry().counter(TICKS);
    const cases: [unknown, string][] = [
      [200, "200"],
      [true, "true"],
      [10n, "10"],
      [undefined, ""],
      [null, ""],
      [{}, "other"],
      [[1], "other"],
      [Symbol("x"), "other"],
      [() => 1, "other"],
      [10n ** 100n, "other"],
      ["\ud800x", "\ufffdx"],
      ["y".repeat(500), "y".repeat(128)],
    ];
    for (const [given, text] of cases) expect(ticks.bind({ symbol: given as string }).labels.symbol).toBe(text);
  });

  it("that throw when they are read are other", () => {
    const labels = {
      get symbol(): string {
        throw new Error("no");
      },
    };
    expect(createMetricRegistry().counter(TICKS).bind(labels).labels).toEqual({ symbol: "other", reason_code: "" });
  });

  it("that could break out of a line of text are kept as they are, for the exporter to escape", () => {
    const evil = 'a"} 1\nevil{x="';
    expect(createMetricRegistry().counter(TICKS).bind({ symbol: evil }).labels.symbol).toBe(evil);
  });
});

describe("labels that a metric does not declare", () => {
  it("are ignored, and told and counted once", () => {
    const problems: MetricProblem[] = [];
    const registry = createMetricRegistry({ onProblem: (problem) => problems.push(problem) });
    const ticks = registry.counter(TICKS);
    ticks.bind({ symbol: "A", order_id: "1" } as never).add();
    ticks.bind({ symbol: "A", order_id: "2", user_id: "3" } as never).add();
    ticks.add(1, { symbol: "B", order_id: "4" } as never);
    expect(readPoints(registry, "ticks_total").map((point) => point.labels)).toEqual([
      { symbol: "A", reason_code: "" },
      { symbol: "B", reason_code: "" },
    ]);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ["unknown_label", 'ticks_total: has no label "order_id"; it is ignored'],
    ]);
    expect(readValue(registry, "tracebook_unknown_labels_total", { metric: "ticks_total" })).toBe(1);
  });

  it("named as an id are refused when the metric is defined", () => {
    for (const label of [
      "order_id",
      "client_order_id",
      "trade_id",
      "user_id",
      "session_id",
      "trace_id",
      "run_id",
      "license_id",
      "txhash",
      "uuid",
    ]) {
      expect(() => defineMetric({ name: "x_total", kind: "counter", unit: "1", labels: [label], help: "X." })).toThrow(
        expect.objectContaining({ code: "unbounded_label" }),
      );
    }
    for (const label of ["bot_id", "symbol", "status", "strategy_id"]) {
      expect(defineMetric({ name: "x_total", kind: "counter", unit: "1", labels: [label], help: "X." }).labels).toEqual(
        [label],
      );
    }
  });
});
