// Telemetry with destinations in its own process: beside OTLP and without it, from the start and later, to the end.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logs as logsApi, metrics as metricsApi, trace } from "@opentelemetry/api";
import {
  defineFlow,
  startTelemetry,
  type Telemetry,
  type TelemetryExtensions,
  type TelemetryOptions,
  tradingEvents,
} from "@tracebook/node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type MemoryDestination, memoryDestination } from "../test/memory-destination.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";

const tick = defineFlow("desk_tick", { stages: ["book", "risk"] });
const SPANS_PER_FLOW = 3;

let dir = "";
let telemetry: Telemetry | undefined;
let sink: OtlpSink | undefined;
let stderr: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-destinations-"));
  stderr = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => stderr.push(String(text)) > 0);
});
afterEach(async () => {
  await telemetry?.shutdown();
  telemetry = undefined;
  vi.restoreAllMocks();
  await sink?.close();
  sink = undefined;
  rmSync(dir, { recursive: true, force: true });
});

async function start(options: TelemetryOptions = {}, extensions: TelemetryExtensions = {}): Promise<Telemetry> {
  const common: TelemetryOptions = { enabled: true, dir, prometheus: false, instrument: "none", spool: false };
  telemetry = await startTelemetry({ ...common, ...options }, extensions);
  return telemetry;
}

/** A flow of two stages with an order and a market event in it. */
function trade(id: number): void {
  const flow = tick.start({ symbol: "BTC/USDT" });
  flow.mark("book");
  tradingEvents.orderRequest.emit(
    { client_order_id: `order-${id}`, symbol: "BTC/USDT", side: "buy", quantity: "0.10" },
    { flow },
  );
  tradingEvents.riskPassed.emit({ check: `check-${id}` }, { flow });
  flow.mark("risk");
  flow.end("order_submitted");
}

function tradeMany(count: number, from = 0): void {
  for (let i = 0; i < count; i++) trade(from + i);
}

const attributesOf = (item: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const pairs = (item["attributes"] ?? []) as readonly { key: string; value: object }[];
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
};
const ordersIn = (desk: MemoryDestination): unknown[] =>
  desk
    .items("logs")
    .map((log) => attributesOf(log)["trading.client_order_id"])
    .filter((id) => id !== undefined);
const ordersFrom = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `order-${from + i}`);
const spanIdsIn = (desk: MemoryDestination): unknown[] => desk.items("traces").map((span) => span["spanId"]);
const metricNamesIn = (desk: MemoryDestination): Set<unknown> =>
  new Set(desk.items("metrics").map((metric) => metric["name"]));
const lineWith = (text: string): string | undefined => stderr.find((line) => line.includes(text));

