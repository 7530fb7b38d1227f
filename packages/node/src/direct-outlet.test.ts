// Flows as bytes on their way to a receiver that works, fails, hangs and comes back: every span is delivered or counted.
import { createRedactor, defineFlow } from "@tracebook/core";
import {
  createFlowEngine,
  createIdSource,
  createSystemClock,
  type EndedFlow,
  installRuntime,
} from "@tracebook/core/extension";
import { createFlowEncoder } from "@tracebook/exporters";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";
import { resolveConfig } from "./config.ts";
import { createDirectOutlet, type DirectOutlet } from "./direct-outlet.ts";
import { createOtlpExporters, type OtlpExporters } from "./otlp-exporters.ts";
import { createResource } from "./resource.ts";

const tick = defineFlow("outlet_tick", { stages: ["book", "risk"] });
const SPANS_PER_FLOW = 3;
const clock = createSystemClock();
const redactor = createRedactor();

let sink: OtlpSink;
let exporters: OtlpExporters;
let outlet: DirectOutlet<EndedFlow>;
let dropped: Record<string, number>;
let failures: string[];
let uninstall: () => void;
let drain: () => void;

/** Opens the outlet behind an engine that keeps everything. */
async function open(queue: { maxSize?: number; batchSize?: number; timeoutMs?: number } = {}): Promise<void> {
  const { config } = resolveConfig({ enabled: true, otlpEndpoint: sink.url }, {});
  // So short that every further try is the pump's.
  exporters = await createOtlpExporters(config.otlp, 300);
  const encoder = createFlowEncoder({
    clock,
    ids: createIdSource(),
    redactor,
    resource: createResource(config, "i", redactor),
  });
  dropped = {};
  failures = [];
  outlet = createDirectOutlet<EndedFlow>({
    envelope: encoder.envelope,
    append: (flow, out) => {
      if (flow.symbol === "unreadable") {
        encoder.append(flow, out);
        throw new Error("half a flow");
      }
      return encoder.append(flow, out);
    },
    entriesOf: (flow) => flow.markCount + 1,
    exporter: exporters.spanBytes!(encoder.envelope),
    queue: { maxSize: 3_000, batchSize: 300, delayMs: 20, timeoutMs: 2_000, ...queue },
    onDrop: (reason, count) => {
      dropped[reason] = (dropped[reason] ?? 0) + count;
    },
    onFailure: (error) => failures.push(error.message),
  });
  const engine = createFlowEngine({
    clock,
    ids: createIdSource(),
    instanceId: "i",
    runId: "r",
    sampleRatio: 1,
    slowMs: 1e9,
    recentFlows: 0,
    maxFlows: 10_000,
    afterTick: () => {},
    afterPause: () => {},
    onDrop: () => {},
    flowObservers: [],
    recordObservers: [],
    flowSinks: [{ flowKept: (flow) => outlet.push(flow) }],
    recordSinks: [],
  });
  uninstall = installRuntime(engine);
  drain = () => engine.drain();
}

function runTicks(count: number, symbol = "BTC/USDT"): void {
  for (let i = 0; i < count; i++) {
    const flow = tick.start({ symbol });
    flow.mark("book");
    flow.mark("risk");
    flow.end("no_signal");
  }
  drain();
}

const lost = (): number => Object.values(dropped).reduce((sum, count) => sum + count, 0);

beforeEach(async () => {
  sink = await startOtlpSink();
});
afterEach(async () => {
  uninstall();
  exporters.disconnect();
  await sink.close();
});

describe("a direct outlet", () => {
  it("delivers every span once, in requests of the batch size, whole traces with their parents", async () => {
    await open();
    runTicks(250);
    await outlet.flush(5_000);
    expect(sink.requests).toBe(3);
    expect(new Set(sink.spans.map((span) => span.spanId)).size).toBe(250 * SPANS_PER_FLOW);
    const roots = new Map(sink.spans.filter((span) => span.name === "outlet_tick").map((span) => [span.traceId, span]));
    for (const span of sink.spans)
      if (span.name !== "outlet_tick") expect(span.parentSpanId).toBe(roots.get(span.traceId)?.spanId);
    expect(outlet).toMatchObject({ exported: 750, queued: 0 });
  });

  it("sends what waits after the delay, without being asked", async () => {
    await open();
    runTicks(2);
    await vi.waitFor(() => expect(sink.spans).toHaveLength(2 * SPANS_PER_FLOW), 5_000);
  });

  it("keeps what a receiver does not take and delivers it, unchanged, when it does again", async () => {
    await open();
    sink.answer = 503;
    runTicks(200);
    await outlet.flush(2_000);
    expect(outlet.queued).toBe(200 * SPANS_PER_FLOW);
    runTicks(100, "ETH/USDT");
    sink.answer = 200;
    await vi.waitFor(() => expect(outlet.queued).toBe(0), 15_000);
    expect(new Set(sink.spans.map((span) => span.spanId)).size).toBe(300 * SPANS_PER_FLOW);
    const symbols = sink.spans
      .filter((span) => span.name === "outlet_tick")
      .map((span) => span.attributes["trading.symbol"]);
    expect(symbols.filter((symbol) => symbol === "ETH/USDT")).toHaveLength(100);
    expect(dropped).toEqual({});
  });

  it("does not write into a buffer that a hanging request still holds", async () => {
    await open({ timeoutMs: 200 });
    sink.answer = "hang";
    runTicks(100, "BTC/USDT");
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(0), 5_000);
    sink.answer = 200;
    for (let i = 0; i < 10; i++) runTicks(100, `S${i}`);
    await vi.waitFor(() => expect(outlet.queued).toBe(0), 15_000);
    const symbols = sink.spans
      .filter((span) => span.name === "outlet_tick")
      .map((span) => span.attributes["trading.symbol"]);
    expect(symbols.filter((symbol) => symbol === "BTC/USDT").length).toBeGreaterThanOrEqual(100);
    expect(new Set(sink.spans.map((span) => span.spanId)).size + lost()).toBe(1_100 * SPANS_PER_FLOW);
  });

  it("counts, in spans, what a full queue, a refusing receiver and an unreadable item cost", async () => {
    await open({ maxSize: 300, batchSize: 150 });
    sink.answer = 503;
    runTicks(500);
    // One item may reach beyond the limit, no more.
    expect(outlet.queued).toBeLessThan(300 + SPANS_PER_FLOW);
    expect(outlet.queued + lost()).toBe(500 * SPANS_PER_FLOW);
    expect(Object.keys(dropped)).toEqual(["queue_full"]);
    sink.answer = 400;
    await vi.waitFor(() => expect(outlet.queued).toBe(0), 20_000);
    expect(dropped["rejected"]).toBe(500 * SPANS_PER_FLOW - dropped["queue_full"]!);
    sink.answer = 200;
    runTicks(1, "unreadable");
    runTicks(1);
    await vi.waitFor(() => expect(sink.spans).toHaveLength(SPANS_PER_FLOW), 20_000);
    expect(dropped["unreadable"]).toBe(SPANS_PER_FLOW);
  });

  it("counts what is left when it closes before a dead receiver", async () => {
    await open();
    sink.answer = "hang";
    runTicks(50);
    await outlet.close(200);
    expect(dropped).toEqual({ shutdown: 50 * SPANS_PER_FLOW });
    expect(outlet.queued).toBe(0);
  });
});
