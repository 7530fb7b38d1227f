// What all instruments share: series found by labels, each made once and kept.
import type { InstrumentHealth } from "./instrument-health.ts";
import type { Labels, LabelValue, MetricDefinition } from "./metric-definition.ts";
import type { CardinalityLimits } from "./series-index.ts";
import { SeriesIndex } from "./series-index.ts";

/** The part of an instrument that gives out series. Bind once, outside the loop; recording then costs nanoseconds. */
export interface Bindable<Label extends string, Bound> {
  readonly definition: MetricDefinition<Label>;
  /** The series of these labels; the same object for the same values. Labels that the metric does not declare are ignored. */
  bind(labels?: Labels<Label>): Bound;
  /** The same with values in the order of `definition.labels`: no object, no garbage once the series is known. */
  bindValues(values: readonly LabelValue[]): Bound;
  /** All series so far. Allocates. */
  series(): readonly Bound[];
}

/** One series of an instrument. */
export interface BoundSeries {
  /** All declared labels with their values; frozen. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Base of the instruments. */
export abstract class Instrument<Label extends string, Bound> implements Bindable<Label, Bound> {
  readonly definition: MetricDefinition<Label>;
  readonly health: InstrumentHealth;
  readonly #index: SeriesIndex;
  readonly #bound: Bound[] = [];

  constructor(definition: MetricDefinition<Label>, limits: CardinalityLimits, health: InstrumentHealth) {
    this.definition = definition;
    this.health = health;
    this.#index = new SeriesIndex(definition.labels, limits, health);
  }

  bind(labels?: Labels<Label>): Bound {
    this.#index.checkNames(labels);
    return this.#at(this.#index.find(labels));
  }

  bindValues(values: readonly LabelValue[]): Bound {
    return this.#at(this.#index.findValues(values));
  }

  series(): readonly Bound[] {
    return [...this.#bound];
  }

  get seriesCount(): number {
    return this.#bound.length;
  }

  /** The series of labels, without a check of their names: for calls that record at once. */
  protected find(labels: Labels<Label> | undefined): Bound {
    return this.#at(this.#index.find(labels));
  }

  protected get bound(): readonly Bound[] {
    return this.#bound;
  }

  /** Makes the series with the next number. */
  protected abstract make(series: number, labels: Readonly<Record<string, string>>): Bound;

  #at(series: number): Bound {
    const bound = this.#bound[series];
    if (bound !== undefined) return bound;
    const made = this.make(series, this.#index.labels[series]!);
    this.#bound.push(made);
    return made;
  }
}

/** The numbers of a scalar instrument, one a series; grows by doubling. */
export class ScalarCells {
  values: Float64Array;
  readonly #initial: number;

  constructor(initial: number) {
    this.#initial = initial;
    this.values = new Float64Array(4).fill(initial);
  }

  /** Makes room for the cell of a series. */
  reserve(series: number): void {
    if (series < this.values.length) return;
    const values = new Float64Array(this.values.length * 2).fill(this.#initial);
    values.set(this.values);
    this.values = values;
  }
}
