// Exemplars: the trace of a kept flow beside the buckets its durations fell into, and nothing for flows that were not kept.
import { createManualClock, defineFlow } from "@tracebook/core";
import { createFlowEngine, createIdSource, type EndedFlow, installRuntime } from "@tracebook/core/extension";
import { afterEach, describe, expect, it } from "vitest";
import { ExemplarCells } from "./exemplar-cells.ts";
import { createFlowMetrics } from "./flow-metrics.ts";
import type { HistogramPoint } from "./index.ts";
import { defineMetric } from "./metric-definition.ts";
import { createMetricRegistry, type MetricRegistry } from "./metric-registry.ts";

const ORIGIN = { trace0: 1, trace1: -1, trace2: 0, trace3: 0x7fffffff, span0: -2, span1: 3 };
const TRACE_ID = "00000001ffffffff000000007fffffff";
const SPAN_ID = "fffffffe00000003";

function points(registry: MetricRegistry, name: string): readonly HistogramPoint[] {
  const metric = registry.collect({ exemplars: true }).metrics.find(({ definition }) => definition.name === name);
  return metric?.type === "histogram" ? metric.points : [];
}

describe("the exemplar of a bucket", () => {
  it("is the value, the time and the ids as text", () => {
    const cells = new ExemplarCells(3);
    cells.note(1, 0.25, 1_000, ORIGIN);
    expect(cells.list()).toEqual([
      undefined,
      { traceId: TRACE_ID, spanId: SPAN_ID, value: 0.25, timeEpochMs: 1_000 },
      undefined,
    ]);
  });

  it("changes at most ten times a second, also after the wall clock went back", () => {
    const cells = new ExemplarCells(1);
    const seen = [0, 99, 100, 150, 200, -5_000, -4_950].map((ms) => {
      cells.note(0, ms, 1_000_000 + ms, ORIGIN);
      return cells.list()[0]?.value;
    });
    expect(seen).toEqual([0, 0, 100, 100, 200, -5_000, -5_000]);
  });
});

describe("a histogram", () => {
  const definition = defineMetric({
    name: "lag_seconds",
    kind: "histogram",
    unit: "s",
    labels: ["source"],
    help: "Lag.",
    bounds: [0.01, 0.1, 1],
  });

  it("keeps one for each bucket, of the series it was noted for, and shows it when asked", () => {
    const registry = createMetricRegistry();
    const histogram = registry.histogram(definition);
    for (const source of ["a", "b"]) histogram.record(0.05, { source });
    const bound = histogram.bind({ source: "a" });
    for (const value of [0.1, 7]) bound.noteExemplar(value, 5_000, ORIGIN);
    const [a, b] = points(registry, "lag_seconds");
    expect(a?.exemplars?.map((exemplar) => exemplar?.value)).toEqual([undefined, 0.1, undefined, 7]);
    expect(b?.exemplars).toBeUndefined();
    expect(registry.collect().metrics[0]).not.toHaveProperty("points.0.exemplars.1");
  });

  it("takes none for what is no value", () => {
    const registry = createMetricRegistry();
    const bound = registry.histogram(definition).bind();
    bound.record(1);
    for (const value of [Number.NaN, -1, Number.POSITIVE_INFINITY]) bound.noteExemplar(value, 5_000, ORIGIN);
    expect(points(registry, "lag_seconds")[0]?.exemplars).toBeUndefined();
  });

  it("read series by series is the same as collected", () => {
    const registry = createMetricRegistry();
    const histogram = registry.histogram(definition);
    for (const source of ["a", "b"]) histogram.record(0.05, { source });
    registry.gauge({ ...definition, name: "unset", kind: "gauge", bounds: undefined } as never).bind();
    const [reading, gauge] = registry.read();
    const read = Array.from({ length: reading?.size ?? 0 }, (_, series) => reading?.pointAt(series));
    expect(read).toEqual(registry.collect().metrics[0]?.points);
    expect([reading?.pointAt(2), gauge?.size, gauge?.pointAt(0)]).toEqual([undefined, 1, undefined]);
  });
});

describe("flows", () => {
  let uninstall = (): void => {};
  afterEach(() => uninstall());

  /** Runs flows of the given durations (milliseconds), 200 ms apart, and tells which were kept. */
  function run(sampleRatio: number, durations: readonly number[]): { registry: MetricRegistry; kept: string[] } {
    const clock = createManualClock(1_700_000_000_000_000);
    const registry = createMetricRegistry();
    const metrics = createFlowMetrics(registry, clock);
    const kept: string[] = [];
    const engine = createFlowEngine({
      clock,
      ids: createIdSource(Uint32Array.of(1, 2, 3, 4)),
      instanceId: "i",
      runId: "r",
      sampleRatio,
      slowMs: 50,
      recentFlows: 0,
      maxFlows: 16,
      afterTick: () => {},
      afterPause: () => {},
      onDrop: () => {},
      flowObservers: [metrics],
      recordObservers: [],
      flowSinks: [{ flowKept: (flow: EndedFlow) => kept.push(`${flow.traceId} ${flow.spanId}`) }, metrics],
      recordSinks: [],
    });
    uninstall = installRuntime(engine);
    const tick = defineFlow("tick", { stages: ["book", "signal"] });
    let now = 1_700_000_000_000_000;
    for (const ms of durations) {
      now += 200_000;
      clock.advanceTo(now);
      tick.run({ symbol: "BTC" }, (flow) => {
        clock.advanceTo(now + ms * 500);
        flow.mark("book");
        clock.advanceTo(now + ms * 1_000);
        flow.mark("signal");
      });
      now += ms * 1_000;
    }
    engine.drain();
    return { registry, kept };
  }

  it("that are kept stand beside the buckets of their stages and of their duration, in their buckets, with their time", () => {
    const { registry, kept } = run(1, [1, 4, 100]);
    expect(kept).toHaveLength(3);
    for (const name of ["trading_stage_duration_seconds", "trading_flow_duration_seconds"])
      for (const { bounds, counts, exemplars, labels } of points(registry, name)) {
        const found = (exemplars ?? []).flatMap((exemplar, i) => (exemplar === undefined ? [] : [{ ...exemplar, i }]));
        expect([labels, found.length]).toEqual([labels, counts.filter((count) => count > 0).length]);
        for (const { traceId, spanId, value, timeEpochMs, i } of found) {
          expect(kept).toContain(`${traceId} ${spanId}`);
          expect(value).toBeLessThanOrEqual(bounds[i] ?? Infinity);
          expect(value).toBeGreaterThan(bounds[i - 1] ?? 0);
          expect(timeEpochMs).toBeGreaterThan(1_700_000_000_000);
        }
      }
  });

  it("that are not kept leave nothing; one that is slow is kept and found", () => {
    const { registry, kept } = run(0, [1, 4, 100, 2]);
    expect(kept).toHaveLength(1);
    const [duration] = points(registry, "trading_flow_duration_seconds");
    expect(duration?.count).toBe(4);
    expect(duration?.exemplars?.filter((one) => one !== undefined)).toMatchObject([
      { traceId: kept[0]?.split(" ")[0], value: 0.1 },
    ]);
  });

  it("have none without a clock", () => {
    const registry = createMetricRegistry();
    const metrics = createFlowMetrics(registry);
    expect(() => metrics.flowKept({} as EndedFlow)).not.toThrow();
    expect(points(registry, "trading_flow_duration_seconds")).toEqual([]);
  });
});
