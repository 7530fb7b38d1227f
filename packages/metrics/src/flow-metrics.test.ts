// Flows into metrics: by hand for the numbers, and at the end of core's real flows.
import { createManualClock, defineFlow } from "@tracebook/core";
import {
  createFlowEngine,
  createIdSource,
  type EndedFlow,
  type FlowKind,
  installRuntime,
} from "@tracebook/core/extension";
import { afterEach, describe, expect, it } from "vitest";
import { readPoints, readValue } from "../test/read-points.ts";
import { createFlowMetrics } from "./flow-metrics.ts";
import { createMetricRegistry, type MetricRegistry } from "./metric-registry.ts";

const TICK = kindOf("tick", 0, ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"]);

interface Ending {
  readonly kind?: FlowKind;
  /** Stage index and time of each mark, milliseconds after the start. */
  readonly marks?: readonly (readonly [stage: number, ms: number])[];
  readonly endMs?: number;
  readonly symbol?: string;
  readonly strategy?: string;
  readonly reasonCode?: string;
}

function kindOf(name: string, index: number, stageNames: readonly string[]): FlowKind {
  return { name, index, stages: stageNames } as FlowKind;
}

/** What the observer reads of an ended flow. */
function ended({ kind = TICK, marks = [], endMs = 10, symbol, strategy, reasonCode = "no_signal" }: Ending): EndedFlow {
  const startMs = 1000;
  const last = marks.at(-1)?.[0];
  return {
    kind,
    symbol,
    strategy,
    reasonCode,
    markCount: marks.length,
    markStage: (i: number) => marks[i]?.[0],
    readTimes: (into: Float64Array) => into.set([startMs, ...marks.map(([, ms]) => startMs + ms), startMs + endMs]),
    outcomeStage: last === undefined ? "start" : kind.stages[last],
  } as unknown as EndedFlow;
}

function stages(registry: MetricRegistry): Record<string, [count: number, sum: number]> {
  const points = readPoints(registry, "trading_stage_duration_seconds") as unknown as {
    labels: Record<string, string>;
    count: number;
    sum: number;
  }[];
  return Object.fromEntries(points.map(({ labels, count, sum }) => [`${labels.flow}/${labels.stage}`, [count, sum]]));
}

describe("flow metrics", () => {
  it("record each stage as the time since the previous mark, in seconds, and their sum", () => {
    const registry = createMetricRegistry();
    createFlowMetrics(registry).flowEnded(
      ended({
        marks: [
          [0, 2],
          [1, 3],
          [2, 7],
          [3, 8],
        ],
        endMs: 9,
      }),
    );
    expect(stages(registry)).toEqual({
      "tick/ws_to_book_update": [1, 0.002],
      "tick/book_to_signal": [1, 0.001],
      "tick/signal_to_risk": [1, 0.004],
      "tick/risk_to_send": [1, 0.001],
      "tick/end_to_end": [1, 0.008],
    });
    expect(readPoints(registry, "trading_flow_duration_seconds")).toMatchObject([
      { labels: { flow: "tick" }, count: 1, sum: 0.009 },
    ]);
  });

  it("record the sum of stages from the second one on, as a flow that stopped before was not one end to the other", () => {
    const registry = createMetricRegistry();
    const metrics = createFlowMetrics(registry);
    metrics.flowEnded(ended({ marks: [[0, 2]] }));
    expect(Object.keys(stages(registry))).toEqual(["tick/ws_to_book_update"]);
    metrics.flowEnded(
      ended({
        marks: [
          [0, 2],
          [1, 3],
        ],
      }),
    );
    expect(stages(registry)["tick/end_to_end"]).toEqual([1, 0.003]);
  });

  it("record repeated and skipped stages as they came", () => {
    const registry = createMetricRegistry();
    createFlowMetrics(registry).flowEnded(
      ended({
        marks: [
          [2, 1],
          [2, 4],
          [0, 5],
        ],
      }),
    );
    expect(stages(registry)).toMatchObject({ "tick/signal_to_risk": [2, 0.004], "tick/ws_to_book_update": [1, 0.001] });
  });

  it("leave the sum alone in a flow that has a stage of that name", () => {
    const registry = createMetricRegistry();
    const kind = kindOf("own", 1, ["a", "end_to_end"]);
    createFlowMetrics(registry).flowEnded(
      ended({
        kind,
        marks: [
          [0, 1],
          [1, 3],
        ],
      }),
    );
    expect(stages(registry)).toEqual({ "own/a": [1, 0.001], "own/end_to_end": [1, 0.002] });
  });

  it("count every outcome by flow, stage, reason code, strategy and symbol", () => {
    const registry = createMetricRegistry();
    const metrics = createFlowMetrics(registry);
    const flows: Ending[] = [];
    for (const symbol of ["BTC/USDT", "ETH/USDT", undefined]) {
      for (const reasonCode of ["no_signal", "insufficient_edge"]) {
        for (const marks of [
          [],
          [[0, 1]],
          [
            [0, 1],
            [1, 2],
          ],
        ] as [number, number][][]) {
          for (const strategy of ["basis", "carry"]) {
            flows.push({ marks, reasonCode, strategy, ...(symbol === undefined ? {} : { symbol }) });
          }
        }
      }
    }
    for (let round = 0; round < 3; round++) for (const flow of flows) metrics.flowEnded(ended(flow));
    expect(readPoints(registry, "trading_flow_outcomes_total")).toHaveLength(36);
    for (const { symbol = "", strategy = "", reasonCode = "", marks = [] } of flows) {
      const stage = ["start", "ws_to_book_update", "book_to_signal"][marks.length]!;
      const labels = { flow: "tick", stage, reason_code: reasonCode, strategy, symbol };
      expect(readValue(registry, "trading_flow_outcomes_total", labels)).toBe(3);
    }
  });

  it("count every flow of a hundred thousand symbols, once each, in bounded series", () => {
    const registry = createMetricRegistry();
    const metrics = createFlowMetrics(registry);
    const flow = ended({ reasonCode: "no_signal", strategy: "s" });
    for (let i = 0; i < 100_000; i++) metrics.flowEnded({ ...flow, symbol: `S${i}` });
    const points = readPoints(registry, "trading_flow_outcomes_total") as unknown as { value: number }[];
    expect(points.length).toBeLessThanOrEqual(201);
    expect(points.reduce((sum, { value }) => sum + value, 0)).toBe(100_000);
    expect(readValue(registry, "tracebook_label_overflow_total", { metric: "trading_flow_outcomes_total" })).toBe(
      99_800,
    );
  });

  it("tell flows of two runtimes apart that have the same number", () => {
    const registry = createMetricRegistry();
    const metrics = createFlowMetrics(registry);
    const other = kindOf("scan", 0, ["find"]);
    for (let i = 0; i < 2; i++) {
      metrics.flowEnded(ended({ marks: [[0, 1]] }));
      metrics.flowEnded(ended({ kind: other, marks: [[0, 2]] }));
    }
    expect(stages(registry)).toEqual({ "tick/ws_to_book_update": [2, 0.002], "scan/find": [2, 0.004] });
  });

  it("refuse a negative duration and count it", () => {
    const registry = createMetricRegistry();
    createFlowMetrics(registry).flowEnded(ended({ marks: [[0, -5]] }));
    expect(stages(registry)).toEqual({});
    expect(readValue(registry, "tracebook_invalid_values_total", { metric: "trading_stage_duration_seconds" })).toBe(1);
  });

  it("give percentiles by stage in milliseconds", () => {
    const metrics = createFlowMetrics(createMetricRegistry());
    for (let i = 1; i <= 1000; i++) metrics.flowEnded(ended({ marks: [[0, i]] }));
    const { ws_to_book_update: stage, ...rest } = metrics.stagePercentiles("tick");
    expect(rest).toEqual({});
    expect(stage).toMatchObject({ count: 1000, min_ms: 1, max_ms: 1000 });
    expect(stage?.avg_ms).toBeCloseTo(500.5, 6);
    for (const [name, wanted] of [
      ["p50_ms", 500],
      ["p90_ms", 900],
      ["p95_ms", 950],
      ["p99_ms", 990],
    ] as const) {
      expect(Math.abs(stage![name] - wanted) / wanted).toBeLessThanOrEqual(0.011);
    }
    expect(metrics.stagePercentiles("unknown")).toEqual({});
  });
});

describe("at the end of core's flows", () => {
  let stop: (() => void) | undefined;
  afterEach(() => stop?.());

  it("flow metrics hear of every one, kept or not", () => {
    const registry = createMetricRegistry();
    const clock = createManualClock(0);
    const engine = createFlowEngine({
      clock,
      ids: createIdSource(new Uint32Array([1, 2, 3, 4])),
      instanceId: "i",
      runId: "r",
      sampleRatio: 0,
      slowMs: 1e9,
      recentFlows: 0,
      maxFlows: 10,
      afterTick: (fn) => queueMicrotask(fn),
      afterPause: (fn) => queueMicrotask(fn),
      onDrop: () => undefined,
      flowObservers: [createFlowMetrics(registry)],
      recordObservers: [],
      flowSinks: [],
      recordSinks: [],
    });
    stop = installRuntime(engine);
    registry.onCollect(() => engine.drain());
    const flow = defineFlow("tick", { stages: ["ws_to_book_update", "book_to_signal"] });
    flow.run({ symbol: "BTC/USDT", strategy: "basis" }, (running) => {
      clock.advanceTo(2000);
      running.mark("ws_to_book_update");
      clock.advanceTo(5000);
      running.mark("book_to_signal");
      return running.stop("no_signal");
    });
    expect(engine.stats()).toMatchObject({ flowsEnded: 1, flowsKept: 0 });
    expect(stages(registry)).toEqual({
      "tick/ws_to_book_update": [1, 0.002],
      "tick/book_to_signal": [1, 0.003],
      "tick/end_to_end": [1, 0.005],
    });
    expect(readPoints(registry, "trading_flow_outcomes_total")).toEqual([
      {
        labels: {
          flow: "tick",
          stage: "book_to_signal",
          reason_code: "no_signal",
          strategy: "basis",
          symbol: "BTC/USDT",
        },
        value: 1,
      },
    ]);
  });
});
