// Writes points of metrics: by series and minute, each by itself for two days, and flow outcomes into the funnel.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { bucketQuantile } from "../records/bucket-quantile.ts";
import type { MetricPointInput } from "../store-input.ts";
import { toColumn } from "./column-text.ts";
import type { InstanceIds } from "./instance-ids.ts";
import { MetricHours } from "./metric-hours.ts";
import { RollupTable } from "./rollup-table.ts";
import { SampleWriter } from "./sample-writer.ts";
import { type Increase, increaseOf, isLevel, isOld, type SeriesState } from "./series-state.ts";

/** The counter of how flows ended, from which the funnel is made. */
export const FLOW_OUTCOMES = "trading_flow_outcomes_total";
/** Of more series there is no state to tell what came from what was there: their points are refused. */
const MAX_SERIES = 20_000;
const MINUTE_S = 60;

interface Series extends SeriesState {
  readonly id: number;
}

/** What a minute has come to. */
interface Minute {
  readonly value: number | null;
  readonly count: number | null;
}

/** Writes into `metric_series`, `metric_points`, `metric_hours`, `metric_samples` and `flow_rollups`. All methods are part of the caller's transaction. */
export class MetricWriter {
  readonly #instances: InstanceIds;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #setLevel: StatementSync;
  readonly #add: StatementSync;
  readonly #counts: StatementSync;
  readonly #flows: RollupTable;
  readonly #hours: MetricHours;
  readonly #samples: SampleWriter;
  readonly #series = new Map<string, Series>();
  readonly #boundsTexts = new WeakMap<readonly number[], string>();
  readonly #count: StatementSync;
  readonly #exists: StatementSync;
  /** How many there are in the database; undefined: to be counted. */
  #seriesCount: number | undefined;