describe("a destination without any OTLP", () => {
  it("gets spans, events and metrics, and is in the start line and in health", async () => {
    const desk = memoryDestination();
    const { health, startLine, flush } = await start({}, { destinations: [desk] });
    expect(startLine).toContain(
      " | OTLP off (set TELEMETRY_OTLP_ENDPOINT) | traces+metrics+logs -> desk (in process) | ",
    );
    tradeMany(20);
    await flush();
    expect(ordersIn(desk)).toEqual(ordersFrom(0, 20));
    expect(desk.items("logs")).toHaveLength(40);
    expect(new Set(spanIdsIn(desk)).size).toBe(20 * SPANS_PER_FLOW);
    expect(metricNamesIn(desk)).toContain("trading_stage_duration_seconds");
    expect(new Set(desk.calls.map(({ format }) => format))).toEqual(new Set(["protobuf"]));
    const { destinations, traces, logs, metrics, dropped } = health();
    expect([traces, logs, metrics, dropped]).toEqual([undefined, undefined, undefined, {}]);
    expect(destinations["desk"]).toMatchObject({
      traces: { accepted: 60, delivered: 60, waiting: 0, dropped: 0, isFailing: false, lastError: undefined },
      logs: { accepted: 40, delivered: 40, waiting: 0 },
    });
  });

  it("gets what loggers and instrumentations make, redacted, and what the host's meters count", async () => {
    const desk = memoryDestination();
    const { flush } = await start({}, { destinations: [desk] });
    trace
      .getTracer("host")
      .startSpan("outside", { attributes: { apiKey: "planted-secret" } })
      .end();
    logsApi.getLogger("host").emit({ body: "planted words", attributes: { password: "planted-secret" } });
    metricsApi.getMeter("host").createCounter("host_orders_total").add(3);
    await flush();
    expect(desk.items("traces").map(({ name }) => name)).toEqual(["outside"]);
    expect(desk.items("logs").map(({ body }) => body)).toEqual([{ stringValue: "planted words" }]);
    expect(metricNamesIn(desk)).toContain("host_orders_total");
    expect(JSON.stringify([desk.items("traces"), desk.items("logs")])).not.toContain("planted-secret");
  });

  it("gets metrics at the interval, without being asked", async () => {
    const desk = memoryDestination();
    await start({ metricsIntervalMs: 100 }, { destinations: [desk] });
    const collections = (): number => desk.calls.filter(({ signal }) => signal === "metrics").length;
    await expect.poll(collections).toBeGreaterThanOrEqual(2);
  });

  it("gets exponential histograms where they are asked for", async () => {
    const desk = memoryDestination();
    const { flush } = await start(
      { histogramAggregation: "base2_exponential_bucket_histogram", prometheus: true, prometheusServer: false },
      { destinations: [desk] },
    );
    metricsApi.getMeter("host").createHistogram("host_latency").record(7);
    trade(1);
    await flush();
    for (const name of ["host_latency", "trading_stage_duration_seconds"])
      expect(desk.items("metrics").find((metric) => metric["name"] === name)).toHaveProperty("exponentialHistogram");
  });
});

describe("destinations beside OTLP", () => {
  it.each(["http/protobuf", "http/json"] as const)(
    "get the same spans and events as a receiver of %s",
    async (otlpProtocol) => {
      sink = await startOtlpSink();
      const [desk, archive] = [memoryDestination(), memoryDestination("archive")];
      const { flush } = await start({ otlpEndpoint: sink.url, otlpProtocol }, { destinations: [desk, archive] });
      tradeMany(300);
      trace.getTracer("host").startSpan("outside").end();
      await flush();
      expect(
        sink.headers.every(
          (headers) =>
            headers["content-type"] === (otlpProtocol === "http/json" ? "application/json" : "application/x-protobuf"),
        ),
      ).toBe(true);
      const received = sink.spans.map(({ spanId }) => spanId);
      expect(received).toHaveLength(300 * SPANS_PER_FLOW + 1);
      for (const one of [desk, archive]) {
        expect([...spanIdsIn(one)].sort()).toEqual([...received].sort());
        expect(ordersIn(one)).toEqual(ordersFrom(0, 300));
        expect(one.items("logs")).toHaveLength(sink.logs.length);
        expect([...metricNamesIn(one)].sort()).toEqual([...new Set(sink.metrics.map(({ name }) => name))].sort());
      }
    },
  );

  it("keep nothing from it by hanging or throwing, and are told of once", async () => {
    sink = await startOtlpSink();
    const [hanging, throwing] = [memoryDestination("hanging"), memoryDestination("throwing")];
    hanging.answer = "hang";
    throwing.answer = () => {
      throw new Error("a defect of the host's");
    };
    const { flush, health, shutdown } = await start(
      { otlpEndpoint: sink.url, shutdownTimeoutMs: 1_000 },
      { destinations: [hanging, throwing] },
    );
    for (let i = 0; i < 3; i++) {
      tradeMany(100, 100 * i);
      await flush();
    }
    expect(new Set(sink.spans.map(({ spanId }) => spanId)).size).toBe(300 * SPANS_PER_FLOW);
    expect(health().traces).toMatchObject({ exported: 300 * SPANS_PER_FLOW, dropped: 0 });
    await shutdown();
    const { destinations } = health();
    for (const name of ["hanging", "throwing"])
      expect(destinations[name]?.traces).toMatchObject({ delivered: 0, waiting: 0, dropped: 300 * SPANS_PER_FLOW });
    expect(stderr.filter((line) => line.includes("a defect of the host's"))).toHaveLength(1);
    expect(lineWith("tracebook: dropped")).toMatch(/\d+ destination_spans \(shutdown\)/);
    expect(lineWith("do not get into throwing")).toContain("what was in the request is dropped and counted");
  });

  it("do not share buffers that are used again: what waits for a slow one stays as it was while the others go on", async () => {
    sink = await startOtlpSink();
    const [desk, slow] = [memoryDestination(), memoryDestination("slow")];
    let goOn = (): void => {};
    slow.answer = () => {
      slow.answer = "stored";
      return new Promise<void>((resolve) => {
        goOn = resolve;
      });
    };
    const { flush, health } = await start(
      { otlpEndpoint: sink.url, spanBatchSize: 300, tracesExporters: ["otlp"], logsExporters: "none" },
      { destinations: [desk, slow] },
    );
    for (let i = 1; i <= 20; i++) {
      tradeMany(100, 100 * i);
      await expect.poll(() => desk.items("traces").length).toBe(100 * SPANS_PER_FLOW * i);
    }
    expect(health().destinations["slow"]?.traces.delivered).toBe(0);
    goOn();
    await flush();
    // The request that it was slow about was taken, too; this taker in memory has not kept it.
    const first = health().destinations["slow"]!.traces.delivered - slow.items("traces").length;
    expect(spanIdsIn(slow)).toEqual(spanIdsIn(desk).slice(first));
    expect(first).toBe(300);
    expect(new Set(sink.spans.map(({ spanId }) => spanId))).toEqual(new Set(spanIdsIn(desk)));
  });
});

