// What people ask for by the names of the other databases.
import type { View } from "./table.ts";

const TIMESTAMP = (micros: string) => `fromUnixTimestamp64Micro(${micros}, 'UTC')`;
const text = (name: string, column = "data") => `JSONExtractString(${column}, '${name}')`;
/** Exact, whether it came as a text or as a number. */
const decimal = (name: string) => `nullIf(trim(BOTH '"' FROM JSONExtractRaw(data, '${name}')), '') AS ${name}`;
/**
 * A percentile of a histogram's minute, interpolated within its bucket as `histogram_quantile` of Prometheus does: the same as
 * records/bucket-quantile.ts. NULL where the counts are not those of the bounds, or nothing was counted.
 */
function bucketQuantile(share: number): string {
  const total = "arraySum(p.counted)";
  const upTo = "arrayCumSum(p.counted)";
  // The first bucket by whose end as many were counted; the last has no end.
  const place = `toInt64(arrayFirstIndex(c -> c >= ${share} * ${total}, ${upTo}))`;
  const upper = `s.bounds[${place}]`;
  const lower = `if(${place} = 1, 0, s.bounds[${place} - 1])`;
  const before = `(${upTo}[${place}] - p.counted[${place}])`;
  const within = `${lower} + (${upper} - ${lower}) * ((${share} * ${total} - ${before}) / p.counted[${place}])`;
  return `multiIf(s.type != 'histogram' OR empty(s.bounds) OR ${total} = 0 OR length(p.counted) != length(s.bounds) + 1, NULL,
    ${place} > length(s.bounds), s.bounds[-1], ${place} = 1 AND s.bounds[1] <= 0, s.bounds[1], ${within})`;
}

const EDGE = ["gross_edge", "fees_est", "slippage_est", "gas_est", "latency_buffer", "net_edge", "min_threshold"];

export const VIEWS: readonly View[] = [
  {
    name: "telemetry_events",
    select: `SELECT id, event_type, ${TIMESTAMP("time_micros")} AS timestamp, nullIf(run_id, '') AS run_id, nullIf(symbol, '') AS symbol, data AS data_json,
    nullIf(TraceId, '') AS trace_id, nullIf(SpanId, '') AS span_id, SeverityNumber AS severity_number, nullIf(instance_id, '') AS instance_id,
    nullIf(ServiceName, '') AS service_name, nullIf(seq, 0) AS seq, timestamp AS event_timestamp,
    if(${text("event_name")} = '', event_type, ${text("event_name")}) AS event_name, nullIf(${text("event_category")}, '') AS event_category,
    if(JSONHas(data, 'event_data'), JSONExtractRaw(data, 'event_data'), data) AS event_data, nullIf(${text("user_id")}, '') AS user_id,
    nullIf(${text("license_id")}, '') AS license_id, nullIf(${text("source")}, '') AS source, nullIf(${text("source_ip")}, '') AS source_ip,
    JSONExtract(data, 'duration_ms', 'Nullable(Float64)') AS duration_ms, nullIf(JSONExtractRaw(data, 'tags'), '') AS tags FROM otel_logs`,
  },
  {
    name: "decisions",
    select: `SELECT id AS event_id, ${TIMESTAMP("time_micros")} AS timestamp, decision, reason_code, nullIf(strategy, '') AS strategy,
    nullIf(symbol, '') AS symbol, nullIf(TraceId, '') AS trace_id, nullIf(run_id, '') AS run_id, nullIf(edge_unit, '') AS edge_unit,
    ${EDGE.map(decimal).join(", ")}, margin FROM otel_logs WHERE event_type = 'decision'`,
  },
  {
    name: "traces",
    select: `SELECT TraceId AS trace_id, SpanId AS span_id, nullIf(ParentSpanId, '') AS parent_span_id, ServiceName AS service_name,
    nullIf(instance_id, '') AS instance_id, SpanName AS operation_name, kind AS span_kind, ${TIMESTAMP("start_micros")} AS start_time,
    start_nanos, Duration AS duration_nanos, Duration / 1e6 AS duration_ms, status AS status_code, nullIf(StatusMessage, '') AS status_message,
    nullIf(ScopeName, '') AS scope, tags, events_json, links_json, symbol, strategy, decision, reason_code, run_id, keep_reason FROM otel_traces`,
  },
  {
    name: "telemetry_events_hourly_summary",
    select: `SELECT toStartOfHour(event_timestamp) AS hour, event_type, event_category, count() AS event_count, uniqExact(user_id) AS unique_users,
    avg(duration_ms) AS avg_duration_ms FROM telemetry_events GROUP BY hour, event_type, event_category`,
  },
  {
    name: "system_metrics",
    select: `SELECT metric_name, metric_type, metric_value, metric_unit, nullIf(service_name, '') AS service_name, nullIf(host_name, '') AS host_name,
    nullIf(instance_id, '') AS instance_id, percentile_50, percentile_90, percentile_95, percentile_99, tags,
    ${TIMESTAMP("time_micros")} AS metric_timestamp FROM system_records FINAL
  UNION ALL
  SELECT s.name, if(s.type = 'sum', 'counter', toString(s.type)), multiIf(s.type = 'histogram', p.total / p.n, s.type = 'sum', p.total, p.level),
    s.unit, nullIf(s.ServiceName, ''), nullIf(s.host_name, ''), nullIf(s.instance_id, ''),
    ${[0.5, 0.9, 0.95, 0.99].map(bucketQuantile).join(", ")}, s.labels_json, ${TIMESTAMP("p.bucket * 1000000")}
  FROM (SELECT series, bucket, length, sum(sum) AS total, argMaxMerge(last) AS level, sum(count) AS n,
      arrayMap(c -> toFloat64(c), sumForEachMerge(counts)) AS counted
    FROM metric_rollups WHERE resolution = 60 GROUP BY series, bucket, length) AS p
  INNER JOIN (SELECT * FROM metric_series FINAL) AS s ON s.id = p.series
  WHERE s.type != 'histogram' OR (p.n > 0 AND p.length = length(s.bounds) + 1)`,
  },
  {
    name: "system_metrics_service_summary",
    select: `SELECT toStartOfHour(metric_timestamp) AS hour, service_name, metric_name, metric_unit, avg(metric_value) AS avg_value,
    min(metric_value) AS min_value, max(metric_value) AS max_value, coalesce(max(percentile_95), arraySort(groupArray(metric_value))[intDiv(95 * count() + 99, 100)]) AS p95_value, count() AS samples
  FROM system_metrics GROUP BY hour, service_name, metric_name, metric_unit`,
  },
  {
    name: "business_metrics_category_summary",
    select: `SELECT toDate(substring(period_start, 1, 10)) AS date, metric_category, metric_name, metric_unit, currency, sum(metric_value) AS total_value,
    total_value / count() AS avg_value, count() AS records, uniqExact(license_id) AS active_licenses
  FROM business_metrics FINAL GROUP BY date, metric_category, metric_name, metric_unit, currency`,
  },
];
