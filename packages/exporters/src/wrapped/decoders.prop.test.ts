// Objects become bytes and objects again: nothing is lost on the way, and no bytes do harm.
import type { HrTime, Link, SpanContext } from "@opentelemetry/api";
import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logRecords, resourceMetrics, spans } from "../../test/otlp-arbitraries.ts";
import { decodeLogRecords } from "./log-record-decoder.ts";
import { decodeMetrics } from "./metric-decoder.ts";
import { OtlpDecodeError } from "./otlp-decode-error.ts";
import { decodeSpans } from "./span-decoder.ts";

const RUNS = { numRuns: 400 };
const ofSpans = (all: ReadableSpan[]): Uint8Array => ProtobufTraceSerializer.serializeRequest(all)!;
const ofLogs = (all: ReadableLogRecord[]): Uint8Array => ProtobufLogsSerializer.serializeRequest(all)!;
const ofMetrics = (all: ResourceMetrics): Uint8Array => ProtobufMetricsSerializer.serializeRequest(all)!;
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("serialize(decode(serialize(x))) = serialize(x)", () => {
  it("for spans", () => {
    fc.assert(
      fc.property(spans, (all) => {
        const bytes = ofSpans(all);
        expect(hexOf(ofSpans(decodeSpans(bytes)))).toBe(hexOf(bytes));
      }),
      RUNS,
    );
  });

  it("for log records", () => {
    fc.assert(
      fc.property(logRecords, (all) => {
        const bytes = ofLogs(all);
        expect(hexOf(ofLogs(decodeLogRecords(bytes)))).toBe(hexOf(bytes));
      }),
      RUNS,
    );
  });

  it("for metrics of several resources in one request", () => {
    fc.assert(
      fc.property(fc.array(resourceMetrics, { maxLength: 3 }), (all) => {
        const bytes = Buffer.concat(all.map(ofMetrics));
        const decoded = decodeMetrics(bytes);
        expect(decoded).toHaveLength(all.length);
        expect(hexOf(Buffer.concat(decoded.map(ofMetrics)))).toBe(hexOf(bytes));
      }),
      RUNS,
    );
  });
});

describe("decode(serialize(x)) = x, field by field, but for what OTLP does not carry", () => {
  it("for spans", () => {
    let parents = 0;
    fc.assert(
      fc.property(spans, (all) => {
        const originals = inOrderOfRequest(all);
        const decoded = decodeSpans(ofSpans(all));
        expect(decoded.map(plainSpan)).toEqual(originals.map(plainSpan));
        parents += decoded.filter((span) => span.parentSpanContext !== undefined).length;
        for (const { startTime, endTime, duration } of decoded) {
          const nanos = toNanos(endTime) - toNanos(startTime);
          expect(toNanos(duration)).toBe(nanos < 0n ? 0n : nanos);
        }
        expectSharedObjects(decoded, originals);
      }),
      RUNS,
    );
    expect(parents).toBeGreaterThan(100);
  });

  it("for log records", () => {
    fc.assert(
      fc.property(logRecords, (all) => {
        const originals = inOrderOfRequest(all);
        const decoded = decodeLogRecords(ofLogs(all));
        expect(decoded.map(plainLogRecord)).toEqual(originals.map(plainLogRecord));
        expectSharedObjects(decoded, originals);
      }),
      RUNS,
    );
  });

  it("for metrics", () => {
    fc.assert(
      fc.property(resourceMetrics, (all) => {
        expect(decodeMetrics(ofMetrics(all)).map(plainMetrics)).toEqual([plainMetrics(all)]);
      }),
      RUNS,
    );
  });
});

describe("bytes that nobody serialized", () => {
  const damage = fc.array(
    fc.record({
      kind: fc.constantFrom("flip", "cut", "insert", "double", "remove"),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const signals = [
    { name: "spans", bytes: spans.map(ofSpans), decode: decodeSpans, serialize: ofSpans },
    { name: "log records", bytes: logRecords.map(ofLogs), decode: decodeLogRecords, serialize: ofLogs },
    {
      name: "metrics",
      bytes: resourceMetrics.map(ofMetrics),
      decode: decodeMetrics,
      serialize: (all: ResourceMetrics[]) => all.map(ofMetrics),
    },
  ] as const;

  for (const { name, bytes, decode, serialize } of signals)
    it(`are either ${name} that can be serialized, or refused with a code`, () => {
      const clean = Object.getOwnPropertyNames(Object.prototype).length;
      const seen = { read: 0, refused: 0 };
      const attempt = (given: Uint8Array): void => {
        try {
          (serialize as (all: unknown) => unknown)(decode(given));
          seen.read++;
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpDecodeError);
          expect((error as OtlpDecodeError).code).toMatch(/^(truncated|malformed|too_deep)$/);
          seen.refused++;
        }
      };
      fc.assert(
        fc.property(bytes, damage, (valid, hits) => attempt(hits.reduce(damaged, Buffer.from(valid)))),
        { numRuns: 3_000 },
      );
      fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), attempt), { numRuns: 2_000 });
      expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(200);
      expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(clean);
    });

  it("are refused wherever a request was cut off", () => {
    const [request] = fc.sample(
      spans.filter((all) => new Set(all.map(({ resource }) => resource)).size === 1 && all.length > 2),
      { numRuns: 1, seed: 7 },
    );
    const bytes = ofSpans(request!);
    expect(decodeSpans(bytes)).toHaveLength(request!.length);
    for (let length = 1; length < bytes.length; length++)
      expect(() => decodeSpans(bytes.subarray(0, length)), `${length} bytes`).toThrow(OtlpDecodeError);
  });
});

