// Metrics over time, in slices of whole minutes.

import { rangeOf } from "../../queries/event-scope.ts";
import {
  alikeHistograms,
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
import type { Parameters, Statements } from "./statements.ts";

/** The second at which the slice of a point begins, before 1970 too. */
const SLICE = "bucket - (bucket % $step + $step) % $step";
const POINTS = "metric_points WHERE series = $series AND bucket >= $first AND bucket <= $last";

/**
 * Points whose bounds are not those that the series has now are left out. Cost: reads a row a minute and series; the range is widened to
 * whole minutes. Throws `invalid_query` for more than 2,000 slices.
 */
export function histogram(statements: Statements, filter: MetricFilter): readonly HistogramSeries[] {
  const parameters = parametersOf(filter);
  const merged = alikeHistograms(seriesOf(statements, filter, parameters)).map((rows) => {
    const sums = new HistogramSums(filter, rows[0]!);
    for (const { id } of rows) addSeries(statements, parameters, id, sums);
    return sums.toSeries();
  });
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
function seriesOf(statements: Statements, filter: MetricFilter, { first, last }: Parameters): readonly SeriesRow[] {
  const rows = statements.all<SeriesRow>(
    `SELECT s.id, s.labels_json, s.bounds_json, s.type, s.unit, i.instance_id, i.service_name
     FROM metric_series AS s LEFT JOIN instances AS i ON i.id = s.instance WHERE s.name = $name
       AND EXISTS (SELECT 1 FROM metric_points AS p WHERE p.series = s.id AND p.bucket >= $first AND p.bucket <= $last)
     ORDER BY s.last_time_micros DESC, s.labels_json, s.instance`,
    { name: requiredText("name", filter.name, LONGEST_NAME), first, last },
  );
  return withLabels(rows, filter);
}

function addSeries(statements: Statements, parameters: Parameters, series: number, sums: HistogramSums): void {
  const points = statements.each(
    `SELECT ${SLICE} AS bucket, value, count, counts_json FROM ${POINTS} ORDER BY metric_points.bucket`,
    { ...parameters, series },
  );
  for (const [bucket, value, count, text] of points)
    sums.add({ bucket: Number(bucket), value: Number(value), count: Number(count), text: String(text) });
}
