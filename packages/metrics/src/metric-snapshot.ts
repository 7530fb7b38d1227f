// All metrics at one instant, as exporters read them: cumulative since the registry was made.
import type { ExponentialSnapshot } from "./distribution.ts";
import type { MetricDefinition } from "./metric-definition.ts";

/** The value of one series of a counter, gauge or updowncounter. */
export interface ScalarPoint {
  /** All declared labels; frozen, the same object each time. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The distribution of one series of a histogram. */
export interface HistogramPoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Upper bounds, inclusive; the same array each time. */
  readonly bounds: readonly number[];
  /** One count a bound and one for what lies above the last; not cumulative over buckets. */
  readonly counts: number[];
  /** The same values in base-2 exponential buckets, when the collection asked for them. */
  readonly exponential: ExponentialSnapshot | undefined;
}

/** A metric whose series are numbers. */
export interface ScalarMetric {
  readonly type: "scalar";
  readonly definition: MetricDefinition;
  readonly points: readonly ScalarPoint[];
}

/** A metric whose series are distributions. */
export interface HistogramMetric {
  readonly type: "histogram";
  readonly definition: MetricDefinition;
  readonly points: readonly HistogramPoint[];
}

/** Everything a registry holds. Metrics without a series that has a value are left out. */
export interface MetricSnapshot {
  /** When the registry was made: all sums count from here. Wall-clock milliseconds since 1970. */
  readonly startEpochMs: number;
  /** When the snapshot was taken; never before `startEpochMs`. */
  readonly timeEpochMs: number;
  readonly metrics: readonly (ScalarMetric | HistogramMetric)[];
}

/** How histograms are to be aggregated; the values of `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`. */
export type HistogramAggregation = "explicit_bucket_histogram" | "base2_exponential_bucket_histogram";

/** Options of a collection. */
export interface CollectOptions {
  /** `base2_exponential_bucket_histogram` adds exponential buckets to the explicit ones, which are always there. */
  readonly histogramAggregation?: HistogramAggregation | undefined;
}