describe("a burst", () => {
  it("beyond what may wait is counted for each destination by itself: accepted = delivered + waiting + dropped", async () => {
    const [desk, hanging] = [memoryDestination(), memoryDestination("hanging")];
    hanging.answer = "hang";
    const { health, flush } = await start(
      { spanQueueSize: 3_000, logQueueSize: 1_000, spanBatchSize: 100, logBatchSize: 100, shutdownTimeoutMs: 500 },
      { destinations: [desk, hanging] },
    );
    tradeMany(3_000);
    await flush();
    await flush();
    const { destinations, dropped } = health();
    const flowsLost = dropped["flow"]?.["queue_full"] ?? 0;
    for (const name of ["desk", "hanging"])
      for (const signal of ["traces", "logs"] as const) {
        const { accepted, delivered, waiting, dropped: lost } = destinations[name]![signal];
        expect(delivered + waiting + lost).toBe(accepted);
        expect(accepted).toBe((3_000 - flowsLost) * (signal === "traces" ? SPANS_PER_FLOW : 2));
      }
    expect(destinations["hanging"]?.traces.waiting).toBeLessThanOrEqual(3_000 + 100);
    expect(destinations["hanging"]?.traces.dropped).toBeGreaterThan(0);
    expect(spanIdsIn(desk)).toHaveLength(destinations["desk"]!.traces.delivered);
  });
});

