// How metrics of services did within a range.
import { type Column, toList } from "../../queries/event-rows.ts";
import { optionalText } from "../../queries/query-values.ts";
import { bucketQuantile } from "../../records/bucket-quantile.ts";
import { type PerformanceValue, toSystemPerformance } from "../../records/performance-sums.ts";
import { systemScopeOf } from "../../records/record-scope.ts";
import type { SystemPerformance, SystemPerformanceFilter } from "../../stored-record.ts";
import type { Statements } from "./statements.ts";
import { pointsOf, recordsOf, systemParameters } from "./system-queries.ts";

/** Values that are looked at: the newest of either kind. */
const MAX_VALUES = 1_000_000;
/** Lists of bounds that are read once: a service has few. */
const MAX_BOUNDS = 100;
const COLUMNS = "service_name, metric_name, metric_unit, metric_value, percentile_95, bounds_json, counts_json";

/** Of the newest million values of either kind. Cost: reads a row of each, a million in about two seconds. */
export function systemPerformance(
  statements: Statements,
  { startTime, endTime, serviceName }: SystemPerformanceFilter,
): readonly SystemPerformance[] {
  const scope = systemScopeOf({ startTime, endTime, serviceName: optionalText("serviceName", serviceName) });
  const rows = statements.each(
    `SELECT ${COLUMNS} FROM (${recordsOf(scope)} LIMIT $limit) UNION ALL SELECT ${COLUMNS} FROM (${pointsOf(scope)} LIMIT $limit)`,
    { ...systemParameters(scope), limit: MAX_VALUES },
  );
  return toSystemPerformance(toValues(rows));
}

function* toValues(rows: Iterable<readonly Column[]>): Generator<PerformanceValue> {
  const boundsLists = new Map<string, readonly number[]>();
  const boundsOf = (text: string): readonly number[] => {
    const known = boundsLists.get(text) ?? toList<number>(text);
    if (boundsLists.size < MAX_BOUNDS) boundsLists.set(text, known);
    return known;
  };
  for (const [service, name, unit, value, percentile95, bounds, counts] of rows) {
    yield {
      serviceName: service === null ? null : String(service),
      metricName: String(name),
      metricUnit: String(unit),
      value: Number(value),
      percentile95:
        bounds === null || counts === null
          ? numberOf(percentile95)
          : bucketQuantile(0.95, boundsOf(String(bounds)), toList<number>(String(counts))),
    };
  }
}

function numberOf(column: Column | undefined): number | null {
  return column === null || column === undefined ? null : Number(column);
}
