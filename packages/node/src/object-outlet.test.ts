// Spans as objects on their way to a real receiver: bursts, final answers, what cannot be written, and the end.
import { SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { createRedactor } from "@tracebook/core";
import { serializeOtlp, TRACEBOOK_SCOPE } from "@tracebook/exporters";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";
import { resolveConfig } from "./config.ts";
import { createDropLedger } from "./drop-ledger.ts";
import { createObjectOutlet, type ObjectOutlet } from "./object-outlet.ts";
import { createOtlpDelivery, type OtlpDelivery } from "./otlp-delivery.ts";
import { redactSpan } from "./redacted-signals.ts";
import { createSignalFans } from "./request-fan.ts";
import { createResource } from "./resource.ts";

const resource = createResource(resolveConfig({}, {}).config, "test-1", createRedactor());

function makeSpan(i: number): ReadableSpan {
  const context = { traceId: "a".repeat(32), spanId: (i + 1).toString(16).padStart(16, "0"), traceFlags: 1 };
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

describe("before a real receiver", () => {
  let sink: OtlpSink;
  let otlp: OtlpDelivery;
  let outlet: ObjectOutlet<ReadableSpan>;
  let lines: string[];
  let maxSize: number;
  let ledger: ReturnType<typeof createDropLedger>;

  beforeEach(async () => {
    sink = await startOtlpSink();
    const { config } = resolveConfig({ enabled: true, otlpEndpoint: sink.url, spool: false }, {});
    lines = [];
    ({ maxSize } = config.spanQueue);
    ledger = createDropLedger((line) => lines.push(line));
    otlp = createOtlpDelivery(config, ledger, () => {});
    outlet = createObjectOutlet<ReadableSpan>({
      fan: createSignalFans(otlp).traces,
      queue: config.spanQueue,
      serialize: (spans, format) => serializeOtlp("traces", format, spans),
      onDrop: (reason, count) => ledger.add("spans", reason, count),
    });
  });
  afterEach(async () => {
    outlet.close();
    await otlp.delivery.close(0);
    await sink.close();
  });

  const flush = async (deadlineMs = 10_000): Promise<void> => {
    outlet.drain();
    await otlp.delivery.flush(deadlineMs);
  };
  const stats = () => otlp.delivery.stats().find(({ signal }) => signal === "traces")!;
  const names = (): string[] => sink.spans.map(({ name }) => name);

  it("a burst in one tick arrives as far as it fits; the rest is counted and said once", async () => {
    expect(maxSize).toBeGreaterThan(50_000);
    for (let i = 0; i < maxSize + 1_234; i++) outlet.push(makeSpan(i));
    await flush(20_000);
    expect(sink.spans).toHaveLength(maxSize);
    expect(ledger.counts()).toEqual({ spans: { queue_full: 1_234 } });
    expect(stats()).toMatchObject({ accepted: maxSize, delivered: maxSize, queued: 0 });
    ledger.report();
    ledger.report();
    expect(lines).toEqual(["tracebook: dropped 1234 spans (queue_full)"]);
  });

  it.each([400, 401, 413])(
    "%i is final: counted as rejected, said once, and the next one is sent all the same",
    async (status) => {
      sink.answer = status;
      outlet.push(makeSpan(1));
      await flush();
      expect(ledger.counts()).toEqual({ spans: { rejected: 1 } });
      expect(lines.filter((line) => line.includes("spans are not getting through"))).toHaveLength(1);
      expect(lines.every((line) => line.lastIndexOf("tracebook: ") === 0)).toBe(true);
      sink.answer = 200;
      outlet.push(makeSpan(2));
      await flush();
      expect(names()).toEqual(["span 2"]);
      expect(stats()).toMatchObject({ delivered: 1, queued: 0 });
    },
  );

  it.each([429, 502, 503, 504])("%i is never final: tried with every flush until it is taken", async (status) => {
    sink.answer = status;
    outlet.push(makeSpan(1));
    for (let tries = 1; tries <= 10; tries++) {
      await flush();
      expect(sink.requests).toBe(tries);
      expect(stats()).toMatchObject({ delivered: 0, queued: 1 });
    }
    sink.answer = 200;
    await flush();
    expect(names()).toEqual(["span 1"]);
    expect(ledger.counts()).toEqual({});
  });

  it("500 is final the third time, whatever answers come between; the next request has tries of its own", async () => {
    const answers = async (...statuses: readonly number[]): Promise<void> => {
      for (const status of statuses) {
        sink.answer = status;
        await flush();
      }
    };
    outlet.push(makeSpan(1));
    await answers(500, 503, 500);
    outlet.push(makeSpan(2));
    await answers(429);
    expect(ledger.counts()).toEqual({});
    // The third one ends the first request, and is the first one of the second.
    await answers(500);
    expect(ledger.counts()).toEqual({ spans: { rejected: 1 } });
    await answers(500);
    await answers(200);
    expect(names()).toEqual(["span 2"]);
    expect(ledger.counts()).toEqual({ spans: { rejected: 1 } });
  });

  it("a span that cannot be written is dropped alone: what waits with it leaves, in order", async () => {
    const unwritable = { ...makeSpan(700), links: [{ context: undefined as never }] };
    for (let i = 0; i < 1_500; i++) outlet.push(i === 700 ? unwritable : makeSpan(i));
    await flush(20_000);
    expect(ledger.counts()).toEqual({ spans: { unreadable: 1 } });
    expect(names()).toEqual(Array.from({ length: 1_500 }, (_, i) => `span ${i}`).filter((_, i) => i !== 700));
  });

  it("an answer that never comes is counted at the close, with what waits behind it", async () => {
    sink.answer = "hang";
    for (let i = 0; i < 700; i++) outlet.push(makeSpan(i));
    outlet.close();
    await otlp.delivery.close(300);
    expect(ledger.counts()).toEqual({ spans: { shutdown: 700 } });
    expect([stats().delivered, stats().queued, outlet.waiting]).toEqual([0, 0, 0]);
    outlet.push(makeSpan(1));
    expect(ledger.counts()).toEqual({ spans: { shutdown: 701 } });
  });

  it("a span in which nothing is secret is the same object on its way out", () => {
    const span = makeSpan(1);
    expect(redactSpan(span, createRedactor())).toBe(span);
  });
});

describe("whatever is pushed, drained and thrown", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("pushed = handed over + waiting + dropped, at every step; in order; requests of the batch size at most; nothing is left", () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ push: fc.nat({ max: 70 }) }),
        fc.record({ passMs: fc.nat({ max: 900 }) }),
        fc.constant({ drain: true as const }),
      ),
      { maxLength: 15 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 20 }), (plan, odd) => {
        const handed: number[] = [];
        const dropped: Record<string, number> = {};
        let pushed = 0;
        const outlet = createObjectOutlet<number>({
          fan: {
            formats: ["json"],
            push({ bytes, items }) {
              const numbers = JSON.parse(Buffer.from(bytes).toString()) as number[];
              expect(numbers).toHaveLength(items);
              expect(items).toBeLessThanOrEqual(16);
              handed.push(...numbers);
            },
          },
          queue: { maxSize: 100, batchSize: 16, delayMs: 500, timeoutMs: 1_000 },
          serialize(items) {
            if (items.some((item) => item % 37 === odd)) throw new Error("cannot be written");
            return Buffer.from(JSON.stringify(items));
          },
          onDrop(reason, count) {
            dropped[reason] = (dropped[reason] ?? 0) + count;
          },
        });
        const lost = (): number => Object.values(dropped).reduce((sum, count) => sum + count, 0);
        for (const step of plan) {
          if ("push" in step) for (let i = 0; i < step.push; i++) outlet.push(pushed++);
          else if ("passMs" in step) vi.advanceTimersByTime(step.passMs);
          else outlet.drain();
          expect(handed.length + outlet.waiting + lost()).toBe(pushed);
          expect(outlet.waiting).toBeLessThanOrEqual(100);
        }
        vi.advanceTimersByTime(600);
        expect(outlet.waiting).toBe(0);
        outlet.close();
        outlet.push(pushed++);
        expect(dropped["shutdown"]).toBe(1);
        expect(handed.length + lost()).toBe(pushed);
        expect(handed).toEqual([...handed].sort((a, b) => a - b));
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
