// Values of a metric in a sliding window. The outcome depends on what is in it alone, never on the order in which it came.
import type { MetricSample } from "@tracebook/store";
import type { AlertAggregation } from "../rules/alert-rule.ts";
import { bucketQuantile } from "./bucket-quantile.ts";
import { HeldSeconds } from "./held-seconds.ts";
import type { ValueWindow } from "./rule-window.ts";

/** More is no data that a rule can be about; it says so instead of taking the memory. */
const MAX_VALUES = 100_000;

/** What came in a second. */
interface Second {
  readonly at: number;
  readonly numbers: number[];
  readonly histograms: MetricSample[];
  /** Percentiles that records brought with them. */
  readonly given: number[];
  /** Of numbers and histograms; undefined: to be added up again. */
  sum: number | undefined;
}

/** All but the newest value of each series, for which there is another window. */
export type SampleAggregation = Exclude<AlertAggregation, "last">;

/** Holds values, and aggregates them. */
export class SampleWindow implements ValueWindow {
  readonly seconds: number;
  readonly ages: readonly number[];
  readonly #aggregation: SampleAggregation;
  readonly #isPercentile: boolean;
  readonly #held = new HeldSeconds<Second>();
  /** All numbers, rising; for percentiles only. */
  readonly #sorted: number[] = [];
  #count = 0;
  #values = 0;

  constructor(seconds: number, aggregation: SampleAggregation) {
    this.seconds = seconds;
    this.ages = [seconds];
    this.#aggregation = aggregation;
    this.#isPercentile = aggregation.startsWith("p");
  }

  get isEmpty(): boolean {
    return this.#held.all.length === 0;
  }

  add(at: number, sample: MetricSample): boolean {
    let second = this.#held.get(at);
    const isNew = second === undefined;
    if (second === undefined) {
      second = { at, numbers: [], histograms: [], given: [], sum: undefined };
      this.#held.put(second);
    }
    const given = sample.percentiles?.[this.#aggregation];
    this.#values++;
    if (given !== undefined) second.given.push(given);
    if (sample.buckets !== null) {
      second.histograms.push(sample);
      this.#count += sample.buckets.count;
    } else {
      second.numbers.push(sample.value);
      this.#count++;
      if (this.#isPercentile) this.#sorted.splice(placeOf(this.#sorted, sample.value), 0, sample.value);
    }
    second.sum = undefined;
    return isNew;
  }

  dropBefore(at: number): void {
    for (const second of this.#held.takeBefore(at)) this.#drop(second);
  }

  /** The aggregate; undefined without values, but for the count. Throws when there are too many to hold. */
  value(): number | undefined {
    if (this.#values > MAX_VALUES)
      throw new RangeError(
        `The window has ${this.#values} values; a rule may look at ${MAX_VALUES}. Take a shorter window.`,
      );
    if (this.#aggregation === "count") return this.#count;
    if (this.#count === 0) return undefined;
    switch (this.#aggregation) {
      case "sum":
        return this.#sum();
      case "avg":
        return this.#sum() / this.#count;
      case "rate":
        return this.#sum() / this.seconds;
      case "min":
        return this.#extreme(Math.min);
      case "max":
        return this.#extreme(Math.max);
      default:
        return this.#percentile(Number(this.#aggregation.slice(1)) / 100);
    }
  }

  /** Added up second by second, smallest first within each: adding and taking away as values come and go would drift. */
  #sum(): number {
    let sum = 0;
    for (const second of this.#held.all) sum += second.sum ??= sumOf(second);
    return sum;
  }

  /** Of histograms: the bounds of the outermost buckets that have any. */
  #extreme(of: (a: number, b: number) => number): number {
    const isMin = of === Math.min;
    let extreme = isMin ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    for (const { numbers, histograms } of this.#held.all) {
      for (const value of numbers) extreme = of(extreme, value);
      for (const { buckets } of histograms) extreme = of(extreme, bucketQuantile([buckets!], isMin ? 0 : 1));
    }
    return extreme;
  }

  /** Of records that bring it: the largest of theirs. Of numbers: nearest rank. Of histograms: interpolated, as Prometheus does. */
  #percentile(share: number): number {
    const given = this.#held.all.flatMap((second) => second.given);
    if (given.length > 0) return given.reduce((a, b) => Math.max(a, b));
    const histograms = this.#held.all.flatMap((second) => second.histograms);
    if (histograms.length === 0) return this.#sorted[Math.max(Math.ceil(share * this.#sorted.length - 1e-9) - 1, 0)]!;
    return bucketQuantile(
      histograms.map((sample) => sample.buckets!),
      share,
      this.#sorted,
    );
  }

  #drop(second: Second): void {
    for (const value of second.numbers) if (this.#isPercentile) this.#sorted.splice(placeOf(this.#sorted, value), 1);
    for (const { buckets } of second.histograms) this.#count -= buckets!.count;
    this.#count -= second.numbers.length;
    this.#values -= second.numbers.length + second.histograms.length;
  }
}

function sumOf({ numbers, histograms }: Second): number {
  const values = [...numbers, ...histograms.map((sample) => sample.value)];
  return values.sort((a, b) => a - b).reduce((sum, value) => sum + value, 0);
}

/** The first place at which `value` may stand. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
