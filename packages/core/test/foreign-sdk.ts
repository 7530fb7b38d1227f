// An OpenTelemetry SDK of someone else's, in memory, registered as its owner would: for tests of the plain API.
import { context, logs, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

/** What the SDK has, and the ways to make it misbehave. */
export interface ForeignSdk {
  readonly spans: () => ReadableSpan[];
  readonly logs: () => ReadableLogRecord[];
  /** Its metrics now, by name. */
  readonly metrics: () => Promise<Map<string, MetricData>>;
  /** While true, its span processor throws out of `startSpan` and `end`. */
  throws: boolean;
  reset(): void;
  /** Takes it out of the API. */
  stop(): Promise<void>;
}

/** Starts one. */
export function startForeignSdk(): ForeignSdk {
  const spans = new InMemorySpanExporter();
  const records = new InMemoryLogRecordExporter();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const sdk: ForeignSdk = {
    spans: () => spans.getFinishedSpans(),
    logs: () => records.getFinishedLogRecords(),
    async metrics() {
      exporter.reset();
      await reader.forceFlush();
      const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      return new Map(all.flatMap((scope) => scope.metrics).map((metric) => [metric.descriptor.name, metric]));
    },
    throws: false,
    reset() {
      spans.reset();
      records.reset();
    },
    async stop() {
      for (const api of [trace, logs, metrics, context]) api.disable();
      await meterProvider.shutdown();
    },
  };
  const explosive = (): void => {
    if (sdk.throws) throw new Error("someone else's processor");
  };
  const processor: SpanProcessor = {
    onStart: explosive,
    onEnd: explosive,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  metrics.setGlobalMeterProvider(meterProvider);
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [processor, new SimpleSpanProcessor({ exporter: spans })] }),
  );
  logs.setGlobalLoggerProvider(
    new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: records })] }),
  );
  return sdk;
}
