// Figures of the business: pages of a filter, and what they add up to.
import { type Column, textOf } from "../../queries/event-rows.ts";
import { rangeOf } from "../../queries/event-scope.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import { type BusinessFigure, toBusinessTotals } from "../../records/business-sums.ts";
import { type BusinessScope, businessScopeOf } from "../../records/record-scope.ts";
import { toTags } from "../../records/record-tags.ts";
import type { TimeRange } from "../../store-queries.ts";
import type { BusinessMetricFilter, BusinessTotal, StoredBusinessMetric } from "../../stored-record.ts";
import { FIRST_TIMESTAMP, LAST_TIMESTAMP } from "./event-scope.ts";
import type { Statements } from "./statements.ts";

/** Cost: walks the entries of one index as far as the end of the page, and reads their rows. */
export function businessMetrics(
  statements: Statements,
  filter: BusinessMetricFilter,
  limit: number,
  offset: number,
): readonly StoredBusinessMetric[] {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const { start, end, ...scope } = businessScopeOf(filter);
  const rows = statements.all<StoredBusinessMetric & { readonly tags: string | null }>(
    `SELECT event_id, metric_name, metric_category, metric_value, metric_unit, currency, period_start, period_end, period_type,
       calculation_method, user_id, license_id, tags, metric_timestamp
     FROM business_metrics INDEXED BY ${indexOf(scope)} WHERE period_start >= $start AND period_start <= $end ${conditionsOf(scope)}
     ORDER BY period_start DESC, event_id DESC LIMIT $limit OFFSET $offset`,
    { ...scope, start: start ?? FIRST_TIMESTAMP, end: end ?? LAST_TIMESTAMP, limit, offset },
  );
  return rows.map((row) => ({ ...row, tags: toTags(row.tags) }));
}

/** Exact. Cost: reads each row of the range, a million in about two seconds. */
export function businessTotals(statements: Statements, range: TimeRange): readonly BusinessTotal[] {
  const { start, end } = rangeOf(range);
  const rows = statements.each(
    `SELECT metric_name, metric_category, metric_unit, currency, metric_value, license_id FROM business_metrics
     INDEXED BY idx_business_metrics_period WHERE period_start >= $start AND period_start <= $end`,
    { start: start ?? FIRST_TIMESTAMP, end: end ?? LAST_TIMESTAMP },
  );
  return toBusinessTotals(toFigures(rows));
}

type Fields = Omit<BusinessScope, "start" | "end">;

const COLUMNS: readonly (readonly [keyof Fields, string])[] = [
  ["metricName", "metric_name"],
  ["metricCategory", "metric_category"],
  ["licenseId", "license_id"],
  ["userId", "user_id"],
  ["periodType", "period_type"],
  ["currency", "currency"],
];

function conditionsOf(scope: Fields): string {
  const given = COLUMNS.filter(([field]) => scope[field] !== undefined);
  return given.map(([field, column]) => `AND ${column} = $${field}`).join(" ");
}

/** That of the filter that is likely to match least. */
function indexOf({ licenseId, metricName, metricCategory }: Fields): string {
  if (licenseId !== undefined) return "idx_business_metrics_license";
  if (metricName !== undefined) return "idx_business_metrics_name";
  return metricCategory === undefined ? "idx_business_metrics_period" : "idx_business_metrics_category";
}

function* toFigures(rows: Iterable<readonly Column[]>): Generator<BusinessFigure> {
  for (const [name, category, unit, currency, value, license] of rows) {
    yield {
      metricName: String(name),
      metricCategory: textOf(category),
      metricUnit: String(unit),
      currency: textOf(currency),
      metricValue: String(value),
      licenseId: textOf(license),
    };
  }
}
