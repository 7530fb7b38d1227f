// Flows as bytes on their way to a receiver that works, fails, hangs and comes back: every span is delivered or counted.
import { createRedactor, defineFlow } from "@tracebook/core";
import {
  createFlowEngine,
  createIdSource,
  createSystemClock,
  type EndedFlow,
  installRuntime,
} from "@tracebook/core/extension";
import { createDelivery, createFlowEncoder, createOtlpHttpSender, type Delivery } from "@tracebook/exporters";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";
import { resolveConfig } from "./config.ts";
import { createDirectOutlet, type DirectOutlet } from "./direct-outlet.ts";
import { createResource } from "./resource.ts";

const tick = defineFlow("outlet_tick", { stages: ["book", "risk"] });
const SPANS_PER_FLOW = 3;
const clock = createSystemClock();
const redactor = createRedactor();

let sink: OtlpSink;
let delivery: Delivery;
let outlet: DirectOutlet<EndedFlow>;
let dropped: Record<string, number>;
let failures: string[];
let uninstall: () => void;
let drain: () => void;

interface Bounds {
  readonly batchSize?: number;
  readonly maxItems?: number;
  readonly timeoutMs?: number;
}

/** Opens the outlet behind an engine that keeps everything. */
function open({ batchSize = 300, maxItems = 3_000, timeoutMs = 2_000 }: Bounds = {}): void {
  const { config } = resolveConfig({ enabled: true, otlpEndpoint: sink.url }, {});
  const encoder = createFlowEncoder({
    clock,
    ids: createIdSource(),
    redactor,
    resource: createResource(config, "i", redactor),
  });
  dropped = {};
  failures = [];
  const drop = (reason: string, count: number): void => {
    dropped[reason] = (dropped[reason] ?? 0) + count;
  };
  delivery = createDelivery({
    spool: undefined,
    maxItems,
    maxBytes: 16_777_216,
    onDrop: (_, reason, count) => drop(reason, count),
    onFailure: (_, { message }) => failures.push(message),
    onSpoolProblem: () => expect.unreachable(),
  });
  const sender = createOtlpHttpSender({ signal: "traces", url: `${sink.url}/v1/traces`, timeoutMs });
  outlet = createDirectOutlet<EndedFlow>({
    lane: delivery.lane({ signal: "traces", recordClass: "ordinary" }, sender),
    envelope: encoder.envelope,
    append: (flow, out) => {
      if (flow.symbol === "unreadable") {
        encoder.append(flow, out);
        throw new Error("half a flow");
      }
      return encoder.append(flow, out);
    },
    entriesOf: (flow) => flow.markCount + 1,
    queue: { maxSize: 3_000, batchSize, delayMs: 20, timeoutMs },
    queueBytes: 16_777_216,
    onDrop: drop,
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

async function flush(deadlineMs: number): Promise<void> {
  outlet.drain();
  await delivery.flush(deadlineMs);
}

const queued = (): number => delivery.stats()[0]!.queued + outlet.waiting;
const lost = (): number => Object.values(dropped).reduce((sum, count) => sum + count, 0);
const symbols = (): unknown[] =>
  sink.spans.filter((span) => span.name === "outlet_tick").map((span) => span.attributes["trading.symbol"]);

beforeEach(async () => {
  sink = await startOtlpSink();
});
afterEach(async () => {
  uninstall();
  outlet.close();
  await delivery.close(0);
  await sink.close();
});

describe("a direct outlet", () => {
  it("delivers every span once, in requests of the batch size, whole traces with their parents", async () => {
    open();
    runTicks(250);
    await flush(5_000);
    expect(sink.requests).toBe(3);
    expect(new Set(sink.spans.map((span) => span.spanId)).size).toBe(250 * SPANS_PER_FLOW);
    const roots = new Map(sink.spans.filter((span) => span.name === "outlet_tick").map((span) => [span.traceId, span]));
    for (const span of sink.spans)
      if (span.name !== "outlet_tick") expect(span.parentSpanId).toBe(roots.get(span.traceId)?.spanId);
    expect(delivery.stats()).toMatchObject([{ accepted: 750, delivered: 750, queued: 0 }]);
    expect(outlet.waiting).toBe(0);
  });

  it("sends what waits after the delay, without being asked", async () => {
    open();
    runTicks(2);
    expect(outlet.waiting).toBe(2 * SPANS_PER_FLOW);
    await expect.poll(() => sink.spans).toHaveLength(2 * SPANS_PER_FLOW);
  });

  it("keeps what a receiver does not take and delivers it, unchanged and in order, when it does again", async () => {
    open();
    sink.answer = 503;
    runTicks(200);
    await flush(2_000);
    expect(queued()).toBe(200 * SPANS_PER_FLOW);
    runTicks(100, "ETH/USDT");
    sink.answer = 200;
    await expect.poll(queued, { timeout: 15_000 }).toBe(0);
    expect(new Set(sink.spans.map((span) => span.spanId)).size).toBe(300 * SPANS_PER_FLOW);
    expect(symbols()).toEqual([...Array(200).fill("BTC/USDT"), ...Array(100).fill("ETH/USDT")]);
    expect(dropped).toEqual({});
  });

  it("does not write into a buffer that a hanging request still holds", async () => {
    open({ timeoutMs: 200 });
    sink.answer = "hang";
    runTicks(100, "BTC/USDT");
    await expect.poll(() => failures.length).toBeGreaterThan(0);
    sink.answer = 200;
    for (let i = 0; i < 10; i++) runTicks(100, `S${i}`);
    await expect.poll(queued, { timeout: 15_000 }).toBe(0);
    expect(symbols().filter((symbol) => symbol === "BTC/USDT").length).toBeGreaterThanOrEqual(100);
    expect(new Set(sink.spans.map((span) => span.spanId)).size + lost()).toBe(1_100 * SPANS_PER_FLOW);
  });

  it("counts, in spans, what full memory, a refusing receiver and an unreadable item cost", async () => {
    open({ maxItems: 300, batchSize: 150 });
    sink.answer = 503;
    runTicks(500);
    outlet.drain();
    // What is being sent may reach beyond the limit by one request.
    expect(queued()).toBeLessThanOrEqual(300 + 150);
    expect(queued() + lost()).toBe(500 * SPANS_PER_FLOW);
    expect(Object.keys(dropped)).toEqual(["queue_full"]);
    sink.answer = 400;
    await expect.poll(queued, { timeout: 20_000 }).toBe(0);
    expect(dropped["rejected"]).toBe(500 * SPANS_PER_FLOW - dropped["queue_full"]!);
    sink.answer = 200;
    runTicks(1, "unreadable");
    runTicks(1);
    await flush(10_000);
    expect(sink.spans).toHaveLength(SPANS_PER_FLOW);
    expect(dropped["unreadable"]).toBe(SPANS_PER_FLOW);
  });

  it("counts what is left when it closes before a dead receiver, and what comes after", async () => {
    open();
    sink.answer = "hang";
    runTicks(50);
    outlet.close();
    await delivery.close(200);
    expect(dropped).toEqual({ shutdown: 50 * SPANS_PER_FLOW });
    runTicks(1);
    expect(dropped).toEqual({ shutdown: 51 * SPANS_PER_FLOW });
    expect(queued()).toBe(0);
  });
});
