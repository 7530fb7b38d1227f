// Durable exporters as any OpenTelemetry user has them: the plain SDK, a real receiver, outages and restarts.
import { SeverityNumber } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { BatchLogRecordProcessor, LoggerProvider, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type OtlpSink, startOtlpSink } from "../../../node/test/otlp-sink.ts";
import { filesBelow, spoolFilesBelow, testFolder } from "../../test/spools.ts";
import {
  createDurableLogExporter,
  createDurableMetricExporter,
  createDurableSpanExporter,
  type Durable,
  type DurableLogExporterOptions,
} from "./durable-exporters.ts";
import type { DurableExporterOptions } from "./durable-options.ts";

const SECRET = "s3cr3t-t0k3n";
let sink: OtlpSink;
let lines: string[];

beforeEach(async () => {
  sink = await startOtlpSink();
  lines = [];
});
afterEach(async () => {
  await sink.close();
});

const onProblem = (line: string): void => void lines.push(line);

/** A tracer of the plain SDK whose spans leave by a durable exporter. */
function openTraces(options: Partial<DurableExporterOptions<never>> = {}) {
  const exporter = createDurableSpanExporter({ url: `${sink.url}/v1/traces`, onProblem, ...options });
  const processor = new BatchSpanProcessor({ exporter, maxExportBatchSize: 10, scheduledDelayMillis: 10 });
  const provider = new TracerProvider({ spanProcessors: [processor] });
  onTestFinished(() => provider.shutdown());
  const tracer = provider.getTracer("test");
  let count = 0;
  return {
    exporter,
    provider,
    /** The SDK's batch processor of spans, unlike the others, does not flush its exporter. */
    async flush() {
      await provider.forceFlush();
      await exporter.forceFlush();
    },
    record(spans: number) {
      for (let i = 0; i < spans; i++) tracer.startSpan(`span ${count++}`).end();
    },
  };
}

function openLogs(options: Partial<DurableLogExporterOptions> = {}) {
  const exporter = createDurableLogExporter({ url: `${sink.url}/v1/logs`, onProblem, ...options });
  const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
  onTestFinished(() => provider.shutdown());
  const logger = provider.getLogger("test");
  return {
    exporter,
    provider,
    record: (body: string) => logger.emit({ body, severityNumber: SeverityNumber.INFO }),
  };
}

/** The sums over all classes; checks that nothing is lost in silence. */
function healthOf({ health }: Durable) {
  const sum = { accepted: 0, restored: 0, delivered: 0, dropped: 0, queued: 0, spooled: 0 };
  for (const stats of health()) {
    const { accepted, restored, delivered, dropped, queued, spooled } = stats;
    expect(accepted + restored).toBe(delivered + dropped + queued + spooled);
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += stats[key];
  }
  return sum;
}

const names = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `span ${from + i}`);

describe("a receiver that works", () => {
  it.each([
    ["http/protobuf", "none"],
    ["http/protobuf", "gzip"],
    ["http/json", "none"],
    ["http/json", "gzip"],
  ] as const)("gets spans, logs and metrics by %s with compression %s", async (protocol, compression) => {
    const shared = { protocol, compression, headers: { "x-token": SECRET } };
    const traces = openTraces(shared);
    const logs = openLogs(shared);
    const exporter = createDurableMetricExporter({ url: `${sink.url}/v1/metrics`, onProblem, ...shared });
    const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
    traces.record(25);
    logs.record("one");
    meters.getMeter("test").createCounter("orders_total").add(3);
    await Promise.all([traces.flush(), logs.provider.forceFlush(), meters.forceFlush()]);
    expect(sink.spans.map(({ name }) => name)).toEqual(names(0, 25));
    expect(sink.logs.map(({ body }) => body)).toEqual(["one"]);
    expect(sink.metrics.map(({ name }) => name)).toContain("orders_total");
    for (const headers of sink.headers) expect(headers).toMatchObject({ "x-token": SECRET });
    expect(healthOf(traces.exporter)).toMatchObject({ accepted: 25, delivered: 25 });
    await meters.shutdown();
    expect(lines).toEqual([]);
  });
});

