// The statements by which points of metrics are written, each for a whole batch.
import { takeLock } from "./advisory-locks.ts";
import { addTo, widened } from "./count-functions.ts";

/**
 * Series are read, compared and written under a lock of their own: two writers of one series, each with its own idea of where it stood, would
 * count twice. Events are not held up by it.
 */
export const BEGIN_POINTS = `BEGIN; SELECT ${takeLock("metrics")}`;

/** `$1` names, `$2` labels, `$3` instances. */
export const READ_SERIES = `SELECT s.id, s.name, s.labels_json, s.instance, s.type, s.unit, s.description, s.bounds_json,
    s.last_start_micros, s.last_time_micros, s.last_value, s.last_counts_json
  FROM unnest($1::text[], $2::text[], $3::integer[]) AS given (name, labels, instance)
  JOIN metric_series AS s ON s.name = given.name AND md5(s.labels_json) = md5(given.labels) AND s.instance = given.instance`;

export const COUNT_SERIES = "SELECT count(*) AS count FROM metric_series";

/** Gives the new numbers. */
export const INSERT_SERIES = `INSERT INTO metric_series (name, labels_json, instance, type, unit, description, bounds_json,
    last_start_micros, last_time_micros, last_value)
  SELECT *, 0, 0, 0 FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[])
  RETURNING id, name, labels_json, instance`;

export const UPDATE_SERIES = `UPDATE metric_series AS s SET type = g.type, bounds_json = g.bounds, last_start_micros = g.start,
    last_time_micros = g.time, last_value = g.value, last_counts_json = g.counts
  FROM unnest($1::integer[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::double precision[], $7::text[])
    AS g (id, type, bounds, start, time, value, counts) WHERE s.id = g.id`;

/** `$1` series, `$2` buckets. */
export const READ_MINUTES = `SELECT p.series, p.bucket, p.value, p.count, p.counts_json
  FROM unnest($1::integer[], $2::bigint[]) AS given (series, bucket)
  JOIN metric_points AS p ON p.series = given.series AND p.bucket = given.bucket`;

export const WRITE_MINUTES = `INSERT INTO metric_points (series, bucket, value, count, counts_json)
  SELECT * FROM unnest($1::integer[], $2::bigint[], $3::double precision[], $4::bigint[], $5::text[]) ORDER BY 1, 2
  ON CONFLICT (series, bucket) DO UPDATE SET value = excluded.value, count = excluded.count, counts_json = excluded.counts_json`;

/** `$1` series, `$2` seconds at which hours begin. */
export const READ_HOURS = `SELECT h.series, given.second, h.value_list, h.percentile_list
  FROM unnest($1::integer[], $2::bigint[]) AS given (series, second)
  JOIN metric_hours AS h ON h.hour = to_timestamp(given.second) AND h.series = given.series`;

/** The same, and `$3` to `$9` what hours come to. */
export const WRITE_HOURS = `INSERT INTO metric_hours (hour, series, samples, value_sum, value_min, value_max, largest_95, value_list, percentile_list)
  SELECT to_timestamp(second), series, samples, value_sum, value_min, value_max, largest_95, value_list, percentile_list
  FROM unnest($1::integer[], $2::bigint[], $3::integer[], $4::double precision[], $5::double precision[], $6::double precision[],
    $7::double precision[], $8::text[], $9::text[])
    AS g (series, second, samples, value_sum, value_min, value_max, largest_95, value_list, percentile_list) ORDER BY 1, 2
  ON CONFLICT (hour, series) DO UPDATE SET samples = excluded.samples, value_sum = excluded.value_sum, value_min = excluded.value_min,
    value_max = excluded.value_max, largest_95 = excluded.largest_95, value_list = excluded.value_list,
    percentile_list = excluded.percentile_list`;

const FLOW_KEYS = ["flow", "stage", "reason_code", "strategy", "symbol"] as const;

/** `$1` buckets, `$2` to `$6` keys, `$7` counts. */
export const COUNT_FLOWS = `WITH minutes AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
      AS g (bucket, ${FLOW_KEYS.join(", ")}, count)
  ) ${addTo("flow_rollups", FLOW_KEYS, ["count"], widened(FLOW_KEYS, ["count"]))}`;

/** `$1` instances, rising, `$2` and `$3` the first and the last time of each. */
export const NOTE_POINTS = `WITH locked AS (SELECT id FROM instances WHERE id = ANY ($1::integer[]) ORDER BY id FOR NO KEY UPDATE)
  UPDATE instances AS i SET first_timestamp = least(i.first_timestamp, g.first), last_timestamp = greatest(i.last_timestamp, g.last)
  FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[]) AS g (id, first, last), locked
  WHERE i.id = g.id AND locked.id = g.id`;
