// All metrics at one instant, as exporters read them: cumulative since the registry was made.
import type { ExponentialSnapshot } from "./distribution.ts";
import type { Exemplar } from "./exemplar-cells.ts";
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
  /** For each of `counts` a kept trace that fell into it, where there is one; undefined when none is known or none was asked for. */
  readonly exemplars: readonly (Exemplar | undefined)[] | undefined;
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
  /** True adds exemplars, whose ids are made text for that. Default false. */
  readonly exemplars?: boolean | undefined;
}

/** A metric to be read series by series, so that ten thousand of them need not be read at once. */
export type MetricReading = ScalarReading | HistogramReading;

/** What readings have in common. */
interface Reading<Point> {
  readonly definition: MetricDefinition;
  /** How many series there were when the reading began. */
  readonly size: number;
  /** The series of a number from 0 as it is at this moment; undefined when it has no value, or there is none. */
  pointAt(series: number): Point | undefined;
}

/** The series of a counter, gauge or updowncounter. */
export interface ScalarReading extends Reading<ScalarPoint> {
  readonly type: "scalar";
}

/** The series of a histogram. */
export interface HistogramReading extends Reading<HistogramPoint> {
  readonly type: "histogram";
}
