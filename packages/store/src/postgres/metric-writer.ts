// Writes points of metrics: by series and minute, and flow outcomes into the funnel.
import { toTimestamp } from "@tracebook/core";
import type { MetricPointInput } from "../store-input.ts";
import { toInstant } from "./copy-text.ts";
import { type BatchMinute, type BatchSeries, MetricBatch, typeOf } from "./metric-batch.ts";
import { writeHours } from "./metric-hours.ts";
import * as sql from "./metric-statements.ts";
import { SampleWriter } from "./sample-writer.ts";
import type { SqlValue } from "./sql-client.ts";
import type { WriterParts } from "./writer-parts.ts";

/** What came of the points of a request. */
export interface PointsWritten {
  readonly written: number;
  readonly refused: number;
  readonly message: string | undefined;
}

type Requests = readonly (readonly MetricPointInput[])[];

const TABLES = ["metric_points"];
/** Of more series there is no state to tell what came from what was there: their points are refused. */
const MAX_SERIES = 20_000;

interface SeriesRow {
  readonly [column: string]: unknown;
  readonly id: number;
  readonly name: string;
  readonly labels_json: string;
  readonly instance: number;
  readonly type: string;
  readonly unit: string;
  readonly description: string;
  readonly bounds_json: string | null;
  readonly last_start_micros: number;
  readonly last_time_micros: number;
  readonly last_value: number;
  readonly last_counts_json: string | null;
}

/** Writes into `metric_series`, `metric_points`, `metric_hours`, `metric_samples` and `flow_rollups`. */
export class MetricWriter {
  readonly #parts: WriterParts;
  readonly #samples: SampleWriter;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#samples = new SampleWriter(parts);
  }

  /** Writes requests, all of them or none. Rejects with what PostgreSQL says; then nothing of it is there. */
  async write(requests: Requests): Promise<readonly PointsWritten[]> {
    const { connection, instances, days } = this.#parts;
    const points = requests.flat();
    await instances.learn(
      connection,
      points.map(({ source }) => source),
    );
    const timestamps = points.map(({ timeMicros }) => toTimestamp(timeMicros));
    await days.ensure(connection, TABLES, timestamps);
    await this.#samples.prepare(timestamps);
    await connection.each(sql.BEGIN_POINTS);
    const batch = new MetricBatch();
    const tooMany = await this.#loadSeries(batch, points);
    await this.#loadMinutes(batch, points);
    const taken: MetricPointInput[] = [];
    const done = requests.map((request) => this.#add(batch, request, tooMany, taken));
    await this.#save(batch, taken);
    await connection.rows("COMMIT");
    return done;
  }

  #add(
    batch: MetricBatch,
    points: readonly MetricPointInput[],
    tooMany: ReadonlySet<string>,
    taken: MetricPointInput[],
  ): PointsWritten {
    let written = 0;
    let refused = 0;
    let message: string | undefined;
    for (const point of points) {
      const key = this.#keyOf(point);
      if (tooMany.has(key)) {
        refused++;
        message ??= `${JSON.stringify(point.name)} has series beyond the ${MAX_SERIES} that a store keeps: their points are left out.`;
      } else if (batch.add(key, point)) {
        written++;
        taken.push(point);
      }
    }
    return { written, refused, message };
  }

  #keyOf(point: MetricPointInput): string {
    return seriesKey(this.#parts.instances.idOf(point.source)!, toText(point.name), labelsOf(point));
  }

  /** Finds or makes the series; gives the keys of those that are too many. */
  async #loadSeries(batch: MetricBatch, points: readonly MetricPointInput[]): Promise<ReadonlySet<string>> {
    const { connection, instances } = this.#parts;
    const firsts = new Map<string, MetricPointInput>();
    for (const point of points) if (!firsts.has(this.#keyOf(point))) firsts.set(this.#keyOf(point), point);
    const all = [...firsts.values()];
    const numbers = all.map(({ source }) => instances.idOf(source)!);
    const found = await connection.rows<SeriesRow>(sql.READ_SERIES, [
      all.map(({ name }) => toText(name)),
      all.map(labelsOf),
      numbers,
    ]);
    for (const row of found) batch.series.set(seriesKey(row.instance, row.name, row.labels_json), fromRow(row));
    const missing = [...firsts].filter(([key]) => !batch.series.has(key));
    if (missing.length === 0) return new Set();
    const [counted] = await connection.rows<{ count: number }>(sql.COUNT_SERIES);
    const room = Math.max(MAX_SERIES - (counted?.count ?? 0), 0);
    await this.#insertSeries(batch, missing.slice(0, room));
    return new Set(missing.slice(room).map(([key]) => key));
  }

  async #insertSeries(batch: MetricBatch, missing: readonly (readonly [string, MetricPointInput])[]): Promise<void> {
    if (missing.length === 0) return;
    const { connection, instances } = this.#parts;
    const made = missing.map(([, point]) => newSeries(point, instances.idOf(point.source)!));
    const columns: SqlValue[] = [
      made.map(({ name }) => name),
      made.map(({ labels }) => labels),
      made.map(({ instance }) => instance),
      made.map(({ type }) => type),
      made.map(({ unit }) => unit),
      made.map(({ description }) => description),
      made.map(({ bounds }) => bounds),
    ];
    const ids = new Map<string, number>();
    for (const row of await connection.rows<SeriesRow>(sql.INSERT_SERIES, columns))
      ids.set(seriesKey(row.instance, row.name, row.labels_json), row.id);
    for (const [i, [key]] of missing.entries()) batch.series.set(key, { ...made[i]!, id: ids.get(key)! });
  }

  /** What the minutes of the points have already. */
  async #loadMinutes(batch: MetricBatch, points: readonly MetricPointInput[]): Promise<void> {
    const keys = new Map<string, readonly [BatchSeries, number]>();
    for (const point of points) {
      const key = this.#keyOf(point);
      const series = batch.series.get(key);
      const minuteKey = MetricBatch.minuteKey(key, point);
      if (series !== undefined) keys.set(minuteKey, [series, Number(minuteKey.slice(key.length + 1))]);
    }
    const wanted = [...keys.values()];
    if (wanted.length === 0) return;
    const byPlace = new Map([...keys].map(([key, [series, bucket]]) => [`${series.id} ${bucket}`, { key, series }]));
    const rows = await this.#parts.connection.rows<{
      series: number;
      bucket: number;
      value: number;
      count: number | null;
      counts_json: string | null;
    }>(sql.READ_MINUTES, [wanted.map(([series]) => series.id!), wanted.map(([, bucket]) => bucket)]);
    for (const { series: id, bucket, value, count, counts_json: counts } of rows) {
      const { key, series } = byPlace.get(`${id} ${bucket}`)!;
      batch.minutes.set(key, {
        series,
        bucket,
        value,
        count,
        counts: counts === null ? null : (JSON.parse(counts) as number[]),
      });
    }
  }

  async #save(batch: MetricBatch, points: readonly MetricPointInput[]): Promise<void> {
    const { connection } = this.#parts;
    const series = [...batch.series.values()].filter(({ isChanged }) => isChanged);
    if (series.length === 0) return;
    await connection.rows(sql.UPDATE_SERIES, seriesColumns(series));
    const minutes = [...batch.minutes.values()].filter((minute) => minute.series.isChanged);
    await connection.rows(sql.WRITE_MINUTES, minuteColumns(minutes));
    await writeHours(connection, minutes);
    await this.#samples.write(batch.samples);
    const flows = [...batch.flows.values()];
    if (flows.length > 0) {
      const keys = [0, 1, 2, 3, 4].map((i) => flows.map((flow) => toText(flow.keys[i]!)));
      await connection.rows(sql.COUNT_FLOWS, [
        flows.map(({ bucket }) => bucket),
        ...keys,
        flows.map(({ count }) => count),
      ]);
    }
    await connection.rows(sql.NOTE_POINTS, this.#seen(points));
  }

  /** When each instance was heard of, by what was taken. */
  #seen(points: readonly MetricPointInput[]): readonly SqlValue[] {
    const times = new Map<number, [number, number]>();
    for (const { source, timeMicros } of points) {
      const id = this.#parts.instances.idOf(source)!;
      const [first, last] = times.get(id) ?? [timeMicros, timeMicros];
      times.set(id, [Math.min(first, timeMicros), Math.max(last, timeMicros)]);
    }
    const sorted = [...times].sort(([a], [b]) => a - b);
    const textOf = (micros: number) => toInstant(toTimestamp(micros));
    return [
      sorted.map(([id]) => id),
      sorted.map(([, [first]]) => textOf(first)),
      sorted.map(([, [, last]]) => textOf(last)),
    ];
  }
}

