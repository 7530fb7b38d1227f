// Records into metrics, as core emits them.
import { createManualClock, defineEvent, tradingEvents } from "@tracebook/core";
import {
  createFlowEngine,
  createIdSource,
  type EventKind,
  type EventRecord,
  installRuntime,
} from "@tracebook/core/extension";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPoints, readValue } from "../test/read-points.ts";
import { metricCatalogue } from "./metric-catalogue.ts";
import { createMetricRegistry, type MetricRegistry } from "./metric-registry.ts";
import { createRecordMetrics } from "./record-metrics.ts";

const DECISION: EventKind = {
  eventType: "decision",
  recordClass: "evidence",
  writeThrough: false,
  severityNumber: 9,
  stream: "events",
  toData: () => ({}),
};
const TRANSITIONS = "tvtelegrambingx_order_transitions_total";

let registry: MetricRegistry;
let stop: () => void;
let engine: ReturnType<typeof createFlowEngine>;

beforeEach(() => {
  registry = createMetricRegistry();
  engine = createFlowEngine({
    clock: createManualClock(0),
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
    flowObservers: [],
    recordObservers: [createRecordMetrics(registry)],
    flowSinks: [],
    recordSinks: [],
  });
  stop = installRuntime(engine);
  registry.onCollect(() => engine.drain());
});
afterEach(() => stop());

describe("record metrics", () => {
  it("count events by type, the user's own too", () => {
    const own = defineEvent<{ x: number }>("metrics_test_event");
    own.emit({ x: 1 });
    own.emit({ x: 2 });
    tradingEvents.scanStarted.emit({ symbols: [], profile: "p", symbol_count: 0 });
    expect(readPoints(registry, "trading_events_total")).toEqual([
      { labels: { event_type: "metrics_test_event" }, value: 2 },
      { labels: { event_type: "scan_started" }, value: 1 },
    ]);
  });

  it("count decisions by word, reason code, strategy and symbol", () => {
    const verdicts = [
      { accepted: false, decision: "REJECT", reasonCode: "insufficient_edge" },
      { accepted: true, decision: "ACCEPT", reasonCode: "accepted" },
      { accepted: false, reasonCode: "insufficient_edge" },
    ];
    for (const verdict of verdicts) engine.emitVerdict(DECISION, verdict, { strategy: "basis", symbol: "BTC/USDT" });
    expect(readPoints(registry, "trading_decisions_total")).toEqual([
      {
        labels: { decision: "REJECT", reason_code: "insufficient_edge", strategy: "basis", symbol: "BTC/USDT" },
        value: 2,
      },
      { labels: { decision: "ACCEPT", reason_code: "accepted", strategy: "basis", symbol: "BTC/USDT" }, value: 1 },
    ]);
  });

  it("count an order's transitions: requested, then each new state once", () => {
    const order = { client_order_id: "c1", symbol: "BTC/USDT" };
    tradingEvents.orderRequest.emit({ ...order, side: "buy", quantity: "1" });
    tradingEvents.orderResult.emit({ ...order, status: "partially_filled" });
    tradingEvents.orderResult.emit({ ...order, status: "partially_filled" });
    tradingEvents.orderTransition.emit({ ...order, status: "filled" });
    tradingEvents.orderResult.emit({ ...order, status: "filled" });
    tradingEvents.orderResult.emit({ ...order, client_order_id: "c2", status: "filled" });
    const count = (status: string) => readValue(registry, TRANSITIONS, { symbol: "BTC/USDT", status });
    expect([count("requested"), count("partially_filled"), count("filled")]).toEqual([1, 1, 2]);
  });

  it("remember the states of a bounded number of orders", () => {
    const emit = (id: string) => tradingEvents.orderResult.emit({ client_order_id: id, symbol: "A", status: "filled" });
    for (let i = 0; i < 1001; i++) emit(`c${i}`);
    emit("c1000");
    expect(readValue(registry, TRANSITIONS, { symbol: "A", status: "filled" })).toBe(1001);
    emit("c0");
    expect(readValue(registry, TRANSITIONS, { symbol: "A", status: "filled" })).toBe(1002);
  });

  it("use the application's prefix", () => {
    const own = createMetricRegistry();
    const kind = tradingEvents.orderTransition.kind as EventKind;
    const metrics = createRecordMetrics(own, metricCatalogue({ prefix: "mybot_" }));
    metrics.observe({ kind, payload: { symbol: "A", status: "filled" } } as EventRecord);
    expect(readValue(own, "mybot_order_transitions_total", { symbol: "A", status: "filled" })).toBe(1);
  });

  it("count the event of a hostile payload and throw nothing", () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
      },
    );
    const kinds = [DECISION, tradingEvents.orderRequest.kind, tradingEvents.orderResult.kind] as EventKind[];
    const metrics = createRecordMetrics(registry);
    for (const payload of [
      hostile,
      null,
      undefined,
      5,
      "x",
      { status: {}, reasonCode: {}, client_order_id: "x".repeat(1e6) },
    ]) {
      for (const kind of kinds)
        metrics.recordEmitted({ kind, payload, symbol: undefined, strategy: undefined } as EventRecord);
    }
    for (const kind of kinds) {
      expect(readValue(registry, "trading_events_total", { event_type: kind.eventType })).toBe(6);
    }
  });
});