describe("a receiver that is away", () => {
  it("gets everything in order when it is back; in the meantime it is on disk, and one line says why", async () => {
    const spoolDir = testFolder();
    const { exporter, provider, record } = openTraces({ spoolDir, headers: { authorization: `Bearer ${SECRET}` } });
    sink.answer = 503;
    record(30);
    await provider.forceFlush();
    record(20);
    await provider.forceFlush();
    await expect.poll(() => healthOf(exporter)).toMatchObject({ accepted: 50, queued: 0, spooled: 50 });
    expect(exporter.health()[0]).toMatchObject({ signal: "traces", recordClass: "ordinary", failing: { status: 503 } });
    expect(spoolFilesBelow(spoolDir).length).toBeGreaterThan(0);
    sink.answer = 200;
    await expect.poll(() => sink.spans.length, { timeout: 15_000 }).toBe(50);
    expect(sink.spans.map(({ name }) => name)).toEqual(names(0, 50));
    // The last answer may still be on its way.
    await expect.poll(() => healthOf(exporter)).toMatchObject({ delivered: 50, queued: 0, spooled: 0 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("503");
    expect(lines[0]).not.toContain(SECRET);
    await provider.shutdown();
    expect(filesBelow(spoolDir)).toEqual([]);
  });

  it("gets everything from the next process: what was left, then what is new", async () => {
    const spoolDir = testFolder();
    const before = openTraces({ spoolDir });
    sink.answer = 503;
    before.record(40);
    await before.provider.forceFlush();
    await before.provider.shutdown();
    expect(healthOf(before.exporter)).toMatchObject({ accepted: 40, spooled: 40 });

    sink.answer = 200;
    const after = openTraces({ spoolDir });
    await expect.poll(() => sink.spans.length).toBe(40);
    after.record(1);
    await after.flush();
    expect(sink.spans.map(({ name }) => name)).toEqual([...names(0, 40), "span 0"]);
    expect(healthOf(after.exporter)).toMatchObject({ accepted: 1, restored: 40, delivered: 41 });
  });

  it("loses the oldest without a folder, counted and said; a host's function that throws changes nothing", async () => {
    const { exporter, provider, record } = openTraces({
      maxQueueItems: 100,
      onProblem(line) {
        onProblem(line);
        throw new Error("the host's own");
      },
    });
    sink.answer = 503;
    for (let i = 0; i < 20; i++) {
      record(20);
      await provider.forceFlush();
    }
    const { accepted, dropped, queued } = healthOf(exporter);
    expect([accepted, dropped + queued]).toEqual([400, 400]);
    expect(queued).toBeLessThanOrEqual(110);
    await provider.shutdown();
    expect(healthOf(exporter)).toMatchObject({ accepted: 400, dropped: 400, queued: 0 });
    expect(lines.some((line) => line.includes("queue_full"))).toBe(true);
  });
});

describe("exporters that share a folder", () => {
  it("leave each other's files alone, also those of an earlier process", async () => {
    const spoolDir = testFolder();
    sink.answer = 503;
    const before = [openTraces({ spoolDir }), openLogs({ spoolDir })] as const;
    before[0].record(10);
    before[1].record("a log");
    for (const { provider } of before) await provider.forceFlush();
    for (const { provider } of before) await provider.shutdown();
    sink.answer = 200;
    const traces = openTraces({ spoolDir });
    await expect.poll(() => sink.spans.length).toBe(10);
    expect(spoolFilesBelow(spoolDir)).toHaveLength(1);
    const logs = openLogs({ spoolDir });
    await expect.poll(() => sink.logs.length).toBe(1);
    expect([healthOf(traces.exporter).restored, healthOf(logs.exporter).restored]).toEqual([10, 1]);
  });
});

describe("evidence among log records", () => {
  it("has a lane of its own; a function that throws has not said yes", async () => {
    const isEvidence = ({ body }: ReadableLogRecord): boolean => {
      if (body === "odd") throw new Error("the host's own");
      return body === "order";
    };
    const { exporter, provider, record } = openLogs({ isEvidence });
    for (const body of ["tick", "order", "odd", "order"]) record(body);
    await provider.forceFlush();
    const byClass = Object.fromEntries(exporter.health().map((stats) => [stats.recordClass, stats.delivered]));
    expect(byClass).toEqual({ evidence: 2, ordinary: 2 });
    expect(sink.logs.map(({ body }) => body).sort()).toEqual(["odd", "order", "order", "tick"]);
  });
});

describe("its own metrics", () => {
  it("say what was accepted, delivered, dropped and what waits", async () => {
    const reader = new PeriodicExportingMetricReader({
      exporter: createDurableMetricExporter({ url: `${sink.url}/v1/metrics`, onProblem }),
      exportIntervalMillis: 3_600_000,
    });
    const meterProvider = new MeterProvider({ readers: [reader] });
    const { record, flush } = openTraces({ meterProvider, spoolDir: testFolder() });
    record(10);
    await flush();
    sink.answer = 413;
    record(3);
    await flush();
    sink.answer = 200;
    const read = async () => {
      const { resourceMetrics } = await reader.collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      return Object.fromEntries(
        metrics.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          [dataPoints[0]?.value, dataPoints[0]?.attributes],
        ]),
      );
    };
    const labels = { signal: "traces", class: "ordinary" };
    expect(await read()).toMatchObject({
      tracebook_accepted_total: [13, labels],
      tracebook_exported_total: [10, labels],
      tracebook_delivery_dropped_total: [3, labels],
      tracebook_queue_items: [0, labels],
      tracebook_spool_items: [0, labels],
    });
    await meterProvider.shutdown();
  });
});