function seriesKey(instance: number, name: string, labels: string): string {
  return `${instance}\0${name}\0${labels}`;
}

function labelsOf({ labels }: MetricPointInput): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))));
}

function newSeries(point: MetricPointInput, instance: number): BatchSeries {
  const text = { name: toText(point.name), unit: toText(point.unit), description: toText(point.description) };
  const bounds = point.type === "histogram" ? JSON.stringify(point.bounds) : null;
  const state = { startMicros: 0, timeMicros: 0, value: 0, counts: undefined, isNew: true, isChanged: false };
  return { ...text, ...state, id: undefined, instance, labels: labelsOf(point), type: typeOf(point), bounds };
}

function fromRow(row: SeriesRow): BatchSeries {
  const { id, instance, name, type, unit, description, bounds_json: bounds, last_counts_json: counts } = row;
  return {
    ...{ id, instance, name, type, unit, description, bounds, labels: row.labels_json },
    startMicros: row.last_start_micros,
    timeMicros: row.last_time_micros,
    value: row.last_value,
    counts: counts === null ? undefined : (JSON.parse(counts) as number[]),
    isNew: row.last_time_micros === 0,
    isChanged: false,
  };
}

function seriesColumns(series: readonly BatchSeries[]): readonly SqlValue[] {
  return [
    series.map(({ id }) => id!),
    series.map(({ type }) => type),
    series.map(({ bounds }) => bounds),
    series.map(({ startMicros }) => startMicros),
    series.map(({ timeMicros }) => timeMicros),
    series.map(({ value }) => value),
    series.map(({ counts }) => (counts === undefined ? null : JSON.stringify(counts))),
  ];
}

function minuteColumns(minutes: readonly BatchMinute[]): readonly SqlValue[] {
  return [
    minutes.map(({ series }) => series.id!),
    minutes.map(({ bucket }) => bucket),
    minutes.map(({ value }) => value),
    minutes.map(({ count }) => count),
    minutes.map(({ counts }) => (counts === null ? null : JSON.stringify(counts))),
  ];
}

function toText(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}
