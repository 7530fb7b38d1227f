// Exact decimals in a sliding window: what business metrics are compared by.
import type { MetricSample } from "@tracebook/store";
import { greatestOf, leastOf, unitsOf, type WindowValue } from "./exact-value.ts";
import { HeldSeconds } from "./held-seconds.ts";
import type { ValueWindow } from "./rule-window.ts";
import { SampleWindow } from "./sample-window.ts";

/** Aggregates of decimals that are exact. */
export type ExactAggregation = "avg" | "sum" | "min" | "max" | "rate";

/** Of a second, in units of 10^-38. */
interface Second {
  readonly at: number;
  count: number;
  /** Samples that are no decimals. */
  others: number;
  sum: bigint;
  min: bigint | undefined;
  max: bigint | undefined;
}

/** Adds up decimals; where there is anything else among them, it is a window of doubles. */
export class ExactWindow implements ValueWindow {
  readonly seconds: number;
  readonly ages: readonly number[];
  readonly #aggregation: ExactAggregation;
  readonly #doubles: SampleWindow;
  readonly #held = new HeldSeconds<Second>();
  #count = 0;
  #others = 0;
  #sum = 0n;

  constructor(seconds: number, aggregation: ExactAggregation) {
    this.seconds = seconds;
    this.#aggregation = aggregation;
    this.#doubles = new SampleWindow(seconds, aggregation);
    this.ages = this.#doubles.ages;
  }

  get isEmpty(): boolean {
    return this.#doubles.isEmpty;
  }

  add(at: number, sample: MetricSample): boolean {
    let second = this.#held.get(at);
    if (second === undefined) {
      second = { at, count: 0, others: 0, sum: 0n, min: undefined, max: undefined };
      this.#held.put(second);
    }
    const units = unitsOf(sample);
    if (units === undefined) {
      second.others++;
      this.#others++;
    } else {
      second.count++;
      second.sum += units;
      if (second.min === undefined || units < second.min) second.min = units;
      if (second.max === undefined || units > second.max) second.max = units;
      this.#count++;
      this.#sum += units;
    }
    return this.#doubles.add(at, sample);
  }

  dropBefore(at: number): void {
    for (const { count, others, sum } of this.#held.takeBefore(at)) {
      this.#count -= count;
      this.#others -= others;
      this.#sum -= sum;
    }
    this.#doubles.dropBefore(at);
  }

  /** The aggregate; undefined without values. Throws when there are too many to hold. */
  value(): WindowValue | undefined {
    const double = this.#doubles.value();
    if (this.#others > 0 || double === undefined) return double;
    switch (this.#aggregation) {
      case "sum":
        return { numerator: this.#sum, denominator: 1n };
      case "avg":
        return { numerator: this.#sum, denominator: BigInt(this.#count) };
      case "rate":
        return { numerator: this.#sum, denominator: BigInt(this.seconds) };
      case "min":
        return { numerator: leastOf(this.#held.all.flatMap(({ min }) => min ?? [])), denominator: 1n };
      case "max":
        return { numerator: greatestOf(this.#held.all.flatMap(({ max }) => max ?? [])), denominator: 1n };
    }
  }
}
