// Requests as a service with the stock SDK sends them: real spans, log records and metrics, written by the stock serializers.
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { OtlpFormat, OtlpSignal } from "@tracebook/store";

/** The bytes of a request of each signal in each format. */
export type StockRequests = Readonly<Record<OtlpSignal, Readonly<Record<OtlpFormat, Uint8Array>>>>;

/** Content types by format. */
export const CONTENT_TYPES: Readonly<Record<OtlpFormat, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

const resource = resourceFromAttributes({ "service.name": "stock-service", "service.instance.id": "stock-1" });

/** Records two spans, two log records and two metrics, and writes them as exporters do. */
export async function stockRequests(): Promise<StockRequests> {
  const spans = await recordSpans();
  const logs = await recordLogs();
  const metrics = await recordMetrics();
  return {
    traces: {
      protobuf: ProtobufTraceSerializer.serializeRequest(spans)!,
      json: JsonTraceSerializer.serializeRequest(spans)!,
    },
    logs: {
      protobuf: ProtobufLogsSerializer.serializeRequest(logs)!,
      json: JsonLogsSerializer.serializeRequest(logs)!,
    },
    metrics: {
      protobuf: ProtobufMetricsSerializer.serializeRequest(metrics)!,
      json: JsonMetricsSerializer.serializeRequest(metrics)!,
    },
  };
}

async function recordSpans() {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer("stock");
  const root = tracer.startSpan("GET /orders", { kind: SpanKind.SERVER, attributes: { "http.request.method": "GET" } });
  root.addEvent("cache miss", { key: "orders" });
  root.setStatus({ code: SpanStatusCode.ERROR, message: "no orders" });
  root.end();
  tracer.startSpan("tidy up").end();
  await provider.forceFlush();
  return exporter.getFinishedSpans();
}

async function recordLogs() {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] });
  const logger = provider.getLogger("stock");
  logger.emit({ body: "started", severityNumber: 9, severityText: "INFO", attributes: { port: 8080 } });
  logger.emit({ eventName: "trading.signal_rejected", attributes: { "trading.reason_code": "risk_limit" } });
  await provider.forceFlush();
  return [...exporter.getFinishedLogRecords()];
}

async function recordMetrics() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const meter = provider.getMeter("stock");
  meter.createCounter("orders_total").add(3, { side: "buy" });
  meter.createHistogram("latency_seconds", { unit: "s" }).record(0.02);
  await reader.forceFlush();
  const [metrics] = exporter.getMetrics();
  await provider.shutdown();
  return metrics!;
}
