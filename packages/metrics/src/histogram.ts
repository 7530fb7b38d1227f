// Histograms: explicit buckets as OpenTelemetry and Prometheus count them, and fine buckets for percentiles beside them.
import { type BucketShape, createBucketShape, Distribution, type HistogramSummary } from "./distribution.ts";
import { ExemplarCells, type ExemplarOrigin } from "./exemplar-cells.ts";
import { DURATION_BOUNDS } from "./histogram-bounds.ts";
import { type Bindable, type BoundSeries, Instrument } from "./instrument.ts";
import type { InstrumentHealth } from "./instrument-health.ts";
import type { Labels, MetricDefinition } from "./metric-definition.ts";
import type { CollectOptions, HistogramPoint } from "./metric-snapshot.ts";
import type { CardinalityLimits } from "./series-index.ts";

/** One series of a histogram. */
export interface BoundHistogram extends BoundSeries {
  /** Counts a value. NaN, Infinity and negative numbers are refused and counted. Cost: about 10 ns, no garbage. */
  record(value: number): void;
  /** Count, extremes, average and percentiles, in the unit of the metric; undefined when nothing was recorded. */
  summary(): HistogramSummary | undefined;
  /**
   * Remembers for the bucket of `value`, which was recorded before, the trace that it came from; only for a trace that is kept.
   * Each bucket takes one in 100 ms.
   */
  noteExemplar(value: number, timeEpochMs: number, origin: ExemplarOrigin): void;
  /** Both for numbers that lie in an array: a number that is handed over may be garbage, a place never is. Cost: 10 ns, 5 ns. */
  recordAt(values: Float64Array, at: number): void;
  noteExemplarAt(values: Float64Array, at: number, timeAt: number, origin: ExemplarOrigin): void;
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
  #exemplars: ExemplarCells | undefined;

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

  recordAt(values: Float64Array, at: number): void {
    const { health, forward } = this.#shared;
    if (!this.#distribution.recordAt(values, at)) {
      health.invalidValue(values[at]!, "a histogram takes finite numbers of at least 0");
    } else if (forward !== undefined) this.#hand(forward, values[at]!);
  }

  summary(): HistogramSummary | undefined {
    return this.#distribution.summary();
  }

  noteExemplar(value: number, timeEpochMs: number, origin: ExemplarOrigin): void {
    this.noteExemplarAt(Float64Array.of(value, timeEpochMs), 0, 1, origin);
  }

  noteExemplarAt(values: Float64Array, at: number, timeAt: number, origin: ExemplarOrigin): void {
    const bucket = this.#distribution.bucketOf(values[at]!);
    const buckets = this.#shared.bounds.length + 1;
    if (bucket >= buckets) return;
    this.#exemplars ??= new ExemplarCells(buckets);
    this.#exemplars.noteAt(bucket, values, at, timeAt, origin);
  }

  point({ histogramAggregation, exemplars: withExemplars }: CollectOptions): HistogramPoint | undefined {
    const { count, sum, min, max } = this.#distribution;
    if (count === 0) return undefined;
    const isExponential = histogramAggregation === "base2_exponential_bucket_histogram";
    const exponential = isExponential ? this.#distribution.exponential() : undefined;
    const exemplars = withExemplars === true ? this.#exemplars?.list() : undefined;
    const { labels } = this;
    const { bounds } = this.#shared;
    return { labels, count, sum, min, max, bounds, counts: this.#distribution.counts(), exponential, exemplars };
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

  pointAt(series: number, options: CollectOptions): HistogramPoint | undefined {
    return this.bound[series]?.point(options);
  }

  protected make(_series: number, labels: Readonly<Record<string, string>>): HistogramSeries {
    return new HistogramSeries(labels, this.#shared);
  }
}
