// Figures of the business: pages of a filter, and what they add up to.
import { rangeOf } from "../../queries/event-scope.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import { DecimalSum } from "../../records/decimal-text.ts";
import { compareTexts } from "../../records/performance-sums.ts";
import { businessScopeOf } from "../../records/record-scope.ts";
import { toTags } from "../../records/record-tags.ts";
import type { TimeRange } from "../../store-queries.ts";
import type { BusinessMetricFilter, BusinessTotal, StoredBusinessMetric } from "../../stored-record.ts";
import { boundsOf } from "./event-scope.ts";
import { equalTo, timeText } from "./sql-texts.ts";
import type { Statements } from "./statements.ts";

const COLUMNS = {
  metricName: "metric_name",
  metricCategory: "metric_category",
  licenseId: "license_id",
  userId: "user_id",
  periodType: "period_type",
  currency: "currency",
};
const IN_RANGE = "period_start >= $start AND period_start <= $end";

/** Cost: walks the entries of one index as far as the end of the page, and reads their rows. */
export async function businessMetrics(
  statements: Statements,
  filter: BusinessMetricFilter,
  limit: number,
  offset: number,
): Promise<readonly StoredBusinessMetric[]> {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const { start, end, ...values } = businessScopeOf(filter);
  const rows = await statements.all<StoredBusinessMetric & { readonly tags: string | null }>(
    `SELECT event_id, metric_name, metric_category, metric_value, metric_unit, currency, ${timeText("period_start")} AS period_start,
       ${timeText("period_end")} AS period_end, period_type, calculation_method, user_id, license_id, tags::text AS tags,
       ${timeText("metric_timestamp")} AS metric_timestamp
     FROM business_metrics AS b WHERE ${IN_RANGE} ${equalTo(values, COLUMNS)}
     ORDER BY b.period_start DESC, b.event_id DESC LIMIT $limit OFFSET $offset`,
    { ...values, ...boundsOf({ start, end }), limit, offset },
  );
  return rows.map((row) => ({ ...row, tags: toTags(row.tags) }));
}

/** Exact: PostgreSQL adds NUMERIC. Cost: reads each row of the range. */
export async function businessTotals(statements: Statements, range: TimeRange): Promise<readonly BusinessTotal[]> {
  const rows = await statements.all<BusinessTotal>(
    `SELECT metric_name, metric_category, metric_unit, currency, trim_scale(sum(metric_value)) AS total_value, count(*) AS records,
       count(DISTINCT license_id) AS active_licenses
     FROM business_metrics WHERE ${IN_RANGE} GROUP BY 1, 2, 3, 4`,
    boundsOf(rangeOf(range)),
  );
  const totals = rows.map((row) => ({ row, sum: sumOf(row) }));
  totals.sort((a, b) => b.sum.compareTo(a.sum) || compareTexts(keysOf(a.row), keysOf(b.row)));
  return totals.map(({ row }) => row);
}

function sumOf({ total_value: total }: BusinessTotal): DecimalSum {
  const sum = new DecimalSum();
  sum.add(total);
  return sum;
}

function keysOf(total: BusinessTotal): readonly (string | null)[] {
  return [total.metric_name, total.metric_category, total.metric_unit, total.currency];
}