describe("the edges of a life", () => {
  const noSpan = { resource: undefined } as unknown as ReadableSpan;

  it("a batch that cannot be written is not accepted, and says so; an empty one is nothing", async () => {
    const { exporter } = openTraces();
    const codes: ExportResultCode[] = [];
    exporter.export([noSpan], ({ code }) => codes.push(code));
    exporter.export([], ({ code }) => codes.push(code));
    expect(codes).toEqual([ExportResultCode.FAILED, ExportResultCode.SUCCESS]);
    expect(healthOf(exporter)).toMatchObject({ accepted: 0 });
  });

  it("what comes after the shutdown is counted, and shutting down again does nothing", async () => {
    const { exporter, provider, record } = openTraces({ spoolDir: testFolder() });
    let spans: ReadableSpan[] = [];
    const keep = {
      export(given: ReadableSpan[]) {
        spans = given;
      },
      shutdown: async () => {},
    };
    const other = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: keep as never })] });
    other.getTracer("test").startSpan("late").end();
    void other.forceFlush();
    await expect.poll(() => spans.length).toBe(1);
    record(2);
    await provider.shutdown();
    await Promise.all([exporter.shutdown(), exporter.shutdown(), exporter.forceFlush()]);
    const result = await new Promise<ExportResult>((resolve) => exporter.export(spans, resolve));
    expect(result).toMatchObject({ code: ExportResultCode.FAILED, error: { message: "the exporter was shut down" } });
    expect(healthOf(exporter)).toMatchObject({ accepted: 3, delivered: 2, dropped: 1 });
  });

  it("a shutdown before a receiver that hangs ends by itself, and all that was accepted is on disk", async () => {
    const { exporter, provider, record } = openTraces({ spoolDir: testFolder(), timeoutMs: 300 });
    sink.answer = "hang";
    record(30);
    await provider.shutdown();
    expect(healthOf(exporter)).toMatchObject({ accepted: 30, queued: 0, spooled: 30 });
  });
});
