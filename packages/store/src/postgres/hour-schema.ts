// What system metrics come to by the hour, kept while writing: the third version of the schema.
import { LARGEST_VALUE } from "../records/hour-values.ts";
import { takeLock } from "./advisory-locks.ts";
import { removeInstances, removeMetrics } from "./cleanup-functions.ts";
import { HAS_VALUE, POINT_VALUE } from "./queries/system-columns.ts";
import { storeRecords } from "./record-functions.ts";
import { systemMetricsView } from "./view-schema.ts";

/** Rows are changed each minute, and are larger than others: with room in their page that costs no index entries. */
const CHANGING = "WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)";

const SUMS = `samples integer NOT NULL,
    value_sum double precision NOT NULL,
    value_min double precision,
    value_max double precision,
    largest_95 double precision,
    value_list text NOT NULL`;

const TABLES = [
  // The same meaning as on SQLite: lists are parts of a JSON array, and of an array of PostgreSQL, with a place for each minute.
  `CREATE TABLE metric_hours (
    hour timestamptz NOT NULL,
    series integer NOT NULL,
    ${SUMS},
    percentile_list text,
    PRIMARY KEY (hour, series)
  ) ${CHANGING}`,
  // Records, which are never replaced: a row ten minutes of an hour, so that none grows without end. A text that is not there is empty.
  `CREATE TABLE record_hours (
    hour timestamptz NOT NULL,
    part smallint NOT NULL,
    instance integer NOT NULL,
    service_name text NOT NULL,
    metric_name text NOT NULL,
    metric_unit text NOT NULL,
    ${SUMS}
  ) ${CHANGING}`,
  // Texts are as long as they are: digests stand for them, as in the key of metric_series.
  `CREATE UNIQUE INDEX record_hours_key
    ON record_hours (hour, part, instance, md5(service_name), md5(metric_name), md5(metric_unit))`,
];

const bounded = (value: string) => `least(greatest(${value}, -${LARGEST_VALUE}), ${LARGEST_VALUE})`;

/** What is there already. The places of minutes that have nothing are filled in front of the next one that has. */
const FILL_METRIC_HOURS = `INSERT INTO metric_hours
  WITH minutes AS (
    SELECT p.series, floor(p.bucket::numeric / 3600)::bigint * 3600 AS second, ${bounded(POINT_VALUE)} AS value,
      (p.bucket - floor(p.bucket::numeric / 3600)::bigint * 3600)::integer / 60 AS place,
      bucket_quantile(0.95, s.bounds_json, p.counts_json) AS percentile
    FROM metric_points AS p JOIN metric_series AS s ON s.id = p.series WHERE ${HAS_VALUE} AND ${POINT_VALUE} <> 'NaN'
  ), placed AS (
    SELECT *, repeat('null,', place - coalesce(lag(place) OVER (PARTITION BY series, second ORDER BY place), -1) - 1) AS gap FROM minutes
  )
  SELECT to_timestamp(second), series, count(*), sum(value), min(value), max(value), max(percentile),
    string_agg(gap || value::text, ',' ORDER BY place),
    CASE WHEN max(percentile) IS NOT NULL THEN string_agg(gap || coalesce(percentile::text, 'null'), ',' ORDER BY place) END
  FROM placed GROUP BY second, series`;

/** The rows of `record_hours` that records come to. */
const recordSums = (records: string) => `SELECT date_trunc('hour', metric_timestamp, 'UTC'),
      (extract(minute FROM metric_timestamp AT TIME ZONE 'UTC')::integer / 10)::smallint, instance, coalesce(service_name, ''), metric_name,
      metric_unit, count(*), sum(${bounded("metric_value")}), min(${bounded("metric_value")}), max(${bounded("metric_value")}),
      max(percentile_95), string_agg(${bounded("metric_value")}::text, ',')
    FROM ${records} GROUP BY 1, 2, 3, 4, 5, 6`;

/** Adds those that are new; one that is there still when its event is not, and comes again with it, is not. */
const ADD_RECORDS = `INSERT INTO record_hours AS kept ${recordSums("inserted")}
      ON CONFLICT (hour, part, instance, md5(service_name), md5(metric_name), md5(metric_unit)) DO UPDATE SET
        samples = kept.samples + excluded.samples, value_sum = kept.value_sum + excluded.value_sum,
        value_min = least(kept.value_min, excluded.value_min), value_max = greatest(kept.value_max, excluded.value_max),
        largest_95 = greatest(kept.largest_95, excluded.largest_95), value_list = kept.value_list || ',' || excluded.value_list`;

/** A percentile of a list: the least value that at least such a share of them does not exceed. */
const PERCENTILE_OF = `CREATE FUNCTION percentile_of(share double precision, list text) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT percentile_disc(share) WITHIN GROUP (ORDER BY value) FROM unnest(('{' || list || '}')::double precision[]) AS value
$$`;

