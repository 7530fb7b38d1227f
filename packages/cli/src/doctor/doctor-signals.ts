// The signals that are sent on trial, each marked so that nobody takes it for trade data, and their bytes.
import { randomBytes } from "node:crypto";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { createRedactor, generateTraceId } from "@tracebook/core";
import { boundAttributes } from "@tracebook/core/extension";
import type { OtlpTarget, TelemetryConfig } from "@tracebook/node/doctor";
import { readVersion } from "../version.ts";

/** The signals that have a destination of their own, in the order they are shown. */
export const SIGNALS = ["traces", "metrics", "logs"] as const;

/** One of {@link SIGNALS}. */
export type Signal = (typeof SIGNALS)[number];

/** What is sent, called by these names wherever it arrives. */
export const SENT_NAMES = {
  traces: "tracebook doctor",
  metrics: "tracebook_doctor_run_timestamp_seconds",
  logs: "trading.doctor",
} as const;

/** One run's signals. */
export interface DoctorSignals {
  /** The trace of the span and of the log record. */
  readonly traceId: string;
  /** The body of an export request with one signal. */
  bytesOf(signal: Signal, protocol: OtlpTarget["protocol"]): Uint8Array;
}

type Span = Parameters<typeof JsonTraceSerializer.serializeRequest>[0][number];
type LogRecord = Parameters<typeof JsonLogsSerializer.serializeRequest>[0][number];
type Metrics = Parameters<typeof JsonMetricsSerializer.serializeRequest>[0];

/** OpenTelemetry's numbers, which would take the SDK to be imported. */
const INTERNAL_SPAN = 0;
const STATUS_OK = 1;
const SEVERITY_INFO = 9;
const SAMPLED = 1;
const GAUGE = 2;
const CUMULATIVE = 1;
const DOUBLE = 1;
/** On every item: what to filter by. The keep reason brings the span past a sampling Collector, so that it can be looked up. */
const MARKS = { "tracebook.doctor": true, "trading.keep_reason": "doctor" } as const;

/** Makes the signals of a service at an instant: as the service itself would send them, but for the marks. */
export function createDoctorSignals(config: TelemetryConfig, nowEpochMs: number): DoctorSignals {
  const traceId = generateTraceId();
  const spanContext = { traceId, spanId: randomBytes(8).toString("hex"), traceFlags: SAMPLED };
  const scope = { name: "tracebook.doctor", version: readVersion() };
  const resource = resourceOf(config);
  const time = toHrTime(nowEpochMs);
  const base = { resource, instrumentationScope: scope, droppedAttributesCount: 0 };
  const span = {
    ...base,
    name: SENT_NAMES.traces,
    kind: INTERNAL_SPAN,
    spanContext: () => spanContext,
    startTime: time,
    endTime: toHrTime(nowEpochMs + 1),
    duration: [0, 1e6],
    ended: true,
    status: { code: STATUS_OK },
    attributes: MARKS,
    links: [],
    events: [],
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  } as unknown as Span;
  const log = {
    ...base,
    spanContext,
    hrTime: time,
    hrTimeObserved: time,
    eventName: SENT_NAMES.logs,
    severityNumber: SEVERITY_INFO,
    severityText: "INFO",
    body: "tracebook doctor: a test of this destination, no trade data",
    attributes: MARKS,
  } as unknown as LogRecord;
  const metrics = metricsOf(resource, scope, nowEpochMs);
  return {
    traceId,
    bytesOf(signal, protocol) {
      const isJson = protocol === "http/json";
      const bytes = {
        traces: () => (isJson ? JsonTraceSerializer : ProtobufTraceSerializer).serializeRequest([span]),
        metrics: () => (isJson ? JsonMetricsSerializer : ProtobufMetricsSerializer).serializeRequest(metrics),
        logs: () => (isJson ? JsonLogsSerializer : ProtobufLogsSerializer).serializeRequest([log]),
      }[signal]();
      return bytes ?? new Uint8Array();
    },
  };
}

function metricsOf(resource: object, scope: object, nowEpochMs: number): Metrics {
  const time = toHrTime(nowEpochMs);
  const descriptor = {
    name: SENT_NAMES.metrics,
    description: "When tracebook doctor last sent this on trial, in seconds since 1970. No trade data.",
    unit: "s",
    valueType: DOUBLE,
  };
  const point = { startTime: time, endTime: time, attributes: {}, value: nowEpochMs / 1000 };
  const metric = { descriptor, aggregationTemporality: CUMULATIVE, dataPointType: GAUGE, dataPoints: [point] };
  return { resource, scopeMetrics: [{ scope, metrics: [metric] }] } as unknown as Metrics;
}

/** That of the service, so that what routes by it routes these signals, too; the instance tells them apart. */
function resourceOf(config: TelemetryConfig): object {
  const attributes = {
    ...boundAttributes(config.resourceAttributes, createRedactor({ keys: config.redactKeys })),
    "service.instance.id": "tracebook-doctor",
    "telemetry.distro.name": "tracebook",
    "telemetry.distro.version": readVersion(),
    "tracebook.doctor": true,
  };
  return { attributes, merge: () => resourceOf(config), getRawAttributes: () => Object.entries(attributes) };
}

function toHrTime(epochMs: number): [number, number] {
  const seconds = Math.floor(epochMs / 1e3);
  return [seconds, Math.round((epochMs - seconds * 1e3) * 1e6)];
}
