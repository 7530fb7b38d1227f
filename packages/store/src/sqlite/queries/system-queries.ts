// System metrics: events of the kind, and what metrics have had in each minute.
import { wholeNumber } from "../../queries/query-values.ts";
import { minutesOf, type SystemScope, systemScopeOf } from "../../records/record-scope.ts";
import { type SystemRow, toSystemMetric } from "../../records/system-row.ts";
import type { StoredSystemMetric, SystemMetricFilter } from "../../stored-record.ts";
import { HAS_VALUE, POINT_TYPE, POINT_VALUE, RECORD_HOST, RECORD_SERVICE } from "../record-schema.ts";
import { FIRST_TIMESTAMP, LAST_TIMESTAMP } from "./event-scope.ts";
import type { Parameters, Statements } from "./statements.ts";

const COLUMNS = `metric_name, metric_type, metric_value, metric_unit, service_name, host_name, instance_id,
  percentile_50, percentile_90, percentile_95, percentile_99, tags, metric_timestamp, bounds_json, counts_json`;

/**
 * Those of the same time: events first, the last one first, then points by their series. Cost: the entries of the page and of those before
 * it, newest first; with a name the points of its series within the range, a million in about a second.
 */
export function systemMetrics(
  statements: Statements,
  filter: SystemMetricFilter,
  limit: number,
  offset: number,
): readonly StoredSystemMetric[] {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const scope = systemScopeOf(filter);
  const rows = statements.all<SystemRow>(
    `SELECT ${COLUMNS} FROM (SELECT * FROM (${recordsOf(scope)} LIMIT $limit + $offset) UNION ALL SELECT * FROM (${pointsOf(scope)} LIMIT $limit + $offset))
     ORDER BY metric_timestamp DESC, origin, place LIMIT $limit OFFSET $offset`,
    { ...systemParameters(scope), limit, offset },
  );
  return rows.map(toSystemMetric);
}

/** The values of {@link recordsOf} and {@link pointsOf}. */
export function systemParameters(scope: SystemScope): Parameters {
  const { start, end, metricName, serviceName, hostName, metricType } = scope;
  const { first = Number.MIN_SAFE_INTEGER, last = Number.MAX_SAFE_INTEGER } = minutesOf(scope);
  const range = { start: start ?? FIRST_TIMESTAMP, end: end ?? LAST_TIMESTAMP, first, last };
  return { ...range, metricName, serviceName, hostName, metricType };
}

/** Events of the kind, newest first. */
export function recordsOf({ metricName, serviceName, hostName, metricType }: SystemScope): string {
  return `SELECT 0 AS origin, -r.event_id AS place, r.metric_name, r.metric_type, r.metric_value, r.metric_unit, ${RECORD_SERVICE} AS service_name,
      ${RECORD_HOST} AS host_name, r.instance_id, r.percentile_50, r.percentile_90, r.percentile_95, r.percentile_99, r.tags,
      r.metric_timestamp, NULL AS bounds_json, NULL AS counts_json
    FROM system_records AS r INDEXED BY ${metricName === undefined ? "idx_system_records_time" : "idx_system_records_name"}
    LEFT JOIN instances AS i ON i.id = r.instance
    WHERE r.metric_timestamp >= $start AND r.metric_timestamp <= $end
      ${metricName === undefined ? "" : "AND r.metric_name = $metricName"}
      ${serviceName === undefined ? "" : `AND ${RECORD_SERVICE} = $serviceName`}
      ${hostName === undefined ? "" : `AND ${RECORD_HOST} = $hostName`}
      ${metricType === undefined ? "" : "AND r.metric_type = $metricType"}
    ORDER BY r.metric_timestamp DESC, r.event_id DESC`;
}

/** Points of metrics, newest first: by their minutes, or with a name by the series that bear it. */
export function pointsOf({ metricName, serviceName, hostName, metricType }: SystemScope): string {
  const tables =
    metricName === undefined
      ? "metric_points AS p INDEXED BY idx_metric_points_bucket CROSS JOIN metric_series AS s ON s.id = p.series"
      : "metric_series AS s CROSS JOIN metric_points AS p ON p.series = s.id";
  return `SELECT 1 AS origin, -p.series AS place, s.name AS metric_name, ${POINT_TYPE} AS metric_type, ${POINT_VALUE} AS metric_value,
      s.unit AS metric_unit, i.service_name, i.host_name, i.instance_id, NULL AS percentile_50, NULL AS percentile_90,
      NULL AS percentile_95, NULL AS percentile_99, s.labels_json AS tags,
      strftime('%Y-%m-%dT%H:%M:00.000000Z', p.bucket, 'unixepoch') AS metric_timestamp, s.bounds_json, p.counts_json
    FROM ${tables} LEFT JOIN instances AS i ON i.id = s.instance
    WHERE p.bucket >= $first AND p.bucket <= $last AND ${HAS_VALUE}
      ${metricName === undefined ? "" : "AND s.name = $metricName"}
      ${serviceName === undefined ? "" : "AND i.service_name = $serviceName"}
      ${hostName === undefined ? "" : "AND i.host_name = $hostName"}
      ${metricType === undefined ? "" : `AND ${POINT_TYPE} = $metricType`}
    ORDER BY p.bucket DESC, p.series DESC`;
}