const ROWS = "h.samples, h.value_sum, h.value_min, h.value_max, h.largest_95, h.value_list";

/** The 95th percentile: the largest that was stored, else that of the values. No minute and no record is read, and of an hour that is asked for only its own rows. */
const SUMMARY = `CREATE OR REPLACE VIEW system_metrics_service_summary AS
  SELECT hour, service_name, metric_name, metric_unit, sum(value_sum) / sum(samples) AS avg_value, min(value_min) AS min_value,
    max(value_max) AS max_value,
    coalesce(max(largest_95), percentile_of(0.95, string_agg(value_list, ',') FILTER (WHERE largest_95 IS NULL))) AS p95_value,
    sum(samples) AS samples
  FROM (
    SELECT h.hour, i.service_name, s.name AS metric_name, s.unit AS metric_unit, ${ROWS}
    FROM metric_hours AS h JOIN metric_series AS s ON s.id = h.series LEFT JOIN instances AS i ON i.id = s.instance WHERE h.samples > 0
    UNION ALL
    SELECT h.hour, coalesce(nullif(h.service_name, ''), i.service_name), h.metric_name, h.metric_unit, ${ROWS}
    FROM record_hours AS h LEFT JOIN instances AS i ON i.id = h.instance
  ) AS both_kinds GROUP BY hour, service_name, metric_name, metric_unit`;

/** What lies before a cut is taken out of the hours, the later part of the one that it cuts in two stays. The same as `withoutMinutes` of records/hour-values.ts. */
const CUT_METRIC_HOURS = `CREATE FUNCTION cut_metric_hours(cut timestamptz) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  DECLARE
    cut_hour timestamptz := date_trunc('hour', cut, 'UTC');
    places integer := (extract(epoch FROM cut - cut_hour) / 60)::integer;
  BEGIN
    DELETE FROM metric_hours WHERE hour < cut_hour;
    DELETE FROM record_hours WHERE hour < cut_hour OR (hour = cut_hour AND places > 0);
    IF places = 0 THEN RETURN; END IF;
    UPDATE metric_hours AS h SET samples = c.samples, value_sum = c.value_sum, value_min = c.value_min, value_max = c.value_max,
      largest_95 = c.largest_95, value_list = c.value_list,
      percentile_list = CASE WHEN c.largest_95 IS NOT NULL THEN c.percentile_list END
    FROM (
      SELECT series, count(value) AS samples, coalesce(sum(value), 0) AS value_sum, min(value) AS value_min, max(value) AS value_max,
        max(percentile) AS largest_95, string_agg(coalesce(value::text, 'null'), ',' ORDER BY place) AS value_list,
        string_agg(coalesce(percentile::text, 'null'), ',' ORDER BY place) AS percentile_list
      FROM (
        SELECT k.series, u.place, CASE WHEN u.place > places THEN u.value END AS value,
          CASE WHEN u.place > places THEN u.percentile END AS percentile
        FROM metric_hours AS k CROSS JOIN LATERAL unnest(('{' || k.value_list || '}')::double precision[],
          ('{' || coalesce(k.percentile_list, '') || '}')::double precision[]) WITH ORDINALITY AS u (value, percentile, place)
        WHERE k.hour = cut_hour
      ) AS minutes GROUP BY series
    ) AS c WHERE h.hour = cut_hour AND h.series = c.series;
    DELETE FROM metric_hours WHERE hour = cut_hour AND samples = 0;
    INSERT INTO record_hours ${recordSums("system_records WHERE metric_timestamp >= cut AND metric_timestamp < cut_hour + interval '1 hour'")};
  END
$$`;

/** Records and their hours are changed by whoever writes events, too: its lock first, as everywhere. */
const LOCK_EVENTS = `PERFORM ${takeLock("events")}; `;

/** Positions in journals that are long gone; one that is still there would be read from its beginning. */
const POSITIONS = [
  "CREATE TABLE journal_positions (instance_id text PRIMARY KEY, complete_until timestamptz NOT NULL) WITH (fillfactor = 50)",
  removeInstances(
    "CREATE OR REPLACE",
    " DELETE FROM journal_positions WHERE complete_until < before - interval '1 year';",
  ),
];

/** Statements of version 3. */
export const HOUR_STATEMENTS: readonly string[] = [
  ...TABLES,
  FILL_METRIC_HOURS,
  `INSERT INTO record_hours ${recordSums("system_records")}`,
  PERCENTILE_OF,
  CUT_METRIC_HOURS,
  "REVOKE EXECUTE ON FUNCTION cut_metric_hours(timestamptz) FROM PUBLIC",
  storeRecords("CREATE OR REPLACE", ADD_RECORDS),
  removeMetrics("CREATE OR REPLACE", LOCK_EVENTS, " PERFORM cut_metric_hours(cut);"),
  systemMetricsView("CREATE OR REPLACE"),
  SUMMARY,
  ...POSITIONS,
];
