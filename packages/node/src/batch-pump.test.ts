// The pump with a real exporter and a real receiver: bursts, long queues, and answers that are final or not.
import { SpanStatusCode } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { createRedactor } from "@tracebook/core";
import { createIdSource, createSystemClock } from "@tracebook/core/extension";
import { TRACEBOOK_SCOPE } from "@tracebook/exporters";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";
import { createBatchPump } from "./batch-pump.ts";
import { resolveConfig } from "./config.ts";
import { createDropLedger } from "./drop-ledger.ts";
import { createOtlpExporters, type OtlpExporters } from "./otlp-exporters.ts";
import { redactSpan } from "./redacted-signals.ts";
import { createResource } from "./resource.ts";
import { createSignalPumps, type SignalPumps } from "./signal-pumps.ts";

let sink: OtlpSink;
let exporters: OtlpExporters;
let pumps: SignalPumps;
let lines: string[];
let ledger: ReturnType<typeof createDropLedger>;

/** Connects pumps with exporters that try again by themselves for so long. */
async function connect(longestMs: number): Promise<void> {
  const { config } = resolveConfig({ enabled: true, otlpEndpoint: sink.url, otlpTimeoutMs: 5_000 }, {});
  lines = [];
  ledger = createDropLedger((line) => lines.push(line));
  exporters = await createOtlpExporters(config.otlp, longestMs);
  const redactor = createRedactor();
  const clock = createSystemClock();
  const say = (line: string) => lines.push(line);
  pumps = createSignalPumps(config, { exporters, ledger, say, clock, ids: createIdSource(), redactor, resource });
}

/** Exporters that have no time for a second try, so that every try is the pump's. */
async function useHastyExporters(): Promise<void> {
  exporters.disconnect();
  await connect(500);
}

beforeEach(async () => {
  sink = await startOtlpSink();
  await connect(5_000);
});
afterEach(async () => {
  exporters.disconnect();
  await sink.close();
});

const resource = createResource(resolveConfig({}, {}).config, "test-1", createRedactor());