  constructor(database: DatabaseSync, instances: InstanceIds) {
    this.#instances = instances;
    this.#find = database.prepare(
      `SELECT id, CAST(last_start_micros AS REAL) AS startMicros, CAST(last_time_micros AS REAL) AS timeMicros, last_value AS value, last_counts_json AS counts
       FROM metric_series WHERE name = ? AND labels_json = ? AND instance = ? AND bounds_json IS ?`,
    );
    this.#insert = database.prepare(
      `INSERT INTO metric_series (name, labels_json, instance, type, unit, description, bounds_json, last_start_micros,
         last_time_micros, last_value) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0)
       ON CONFLICT (name, labels_json, instance) DO UPDATE SET type = excluded.type, bounds_json = excluded.bounds_json,
         last_counts_json = NULL RETURNING id`,
    );
    this.#update = database.prepare(
      `UPDATE metric_series SET last_start_micros = ?, last_time_micros = ?, last_value = ?, last_counts_json = ? WHERE id = ?`,
    );
    this.#setLevel = database.prepare(
      `INSERT INTO metric_points (series, bucket, value) VALUES (?, ?, ?)
       ON CONFLICT (series, bucket) DO UPDATE SET value = excluded.value`,
    );
    this.#add = database.prepare(
      `INSERT INTO metric_points (series, bucket, value, count, counts_json) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (series, bucket) DO UPDATE SET value = value + excluded.value, count = min(count + excluded.count, ${Number.MAX_SAFE_INTEGER}),
         counts_json = excluded.counts_json RETURNING value, count`,
    );
    this.#counts = database.prepare("SELECT counts_json FROM metric_points WHERE series = ? AND bucket = ?");
    this.#count = database.prepare("SELECT count(*) AS count FROM metric_series");
    this.#exists = database.prepare("SELECT 1 FROM metric_series WHERE name = ? AND labels_json = ? AND instance = ?");
    this.#hours = new MetricHours(database);
    this.#samples = new SampleWriter(database);
    this.#flows = new RollupTable(database, {
      table: "flow_rollups",
      keys: ["flow", "stage", "reason_code", "strategy", "symbol"],
      sums: ["count"],
    });
  }

  /** Writes a point; false when it is there already, and a text that says why when it is not taken. */
  write(given: MetricPointInput): boolean | string {
    const point = given.name.includes("\0") ? { ...given, name: toColumn(given.name) } : given;
    const found = this.#seriesOf(point);
    if (found === undefined)
      return `${JSON.stringify(point.name)} has series beyond the ${MAX_SERIES} that a store keeps: their points are left out.`;
    const { series, isNew } = found;
    if (!isNew && isOld(series, point)) return false;
    const second = Math.floor(point.timeMicros / 1e6);
    const bucket = second - (second % MINUTE_S);
    if (isLevel(point)) {
      this.#setLevel.run(series.id, bucket, point.value);
      this.#hours.note(series.id, bucket, { value: point.value, percentile95: null });
      this.#samples.write(series.id, point.timeMicros, { value: point.value, count: undefined, counts: undefined });
    } else {
      const increase = increaseOf(isNew ? undefined : series, point);
      this.#addIncrease(point, series.id, bucket, increase);
      this.#samples.write(series.id, point.timeMicros, increase);
    }
    series.startMicros = point.startMicros;
    series.timeMicros = point.timeMicros;
    series.value = point.type === "histogram" ? point.sum : point.value;
    series.counts = point.type === "histogram" ? point.bucketCounts : undefined;
    const counts = series.counts === undefined ? null : JSON.stringify(series.counts);
    this.#update.run(series.startMicros, series.timeMicros, series.value, counts, series.id);
    this.#instances.sawPoint(point.timeMicros);
    return true;
  }

  /** Writes the counts of what was written. */
  flush(): void {
    this.#flows.flush();
    this.#hours.flush();
    this.#samples.flush();
    // A cleaning may make room: it is counted again with the next request.
    if (this.#seriesCount !== undefined && this.#seriesCount >= MAX_SERIES) this.#seriesCount = undefined;
  }

  /** The transaction was rolled back. */
  clear(): void {
    this.#flows.clear();
    this.#hours.clear();
    this.#series.clear();
    this.#seriesCount = undefined;
  }

  #addIncrease(point: MetricPointInput, id: number, bucket: number, { value, count, counts }: Increase): void {
    const summed = counts && this.#summed(id, bucket, counts);
    const text = summed === undefined ? null : JSON.stringify(summed);
    const minute = this.#add.get(id, bucket, value, count === undefined ? null : toCount(count), text);
    this.#noteIncrease(point, id, bucket, minute as unknown as Minute, summed);
    if (point.name !== FLOW_OUTCOMES || value === 0) return;
    const { flow = "", stage = "", reason_code: reason = "", strategy = "", symbol = "" } = point.labels;
    this.#flows.add(bucket, [flow, stage, reason, strategy, symbol].map(toColumn), toCount(value));
  }

  /** Of a histogram the mean of what came, if anything has. */
  #noteIncrease(
    point: MetricPointInput,
    id: number,
    bucket: number,
    { value, count }: Minute,
    counts: readonly number[] | undefined,
  ): void {
    if (point.type !== "histogram" || counts === undefined)
      return this.#hours.note(id, bucket, { value, percentile95: null });
    const mean = value !== null && count !== null && count > 0 ? value / count : null;
    this.#hours.note(id, bucket, { value: mean, percentile95: bucketQuantile(0.95, point.bounds, counts) });
  }

  #summed(id: number, bucket: number, counts: readonly number[]): readonly number[] {
    const row = this.#counts.get(id, bucket) as { counts_json: string | null } | undefined;
    const before = JSON.parse(row?.counts_json ?? "[]") as number[];
    return before.length === counts.length ? counts.map((count, i) => count + before[i]!) : counts;
  }

  /** Undefined for a series that would be one too many. */
  #seriesOf(point: MetricPointInput): { series: Series; isNew: boolean } | undefined {
    const instance = this.#instances.idOf(point.source);
    const labels = JSON.stringify(Object.fromEntries(Object.entries(point.labels).sort(byName)));
    const bounds = point.type === "histogram" ? this.#boundsText(point.bounds) : null;
    const key = `${instance}\0${point.name}\0${labels}\0${bounds}`;
    const known = this.#series.get(key);
    if (known !== undefined) return { series: known, isNew: false };
    const stored = this.#find.get(point.name, labels, instance, bounds) as
      | (Omit<Series, "counts"> & { readonly counts: string | null })
      | undefined;
    if (stored === undefined && !this.#hasRoom(point.name, labels, instance)) return undefined;
    const series: Series =
      stored !== undefined
        ? { ...stored, counts: stored.counts === null ? undefined : (JSON.parse(stored.counts) as number[]) }
        : {
            id: this.#insertSeries(point, labels, instance, bounds),
            startMicros: 0,
            timeMicros: 0,
            value: 0,
            counts: undefined,
          };
    // Series of instances that are gone, and were removed.
    if (this.#series.size >= 2 * MAX_SERIES) this.#series.clear();
    this.#series.set(key, series);
    return { series, isNew: stored === undefined || stored.timeMicros === 0 };
  }

  /** For one more series, or for one that is there with other bounds. */
  #hasRoom(name: string, labels: string, instance: number): boolean {
    this.#seriesCount ??= (this.#count.get() as { count: number }).count;
    if (this.#seriesCount >= MAX_SERIES) return this.#exists.get(name, labels, instance) !== undefined;
    this.#seriesCount++;
    return true;
  }

  /** Exponential histograms share one list of bounds. */
  #boundsText(bounds: readonly number[]): string {
    let text = this.#boundsTexts.get(bounds);
    if (text === undefined) {
      text = JSON.stringify(bounds);
      this.#boundsTexts.set(bounds, text);
    }
    return text;
  }

  #insertSeries(point: MetricPointInput, labels: string, instance: number, bounds: string | null) {
    const { name, unit, description } = point;
    // A sum that may fall is a level: whoever reads it must not add it up.
    const type = isLevel(point) ? "gauge" : point.type;
    const row = this.#insert.get(name, labels, instance, type, toColumn(unit), toColumn(description), bounds) as {
      id: number;
    };
    return row.id;
  }
}

/** A whole number that a column can hold: anybody may send a counter of half a flow, or of 10^300. */
function toCount(value: number): number {
  return Math.min(Math.max(Math.round(value), 0), Number.MAX_SAFE_INTEGER);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
