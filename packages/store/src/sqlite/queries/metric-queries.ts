// Metrics over time, in slices of whole minutes.
import type { HistogramSeries, HistogramSlice, MetricFilter, NumberSeries } from "../../store-queries.ts";
import { toData, toList } from "./event-rows.ts";
import { rangeOf } from "./event-scope.ts";
import { optionalText, requiredText, stepOf } from "./query-values.ts";
import { minuteOf } from "./range-parts.ts";
import { MAX_SLICES, tooManySlices } from "./slice-limit.ts";
import type { Parameters, Statements } from "./statements.ts";

type Labels = Readonly<Record<string, string>>;

interface SeriesRow {
  readonly id: number;
  readonly labels_json: string;
  readonly bounds_json: string | null;
  readonly type: "gauge" | "sum" | "histogram";
  readonly unit: string;
  readonly instance_id: string | null;
  readonly service_name: string | null;
}

interface Point {
  readonly bucket: number;
  readonly value: number;
  readonly count: number;
  /** The counts as JSON. */
  readonly text: string;
}

type Sums = { -readonly [K in keyof HistogramSlice]: K extends "bucketCounts" ? number[] : HistogramSlice[K] };

const LONGEST_NAME = 1_000;
/** More lines than a chart can show. */
const MAX_SERIES = 500;
/** The second at which the slice of a point begins, before 1970 too. */
const SLICE = "bucket - (bucket % $step + $step) % $step";
const POINTS = "metric_points WHERE series = $series AND bucket >= $first AND bucket <= $last";

/**
 * Points whose bounds are not those that the series has now are left out. Cost: reads a row a minute and series; the range is widened to
 * whole minutes. Throws `invalid_query` for more than 2,000 slices.
 */
export function histogram(statements: Statements, filter: MetricFilter): readonly HistogramSeries[] {
  const parameters = parametersOf(filter);
  const alike = new Map<string, SeriesRow[]>();
  for (const row of seriesOf(statements, filter, parameters)) {
    if (row.type !== "histogram") continue;
    const key = `${row.labels_json}${row.bounds_json}`;
    const rows = alike.get(key);
    if (rows !== undefined) rows.push(row);
    else if (alike.size < MAX_SERIES) alike.set(key, [row]);
  }
  const merged = [...alike.values()].map((rows) => ({
    labels: labelsOf(rows[0]!),
    bounds: toList<number>(rows[0]!.bounds_json),
    slices: slicesOf(statements, filter, parameters, rows),
  }));
  return merged.filter(({ slices }) => slices.length > 0);
}

/** Cost: reads a row a minute and series; the range is widened to whole minutes. Throws `invalid_query` for more than 2,000 slices. */
export function numbers(statements: Statements, filter: MetricFilter): readonly NumberSeries[] {
  const parameters = parametersOf(filter);
  const found: NumberSeries[] = [];
  for (const row of seriesOf(statements, filter, parameters)) {
    const { type } = row;
    if (type === "histogram") continue;
    if (found.length === MAX_SERIES) break;
    // Beside a `max` SQLite gives the other columns of the row that has it: the last.
    const value = type === "sum" ? "total(value) AS value" : "value, max(bucket)";
    const slices = statements.all<{ slice: number; value: number }>(
      `SELECT ${SLICE} AS slice, ${value} FROM ${POINTS} GROUP BY slice ORDER BY slice LIMIT ${MAX_SLICES + 1}`,
      { ...parameters, series: row.id },
    );
    if (slices.length > MAX_SLICES) throw tooManySlices(filter, filter.stepSeconds);
    found.push({
      labels: labelsOf(row),
      instance_id: row.instance_id,
      service_name: row.service_name,
      type,
      unit: row.unit,
      slices: slices.map((one) => ({ bucket: one.slice, value: one.value })),
    });
  }
  return found;
}

function parametersOf(filter: MetricFilter): Parameters {
  const { start, end } = rangeOf(filter);
  return {
    step: stepOf("stepSeconds", filter.stepSeconds),
    first: start === undefined ? Number.MIN_SAFE_INTEGER : minuteOf(start),
    last: end === undefined ? Number.MAX_SAFE_INTEGER : minuteOf(end),
  };
}

/** Series that have points in the range, those first that were heard of last. */
function seriesOf(statements: Statements, { name, labels = {} }: MetricFilter, { first, last }: Parameters) {
  const rows = statements.all<SeriesRow>(
    `SELECT s.id, s.labels_json, s.bounds_json, s.type, s.unit, i.instance_id, i.service_name
     FROM metric_series AS s LEFT JOIN instances AS i ON i.id = s.instance WHERE s.name = $name
       AND EXISTS (SELECT 1 FROM metric_points AS p WHERE p.series = s.id AND p.bucket >= $first AND p.bucket <= $last)
     ORDER BY s.last_time_micros DESC, s.labels_json, s.instance`,
    { name: requiredText("name", name, LONGEST_NAME), first, last },
  );
  const wanted = Object.entries(labels).filter(
    ([label, value]) => optionalText(`labels.${label}`, value) !== undefined,
  );
  return rows.filter((row) => {
    const own = labelsOf(row);
    return wanted.every(([label, value]) => Object.hasOwn(own, label) && own[label] === value);
  });
}

function labelsOf({ labels_json: text }: SeriesRow): Labels {
  return toData(text) as Labels;
}

/** The slices of series that are added up. */
function slicesOf(
  statements: Statements,
  filter: MetricFilter,
  parameters: Parameters,
  rows: readonly SeriesRow[],
): readonly HistogramSlice[] {
  const slices = new Map<number, Sums>();
  const length = toList<number>(rows[0]!.bounds_json).length + 1;
  for (const { id } of rows) {
    const points = statements.each(
      `SELECT ${SLICE} AS bucket, value, count, counts_json FROM ${POINTS} ORDER BY metric_points.bucket`,
      { ...parameters, series: id },
    );
    for (const [bucket, value, count, text] of points) {
      addPoint(
        slices,
        { bucket: Number(bucket), value: Number(value), count: Number(count), text: String(text) },
        length,
      );
      if (slices.size > MAX_SLICES) throw tooManySlices(filter, filter.stepSeconds);
    }
  }
  return [...slices.values()].sort((a, b) => a.bucket - b.bucket);
}

function addPoint(slices: Map<number, Sums>, { bucket, value, count, text }: Point, length: number) {
  const counts = toList<number>(text);
  if (counts.length !== length) return;
  const slice = slices.get(bucket);
  if (slice === undefined) slices.set(bucket, { bucket, count, sum: value, bucketCounts: [...counts] });
  else {
    slice.count += count;
    slice.sum += value;
    for (const [i, one] of counts.entries()) slice.bucketCounts[i]! += one;
  }
}
