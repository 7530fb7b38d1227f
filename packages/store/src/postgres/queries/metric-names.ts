// Which metrics can be asked for.
import { rangeOf } from "../../queries/event-scope.ts";
import { minuteOf } from "../../queries/range-parts.ts";
import type { MetricName, TimeRange } from "../../store-queries.ts";
import type { Statements } from "./statements.ts";

// Of those that were heard of last at the same time, the one that was there first.
const NAMES = `SELECT DISTINCT ON (name) name, type, unit, description, count(*) OVER (PARTITION BY name) AS series FROM metric_series
  WHERE EXISTS (SELECT 1 FROM metric_points AS p WHERE p.series = metric_series.id AND p.bucket >= $first AND p.bucket <= $last)
  ORDER BY name, last_time_micros DESC, id`;

/** Cost: a step into the points of each series and day. */
export async function metricNames(statements: Statements, range: TimeRange): Promise<readonly MetricName[]> {
  const { start, end } = rangeOf(range);
  return statements.all<MetricName>(`SELECT * FROM (${NAMES}) AS names ORDER BY name COLLATE "C"`, {
    first: start === undefined ? Number.MIN_SAFE_INTEGER : minuteOf(start),
    last: end === undefined ? Number.MAX_SAFE_INTEGER : minuteOf(end),
  });
}