interface Damage {
  readonly kind: string;
  readonly at: number;
  readonly bytes: Uint8Array;
}

function damaged(bytes: Buffer, { kind, at: where, bytes: more }: Damage): Buffer {
  const at = Math.floor(where * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (kind === "cut") return before;
  if (kind === "insert") return Buffer.concat([before, more, after]);
  if (kind === "double") return Buffer.concat([bytes, after]);
  if (kind === "remove") return Buffer.concat([before, after.subarray(more.length)]);
  return Buffer.concat([before, more.subarray(0, after.length), after.subarray(more.length)]);
}

/** A request has its items by resource, then by scope, each in the order of their first. */
function inOrderOfRequest<Item extends { resource: Resource; instrumentationScope: object }>(all: Item[]): Item[] {
  const groups = new Map<Resource, Map<object, Item[]>>();
  for (const item of all) {
    const scopes = groups.get(item.resource) ?? new Map<object, Item[]>();
    groups.set(item.resource, scopes);
    scopes.set(item.instrumentationScope, [...(scopes.get(item.instrumentationScope) ?? []), item]);
  }
  return [...groups.values()].flatMap((scopes) => [...scopes.values()].flat());
}

/** Two items share an object after decoding exactly if they did before, scopes as far as their resource is the same. */
function expectSharedObjects<Item extends { resource: Resource; instrumentationScope: object }>(
  decoded: Item[],
  originals: Item[],
): void {
  for (const [i, one] of decoded.entries())
    for (const [j, other] of decoded.entries()) {
      const sameResource = originals[i]!.resource === originals[j]!.resource;
      const sameScope = originals[i]!.instrumentationScope === originals[j]!.instrumentationScope;
      expect(one.resource === other.resource).toBe(sameResource);
      expect(one.instrumentationScope === other.instrumentationScope).toBe(sameResource && sameScope);
    }
}

/** Exact, unlike the double of `hrTimeToNanoseconds`: the times of OTLP reach far beyond 2^53 ns. */
function toNanos([seconds, nanos]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

function plainSpan(span: ReadableSpan) {
  const { duration: _duration, spanContext, parentSpanContext: parent, resource, ...rest } = span;
  const { isRemote: _isRemote, ...own } = plainContext(spanContext());
  return {
    ...rest,
    status: plainStatus(span.status),
    own,
    parent: parent && { traceId: parent.traceId, spanId: parent.spanId, isRemote: parent.isRemote === true },
    resource: plainResource(resource),
    instrumentationScope: plainScope(span.instrumentationScope),
    events: span.events.map((event) => ({ ...event, ...plainAttributes(event) })),
    links: span.links.map((link) => ({ ...plainAttributes(link), context: plainContext(link.context) })),
  };
}

function plainLogRecord(record: ReadableLogRecord) {
  const { spanContext, severityNumber, severityText, eventName, resource, ...rest } = record;
  return {
    ...rest,
    severityNumber: severityNumber || undefined,
    severityText: severityText || undefined,
    eventName: eventName || undefined,
    // Undefined for a record without one: `toEqual` tells null from undefined.
    body: record.body,
    context: spanContext && {
      traceId: spanContext.traceId,
      spanId: spanContext.spanId,
      traceFlags: spanContext.traceFlags,
    },
    resource: plainResource(resource),
    instrumentationScope: plainScope(record.instrumentationScope),
  };
}

function plainMetrics({ resource, scopeMetrics }: ResourceMetrics) {
  return {
    resource: plainResource(resource),
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
      scope: plainScope(scope),
      metrics: metrics.map(plainMetric),
    })),
  };
}

function plainMetric(metric: MetricData) {
  const { descriptor, dataPointType, dataPoints } = metric;
  return {
    ...metric,
    // Without points nobody can tell integers from others, and gauges have no temporality.
    descriptor: dataPoints.length === 0 ? { ...descriptor, valueType: undefined } : descriptor,
    aggregationTemporality:
      dataPointType === DataPointType.GAUGE ? AggregationTemporality.CUMULATIVE : metric.aggregationTemporality,
  };
}

function plainContext({ traceId, spanId, traceFlags, traceState, isRemote }: SpanContext) {
  return { traceId, spanId, traceFlags, traceState: traceState?.serialize(), isRemote: isRemote === true };
}

function plainAttributes({ attributes, droppedAttributesCount }: Pick<Link, "attributes" | "droppedAttributesCount">) {
  return { attributes: attributes ?? {}, droppedAttributesCount: droppedAttributesCount ?? 0 };
}

function plainStatus({ code, message }: ReadableSpan["status"]) {
  return { code, message: message || undefined };
}

function plainResource({ attributes, schemaUrl }: Resource) {
  return { attributes, schemaUrl: schemaUrl || undefined };
}

function plainScope(scope: ReadableLogRecord["instrumentationScope"]) {
  const { attributes = {}, droppedAttributesCount = 0, name, version, schemaUrl } = scope;
  return { name, version: version || undefined, schemaUrl: schemaUrl || undefined, attributes, droppedAttributesCount };
}
