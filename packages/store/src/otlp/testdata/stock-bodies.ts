// Requests as the stock serializers write them, read in both formats.
import { deepStrictEqual } from "node:assert/strict";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { expect } from "vitest";
import type { EventInput, MetricPointInput, SpanInput } from "../../store-input.ts";
import type { OtlpReading } from "../item-list.ts";
import type { OtlpOptions } from "../otlp-options.ts";
import { type OtlpFormat, readOtlpLogs, readOtlpMetrics, readOtlpSpans } from "../read-otlp.ts";

/** What a request held. */
export interface Read<T> extends OtlpReading {
  readonly items: readonly T[];
}

/** The time of items without one in these tests: 2026-11-20T00:00:00Z. */
export const NOW_MICROS = 1_795_132_800_000_000;
const OPTIONS: OtlpOptions = { nowMicros: () => NOW_MICROS };

/** The request of each signal in both formats. */
export const BODIES = {
  logs: (logs: readonly ReadableLogRecord[]) => ({
    protobuf: ProtobufLogsSerializer.serializeRequest([...logs])!,
    json: JsonLogsSerializer.serializeRequest([...logs])!,
  }),
  spans: (spans: readonly ReadableSpan[]) => ({
    protobuf: ProtobufTraceSerializer.serializeRequest([...spans])!,
    json: JsonTraceSerializer.serializeRequest([...spans])!,
  }),
  metrics: (metrics: ResourceMetrics) => ({
    protobuf: ProtobufMetricsSerializer.serializeRequest(metrics)!,
    json: JsonMetricsSerializer.serializeRequest(metrics)!,
  }),
};

/** Reads a body of logs. */
export function readLogs(body: Uint8Array, format: OtlpFormat, options = OPTIONS): Read<EventInput> {
  return readItems((take) => readOtlpLogs(body, format, take, options));
}

/** Reads a body of spans. */
export function readSpans(body: Uint8Array, format: OtlpFormat, options = OPTIONS): Read<SpanInput> {
  return readItems((take) => readOtlpSpans(body, format, take, options));
}

/** Reads a body of metrics. */
export function readMetrics(body: Uint8Array, format: OtlpFormat, options = OPTIONS): Read<MetricPointInput> {
  return readItems((take) => readOtlpMetrics(body, format, take, options));
}

/** Reads the same from both bodies: they must agree, in everything but the place that a message names. */
export function readBoth<T>(
  bodies: Readonly<Record<OtlpFormat, Uint8Array>>,
  read: (body: Uint8Array, format: OtlpFormat) => Read<T>,
): Read<T> {
  const wire = read(bodies.protobuf, "protobuf");
  const json = read(bodies.json, "json");
  // Not `expect`: it takes a field called `constructor` for one.
  deepStrictEqual(withoutPlace(json), withoutPlace(wire));
  return wire;
}

/** A log record with what every one has. */
export function logRecord(parts: Partial<ReadableLogRecord>): ReadableLogRecord {
  return {
    hrTime: [1_795_132_800, 1_000],
    hrTimeObserved: [1_795_132_801, 0],
    resource: RESOURCE,
    instrumentationScope: SCOPE,
    attributes: {},
    droppedAttributesCount: 0,
    ...parts,
  };
}

/** The event that one log record becomes, in both formats. */
export function eventOf(parts: Partial<ReadableLogRecord>): EventInput {
  const { items } = readBoth(BODIES.logs([logRecord(parts)]), readLogs);
  expect(items).toHaveLength(1);
  return items[0]!;
}

/** A span with what every one has. */
export function span(parts: Partial<ReadableSpan> & { traceId?: string; spanId?: string }): ReadableSpan {
  const { traceId = "0123456789abcdef0123456789abcdef", spanId = "0123456789abcdef", ...rest } = parts;
  return {
    name: "tick",
    kind: 0,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    startTime: [1_795_132_800, 1_007],
    endTime: [1_795_132_800, 5_009],
    duration: [0, 4_002],
    status: { code: 0 },
    attributes: {},
    links: [],
    events: [],
    ended: true,
    resource: RESOURCE,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...rest,
  };
}

/** The resource of all of these. */
export const RESOURCE: Resource = resourceFromAttributes({ "service.name": "bot", "service.instance.id": "bot-1" });

const SCOPE = { name: "tests" };

/** A body of OTLP/JSON. */
export function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), "utf8");
}

function readItems<T>(read: (take: (item: T) => void) => OtlpReading): Read<T> {
  const items: T[] = [];
  return { ...read((item) => items.push(item)), items };
}

function withoutPlace<T>(read: Read<T>): Read<T> {
  return { ...read, message: read.message?.replace(/ \([^()]*\)\.$/, "") };
}
