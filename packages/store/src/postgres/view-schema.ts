// The views: S4's summaries, and the tables of S4 that are put together from others.
import { RECORD_HOST, RECORD_SERVICE } from "./queries/system-columns.ts";

/**
 * A percentile of a histogram's minute, interpolated within its bucket as `histogram_quantile` of Prometheus does: the same as
 * records/bucket-quantile.ts. Null where nothing was counted, or the counts are not those of the bounds.
 */
const BUCKET_QUANTILE = `CREATE FUNCTION bucket_quantile(q double precision, bounds_json text, counts_json text)
  RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
  DECLARE
    bounds double precision[] := translate(bounds_json, '[]', '{}')::double precision[];
    counts double precision[] := translate(counts_json, '[]', '{}')::double precision[];
    total double precision := (SELECT sum(c) FROM unnest(counts) AS c);
    cumulated double precision := 0;
    lower_bound double precision := 0;
  BEGIN
    IF cardinality(bounds) = 0 OR cardinality(counts) <> cardinality(bounds) + 1 OR total IS NULL OR total <= 0 THEN RETURN NULL; END IF;
    FOR i IN 1 .. cardinality(bounds) LOOP
      IF cumulated + counts[i] >= q * total THEN
        IF i = 1 AND bounds[1] <= 0 THEN RETURN bounds[1]; END IF;
        RETURN lower_bound + (bounds[i] - lower_bound) * ((q * total - cumulated) / counts[i]);
      END IF;
      cumulated := cumulated + counts[i];
      lower_bound := bounds[i];
    END LOOP;
    RETURN bounds[cardinality(bounds)];
  END
$$`;

/** Labels as `jsonb`, which has no NUL and no half of a character: there is U+FFFD instead. */
const JSONB_OF = `CREATE FUNCTION jsonb_of(json text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN position('\\u' IN json) = 0 THEN json::jsonb
    ELSE regexp_replace(json, '\\\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\ufffd', 'g')::jsonb END
$$`;

/** Records, and what metrics that came over OTLP have had in each minute: of a sum what came, of a histogram the mean of it. */
const systemMetricsOf = (create: string, records: string) => `${create} VIEW system_metrics AS
  ${records}
  UNION ALL
  SELECT s.name, CASE s.type WHEN 'sum' THEN 'counter' ELSE s.type END,
    CASE s.type WHEN 'histogram' THEN p.value / nullif(p.count, 0) ELSE p.value END,
    s.unit, i.service_name, i.host_name, i.instance_id,
    ${[0.5, 0.9, 0.95, 0.99].map((q) => `bucket_quantile(${q}, s.bounds_json, p.counts_json)`).join(", ")},
    jsonb_of(s.labels_json), to_timestamp(p.bucket)
  FROM metric_points AS p JOIN metric_series AS s ON s.id = p.series LEFT JOIN instances AS i ON i.id = s.instance
  WHERE s.type <> 'histogram' OR p.count > 0`;

/** As the first version has it. */
const SYSTEM_METRICS = systemMetricsOf(
  "CREATE",
  `SELECT metric_name, metric_type, metric_value, metric_unit, service_name, host_name, instance_id,
    percentile_50, percentile_90, percentile_95, percentile_99, tags, metric_timestamp
  FROM system_records`,
);

/** What came by a journal has the service and the host that its instance has told since, as in the questions of the API. */
export const systemMetricsView = (create: string): string =>
  systemMetricsOf(
    create,
    `SELECT r.metric_name, r.metric_type, r.metric_value, r.metric_unit, ${RECORD_SERVICE} AS service_name, ${RECORD_HOST} AS host_name,
    r.instance_id, r.percentile_50, r.percentile_90, r.percentile_95, r.percentile_99, r.tags, r.metric_timestamp
  FROM system_records AS r LEFT JOIN instances AS i ON i.id = r.instance`,
  );

/** Of the counts that are kept; no event is read. */
const EVENTS_HOURLY = `CREATE VIEW telemetry_events_hourly_summary AS
  SELECT c.hour, c.event_type, nullif(c.event_category, '') AS event_category, c.event_count, coalesce(u.users, 0) AS unique_users,
    c.duration_sum / nullif(c.duration_count, 0) AS avg_duration_ms
  FROM category_rollups AS c LEFT JOIN LATERAL (
    SELECT count(*) AS users FROM user_rollups AS u
    WHERE u.hour = c.hour AND u.event_type = c.event_type AND u.event_category = c.event_category
  ) AS u ON true`;

/** The 95th percentile: the largest that was stored, else the least value that at least 95 of 100 values do not exceed. */
const SYSTEM_SUMMARY = `CREATE VIEW system_metrics_service_summary AS
  SELECT date_trunc('hour', metric_timestamp, 'UTC') AS hour, service_name, metric_name, metric_unit, avg(metric_value) AS avg_value,
    min(metric_value) AS min_value, max(metric_value) AS max_value,
    coalesce(max(percentile_95), percentile_disc(0.95) WITHIN GROUP (ORDER BY metric_value)) AS p95_value, count(*) AS samples
  FROM system_metrics GROUP BY 1, 2, 3, 4`;

/** Units and currencies are never added to one another. */
const BUSINESS_SUMMARY = `CREATE VIEW business_metrics_category_summary AS
  SELECT (period_start AT TIME ZONE 'UTC')::date AS date, metric_category, metric_name, metric_unit, currency,
    sum(metric_value) AS total_value, avg(metric_value) AS avg_value, count(*) AS records, count(DISTINCT license_id) AS active_licenses
  FROM business_metrics GROUP BY 1, 2, 3, 4, 5`;

/** In the order in which they are made. */
export const VIEWS: readonly string[] = [
  BUCKET_QUANTILE,
  JSONB_OF,
  SYSTEM_METRICS,
  EVENTS_HOURLY,
  SYSTEM_SUMMARY,
  BUSINESS_SUMMARY,
];
