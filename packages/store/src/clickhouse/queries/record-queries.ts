// Metrics as records: of systems, of the business, and what users do.
import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText, wholeNumber } from "../../queries/query-values.ts";
import type { Range } from "../../queries/range-parts.ts";
import { MAX_SLICES, tooManySlices } from "../../queries/slice-limit.ts";
import { toBusinessTotals } from "../../records/business-sums.ts";
import { toSystemPerformance } from "../../records/performance-sums.ts";
import { businessScopeOf, minutesOf, type SystemScope, systemScopeOf } from "../../records/record-scope.ts";
import { toTags } from "../../records/record-tags.ts";
import { type SystemRow, toSystemMetric } from "../../records/system-row.ts";
import type { TimeRange } from "../../store-queries.ts";
import type {
  BusinessMetricFilter,
  BusinessTotal,
  StoredBusinessMetric,
  StoredSystemMetric,
  SystemMetricFilter,
  SystemPerformance,
  SystemPerformanceFilter,
  UserActivity,
} from "../../stored-record.ts";
import type { Column, Connection, Parameters } from "../connection.ts";
import { toText } from "../micros.ts";
import { bucketOf } from "../schema/pieces.ts";
import { areAs, inRange } from "./asking.ts";

/** Values that are looked at: the newest. */
const MAX_VALUES = 1_000_000;
const HOUR_S = 3_600;
const TYPE = "if(s.type = 'sum', 'counter', toString(s.type))";
/** The columns of {@link systemRows} that {@link toMetric} reads. */
export const SYSTEM_COLUMNS = `metric_name, metric_type, metric_value, metric_unit, service_name, host_name, instance_id,
  percentile_50, percentile_90, percentile_95, percentile_99, tags, micros, bounds_json, counts_json`;
const OPTIONAL = new Set([4, 5, 6, 13, 14]);

/** Cost: the rows of the page and those before it, and of points those of the range. */
export async function systemMetrics(
  connection: Connection,
  filter: SystemMetricFilter,
  limit: number,
  offset: number,
): Promise<readonly StoredSystemMetric[]> {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const { sql, parameters } = systemRows(systemScopeOf(filter));
  const rows = await connection.lists(
    `SELECT ${SYSTEM_COLUMNS} FROM (${sql}) ORDER BY micros DESC, origin, place DESC LIMIT ${limit} OFFSET ${offset}`,
    parameters,
  );
  return rows.map(toMetric);
}

/** Of the newest million values. */
export async function systemPerformance(
  connection: Connection,
  { startTime, endTime, serviceName }: SystemPerformanceFilter,
): Promise<readonly SystemPerformance[]> {
  const { sql, parameters } = systemRows(
    systemScopeOf({ startTime, endTime, serviceName: optionalText("serviceName", serviceName) }),
  );
  const rows = await connection.lists(
    `SELECT ${SYSTEM_COLUMNS} FROM (${sql}) ORDER BY micros DESC, origin, place DESC LIMIT ${MAX_VALUES}`,
    parameters,
  );
  return toSystemPerformance(
    rows.map(toMetric).map((metric) => ({
      serviceName: metric.service_name,
      metricName: metric.metric_name,
      metricUnit: metric.metric_unit,
      value: metric.metric_value,
      percentile95: metric.percentile_95,
    })),
  );
}

export async function businessMetrics(
  connection: Connection,
  filter: BusinessMetricFilter,
  limit: number,
  offset: number,
): Promise<readonly StoredBusinessMetric[]> {
  wholeNumber("limit", limit, 1);
  wholeNumber("offset", offset, 0);
  const { start, end, ...scope } = businessScopeOf(filter);
  const where = areAs({
    metric_name: scope.metricName,
    metric_category: scope.metricCategory,
    license_id: scope.licenseId,
    user_id: scope.userId,
    period_type: scope.periodType,
    currency: scope.currency,
  });
  type Row = StoredBusinessMetric & { readonly tags: string };
  const rows = await connection.rows<Row>(
    `SELECT event_id, metric_name, metric_category, value_text AS metric_value, metric_unit, currency, period_start, period_end, period_type,
       calculation_method, user_id, license_id, tags, metric_timestamp FROM business_metrics FINAL
     WHERE ${periodIn({ start, end })} AND ${where.sql} ORDER BY period_start DESC, event_id DESC LIMIT ${limit} OFFSET ${offset}`,
    where.parameters,
  );
  return rows.map((row) => ({ ...row, event_id: Number(row.event_id), tags: toTags(row.tags) }));
}

/** Exact: of decimals as they were written. Cost: reads each row of the range. */
export async function businessTotals(connection: Connection, range: TimeRange): Promise<readonly BusinessTotal[]> {
  const rows = await connection.lists(
    `SELECT metric_name, metric_category, metric_unit, currency, value_text, license_id FROM business_metrics FINAL WHERE ${periodIn(rangeOf(range))}`,
  );
  const textOf = (column: Column | undefined) => (column === null || column === undefined ? null : String(column));
  return toBusinessTotals(
    rows.map(([name, category, unit, currency, value, license]) => ({
      metricName: String(name),
      metricCategory: textOf(category),
      metricUnit: String(unit),
      currency: textOf(currency),
      metricValue: String(value),
      licenseId: textOf(license),
    })),
  );
}

