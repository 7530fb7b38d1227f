// Objects of the SDK as the bytes of OTLP requests, by the stock serializers.
import {
  type ISerializer,
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { OtlpFormat } from "./delivery/sender.ts";

/** What a request of each signal is made of. */
export interface OtlpBatches {
  readonly traces: readonly ReadableSpan[];
  readonly logs: readonly ReadableLogRecord[];
  readonly metrics: ResourceMetrics;
}

type Serializers = { readonly [Signal in keyof OtlpBatches]: Pick<ISerializer<never, unknown>, "serializeRequest"> };

const SERIALIZERS: Readonly<Record<OtlpFormat, Serializers>> = {
  protobuf: { traces: ProtobufTraceSerializer, logs: ProtobufLogsSerializer, metrics: ProtobufMetricsSerializer },
  json: { traces: JsonTraceSerializer, logs: JsonLogsSerializer, metrics: JsonMetricsSerializer },
};

/** The bytes of one request. Throws what the serializer throws. Cost: 1.5 us a span, 2.5 us a log record. */
export function serializeOtlp<Signal extends keyof OtlpBatches>(
  signal: Signal,
  format: OtlpFormat,
  batch: OtlpBatches[Signal],
): Uint8Array {
  const bytes = SERIALIZERS[format][signal].serializeRequest(batch as never);
  if (bytes === undefined) throw new RangeError("the serializer has made nothing of it");
  return bytes;
}

/** Data points in a request of metrics. */
export function countDataPoints({ scopeMetrics }: ResourceMetrics): number {
  let count = 0;
  for (const { metrics } of scopeMetrics) for (const { dataPoints } of metrics) count += dataPoints.length;
  return count;
}
