// Exporters that people really use, behind a wrapped sender: what they write is what they write of the original objects.
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ROOT_CONTEXT, SeverityNumber, SpanKind, SpanStatusCode, trace, ValueType } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode, hrTimeToMicroseconds } from "@opentelemetry/core";
import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtoLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter as JsonMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtoMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  ConsoleLogRecordExporter,
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  AggregationType,
  ConsoleMetricExporter,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import {
  ConsoleSpanExporter,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { OtlpRequest, OtlpSignal } from "../delivery/sender.ts";
import { countDataPoints, type OtlpBatches, serializeOtlp } from "../otlp-requests.ts";
import { createWrappedSender, type WrappedExporters } from "./wrapped-sender.ts";

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const DELIVERED = { kind: "delivered", rejected: 0 };
const resource = resourceFromAttributes({ "service.name": "bot", "process.pid": 7, hosts: ["a", "b"] });
/** Shorter than the first pause of the stock exporters between their own tries: they make one. */
const ONE_TRY_MS = 500;
const received: Received[] = [];
let status = 200;
let server: Server;
let origin = "";
let batches: { traces: ReadableSpan[]; logs: ReadableLogRecord[]; metrics: ResourceMetrics };

beforeAll(async () => {
  batches = { traces: makeSpans(), logs: await makeLogRecords(), metrics: await makeMetrics() };
});

beforeEach(async () => {
  status = 200;
  received.length = 0;
  server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      received.push({ url: incoming.url, headers: incoming.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end(status === 200 ? "" : "said the sink");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const OTLP = [
  ["traces", "JSON", JsonTraceExporter],
  ["traces", "protobuf", ProtoTraceExporter],
  ["logs", "JSON", JsonLogExporter],
  ["logs", "protobuf", ProtoLogExporter],
  ["metrics", "JSON", JsonMetricExporter],
  ["metrics", "protobuf", ProtoMetricExporter],
] as const;

describe.each(OTLP)("the stock OTLP exporter of %s in %s", (signal, _, Exporter) => {
  const make = (url = `${origin}/v1/${signal}`) => new Exporter({ url, timeoutMillis: ONE_TRY_MS });

  it("sends of decoded objects what it sends of the original ones", async () => {
    const exporter = make();
    const sender = createWrappedSender({ signal, exporter: exporter as never, timeoutMs: 20_000 });
    const direct = await new Promise((done) => exporter.export(batches[signal] as never, done));
    expect(direct).toMatchObject({ code: ExportResultCode.SUCCESS });
    expect(await sender.send(requestOf(signal))).toEqual(DELIVERED);
    await sender.shutdown();
    const [original, decoded] = received;
    expect(received).toHaveLength(2);
    expect(decoded!.body.length).toBeGreaterThan(300);
    expect(decoded!.headers).toEqual(original!.headers);
    expect(decoded!.body.toString("latin1")).toBe(original!.body.toString("latin1"));
  });

  it.each([
    [400, { kind: "rejected", failure: { status: 400, message: "Bad Request: said the sink" } }],
    [401, { kind: "rejected", failure: { status: 401 } }],
    [413, { kind: "rejected", failure: { status: 413 } }],
    [500, { kind: "server_error", failure: { status: 500 } }],
    [429, { kind: "retry" }],
    [503, { kind: "retry" }],
  ])("that is answered %s has an outcome by that", async (code, outcome) => {
    status = code;
    const sender = createWrappedSender({ signal, exporter: make() as never, timeoutMs: 20_000 });
    expect(await sender.send(requestOf(signal))).toMatchObject(outcome);
    await sender.shutdown();
    expect(received.length).toBeGreaterThan(0);
  });

  it("that reaches nobody is to be tried again", async () => {
    await new Promise((resolve) => server.close(resolve));
    const sender = createWrappedSender({ signal, exporter: make() as never, timeoutMs: 20_000 });
    const outcome = await sender.send(requestOf(signal));
    expect(outcome).toMatchObject({ kind: "retry", failure: { code: "ECONNREFUSED" } });
    await sender.shutdown();
  });
});

describe("exporters into memory", () => {
  it("have what the original ones were", async () => {
    const [spans, logs] = [new InMemorySpanExporter(), new InMemoryLogRecordExporter()];
    const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    expect(await send("traces", spans)).toEqual(DELIVERED);
    expect(await send("logs", logs)).toEqual(DELIVERED);
    expect(await send("metrics", metrics)).toEqual(DELIVERED);
    const [child] = spans.getFinishedSpans();
    const [original] = batches.traces;
    expect(child).toMatchObject({
      name: "book_to_signal",
      kind: SpanKind.CLIENT,
      startTime: original!.startTime,
      endTime: original!.endTime,
      duration: original!.duration,
      attributes: original!.attributes,
      status: { code: SpanStatusCode.ERROR, message: "venue closed" },
      ended: true,
    });
    expect(child?.spanContext()).toEqual(original!.spanContext());
    expect(child?.parentSpanContext?.spanId).toBe(original!.parentSpanContext?.spanId);
    expect(child?.resource.attributes).toEqual(resource.attributes);
    expect(logs.getFinishedLogRecords().map(({ body, eventName }) => [eventName, body])).toEqual(
      batches.logs.map(({ body, eventName }) => [eventName, body]),
    );
    expect(metrics.getMetrics()[0]?.scopeMetrics).toMatchObject(
      batches.metrics.scopeMetrics.map(({ metrics: all }) => ({
        metrics: all.map(({ descriptor: { name, unit }, dataPointType, dataPoints }) => ({
          descriptor: { name, unit },
          dataPointType,
          dataPoints,
        })),
      })),
    );
  });

  it("that are shut down leave the request to whoever sends", async () => {
    const exporter = new InMemorySpanExporter();
    await exporter.shutdown();
    expect(await send("traces", exporter)).toMatchObject({ kind: "retry" });
  });
});

describe("exporters onto the console", () => {
  it("print the original objects, but for the flags and state of parents, which OTLP does not carry", async () => {
    const printed: unknown[] = [];
    vi.spyOn(console, "dir").mockImplementation((value) => void printed.push(value));
    const spans = new ConsoleSpanExporter();
    const logs = new ConsoleLogRecordExporter();
    const metrics = new ConsoleMetricExporter();
    spans.export(batches.traces, () => {});
    logs.export(batches.logs, () => {});
    metrics.export(batches.metrics, () => {});
    const originals = printed.splice(0);
    expect(await send("traces", spans)).toEqual(DELIVERED);
    expect(await send("logs", logs)).toEqual(DELIVERED);
    expect(await send("metrics", metrics)).toEqual(DELIVERED);
    expect(printed).toHaveLength(originals.length);
    expect(printed.map(plain)).toEqual(originals.map(plain));
  });
});

/** In the manner of the exporters of other formats: it reads the objects, and makes of them what its receiver knows. */
class ZipkinLikeExporter implements SpanExporter {
  readonly #url: string;
  constructor(url: string) {
    this.#url = url;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const sent = request(this.#url, { method: "POST", headers: { "content-type": "application/json" } }, (response) => {
      response.resume().on("end", () => {
        if (response.statusCode === 200) done({ code: ExportResultCode.SUCCESS });
        else done({ code: ExportResultCode.FAILED, error: new Error(`Unexpected status ${response.statusCode}`) });
      });
    });
    sent.on("error", (error) => done({ code: ExportResultCode.FAILED, error }));
    sent.end(JSON.stringify(spans.map(toZipkin)));
  }

  async shutdown(): Promise<void> {}
}

function toZipkin(span: ReadableSpan) {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    id: spanId,
    parentId: span.parentSpanContext?.spanId,
    kind: SpanKind[span.kind],
    name: span.name,
    timestamp: hrTimeToMicroseconds(span.startTime),
    duration: Math.round(hrTimeToMicroseconds(span.duration)),
    localEndpoint: { serviceName: span.resource.attributes["service.name"] },
    tags: Object.fromEntries(Object.entries(span.attributes).map(([key, value]) => [key, String(value)])),
    annotations: span.events.map(({ time, name }) => ({ timestamp: hrTimeToMicroseconds(time), value: name })),
  };
}

describe("an exporter of another format", () => {
  it("writes of decoded spans what it writes of the original ones", async () => {
    expect(await send("traces", new ZipkinLikeExporter(`${origin}/api/v2/spans`))).toEqual(DELIVERED);
    expect(received[0]?.url).toBe("/api/v2/spans");
    expect(JSON.parse(String(received[0]?.body))).toEqual(JSON.parse(JSON.stringify(batches.traces.map(toZipkin))));
  });

  it("that says no more than that it failed is to be tried again", async () => {
    status = 503;
    expect(await send("traces", new ZipkinLikeExporter(origin))).toEqual({
      kind: "retry",
      failure: { code: "ERROR", message: "Unexpected status 503" },
    });
    expect(await send("traces", new ZipkinLikeExporter("http://127.0.0.1:1/"))).toMatchObject({
      kind: "retry",
      failure: { code: "ECONNREFUSED" },
    });
  });
});

function requestOf(signal: OtlpSignal): OtlpRequest {
  const items = { traces: batches.traces.length, logs: batches.logs.length, metrics: countDataPoints(batches.metrics) };
  const bytes = serializeOtlp(signal, "protobuf", batches[signal] as OtlpBatches[typeof signal]);
  return { bytes, format: "protobuf", items: items[signal] };
}

function send<Signal extends OtlpSignal>(signal: Signal, exporter: WrappedExporters[Signal]) {
  return createWrappedSender({ signal, exporter, timeoutMs: 20_000 }).send(requestOf(signal));
}

/** What is printed, in the form it has as text, without what is lost. */
function plain(printed: unknown): unknown {
  return JSON.parse(
    JSON.stringify(printed, (key, value) => {
      if (key === "parentSpanContext") return value && { spanId: value.spanId };
      // Of an instrument the descriptor holds more than its interface says, and nobody gets that over the wire.
      if (key === "descriptor") return { name: value.name, description: value.description, unit: value.unit };
      if (key === "instrumentationScope") return { name: value.name, version: value.version };
      if (key === "links") return value.map((link: { context: { spanId: string } }) => link.context.spanId);
      return value;
    }),
  );
}

function makeSpans(): ReadableSpan[] {
  const kept = new InMemorySpanExporter();
  const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter: kept })] });
  const tracer = provider.getTracer("strategy", "1.2.3", { schemaUrl: "https://example.org/schema" });
  const parent = tracer.startSpan("tick", { kind: SpanKind.CONSUMER, attributes: { symbol: "BTC/USDT" } });
  const child = provider
    .getTracer("orders")
    .startSpan(
      "book_to_signal",
      { kind: SpanKind.CLIENT, links: [{ context: parent.spanContext(), attributes: { why: "batch" } }] },
      trace.setSpan(ROOT_CONTEXT, parent),
    );
  child.setAttributes({ depth: 5, edge: 1.25, live: true, venues: ["a", "b"], steps: [1, 2.5], nothing: Number.NaN });
  child.addEvent("resync", { gap: 3 });
  child.setStatus({ code: SpanStatusCode.ERROR, message: "venue closed" });
  child.end();
  parent.end();
  return kept.getFinishedSpans();
}

