// Histograms: explicit buckets as OpenTelemetry and Prometheus count them, and fine buckets for percentiles beside them.
import { type BucketShape, createBucketShape, Distribution, type HistogramSummary } from "./distribution.ts";
import { DURATION_BOUNDS } from "./histogram-bounds.ts";
import { type Bindable, type BoundSeries, Instrument } from "./instrument.ts";
import type { InstrumentHealth } from "./instrument-health.ts";
import type { Labels, MetricDefinition } from "./metric-definition.ts";
import type { HistogramAggregation, HistogramPoint } from "./metric-snapshot.ts";
import type { CardinalityLimits } from "./series-index.ts";

/** One series of a histogram. */
export interface BoundHistogram extends BoundSeries {
  /** Counts a value. NaN, Infinity and negative numbers are refused and counted. Cost: about 10 ns, no garbage. */
  record(value: number): void;
  /** Count, extremes, average and percentiles, in the unit of the metric; undefined when nothing was recorded. */
  summary(): HistogramSummary | undefined;
}

/** The distribution of something. */
export interface Histogram<Label extends string = string> extends Bindable<Label, BoundHistogram> {
  record(value: number, labels?: Labels<Label>): void;
}

/** A histogram of another metrics library that gets every value as well. */
export interface ForwardHistogram {
  record(value: number, labels: Record<string, string>): void;
}

/** What the series of one histogram share. */
interface SharedParts {
  readonly bounds: readonly number[];
  readonly buckets: BucketShape;
  readonly health: InstrumentHealth;
  forward: ForwardHistogram | undefined;
}

class HistogramSeries implements BoundHistogram {
  readonly labels: Readonly<Record<string, string>>;
  readonly #shared: SharedParts;
  readonly #distribution: Distribution;

  constructor(labels: Readonly<Record<string, string>>, shared: SharedParts) {
    this.labels = labels;
    this.#shared = shared;
    this.#distribution = new Distribution(shared.buckets);
  }

  record(value: number): void {
    const { health, forward } = this.#shared;
    if (!this.#distribution.record(value)) {
      health.invalidValue(value, "a histogram takes finite numbers of at least 0");
    } else if (forward !== undefined) this.#hand(forward, value);
  }

  summary(): HistogramSummary | undefined {
    return this.#distribution.summary();
  }

  point(isExponential: boolean): HistogramPoint | undefined {
    const { count, sum, min, max } = this.#distribution;
    if (count === 0) return undefined;
    const exponential = isExponential ? this.#distribution.exponential() : undefined;
    const { bounds } = this.#shared;
    return { labels: this.labels, count, sum, min, max, bounds, counts: this.#distribution.counts(), exponential };
  }

  #hand(forward: ForwardHistogram, value: number): void {
    try {
      forward.record(value, this.labels);
    } catch (error) {
      this.#shared.health.failed("forward_failed", error);
    }
  }
}

/** A histogram inside a registry. */
export class HistogramInstrument<Label extends string>
  extends Instrument<Label, HistogramSeries>
  implements Histogram<Label>
{
  readonly #shared: SharedParts;

  constructor(definition: MetricDefinition<Label>, limits: CardinalityLimits, health: InstrumentHealth) {
    super(definition, limits, health);
    const bounds = definition.bounds ?? DURATION_BOUNDS;
    this.#shared = { bounds, buckets: createBucketShape(bounds), health, forward: undefined };
  }

  record(value: number, labels?: Labels<Label>): void {
    this.find(labels).record(value);
  }

  /** Hands every further value to `forward` as well; undefined ends that. */
  forwardTo(forward: ForwardHistogram | undefined): void {
    this.#shared.forward = forward;
  }

  points(aggregation: HistogramAggregation | undefined): HistogramPoint[] {
    const isExponential = aggregation === "base2_exponential_bucket_histogram";
    const points: HistogramPoint[] = [];
    for (const series of this.bound) {
      const point = series.point(isExponential);
      if (point !== undefined) points.push(point);
    }
    return points;
  }

  protected make(_series: number, labels: Readonly<Record<string, string>>): HistogramSeries {
    return new HistogramSeries(labels, this.#shared);
  }
}
