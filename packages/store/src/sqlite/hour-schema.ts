// What system metrics come to by the hour, kept while writing: the fourth version of the schema.
import { LARGEST_VALUE } from "../records/hour-values.ts";
import { HAS_VALUE, PERCENTILE_95, POINT_VALUE } from "./record-schema.ts";

/**
 * A row an hour and series. `value_list` has its minutes, each in its place, as a part of a JSON array: the 95th percentile of several
 * series is that of all their values, and a minute that is replaced, or comes late, must be told from the others. `percentile_list` is the
 * same for percentiles of histograms. Each row is worked out from its own lists: see records/hour-values.ts.
 *
 * Records of system metrics, which are never replaced, are those of no series: a row ten minutes of an hour (`part`), so that none grows
 * without end. They are in the same table since SQLite hands a condition of a question on to one table, and not to two.
 */
const METRIC_HOURS = `CREATE TABLE metric_hours (
  hour TEXT NOT NULL,
  series INTEGER NOT NULL DEFAULT 0,
  part INTEGER NOT NULL DEFAULT 0,
  instance INTEGER NOT NULL DEFAULT 0,
  service_name TEXT NOT NULL DEFAULT '',
  metric_name TEXT NOT NULL DEFAULT '',
  metric_unit TEXT NOT NULL DEFAULT '',
  samples INTEGER NOT NULL,
  value_sum REAL NOT NULL,
  value_min REAL,
  value_max REAL,
  largest_95 REAL,
  value_list TEXT NOT NULL,
  percentile_list TEXT,
  PRIMARY KEY (hour, series, part, instance, service_name, metric_name, metric_unit)
) STRICT, WITHOUT ROWID`;

const bounded = (value: string) => `max(min(${value}, ${LARGEST_VALUE}), -${LARGEST_VALUE})`;
/** All digits of a double. */
const textOf = (value: string) => `format('%!.17g', ${value})`;
/** Seconds since the hour began, also before 1970. */
const WITHIN_HOUR = "(p.bucket % 3600 + 3600) % 3600";

/** What is there already. The places of minutes that have nothing are filled in front of the next one that has. */
const FILL_FROM_POINTS = `INSERT INTO metric_hours
    (hour, series, samples, value_sum, value_min, value_max, largest_95, value_list, percentile_list)
  WITH minutes AS (
    SELECT p.series, p.bucket - ${WITHIN_HOUR} AS second, ${WITHIN_HOUR} / 60 AS place, ${bounded(POINT_VALUE)} AS value,
      ${PERCENTILE_95} AS percentile
    FROM metric_points AS p CROSS JOIN metric_series AS s ON s.id = p.series WHERE ${HAS_VALUE}
  ), placed AS (
    SELECT *, replace(hex(zeroblob(place - coalesce(lag(place) OVER (PARTITION BY series, second ORDER BY place), -1) - 1)), '00', 'null,') AS gap
    FROM minutes
  )
  SELECT strftime('%Y-%m-%dT%H:00:00.000000Z', second, 'unixepoch'), series, count(*), total(value), min(value), max(value), max(percentile),
    group_concat(gap || ${textOf("value")}, ',' ORDER BY place),
    CASE WHEN max(percentile) IS NOT NULL
      THEN group_concat(gap || CASE WHEN percentile IS NULL THEN 'null' ELSE ${textOf("percentile")} END, ',' ORDER BY place) END
  FROM placed GROUP BY second, series`;

/** Makes the rows of the records that a condition is true of, where there are none yet. */
export const recordHoursOf = (condition: string): string => `INSERT INTO metric_hours
    (hour, part, instance, service_name, metric_name, metric_unit, samples, value_sum, value_min, value_max, largest_95, value_list)
  SELECT substr(metric_timestamp, 1, 13) || ':00:00.000000Z', CAST(substr(metric_timestamp, 15, 1) AS INTEGER), instance,
    coalesce(service_name, ''), metric_name, metric_unit, count(*), total(${bounded("metric_value")}), min(${bounded("metric_value")}),
    max(${bounded("metric_value")}), max(percentile_95), group_concat(${textOf(bounded("metric_value"))}, ',')
  FROM system_records WHERE ${condition} GROUP BY 1, 2, 3, 4, 5, 6`;

/**
 * The 95th percentile: the largest that was stored, else the least value that at least 95 of 100 values do not exceed. No minute and no record
 * is read, and of an hour that is asked for only its own rows.
 */
const SUMMARY = `CREATE VIEW system_metrics_service_summary AS
  SELECT hour, service_name, metric_name, metric_unit, value_sum / samples AS avg_value, min_value, max_value,
    coalesce(largest_95, (SELECT CAST(value AS REAL)
      FROM (SELECT value, row_number() OVER (ORDER BY value) AS place FROM json_each('[' || value_lists || ']') WHERE value IS NOT NULL)
      WHERE place = (95 * samples + 99) / 100)) AS p95_value, samples
  FROM (SELECT h.hour, coalesce(nullif(h.service_name, ''), i.service_name) AS service_name, coalesce(s.name, h.metric_name) AS metric_name,
      coalesce(s.unit, h.metric_unit) AS metric_unit, sum(h.samples) AS samples, total(h.value_sum) AS value_sum,
      min(h.value_min) AS min_value, max(h.value_max) AS max_value, max(h.largest_95) AS largest_95,
      group_concat(h.value_list, ',') FILTER (WHERE h.largest_95 IS NULL) AS value_lists
    FROM metric_hours AS h LEFT JOIN metric_series AS s ON s.id = h.series
      LEFT JOIN instances AS i ON i.id = coalesce(s.instance, h.instance)
    WHERE h.samples > 0
    GROUP BY 1, 2, 3, 4)`;

/** Statements of version 4. */
export const HOUR_TABLES: readonly string[] = [
  METRIC_HOURS,
  FILL_FROM_POINTS,
  recordHoursOf("true"),
  "DROP VIEW system_metrics_service_summary",
  SUMMARY,
];
