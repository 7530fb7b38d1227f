// The newest value of each series in a sliding window: what is held, open or connected now.
import type { MetricSample } from "@tracebook/store";
import type { AcrossSeries } from "../rules/alert-rule.ts";
import { greatestOf, leastOf, unitsOf, type WindowValue } from "./exact-value.ts";
import type { ValueWindow } from "./rule-window.ts";

/** More is no level that a rule can be about; it says so instead of taking the memory. */
const MAX_SERIES = 100_000;

/** What a window of newest values is made of. */
export interface LastWindowOptions {
  /** A series that was not heard of for so long has ended. */
  readonly seconds: number;
  readonly across: AcrossSeries;
  /** More than `seconds`: where all series have ended, the value is 0 until the newest sample is older. Undefined: there is none. */
  readonly rememberedSeconds: number | undefined;
  /** Values are decimals. */
  readonly isExact: boolean;
}

interface NewestValue {
  readonly at: number;
  readonly value: number;
  /** In units of 10^-38; undefined: it is a double. */
  readonly units: bigint | undefined;
  /** The metric, where it is a histogram. */
  readonly histogram: string | undefined;
}

/** Holds one value a series of a metric. Of several values of one second the greatest counts: which came last, nobody can say. */
export class LastWindow implements ValueWindow {
  readonly seconds: number;
  readonly ages: readonly number[];
  readonly #options: LastWindowOptions;
  readonly #series = new Map<string, NewestValue>();
  /** No series' newest value is older. */
  #oldest = Number.POSITIVE_INFINITY;
  /** Of all samples, those of ended series too. */
  #newest = Number.NEGATIVE_INFINITY;
  #noted = Number.NEGATIVE_INFINITY;
  /** Undefined: to be made again. */
  #value: WindowValue | undefined;

  constructor(options: LastWindowOptions) {
    const { seconds, rememberedSeconds } = options;
    this.#options = options;
    this.seconds = rememberedSeconds ?? seconds;
    this.ages = rememberedSeconds === undefined ? [seconds] : [seconds, rememberedSeconds];
  }

  get isEmpty(): boolean {
    return this.#newest === Number.NEGATIVE_INFINITY;
  }

  add(at: number, sample: MetricSample): boolean {
    const isNews = this.#take(at, sample) || at > this.#newest;
    this.#newest = Math.max(this.#newest, at);
    if (!isNews || at === this.#noted) return false;
    this.#noted = at;
    return true;
  }

  dropBefore(at: number): void {
    const liveFrom = at + this.seconds - this.#options.seconds;
    if (this.#newest < at) this.#newest = Number.NEGATIVE_INFINITY;
    if (this.#oldest >= liveFrom) return;
    this.#oldest = Number.POSITIVE_INFINITY;
    for (const [key, newest] of this.#series)
      if (newest.at < liveFrom) this.#series.delete(key);
      else this.#oldest = Math.min(this.#oldest, newest.at);
    this.#value = undefined;
  }

  /** The newest values as one; undefined where there are none. Throws when there are too many, and for a histogram, which has none. */
  value(): WindowValue | undefined {
    if (this.#series.size > MAX_SERIES)
      throw new RangeError(
        `The window has ${this.#series.size} series; a rule may look at ${MAX_SERIES}. Take fewer by labels.`,
      );
    const { rememberedSeconds, isExact, across } = this.#options;
    if (this.#series.size > 0) {
      this.#value ??= aggregate([...this.#series.values()], across, isExact);
      return this.#value;
    }
    if (rememberedSeconds === undefined || this.isEmpty) return undefined;
    return isExact ? { numerator: 0n, denominator: 1n } : 0;
  }

  /** True where it is the newest value of its series. */
  #take(at: number, sample: MetricSample): boolean {
    const key = seriesOf(sample);
    const before = this.#series.get(key);
    const now = toNewest(at, sample, this.#options.isExact);
    if (before !== undefined && !isNewer(before, now)) return false;
    this.#series.set(key, now);
    this.#oldest = Math.min(this.#oldest, at);
    this.#value = undefined;
    return before?.at !== at;
  }
}

/** All labels in one order, any two of them kept apart by their lengths; of a window all samples are of one metric. */
function seriesOf({ labels }: MetricSample): string {
  let key = "";
  for (const name of Object.keys(labels).sort()) {
    const value = labels[name]!;
    key += ` ${name.length} ${value.length} ${name}${value}`;
  }
  return key;
}

function toNewest(at: number, sample: MetricSample, isExact: boolean): NewestValue {
  const { metric, value, buckets } = sample;
  const units = isExact ? unitsOf(sample) : undefined;
  return { at, value, units, histogram: buckets === null ? undefined : metric };
}

function isNewer(before: NewestValue, now: NewestValue): boolean {
  if (before.at !== now.at) return now.at > before.at;
  if (before.histogram !== now.histogram) return now.histogram !== undefined;
  if (before.units !== undefined && now.units !== undefined) return now.units > before.units;
  // What is no decimal, or no number, has the last word: whether it came first must not matter.
  if (before.value === now.value) return now.units === undefined;
  return now.value > before.value || Number.isNaN(now.value);
}

/** Of at least one. */
function aggregate(newest: readonly NewestValue[], across: AcrossSeries, isExact: boolean): WindowValue {
  const wrong = newest.find(({ histogram }) => histogram !== undefined);
  if (wrong !== undefined)
    throw new RangeError(`${wrong.histogram} is a histogram, which has no newest value; last is of single values.`);
  const units = isExact ? newest.flatMap((one) => one.units ?? []) : [];
  if (units.length === newest.length) return aggregateUnits(units, across);
  // In the order of their size, so that a sum does not depend on the order in which they came.
  const values = Float64Array.from(newest, ({ value }) => value).sort();
  if (across === "min") return values[0]!;
  if (across === "max") return values.at(-1)!;
  const sum = values.reduce((all, one) => all + one, 0);
  return across === "sum" ? sum : sum / values.length;
}

function aggregateUnits(units: readonly bigint[], across: AcrossSeries): WindowValue {
  if (across === "min") return { numerator: leastOf(units), denominator: 1n };
  if (across === "max") return { numerator: greatestOf(units), denominator: 1n };
  const sum = units.reduce((all, one) => all + one, 0n);
  return { numerator: sum, denominator: across === "sum" ? 1n : BigInt(units.length) };
}