async function makeLogRecords(): Promise<ReadableLogRecord[]> {
  const kept = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter: kept })] });
  const logger = provider.getLogger("decisions", "1.0.0");
  logger.emit({ severityNumber: SeverityNumber.WARN, severityText: "WARN", body: "the book is stale" });
  const body = { decision: "REJECT", gates: [{ name: "confluence", score: 61.5, passed: false }], raw: null };
  const raw = new Uint8Array([0, 255, 7]);
  logger.emit({ eventName: "trading.decision", body, attributes: { "trading.net_edge": "1.20", raw } });
  await provider.forceFlush();
  return kept.getFinishedLogRecords();
}

async function makeMetrics(): Promise<ResourceMetrics> {
  const kept = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: kept, exportIntervalMillis: 3_600_000 });
  const aggregation = { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;
  const views = [{ instrumentName: "latency_exponential", aggregation }];
  const provider = new MeterProvider({ resource, readers: [reader], views });
  const meter = provider.getMeter("trading", "2.0.0");
  meter.createCounter("orders_total", { description: "Orders", valueType: ValueType.INT }).add(3, { side: "buy" });
  meter.createUpDownCounter("queue_depth").add(-2.5);
  meter.createGauge("edge", { unit: "bps" }).record(4.1, { symbol: "BTC/USDT" });
  for (const name of ["latency_seconds", "latency_exponential"]) {
    const histogram = meter.createHistogram(name, { unit: "s", advice: { explicitBucketBoundaries: [0.001, 0.1, 1] } });
    for (const value of [0, 0.0005, 0.02, 0.5, 7]) histogram.record(value, { stage: "risk_to_send" });
  }
  await reader.forceFlush();
  const [collected] = kept.getMetrics();
  await provider.shutdown();
  return collected!;
}
