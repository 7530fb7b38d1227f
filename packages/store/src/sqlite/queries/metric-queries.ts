// Metrics over time, in slices of whole minutes.
import type { HistogramSeries, HistogramSlice, MetricFilter, NumberSeries } from "../../store-queries.ts";
import { toData, toList } from "./event-rows.ts";
import { rangeOf } from "./event-scope.ts";
import { optionalText, requiredText, stepOf } from "./query-values.ts";
import { minuteOf } from "./range-parts.ts";
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

interface PointRow {
  readonly bucket: number;
  readonly value: number;
  readonly count: number | null;
  readonly counts_json: string | null;
}

type Sums = { -readonly [K in keyof HistogramSlice]: K extends "bucketCounts" ? number[] : HistogramSlice[K] };

const LONGEST_NAME = 1_000;
/** The second at which the slice of a point begins, before 1970 too. */
const SLICE = "bucket - (bucket % $step + $step) % $step";
const POINTS = "metric_points WHERE series = $series AND bucket >= $first AND bucket <= $last";

/** Points whose bounds are not those that the series has now are left out. Cost: reads a row a minute and series; the range is widened to whole minutes. */
export function histogram(statements: Statements, filter: MetricFilter): readonly HistogramSeries[] {
  const parameters = parametersOf(filter);
  const merged = new Map<string, { labels: Labels; bounds: readonly number[]; slices: Map<number, Sums> }>();
  for (const row of seriesOf(statements, filter)) {
    if (row.type !== "histogram") continue;
    const key = `${row.labels_json}${row.bounds_json}`;
    const series = merged.get(key) ?? {
      labels: labelsOf(row),
      bounds: toList<number>(row.bounds_json),
      slices: new Map(),
    };
    merged.set(key, series);
    const points = statements.all<PointRow>(
      `SELECT ${SLICE} AS bucket, value, count, counts_json FROM ${POINTS} ORDER BY bucket`,
      { ...parameters, series: row.id },
    );
    for (const point of points) addPoint(series.slices, point, series.bounds.length + 1);
  }
  return [...merged.values()]
    .filter((series) => series.slices.size > 0)
    .map(({ slices, ...series }) => ({ ...series, slices: [...slices.values()].sort((a, b) => a.bucket - b.bucket) }));
}

/** Cost: reads a row a minute and series; the range is widened to whole minutes. */
export function numbers(statements: Statements, filter: MetricFilter): readonly NumberSeries[] {
  const parameters = parametersOf(filter);
  const found: NumberSeries[] = [];
  for (const row of seriesOf(statements, filter)) {
    const { type } = row;
    if (type === "histogram") continue;
    // Beside a `max` SQLite gives the other columns of the row that has it: the last.
    const value = type === "sum" ? "total(value) AS value" : "value, max(bucket)";
    const slices = statements.all<{ slice: number; value: number }>(
      `SELECT ${SLICE} AS slice, ${value} FROM ${POINTS} GROUP BY slice ORDER BY slice`,
      { ...parameters, series: row.id },
    );
    if (slices.length === 0) continue;
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

function seriesOf(statements: Statements, { name, labels = {} }: MetricFilter): SeriesRow[] {
  const rows = statements.all<SeriesRow>(
    `SELECT s.id, s.labels_json, s.bounds_json, s.type, s.unit, i.instance_id, i.service_name
     FROM metric_series AS s LEFT JOIN instances AS i ON i.id = s.instance WHERE s.name = $name ORDER BY s.labels_json, s.instance`,
    { name: requiredText("name", name, LONGEST_NAME) },
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

function addPoint(slices: Map<number, Sums>, { bucket, value, count, counts_json: text }: PointRow, length: number) {
  const counts = toList<number>(text);
  if (counts.length !== length) return;
  const slice = slices.get(bucket);
  if (slice === undefined) slices.set(bucket, { bucket, count: count ?? 0, sum: value, bucketCounts: [...counts] });
  else {
    slice.count += count ?? 0;
    slice.sum += value;
    for (const [i, one] of counts.entries()) slice.bucketCounts[i]! += one;
  }
}