/** Exact. Cost: three columns of the events of the range. */
export async function userActivity(connection: Connection, range: TimeRange): Promise<readonly UserActivity[]> {
  const rows = await connection.lists(
    `SELECT ${bucketOf("time_micros", String(HOUR_S))} AS hour, event_category, count() AS events, uniqExactIf(user_id, user_id != '')
     FROM otel_logs WHERE ${inRange("time_micros", rangeOf(range))} GROUP BY hour, event_category
     ORDER BY hour DESC, events DESC, event_category`,
  );
  if (new Set(rows.map(([hour]) => hour)).size > MAX_SLICES) throw tooManySlices(range, HOUR_S);
  return rows.map(([hour, category, events, users]) => ({
    hour: toText(String(BigInt(hour!) * 1_000_000n)),
    event_category: category === "" ? null : String(category),
    event_count: Number(events),
    unique_users: Number(users),
  }));
}

/** Events of the kind, and what metrics have had in each minute. */
export function systemRows(scope: SystemScope): { readonly sql: string; readonly parameters: Parameters } {
  const records = areAs({
    metric_name: scope.metricName,
    service_name: scope.serviceName,
    host_name: scope.hostName,
    metric_type: scope.metricType,
  });
  const { first, last } = minutesOf(scope);
  const minutes =
    [...(first === undefined ? [] : [`bucket >= ${first}`]), ...(last === undefined ? [] : [`bucket <= ${last}`])].join(
      " AND ",
    ) || "1";
  const ofSeries = [
    scope.metricName === undefined ? "1" : "s.name = {metric_name:String}",
    scope.serviceName === undefined ? "1" : "s.ServiceName = {service_name:String}",
    scope.hostName === undefined ? "1" : "s.host_name = {host_name:String}",
    scope.metricType === undefined ? "1" : `${TYPE} = {metric_type:String}`,
  ].join(" AND ");
  const sql = `SELECT 0 AS origin, event_id AS place, toString(metric_name) AS metric_name, toString(metric_type) AS metric_type, metric_value,
      toString(metric_unit) AS metric_unit, toString(service_name) AS service_name, toString(host_name) AS host_name, toString(instance_id) AS instance_id,
      percentile_50, percentile_90, percentile_95, percentile_99, tags, time_micros AS micros, '' AS bounds_json, '' AS counts_json
    FROM (SELECT * FROM system_records FINAL WHERE ${inRange("time_micros", scope)} AND ${records.sql})
    UNION ALL
    SELECT 1, p.series, toString(s.name), ${TYPE}, multiIf(s.type = 'histogram', p.total / p.n, s.type = 'sum', p.total, p.level), toString(s.unit),
      toString(s.ServiceName), toString(s.host_name), s.instance_id, NULL, NULL, NULL, NULL, s.labels_json, p.bucket * 1000000,
      if(s.type = 'histogram', toJSONString(s.bounds), ''), if(s.type = 'histogram', toJSONString(arrayMap(c -> toFloat64(c), p.counted)), '')
    FROM (SELECT series, bucket, sum(sum) AS total, argMaxMerge(last) AS level, sum(count) AS n, sumForEachMerge(counts) AS counted, length
      FROM metric_rollups WHERE resolution = 60 AND ${minutes} GROUP BY series, bucket, length) AS p
    INNER JOIN (SELECT * FROM metric_series FINAL) AS s ON s.id = p.series
    WHERE (s.type != 'histogram' OR (p.n > 0 AND p.length = length(s.bounds) + 1)) AND ${ofSeries}`;
  return { sql, parameters: records.parameters };
}

/** The record of a row of {@link systemRows}. */
export function toMetric(row: readonly Column[]): StoredSystemMetric {
  const values = row.map((value, i) => (i === 12 ? toText(value!) : value === "" && OPTIONAL.has(i) ? null : value));
  const [name, type, value, unit, service, host, instance, p50, p90, p95, p99, tags, timestamp, bounds, counts] =
    values;
  return toSystemMetric({
    metric_name: name,
    metric_type: type,
    metric_value: Number(value),
    metric_unit: unit,
    service_name: service,
    host_name: host,
    instance_id: instance,
    percentile_50: p50,
    percentile_90: p90,
    percentile_95: p95,
    percentile_99: p99,
    tags,
    metric_timestamp: timestamp,
    bounds_json: bounds,
    counts_json: counts,
  } as SystemRow);
}

function periodIn({ start, end }: Range): string {
  const bounds = [
    ...(start === undefined ? [] : [`period_start >= '${start}'`]),
    ...(end === undefined ? [] : [`period_start <= '${end}'`]),
  ];
  return bounds.join(" AND ") || "1";
}
