// Metrics on their way out: collected at the interval and when asked, while anybody takes them, and handed over as requests.
import { diag } from "@opentelemetry/api";
import {
  AggregationType,
  type CollectionResult,
  type IMetricReader,
  InstrumentType,
  type MetricProducer,
  MetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { countDataPoints, type OtlpFormat, serializeOtlp } from "@tracebook/exporters";
import type { HistogramAggregation } from "@tracebook/metrics";
import type { RequestFan } from "./request-fan.ts";

/** What {@link createMetricExporter} is told once. */
export interface MetricExporterOptions {
  readonly fan: Pick<RequestFan, "isEmpty" | "formats" | "push">;
  /** What instrumentations and the host's meters have recorded. Sums are cumulative: what is lost on the way costs resolution, never a count. */
  readonly reader: IMetricReader;
  /** The registry, whose metrics come as they are. */
  readonly producer: MetricProducer;
  readonly intervalMs: number;
  /** Hears of data points that could not be written. */
  readonly onDrop: (count: number) => void;
}

/** Exports metrics. */
export interface MetricExporter {
  /** Collects and hands over, now; a collection that is under way is waited for first. Never rejects. */
  export(deadlineMs: number): Promise<void>;
  /** Does so for the last time, and stops. Never rejects. */
  close(deadlineMs: number): Promise<void>;
}

/** Makes the exporter. Its timer is unref'd; while nobody takes metrics, nothing is collected. */
export function createMetricExporter(options: MetricExporterOptions): MetricExporter {
  const { fan, intervalMs } = options;
  let running: Promise<void> | undefined;
  const run = (deadlineMs: number): Promise<void> => {
    running = exportOnce(options, deadlineMs).finally(() => {
      running = undefined;
    });
    return running;
  };
  const exportNow = async (deadlineMs: number): Promise<void> => {
    // What it has collected may be older than what is asked for.
    await running;
    if (!fan.isEmpty) await (running ?? run(deadlineMs));
  };
  const timer = setInterval(() => {
    if (!fan.isEmpty && running === undefined) void run(intervalMs);
  }, intervalMs).unref();
  return {
    export: exportNow,
    close(deadlineMs) {
      clearInterval(timer);
      return exportNow(deadlineMs);
    },
  };
}

/** The reader of the SDK's own metrics for the exporter. `aggregation` is what the histograms of instrumentations become. */
export function createMetricReader(aggregation: HistogramAggregation): IMetricReader {
  const exponential = aggregation === "base2_exponential_bucket_histogram";
  return new AskedReader({
    aggregationSelector: (type) => ({
      type:
        exponential && type === InstrumentType.HISTOGRAM
          ? AggregationType.EXPONENTIAL_HISTOGRAM
          : AggregationType.DEFAULT,
    }),
  });
}

/** Collects when it is asked, and never by itself. */
class AskedReader extends MetricReader {
  protected onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

async function exportOnce({ reader, producer, fan, onDrop }: MetricExporterOptions, deadlineMs: number): Promise<void> {
  const options = { timeoutMillis: deadlineMs };
  let batch: ResourceMetrics;
  try {
    batch = merge(await Promise.all([reader.collect(options), producer.collect(options)]));
  } catch (error) {
    return diag.error("metrics could not be collected", error instanceof Error ? error : String(error));
  }
  const items = countDataPoints(batch);
  if (items === 0) return;
  try {
    const write = (format: OtlpFormat) => ({ bytes: serializeOtlp("metrics", format, batch), format, items });
    const bornEpochMs = Date.now();
    for (const request of fan.formats.map(write)) fan.push({ ...request, bornEpochMs });
  } catch (error) {
    onDrop(items);
    diag.error("metrics could not be written", error instanceof Error ? error : String(error));
  }
}

function merge([own, registry]: readonly [CollectionResult, CollectionResult]): ResourceMetrics {
  const errors = [...own.errors, ...registry.errors];
  if (errors.length > 0) diag.error("errors while metrics were collected", ...errors);
  const { resource, scopeMetrics } = own.resourceMetrics;
  return { resource, scopeMetrics: [...scopeMetrics, ...registry.resourceMetrics.scopeMetrics] };
}
