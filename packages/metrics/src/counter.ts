// Counters: sums that only rise, and sums that may fall again.
import { type Bindable, type BoundSeries, Instrument, ScalarCells } from "./instrument.ts";
import type { InstrumentHealth } from "./instrument-health.ts";
import type { Labels, MetricDefinition } from "./metric-definition.ts";
import type { ScalarPoint } from "./metric-snapshot.ts";
import type { CardinalityLimits } from "./series-index.ts";

/** One series of a counter. */
export interface BoundCounter extends BoundSeries {
  /** Adds `n` (default 1). NaN, Infinity and negative numbers are refused and counted. Cost: about 3 ns, no garbage. */
  add(n?: number): void;
  /** Raises the sum to `total`, for sums kept elsewhere (exact decimals, an operating system's counter); a lower one is ignored. */
  advanceTo(total: number): void;
  readonly value: number;
}

/** A sum that only rises. */
export interface Counter<Label extends string = string> extends Bindable<Label, BoundCounter> {
  /** Adds `n` (default 1) to the series of `labels`. Cost: about 15 ns a label more than a bound one. */
  add(n?: number, labels?: Labels<Label>): void;
}

/** One series of an updowncounter. */
export interface BoundUpDownCounter extends BoundSeries {
  /** Adds `n`, which may be negative. NaN and Infinity are refused and counted. */
  add(n: number): void;
  readonly value: number;
}

/** A sum that may fall: things in use, in flight, open. */
export interface UpDownCounter<Label extends string = string> extends Bindable<Label, BoundUpDownCounter> {
  add(n: number, labels?: Labels<Label>): void;
}

class CounterSeries implements BoundCounter {
  readonly labels: Readonly<Record<string, string>>;
  readonly #cells: ScalarCells;
  readonly #at: number;
  readonly #health: InstrumentHealth;

  constructor(labels: Readonly<Record<string, string>>, cells: ScalarCells, at: number, health: InstrumentHealth) {
    this.labels = labels;
    this.#cells = cells;
    this.#at = at;
    this.#health = health;
  }

  add(n = 1): void {
    if (typeof n !== "number" || n < 0) return this.#refuse(n);
    const values = this.#cells.values;
    const next = values[this.#at]! + n;
    // NaN, Infinity and an overflow of the sum in one comparison.
    if (!(next < Infinity)) return this.#refuse(n);
    values[this.#at] = next;
  }

  advanceTo(total: number): void {
    if (typeof total !== "number" || !(total >= 0 && total < Infinity)) return this.#refuse(total);
    const values = this.#cells.values;
    if (total > values[this.#at]!) values[this.#at] = total;
  }

  get value(): number {
    return this.#cells.values[this.#at]!;
  }

  #refuse(n: unknown): void {
    this.#health.invalidValue(n, "a counter takes finite numbers of at least 0");
  }
}

/** A counter inside a registry. */
export class CounterInstrument<Label extends string>
  extends Instrument<Label, CounterSeries>
  implements Counter<Label>
{
  readonly #cells = new ScalarCells(0);

  add(n?: number, labels?: Labels<Label>): void {
    this.find(labels).add(n);
  }

  pointAt(series: number): ScalarPoint | undefined {
    const bound = this.bound[series];
    return bound && { labels: bound.labels, value: bound.value };
  }

  protected make(at: number, labels: Readonly<Record<string, string>>): CounterSeries {
    this.#cells.reserve(at);
    return new CounterSeries(labels, this.#cells, at, this.health);
  }
}

class UpDownCounterSeries implements BoundUpDownCounter {
  readonly labels: Readonly<Record<string, string>>;
  readonly #cells: ScalarCells;
  readonly #at: number;
  readonly #health: InstrumentHealth;

  constructor(labels: Readonly<Record<string, string>>, cells: ScalarCells, at: number, health: InstrumentHealth) {
    this.labels = labels;
    this.#cells = cells;
    this.#at = at;
    this.#health = health;
  }

  add(n: number): void {
    const next = typeof n === "number" ? this.value + n : Number.NaN;
    if (Number.isFinite(next)) this.#cells.values[this.#at] = next;
    else this.#health.invalidValue(n, "an updowncounter takes finite numbers");
  }

  get value(): number {
    return this.#cells.values[this.#at]!;
  }
}

/** An updowncounter inside a registry. */
export class UpDownCounterInstrument<Label extends string>
  extends Instrument<Label, UpDownCounterSeries>
  implements UpDownCounter<Label>
{
  readonly #cells = new ScalarCells(0);

  constructor(definition: MetricDefinition<Label>, limits: CardinalityLimits, health: InstrumentHealth) {
    super(definition, limits, health);
  }

  add(n: number, labels?: Labels<Label>): void {
    this.find(labels).add(n);
  }

  pointAt(series: number): ScalarPoint | undefined {
    const bound = this.bound[series];
    return bound && { labels: bound.labels, value: bound.value };
  }

  protected make(at: number, labels: Readonly<Record<string, string>>): UpDownCounterSeries {
    this.#cells.reserve(at);
    return new UpDownCounterSeries(labels, this.#cells, at, this.health);
  }
}
