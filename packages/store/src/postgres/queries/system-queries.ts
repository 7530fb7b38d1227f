// System metrics: events of the kind, and what metrics have had in each minute; and how metrics of services did.
import { optionalText, wholeNumber } from "../../queries/query-values.ts";
import { byMean } from "../../records/performance-sums.ts";
import { minutesOf, type SystemScope, systemScopeOf } from "../../records/record-scope.ts";
import { type SystemRow, toSystemMetric } from "../../records/system-row.ts";
import type {
  StoredSystemMetric,
  SystemMetricFilter,
  SystemPerformance,
  SystemPerformanceFilter,
} from "../../stored-record.ts";
import { boundsOf } from "./event-scope.ts";
import { equalTo, timeText } from "./sql-texts.ts";
import type { Parameters, Statements } from "./statements.ts";
import { HAS_VALUE, POINT_TYPE, POINT_VALUE, RECORD_HOST, RECORD_SERVICE } from "./system-columns.ts";

/** Values that are looked at to tell how metrics did: the newest of either kind. */
const MAX_VALUES = 1_000_000;

const COLUMNS = `metric_name, metric_type, metric_value, metric_unit, service_name, host_name, instance_id, percentile_50, percentile_90,
  percentile_95, percentile_99, tags, ${timeText("time")} AS metric_timestamp, bounds_json, counts_json`;

/**
 * Those of the same time: events first, the last one first, then points by their series. Cost: the rows of the page and of those before it;
 * with a name the points of its series within the range.
 */
export async function systemMetrics(
  statements: Statements,
  filter: SystemMetricFilter,
  limit: number,
  offset: number,
): Promise<readonly StoredSystemMetric[]> {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const scope = systemScopeOf(filter);
  const rows = await statements.all<SystemRow>(
    `SELECT ${COLUMNS} FROM (
       (${recordsOf(scope)} LIMIT $limit::bigint + $offset::bigint) UNION ALL (${pointsOf(scope)} LIMIT $limit::bigint + $offset::bigint)
     ) AS both_kinds ORDER BY time DESC, origin, place LIMIT $limit::bigint OFFSET $offset::bigint`,
    { ...systemParameters(scope), limit, offset },
  );
  return rows.map(toSystemMetric);
}

/** Of the newest million values of either kind. Cost: reads a row of each. */
export async function systemPerformance(
  statements: Statements,
  { startTime, endTime, serviceName }: SystemPerformanceFilter,
): Promise<readonly SystemPerformance[]> {
  const scope = systemScopeOf({ startTime, endTime, serviceName: optionalText("serviceName", serviceName) });
  const rows = await statements.all<SystemPerformance>(
    `SELECT service_name, metric_name, metric_unit, count(*) AS samples, sum(metric_value ORDER BY metric_value) / count(*) AS avg_value, max(metric_value) AS max_value,
       coalesce(max(coalesce(percentile_95, bucket_quantile(0.95, bounds_json, counts_json))),
         percentile_disc(0.95) WITHIN GROUP (ORDER BY metric_value)) AS p95_value
     FROM ((${recordsOf(scope)} LIMIT ${MAX_VALUES}) UNION ALL (${pointsOf(scope)} LIMIT ${MAX_VALUES})) AS both_kinds GROUP BY 1, 2, 3`,
    systemParameters(scope),
  );
  return [...rows].sort(byMean);
}

function systemParameters(scope: SystemScope): Parameters {
  const { metricName, serviceName, hostName, metricType } = scope;
  const { first = Number.MIN_SAFE_INTEGER, last = Number.MAX_SAFE_INTEGER } = minutesOf(scope);
  return { ...boundsOf(scope), first, last, metricName, serviceName, hostName, metricType };
}

/** Events of the kind, newest first. */
function recordsOf({ metricName, serviceName, hostName, metricType }: SystemScope): string {
  const conditions = equalTo(
    { metricName, serviceName, hostName, metricType },
    { metricName: "r.metric_name", serviceName: RECORD_SERVICE, hostName: RECORD_HOST, metricType: "r.metric_type" },
  );
  return `SELECT 0 AS origin, -r.event_id AS place, r.metric_name, r.metric_type, r.metric_value, r.metric_unit, ${RECORD_SERVICE} AS service_name,
      ${RECORD_HOST} AS host_name, r.instance_id, r.percentile_50, r.percentile_90, r.percentile_95, r.percentile_99, r.tags::text AS tags,
      r.metric_timestamp AS time, NULL::text AS bounds_json, NULL::text AS counts_json
    FROM system_records AS r LEFT JOIN instances AS i ON i.id = r.instance
    WHERE r.metric_timestamp >= $start AND r.metric_timestamp <= $end ${conditions}
    ORDER BY r.metric_timestamp DESC, r.event_id DESC`;
}

/** Points of metrics, newest first. */
function pointsOf({ metricName, serviceName, hostName, metricType }: SystemScope): string {
  const conditions = equalTo(
    { metricName, serviceName, hostName, metricType },
    { metricName: "s.name", serviceName: "i.service_name", hostName: "i.host_name", metricType: POINT_TYPE },
  );
  const none = "NULL::float8";
  return `SELECT 1 AS origin, -p.series AS place, s.name AS metric_name, ${POINT_TYPE} AS metric_type, ${POINT_VALUE} AS metric_value,
      s.unit AS metric_unit, i.service_name, i.host_name, i.instance_id, ${none} AS percentile_50, ${none} AS percentile_90,
      ${none} AS percentile_95, ${none} AS percentile_99, s.labels_json AS tags, to_timestamp(p.bucket) AS time, s.bounds_json,
      p.counts_json
    FROM metric_points AS p JOIN metric_series AS s ON s.id = p.series LEFT JOIN instances AS i ON i.id = s.instance
    WHERE p.bucket >= $first AND p.bucket <= $last AND ${HAS_VALUE} ${conditions}
    ORDER BY p.bucket DESC, p.series DESC`;
}