function makeSpan(i: number): ReadableSpan {
  const context = { traceId: "a".repeat(32), spanId: i.toString(16).padStart(16, "0"), traceFlags: 1 };
  return {
    name: `span ${i}`,
    kind: 0,
    spanContext: () => context,
    startTime: [1, 0],
    endTime: [1, 1],
    duration: [0, 1],
    status: { code: SpanStatusCode.UNSET },
    attributes: {},
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: TRACEBOOK_SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

describe("a burst of 50,000 spans in one tick", () => {
  it("arrives as far as it fits; the rest is counted and said once", async () => {
    for (let i = 0; i < 50_000; i++) pumps.spans?.push(makeSpan(i));
    await pumps.flush(20_000);
    const dropped = ledger.counts().spans?.queue_full ?? 0;
    expect(sink.spans.length + dropped).toBe(50_000);
    expect(sink.spans).toHaveLength(16_384);
    expect(pumps.health().traces).toMatchObject({ exported: 16_384, queued: 0 });
    ledger.report();
    ledger.report();
    expect(lines).toEqual(["tracebook: dropped 33616 spans (queue_full)"]);
  });
});

describe("a queue of 60,000 items", () => {
  it("is flushed in series, one export at a time, in order", async () => {
    const received: number[] = [];
    let underWay = 0;
    let mostUnderWay = 0;
    const pump = createBatchPump<number>({
      maxQueue: 65_536,
      batchSize: 512,
      delayMs: 60_000,
      timeoutMs: 10_000,
      onDrop: () => expect.unreachable(),
      onFailure: () => expect.unreachable(),
      exportBatch(items, done) {
        mostUnderWay = Math.max(mostUnderWay, ++underWay);
        received.push(...items);
        setImmediate(() => {
          underWay--;
          done({ code: ExportResultCode.SUCCESS });
        });
      },
    });
    for (let i = 0; i < 60_000; i++) pump.push(i);
    await pump.flush(20_000);
    expect([pump.exported, pump.queued, mostUnderWay]).toEqual([60_000, 0, 1]);
    expect(received).toEqual(Array.from({ length: 60_000 }, (_, i) => i));
  });
});

describe("a receiver's answer", () => {
  it.each([400, 401, 413])(
    "%i is final: the batch is counted as rejected, and the next one is sent all the same",
    async (status) => {
      sink.answer = status;
      pumps.spans?.push(makeSpan(1));
      await pumps.flush(5_000);
      expect(ledger.counts()).toEqual({ spans: { rejected: 1 } });
      expect(lines.filter((line) => line.includes("spans are not getting through"))).toHaveLength(1);
      sink.answer = 200;
      pumps.spans?.push(makeSpan(2));
      await pumps.flush(5_000);
      expect(sink.spans.map((span) => span.name)).toEqual(["span 2"]);
      expect(pumps.health().traces).toMatchObject({ exported: 1, queued: 0 });
    },
  );

  it("503 is not: the exporter itself tries again while the flush lasts", async () => {
    sink.answer = 503;
    pumps.spans?.push(makeSpan(1));
    const flushed = pumps.flush(20_000);
    await expect.poll(() => sink.requests).toBe(1);
    sink.answer = 200;
    await flushed;
    expect(sink.spans.map((span) => span.name)).toEqual(["span 1"]);
    expect(ledger.counts()).toEqual({});
  });

  it.each([429, 502, 503, 504])(
    "%i is never final: the pump tries the batch again until it is taken",
    async (status) => {
      await useHastyExporters();
      sink.answer = status;
      pumps.spans?.push(makeSpan(1));
      for (let tries = 1; tries <= 10; tries++) {
        await pumps.flush(5_000);
        expect(sink.requests).toBe(tries);
        expect(pumps.health().traces).toMatchObject({ exported: 0, queued: 1 });
      }
      sink.answer = 200;
      await pumps.flush(5_000);
      expect(sink.spans.map((span) => span.name)).toEqual(["span 1"]);
      expect(ledger.counts()).toEqual({});
    },
  );

  it("500 is final the third time: the batch is counted as rejected, and the next one has tries of its own", async () => {
    sink.answer = 500;
    pumps.spans?.push(makeSpan(1));
    pumps.spans?.push(makeSpan(2));
    await pumps.flush(5_000);
    // Comes while the batch waits for another try, and must not share its end.
    pumps.spans?.push(makeSpan(3));
    await pumps.flush(5_000);
    expect([sink.requests, pumps.health().traces?.queued]).toEqual([2, 3]);
    expect(ledger.counts()).toEqual({});
    await pumps.flush(5_000);
    expect(ledger.counts()).toEqual({ spans: { rejected: 2 } });
    expect([sink.requests, pumps.health().traces?.queued]).toEqual([4, 1]);
    await pumps.flush(5_000);
    sink.answer = 200;
    await pumps.flush(5_000);
    expect(sink.spans.map((span) => span.name)).toEqual(["span 3"]);
    expect(ledger.counts()).toEqual({ spans: { rejected: 2 } });
    expect(pumps.health().traces).toMatchObject({ exported: 1, queued: 0 });
  });

  it("500 counts, whatever answers come between; and no longer once the batch is taken", async () => {
    await useHastyExporters();
    const answers = async (...statuses: readonly number[]): Promise<void> => {
      for (const status of statuses) {
        sink.answer = status;
        await pumps.flush(5_000);
      }
    };
    pumps.spans?.push(makeSpan(1));
    await answers(500, 503, 500, 503, 200);
    expect(sink.spans.map((span) => span.name)).toEqual(["span 1"]);
    pumps.spans?.push(makeSpan(2));
    await answers(500, 503, 500, 429);
    expect(pumps.health().traces).toMatchObject({ exported: 1, queued: 1 });
    await answers(500);
    expect(pumps.health().traces).toMatchObject({ exported: 1, queued: 0 });
    expect(ledger.counts()).toEqual({ spans: { rejected: 1 } });
  });

  it("that never comes is counted at the close, with what waits behind it", async () => {
    sink.answer = "hang";
    for (let i = 0; i < 700; i++) pumps.spans?.push(makeSpan(i));
    const closing = pumps.close(300);
    await closing;
    expect(ledger.counts()).toEqual({ spans: { shutdown: 700 } });
    expect(pumps.health().traces).toMatchObject({ exported: 0, queued: 0 });
    pumps.spans?.push(makeSpan(1));
    expect(ledger.counts()).toEqual({ spans: { shutdown: 701 } });
  });
});

describe("a span that the exporter cannot write", () => {
  it("is dropped alone: what waits with it leaves", async () => {
    const unwritable = { ...makeSpan(700), links: [{ context: undefined as never }] };
    for (let i = 0; i < 1_500; i++) pumps.spans?.push(i === 700 ? unwritable : makeSpan(i));
    await pumps.flush(20_000);
    expect(ledger.counts()).toEqual({ spans: { rejected: 1 } });
    expect(sink.spans).toHaveLength(1_499);
    expect(lines).toHaveLength(1);
  });
});

describe("a span on its way out", () => {
  it("is the same object when nothing in it is secret", () => {
    const span = makeSpan(1);
    expect(redactSpan(span, createRedactor())).toBe(span);
  });
});
