// Metrics on their way to OTLP, as the SDK's reader sees it: an exporter that hands each collection to a lane.
import { ExportResultCode } from "@opentelemetry/core";
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { countDataPoints, serializeOtlp } from "@tracebook/exporters";
import type { HistogramAggregation } from "@tracebook/metrics";
import type { SignalWay } from "./otlp-delivery.ts";

/** What {@link createMetricExporter} is told once. */
export interface MetricExporterOptions {
  readonly way: SignalWay;
  /** What the histograms of instrumentations become; those of the registry come as they are. */
  readonly aggregation: HistogramAggregation;
  /** Hears of data points that could not be written. */
  readonly onDrop: (count: number) => void;
}

/** Makes the exporter. Sums are cumulative: what is lost on the way costs resolution, never a count. */
export function createMetricExporter({ way, aggregation, onDrop }: MetricExporterOptions): PushMetricExporter {
  const exponential = aggregation === "base2_exponential_bucket_histogram";
  return {
    export(metrics, done) {
      const items = countDataPoints(metrics);
      try {
        if (items > 0) {
          const bytes = serializeOtlp("metrics", way.format, metrics);
          way.lane.push({ bytes, format: way.format, items, bornEpochMs: Date.now() });
        }
        done({ code: ExportResultCode.SUCCESS });
      } catch (error) {
        onDrop(items);
        done({ code: ExportResultCode.FAILED, error: error instanceof Error ? error : new Error(String(error)) });
      }
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
    selectAggregation: (type) => ({
      type:
        exponential && type === InstrumentType.HISTOGRAM
          ? AggregationType.EXPONENTIAL_HISTOGRAM
          : AggregationType.DEFAULT,
    }),
  };
}
