// Metrics over time, in slices of whole minutes.
import { rangeOf } from "../../queries/event-scope.ts";
import {
  alikeHistograms,
  type HistogramPoint,
  HistogramSums,
  LONGEST_NAME,
  labelsOf,
  MAX_SERIES,
  type SeriesRow,
  withLabels,
} from "../../queries/metric-slices.ts";
import { requiredText, stepOf } from "../../queries/query-values.ts";
import { minuteOf } from "../../queries/range-parts.ts";
import { MAX_SLICES, tooManySlices } from "../../queries/slice-limit.ts";
import type { HistogramSeries, MetricFilter, NumberSeries } from "../../store-queries.ts";
import { sliceOf } from "./sql-texts.ts";
import type { Parameters, Statements } from "./statements.ts";

/** A slice of a series of numbers. */
interface NumberSlice {
  readonly series: number;
  readonly slice: number;
  readonly total: number;
  readonly last: number;
}

const IN_RANGE = "p.bucket >= $first AND p.bucket <= $last";
const SERIES = `SELECT s.id, s.labels_json, s.bounds_json, s.type, s.unit, i.instance_id, i.service_name
  FROM metric_series AS s LEFT JOIN instances AS i ON i.id = s.instance
  WHERE s.name = $name AND EXISTS (SELECT 1 FROM metric_points AS p WHERE p.series = s.id AND ${IN_RANGE})
  ORDER BY s.last_time_micros DESC, s.labels_json COLLATE "C", s.instance`;
/** Of no more series than may be answered, one slice more than there may be. */
const NUMBERS = `SELECT p.series, ${sliceOf("p.bucket")} AS slice, sum(p.value) AS total, (array_agg(p.value ORDER BY p.bucket DESC))[1] AS last
  FROM metric_points AS p WHERE p.series = ANY ($series::integer[]) AND ${IN_RANGE} GROUP BY 1, 2 ORDER BY 1, 2
  LIMIT ${MAX_SERIES * MAX_SLICES + 1}`;
const POINTS = `SELECT ${sliceOf("p.bucket")} AS bucket, p.value, p.count, p.counts_json::text AS text
  FROM metric_points AS p WHERE p.series = $series AND ${IN_RANGE} ORDER BY p.bucket`;

/**
 * Points whose bounds are not those that the series has now are left out. Cost: reads a row a minute and series; the range is widened to
 * whole minutes. Throws `invalid_query` for more than 2,000 slices.
 */
export async function histogram(statements: Statements, filter: MetricFilter): Promise<readonly HistogramSeries[]> {
  const parameters = parametersOf(filter);
  const found: HistogramSeries[] = [];
  for (const rows of alikeHistograms(await seriesOf(statements, filter, parameters))) {
    const sums = new HistogramSums(filter, rows[0]!);
    for (const { id } of rows) {
      const points = await statements.all<HistogramPoint>(POINTS, { ...parameters, series: id });
      for (const point of points) sums.add(point);
    }
    found.push(sums.toSeries());
  }
  return found.filter(({ slices }) => slices.length > 0);
}

/** Cost: reads a row a minute and series; the range is widened to whole minutes. Throws `invalid_query` for more than 2,000 slices. */
export async function numbers(statements: Statements, filter: MetricFilter): Promise<readonly NumberSeries[]> {
  const parameters = parametersOf(filter);
  const all = await seriesOf(statements, filter, parameters);
  const rows = all.filter(({ type }) => type !== "histogram").slice(0, MAX_SERIES);
  if (rows.length === 0) return [];
  const slices = await statements.all<NumberSlice>(NUMBERS, { ...parameters, series: rows.map(({ id }) => id) });
  const bySeries = Map.groupBy(slices, ({ series }) => series);
  return rows.map((row) => toNumbers(filter, row, bySeries.get(row.id) ?? []));
}

function toNumbers(filter: MetricFilter, row: SeriesRow, slices: readonly NumberSlice[]): NumberSeries {
  if (slices.length > MAX_SLICES) throw tooManySlices(filter, filter.stepSeconds);
  const type = row.type === "sum" ? "sum" : "gauge";
  return {
    labels: labelsOf(row),
    instance_id: row.instance_id,
    service_name: row.service_name,
    type,
    unit: row.unit,
    slices: slices.map(({ slice, total, last }) => ({ bucket: slice, value: type === "sum" ? total : last })),
  };
}

function parametersOf(filter: MetricFilter): Parameters & { readonly first: number; readonly last: number } {
  const { start, end } = rangeOf(filter);
  return {
    step: stepOf("stepSeconds", filter.stepSeconds),
    name: requiredText("name", filter.name, LONGEST_NAME),
    first: start === undefined ? Number.MIN_SAFE_INTEGER : minuteOf(start),
    last: end === undefined ? Number.MAX_SAFE_INTEGER : minuteOf(end),
  };
}

/** Series that have points in the range, those first that were heard of last. */
async function seriesOf(
  statements: Statements,
  filter: MetricFilter,
  parameters: Parameters,
): Promise<readonly SeriesRow[]> {
  return withLabels(await statements.all<SeriesRow>(SERIES, parameters), filter);
}