describe("a destination that comes late", () => {
  it("gets what happens from then on, until it is taken away: loggers, instrumentations, meters and all", async () => {
    const { addDestination, flush, health } = await start();
    const host = trace.getTracer("host");
    const logger = logsApi.getLogger("host");
    const counter = metricsApi.getMeter("host").createCounter("host_orders_total");
    const happen = (from: number, name: string): void => {
      tradeMany(10, from);
      host.startSpan(name).end();
      logger.emit({ body: name });
      counter.add(1);
    };
    happen(0, "before");
    const desk = memoryDestination();
    const remove = addDestination(desk);
    expect(lineWith("desk")).toBe("tracebook: traces+metrics+logs -> desk (in process), from now on\n");
    happen(10, "during");
    await flush();
    happen(20, "at the end");
    await remove();
    happen(30, "after");
    await flush();
    expect(ordersIn(desk)).toEqual(ordersFrom(10, 20));
    const others = desk.items("traces").filter(({ name }) => name === "during" || name === "at the end");
    expect(others.map(({ name }) => name)).toEqual(["during", "at the end"]);
    expect(desk.items("traces")).toHaveLength(20 * SPANS_PER_FLOW + 2);
    expect(desk.items("logs").filter(({ eventName }) => eventName === undefined)).toHaveLength(2);
    const counted = desk.items("metrics").find((metric) => metric["name"] === "host_orders_total");
    expect(counted).toMatchObject({ sum: { dataPoints: [{ asDouble: 2 }] } });
    expect(health()).toMatchObject({ destinations: {}, dropped: {} });
  });

  it("may come again, and others beside it", async () => {
    const { addDestination, flush } = await start();
    const [first, second, other] = [memoryDestination(), memoryDestination(), memoryDestination("other")];
    await addDestination(first)();
    addDestination(second);
    addDestination(other);
    expect(() => addDestination(memoryDestination())).toThrow(/"desk" already/);
    tradeMany(5);
    await flush();
    expect([first, second, other].map((one) => ordersIn(one).length)).toEqual([0, 5, 5]);
  });

  it("joins OTLP as JSON with the same span ids", async () => {
    sink = await startOtlpSink();
    const { addDestination, flush } = await start({ otlpEndpoint: sink.url, otlpProtocol: "http/json" });
    const desk = memoryDestination();
    addDestination(desk);
    tradeMany(5);
    await flush();
    expect([...spanIdsIn(desk)].sort()).toEqual(sink.spans.map(({ spanId }) => spanId).sort());
    expect(sink.spans).toHaveLength(15);
  });

  it("is nobody's where only metrics are served, or after the end: it is told, and nothing else happens", async () => {
    const desk = memoryDestination();
    const { addDestination, flush, startLine } = await start(
      { enabled: false, prometheus: true, prometheusServer: false },
      { destinations: [desk] },
    );
    await addDestination(memoryDestination("late"))();
    tradeMany(3);
    await flush();
    expect([desk.calls, startLine.includes("desk")]).toEqual([[], false]);
    expect(stderr.filter((line) => line.includes("gets nothing: set TELEMETRY_ENABLED=true"))).toHaveLength(2);
    await telemetry?.shutdown();
    const ended = await start();
    await ended.shutdown();
    await ended.addDestination(desk)();
    expect([desk.calls, lineWith("from now on")]).toEqual([[], undefined]);
  });
});

describe("the end of telemetry", () => {
  it("hands over all there is, the last metrics among it", async () => {
    const desk = memoryDestination();
    const { shutdown, health } = await start({}, { destinations: [desk] });
    tradeMany(200);
    await shutdown();
    expect(ordersIn(desk)).toEqual(ordersFrom(0, 200));
    expect(spanIdsIn(desk)).toHaveLength(600);
    expect(metricNamesIn(desk)).toContain("trading_stage_duration_seconds");
    expect(health().destinations["desk"]).toMatchObject({ traces: { delivered: 600 }, logs: { delivered: 400 } });
    expect(lineWith("dropped")).toBeUndefined();
  });
});

describe("options that are wrong", () => {
  it("are refused at the start, and by the handle, with what is wrong", async () => {
    const twice = { destinations: [memoryDestination(), memoryDestination()] };
    await expect(startTelemetry({ enabled: true }, twice)).rejects.toMatchObject({ code: "invalid_option" });
    const { addDestination } = await start();
    expect(() => addDestination({ name: "otlp", take: () => Promise.resolve() })).toThrow(/which is that of/);
  });

  it("are nothing to telemetry that is off", async () => {
    const { enabled, addDestination } = await start({ enabled: false });
    expect([enabled, stderr]).toEqual([false, []]);
    await addDestination(undefined as never)();
  });
});
