// Metrics over time, put together from rows of series and of their points.
import type { HistogramSeries, HistogramSlice, MetricFilter } from "../store-queries.ts";
import { toData, toList } from "./event-rows.ts";
import { optionalText } from "./query-values.ts";
import { MAX_SLICES, tooManySlices } from "./slice-limit.ts";

/** The labels of a series. */
export type Labels = Readonly<Record<string, string>>;

/** A series as it is stored. */
export interface SeriesRow {
  readonly id: number;
  readonly labels_json: string;
  readonly bounds_json: string | null;
  readonly type: "gauge" | "sum" | "histogram";
  readonly unit: string;
  readonly instance_id: string | null;
  readonly service_name: string | null;
}

/** What a histogram's series has had in a minute. */
export interface HistogramPoint {
  /** The slice that it is in. */
  readonly bucket: number;
  readonly value: number;
  readonly count: number;
  /** The counts as JSON. */
  readonly text: string;
}

type Sums = { -readonly [K in keyof HistogramSlice]: K extends "bucketCounts" ? number[] : HistogramSlice[K] };

/** More lines than a chart can show. */
export const MAX_SERIES = 500;
/** The longest name that is asked for. */
export const LONGEST_NAME = 1_000;

/** The labels of a row. */
export function labelsOf({ labels_json: text }: SeriesRow): Labels {
  return toData(text) as Labels;
}

/** Those that have all of the labels that are asked for; an empty one does not matter. */
export function withLabels(rows: readonly SeriesRow[], { labels = {} }: MetricFilter): readonly SeriesRow[] {
  const wanted = Object.entries(labels).filter(
    ([label, value]) => optionalText(`labels.${label}`, value) !== undefined,
  );
  return rows.filter((row) => {
    const own = labelsOf(row);
    return wanted.every(([label, value]) => Object.hasOwn(own, label) && own[label] === value);
  });
}

/** Histograms of the same labels and bounds, which are added up, in the order of their first; of more than {@link MAX_SERIES} the first. */
export function alikeHistograms(rows: readonly SeriesRow[]): readonly (readonly SeriesRow[])[] {
  const alike = new Map<string, SeriesRow[]>();
  for (const row of rows) {
    if (row.type !== "histogram") continue;
    const key = `${row.labels_json}${row.bounds_json}`;
    const known = alike.get(key);
    if (known !== undefined) known.push(row);
    else if (alike.size < MAX_SERIES) alike.set(key, [row]);
  }
  return [...alike.values()];
}

/** Histograms that are {@link alikeHistograms}, being added up. */
export class HistogramSums {
  readonly #filter: MetricFilter;
  readonly #row: SeriesRow;
  readonly #bounds: readonly number[];
  readonly #slices = new Map<number, Sums>();

  constructor(filter: MetricFilter, row: SeriesRow) {
    this.#filter = filter;
    this.#row = row;
    this.#bounds = toList<number>(row.bounds_json);
  }

  /** Adds a point; one whose bounds are not those of the series is left out. Throws `invalid_query` for too many slices. */
  add({ bucket, value, count, text }: HistogramPoint): void {
    const counts = toList<number>(text);
    if (counts.length !== this.#bounds.length + 1) return;
    const slice = this.#slices.get(bucket);
    if (slice === undefined) this.#slices.set(bucket, { bucket, count, sum: value, bucketCounts: [...counts] });
    else {
      slice.count += count;
      slice.sum += value;
      for (const [i, one] of counts.entries()) slice.bucketCounts[i]! += one;
    }
    if (this.#slices.size > MAX_SLICES) throw tooManySlices(this.#filter, this.#filter.stepSeconds);
  }

  toSeries(): HistogramSeries {
    const slices = [...this.#slices.values()].sort((a, b) => a.bucket - b.bucket);
    return { labels: labelsOf(this.#row), bounds: this.#bounds, slices };
  }
}
