// From label values to the number of a series: bounded, without garbage once a series is known.
import { LabelDictionary, OTHER_ID } from "./label-dictionary.ts";

/** What a series index tells of: nothing here may throw. */
export interface SeriesIndexListener {
  /** A label had more values than it may have; `other` took its place. Called each time. */
  labelOverflow(label: string): void;
  /** The metric had as many series as it may have; a coarser one took its place. Called each time. */
  seriesOverflow(): void;
  /** A label was given that the metric does not declare. */
  unknownLabel(label: string): void;
}

/** How many series and label values a metric may have. */
export interface CardinalityLimits {
  readonly maxSeriesPerMetric: number;
  readonly maxValuesPerLabel: number;
}

const FIRST_TABLE = 16;

/**
 * Numbers the series of one metric from 0, at most `maxSeriesPerMetric` of them.
 *
 * A tenth of the series is kept for when the rest is used up: a new combination then has its most varied label replaced by
 * `other`, so that the others (a reason code, a status) stay exact; when that tenth is used up too, all labels are `other`.
 */
export class SeriesIndex {
  /** The labels of each series by its number; frozen. */
  readonly labels: Readonly<Record<string, string>>[] = [];
  readonly #names: readonly string[];
  readonly #dictionaries: readonly LabelDictionary[];
  readonly #listener: SeriesIndexListener;
  readonly #limit: number;
  readonly #fineLimit: number;
  /** The label value numbers that are being looked up. */
  readonly #wanted: Int32Array;
  /** The same of every series, one after the other. */
  #known: Int32Array;
  /** Open addressing: the number of a series plus one, or 0. */
  #table = new Int32Array(FIRST_TABLE);

  constructor(names: readonly string[], limits: CardinalityLimits, listener: SeriesIndexListener) {
    this.#names = names;
    this.#listener = listener;
    this.#limit = limits.maxSeriesPerMetric;
    this.#fineLimit = Math.max(1, this.#limit - Math.floor(this.#limit / 10) - 1);
    this.#dictionaries = names.map(
      (name) => new LabelDictionary(limits.maxValuesPerLabel, () => listener.labelOverflow(name)),
    );
    this.#wanted = new Int32Array(names.length);
    this.#known = new Int32Array(FIRST_TABLE * names.length);
  }

  /** The series of labels given by name, made when it is new. Cost: a property read and a map lookup a label. */
  find(labels: unknown): number {
    const names = this.#names;
    for (let i = 0; i < names.length; i++) {
      this.#wanted[i] = this.#dictionaries[i]!.idOf(readLabel(labels, names[i]!));
    }
    const known = this.#probe();
    if (known >= 0) return known;
    this.checkNames(labels);
    return this.#make();
  }

  /** The series of label values in the order of the definition. Cost: a map lookup a label, no garbage. */
  findValues(values: readonly unknown[]): number {
    for (let i = 0; i < this.#wanted.length; i++) this.#wanted[i] = this.#dictionaries[i]!.idOf(values[i]);
    const known = this.#probe();
    return known >= 0 ? known : this.#make();
  }

  /** Tells the listener of the first label that the metric does not declare. */
  checkNames(labels: unknown): void {
    if (typeof labels !== "object" || labels === null) return;
    try {
      const unknown = Object.keys(labels).find((name) => !this.#names.includes(name));
      if (unknown !== undefined) this.#listener.unknownLabel(unknown);
    } catch {
      // A Proxy that does not show its keys: what it has beyond the declared labels would be ignored anyway.
    }
  }

  #make(): number {
    if (this.labels.length < this.#fineLimit) return this.#insert();
    this.#listener.seriesOverflow();
    this.#wanted[this.#widest()] = OTHER_ID;
    const coarser = this.#probe();
    if (coarser >= 0) return coarser;
    if (this.labels.length < this.#limit - 1) return this.#insert();
    this.#wanted.fill(OTHER_ID);
    const coarsest = this.#probe();
    return coarsest >= 0 ? coarsest : this.#insert();
  }

  /** The label that has taken the most values. */
  #widest(): number {
    let widest = 0;
    for (let i = 1; i < this.#dictionaries.length; i++) {
      if (this.#dictionaries[i]!.values.length > this.#dictionaries[widest]!.values.length) widest = i;
    }
    return widest;
  }

  /** The number of the wanted series, or -1. */
  #probe(): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = this.#hash() & mask; ; at = (at + 1) & mask) {
      const series = table[at]! - 1;
      if (series < 0 || this.#isWanted(series)) return series;
    }
  }

  #isWanted(series: number): boolean {
    const width = this.#wanted.length;
    const base = series * width;
    for (let i = 0; i < width; i++) if (this.#known[base + i] !== this.#wanted[i]) return false;
    return true;
  }

  #hash(): number {
    let hash = 0;
    for (let i = 0; i < this.#wanted.length; i++) hash = Math.imul(hash ^ this.#wanted[i]!, 0x9e3779b1) ^ (hash >>> 15);
    return hash ^ (hash >>> 16);
  }

  #insert(): number {
    const width = this.#wanted.length;
    const series = this.labels.length;
    if ((series + 1) * 2 > this.#table.length) this.#grow();
    this.#known.set(this.#wanted, series * width);
    const values = this.#names.map((name, i) => [name, this.#dictionaries[i]!.values[this.#wanted[i]!]!] as const);
    this.labels.push(Object.freeze(Object.fromEntries(values)));
    this.#place(series, this.#hash());
    return series;
  }

  #place(series: number, hash: number): void {
    const mask = this.#table.length - 1;
    let at = hash & mask;
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = series + 1;
  }

  #grow(): void {
    const width = this.#wanted.length;
    const known = new Int32Array(this.#known.length * 2);
    known.set(this.#known);
    this.#known = known;
    const kept = this.#wanted.slice();
    this.#table = new Int32Array(this.#table.length * 2);
    for (let series = 0; series < this.labels.length; series++) {
      this.#wanted.set(known.subarray(series * width, (series + 1) * width));
      this.#place(series, this.#hash());
    }
    this.#wanted.set(kept);
  }
}

/** A label's value; what throws when it is read is an object like any other, hence `other`. */
function readLabel(labels: unknown, name: string): unknown {
  if (typeof labels !== "object" || labels === null) return undefined;
  try {
    return (labels as Record<string, unknown>)[name];
  } catch {
    return labels;
  }
}
