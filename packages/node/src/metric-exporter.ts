// The OTLP exporter of metrics as the SDK's reader sees it: with the aggregation that was asked for, and failures that are told.
import { ExportResultCode } from "@opentelemetry/core";
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import type { HistogramAggregation } from "@tracebook/metrics";

/** What {@link watchMetricExporter} adds. */
export interface MetricExporterOptions {
  /** What the histograms of instrumentations become; those of the registry come as they are. */
  readonly aggregation: HistogramAggregation;
  /** Hears of every export that failed. */
  readonly onFailure: (error: Error) => void;
}

/** Puts both in front of an exporter. A failed export is not tried again: the next one has the sums. */
export function watchMetricExporter(inner: PushMetricExporter, options: MetricExporterOptions): PushMetricExporter {
  const exponential = options.aggregation === "base2_exponential_bucket_histogram";
  return {
    export(metrics, done) {
      inner.export(metrics, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) options.onFailure(result.error ?? new Error("export failed"));
        done(result);
      });
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
    selectAggregationTemporality: (type) =>
      inner.selectAggregationTemporality?.(type) ?? AggregationTemporality.CUMULATIVE,
    selectAggregation: (type) =>
      exponential && type === InstrumentType.HISTOGRAM
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
        : (inner.selectAggregation?.(type) ?? { type: AggregationType.DEFAULT }),
  };
}
