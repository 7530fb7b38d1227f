// A data point while it is read, and what the store is given of it.
import type { InputSource, MetricPointInput } from "../store-input.ts";
import { AttributeList } from "./attribute-list.ts";
import { EXPONENTIAL_BOUNDS, type ExponentialBuckets, toExplicitCounts } from "./exponential-buckets.ts";
import type { OtlpSettings } from "./otlp-options.ts";

/** The metric whose points are read. */
export interface MetricHead {
  readonly source: InputSource;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly type: "gauge" | "sum" | "histogram" | "exponential_histogram" | "summary";
  readonly isMonotonic: boolean;
  readonly isCumulative: boolean;
}

/** Buckets of a histogram; an exponential one has {@link EXPONENTIAL_BOUNDS}. */
const MAX_BUCKETS = 512;
/** `DataPointFlags.NO_RECORDED_VALUE` of OTLP: a series has ended. */
const NO_RECORDED_VALUE = 1;

/** What the decoders read of a data point. Used again for each. */
export class PointDraft implements ExponentialBuckets {
  readonly attributes = new AttributeList();
  startMicros = 0;
  timeMicros = 0;
  flags = 0;
  /** NaN when the point has none. */
  value = Number.NaN;
  count = 0;
  sum = 0;
  bounds: number[] = [];
  bucketCounts: number[] = [];
  scale = 0;
  zeroCount = 0;
  positiveOffset = 0;
  positiveCounts: number[] = [];
  negativeCounts: number[] = [];
  readonly #settings: OtlpSettings;

  constructor(settings: OtlpSettings) {
    this.#settings = settings;
  }

  clear(): void {
    this.attributes.clear();
    this.startMicros = this.timeMicros = this.flags = 0;
    this.value = Number.NaN;
    this.count = this.sum = this.scale = this.zeroCount = this.positiveOffset = 0;
    // The point before has the lists now.
    this.bounds = [];
    this.bucketCounts = [];
    this.positiveCounts = [];
    this.negativeCounts = [];
  }

  /** The point; undefined for one that holds no value by intention, and why it is none as text. */
  toInput(head: MetricHead): MetricPointInput | string | undefined {
    if (head.name === "") return "A metric has no name";
    if (head.type === "summary")
      return `${JSON.stringify(head.name)} is a summary, which the store does not take: send a histogram`;
    if ((this.flags & NO_RECORDED_VALUE) !== 0) return undefined;
    if (head.type === "gauge" || head.type === "sum") return this.#toNumber(head, head.type);
    if (head.type === "histogram") return this.#toHistogram(head, this.bounds, this.#filledCounts());
    return this.#toHistogram(head, EXPONENTIAL_BOUNDS, toExplicitCounts(this));
  }

  #toNumber(head: MetricHead, type: "gauge" | "sum"): MetricPointInput | string {
    if (!Number.isFinite(this.value)) return `A point of ${JSON.stringify(head.name)} has no finite value`;
    const { isMonotonic, isCumulative } = head;
    return { type, ...this.#common(head), isMonotonic, isCumulative, value: this.value };
  }

  #toHistogram(head: MetricHead, bounds: readonly number[], bucketCounts: number[]): MetricPointInput | string {
    const name = JSON.stringify(head.name);
    if (!Number.isFinite(this.sum)) return `The sum of a histogram of ${name} is not finite`;
    if (!areRising(bounds)) return `The bounds of a histogram of ${name} are not finite and rising`;
    if (bucketCounts.length > MAX_BUCKETS)
      return `A histogram of ${name} has ${bucketCounts.length} buckets; ${MAX_BUCKETS} are the most that the store takes`;
    if (bucketCounts.length !== bounds.length + 1)
      return `A histogram of ${name} has ${bucketCounts.length} buckets for ${bounds.length} bounds, not one more`;
    const { isCumulative } = head;
    const { count, sum } = this;
    return { type: "histogram", ...this.#common(head), isCumulative, count, sum, bounds, bucketCounts };
  }

  /** A histogram may have no buckets at all: then everything is in the only one. */
  #filledCounts(): number[] {
    return this.bucketCounts.length === 0 && this.bounds.length === 0 ? [this.count] : this.bucketCounts;
  }

  #common({ source, name, unit, description }: MetricHead) {
    const { cleaner, nowMicros } = this.#settings;
    const labels = this.attributes.toLabels(cleaner);
    const timeMicros = this.timeMicros || nowMicros();
    return { source, name, unit, description, labels, startMicros: this.startMicros, timeMicros };
  }
}

function areRising(bounds: readonly number[]): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (const bound of bounds) {
    if (!(bound > last && bound < Number.POSITIVE_INFINITY)) return false;
    last = bound;
  }
  return true;
}
