// How what is too old is removed: whole days by dropping their parts, the rest by rows, and the counts of both with them.
import { RESOLUTIONS } from "../resolutions.ts";
import { takeLock } from "./advisory-locks.ts";

/** With the rights of who has migrated the database. Whoever reads a table for long is not waited for longer than this: it can be tried again. */
const AS_OWNER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '5s'";

const [MINUTE, ...COARSER] = RESOLUTIONS;

/** Drops the parts of the days before one; gives the bytes that were theirs. */
const DROP_DAYS = `CREATE FUNCTION drop_days(table_name text, before date) RETURNS bigint ${AS_OWNER} AS $$
  DECLARE
    part text;
    freed bigint := 0;
  BEGIN
    PERFORM ${takeLock("days")};
    FOR part IN SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
      WHERE i.inhparent = table_name::regclass AND c.relname ~ '_[0-9]{8}$' AND right(c.relname, 8) < to_char(before, 'YYYYMMDD')
      ORDER BY c.relname
    LOOP
      freed := freed + pg_total_relation_size(part::regclass);
      EXECUTE format('DROP TABLE %I', part);
    END LOOP;
    RETURN freed;
  END
$$`;

/** Takes what lies before a second, which begins a minute, out of a roll-up table: hours and days that are cut in two are the sums of what stays of them. */
const CUT_ROLLUP = `CREATE FUNCTION cut_rollup(table_name text, keys text[], sums text[], cut bigint) RETURNS void ${AS_OWNER} AS $$
  DECLARE
    finer integer := ${MINUTE};
    width integer;
    from_second bigint;
    key_list text := (SELECT string_agg(quote_ident(k), ', ') FROM unnest(keys) AS k);
    kept_list text := (SELECT string_agg(CASE k WHEN 'run_id' THEN '''''' ELSE quote_ident(k) END, ', ') FROM unnest(keys) AS k);
    group_list text := (SELECT string_agg(quote_ident(k), ', ') FROM unnest(keys) AS k WHERE k <> 'run_id');
    sum_list text := (SELECT string_agg(quote_ident(s), ', ') FROM unnest(sums) AS s);
    added_list text := (SELECT string_agg(format('sum(%I)', s), ', ') FROM unnest(sums) AS s);
  BEGIN
    EXECUTE format('DELETE FROM %I WHERE resolution = ${MINUTE} AND bucket < $1', table_name) USING cut;
    FOREACH width IN ARRAY ARRAY[${COARSER.join(", ")}] LOOP
      from_second := floor(cut::numeric / width)::bigint * width;
      EXECUTE format('DELETE FROM %I WHERE resolution = $1 AND (bucket < $2 OR (bucket = $2 AND $2 < $3))', table_name)
        USING width, from_second, cut;
      IF from_second < cut THEN
        EXECUTE format('INSERT INTO %1$I (resolution, bucket, %2$s, %3$s) SELECT $1, $2, %4$s, %5$s FROM %1$I
          WHERE resolution = $3 AND bucket >= $2 AND bucket < $2 + $1 GROUP BY %6$s',
          table_name, key_list, sum_list, kept_list, added_list, group_list) USING width, from_second, finer;
      END IF;
      finer := width;
    END LOOP;
  END
$$`;

/** Runs by the hour, and S4's categories, which have no minutes: the hour that is cut in two is counted again. */
const CUT_HOURS = `CREATE FUNCTION cut_hours(cut timestamptz) RETURNS void ${AS_OWNER} AS $$
  DECLARE
    cut_hour timestamptz := date_trunc('hour', cut, 'UTC');
    from_second bigint := extract(epoch FROM cut_hour)::bigint;
  BEGIN
    DELETE FROM run_rollups WHERE bucket < from_second OR (bucket = from_second AND cut_hour < cut);
    DELETE FROM category_rollups WHERE hour < cut_hour OR (hour = cut_hour AND cut_hour < cut);
    DELETE FROM user_rollups WHERE hour < cut_hour OR (hour = cut_hour AND cut_hour < cut);
    IF cut_hour = cut THEN RETURN; END IF;
    INSERT INTO run_rollups (resolution, bucket, run_id, event_type, symbol, count)
      SELECT 3600, from_second, run_id, event_type, symbol, sum(count) FROM event_rollups
      WHERE resolution = ${MINUTE} AND bucket >= from_second AND bucket < from_second + 3600 AND run_id <> '' GROUP BY 3, 4, 5;
    INSERT INTO category_rollups
      SELECT cut_hour, event_type, coalesce(event_category, ''), count(*), count(duration_ms), coalesce(sum(duration_ms), 0)
      FROM telemetry_events WHERE timestamp >= cut AND timestamp < cut_hour + interval '1 hour' GROUP BY 2, 3;
    INSERT INTO user_rollups
      SELECT cut_hour, event_type, coalesce(event_category, ''), user_id, count(*)
      FROM telemetry_events WHERE timestamp >= cut AND timestamp < cut_hour + interval '1 hour' AND user_id IS NOT NULL GROUP BY 2, 3, 4;
  END
$$`;

/** Rows of a roll-up table before a second, which begins a minute: days, and the minutes of the last one. */
const countBefore = (table: string, where: string) => `(SELECT coalesce(sum(count), 0) FROM ${table} WHERE ${where}
      AND ((resolution = 86400 AND bucket < from_day) OR (resolution = ${MINUTE} AND bucket >= from_day AND bucket < cut_second)))`;

/**
 * Removes events before the minute of a time, with their decisions and counts; what was removed is known by the counts. Nobody writes events
 * meanwhile: days cost the drop of a table each, and a part of a day its rows, so that whoever removes much of one goes on in steps.
 */
const REMOVE_EVENTS = `CREATE FUNCTION remove_events(before timestamptz, OUT events bigint, OUT decisions bigint, OUT freed_bytes bigint)
  ${AS_OWNER} AS $$
  DECLARE
    cut timestamptz := date_trunc('minute', before, 'UTC');
    cut_second bigint := extract(epoch FROM cut)::bigint;
    first_day date := (cut AT TIME ZONE 'UTC')::date;
    from_day bigint := floor(cut_second::numeric / 86400)::bigint * 86400;
  BEGIN
    PERFORM ${takeLock("events")};
    events := ${countBefore("event_rollups", "true")};
    decisions := ${countBefore("reason_rollups", "event_type = 'decision'")};
    freed_bytes := drop_days('telemetry_events', first_day) + drop_days('decision_entries', first_day);
    DELETE FROM telemetry_events WHERE timestamp < cut;
    DELETE FROM decision_entries WHERE timestamp < cut;
    PERFORM cut_rollup('event_rollups', ARRAY['event_type', 'symbol', 'run_id'], ARRAY['count'], cut_second);
    PERFORM cut_rollup('reason_rollups', ARRAY['event_type', 'decision', 'reason_code', 'reason', 'strategy', 'symbol'], ARRAY['count'],
      cut_second);
    PERFORM cut_rollup('confidence_rollups', ARRAY['symbol', 'score_bin'], ARRAY['count', 'sum'], cut_second);
    PERFORM cut_hours(cut);
  END
$$`;

/** Rows of a table before a bound: of the parts that are dropped, and of the others. */
const COUNT_SPANS = "SELECT count(*) FROM traces WHERE start_time < cut";

/** The same for spans. */
const REMOVE_SPANS = `CREATE FUNCTION remove_spans(before timestamptz, OUT spans bigint, OUT freed_bytes bigint) ${AS_OWNER} AS $$
  DECLARE
    cut timestamptz := date_trunc('minute', before, 'UTC');
  BEGIN
    spans := (${COUNT_SPANS});
    freed_bytes := drop_days('traces', (cut AT TIME ZONE 'UTC')::date);
    DELETE FROM traces WHERE start_time < cut;
  END
$$`;

/**
 * The same for points of metrics, for records of system and business metrics, and for series of which nothing was heard since and nothing is
 * left. `first` and `last` are what later versions of the schema do besides.
 */
export function removeMetrics(create: string, first = "", last = ""): string {
  return `${create} FUNCTION remove_metrics(before timestamptz, OUT metric_points bigint, OUT records bigint, OUT freed_bytes bigint)
  ${AS_OWNER} AS $$
  DECLARE
    cut timestamptz := date_trunc('minute', before, 'UTC');
    cut_second bigint := extract(epoch FROM cut)::bigint;
    more bigint;
  BEGIN
    ${first}PERFORM ${takeLock("metrics")};
    metric_points := (SELECT count(*) FROM metric_points AS p WHERE p.bucket < cut_second);
    freed_bytes := drop_days('metric_points', (cut AT TIME ZONE 'UTC')::date);
    DELETE FROM metric_points AS p WHERE p.bucket < cut_second;
    PERFORM cut_rollup('flow_rollups', ARRAY['flow', 'stage', 'reason_code', 'strategy', 'symbol'], ARRAY['count'], cut_second);
    DELETE FROM metric_series AS s WHERE s.last_time_micros < cut_second * 1000000
      AND NOT EXISTS (SELECT FROM metric_points AS p WHERE p.series = s.id);
    DELETE FROM system_records WHERE metric_timestamp < cut;
    GET DIAGNOSTICS records = ROW_COUNT;
    DELETE FROM business_metrics WHERE metric_timestamp < cut;
    GET DIAGNOSTICS more = ROW_COUNT;
    records := records + more;${last}
  END
$$`;
}

/** Removes who has written nothing since the times before which everything was removed. A writer that knows one by its number asks again. */
export const removeInstances = (
  create: string,
  last = "",
): string => `${create} FUNCTION remove_instances(before timestamptz) RETURNS bigint ${AS_OWNER} AS $$
  DECLARE
    removed bigint;
  BEGIN
    PERFORM ${takeLock("events")};
    PERFORM ${takeLock("metrics")};
    DELETE FROM instances AS i WHERE i.last_timestamp < before AND NOT EXISTS (SELECT FROM metric_series AS s WHERE s.instance = i.id);
    GET DIAGNOSTICS removed = ROW_COUNT;${last}
    RETURN removed;
  END
$$`;

/**
 * S4's function, by its names: removes what is older than so many days, whole days at a time, and says what. Null: nothing of it is too old.
 * Example: `SELECT * FROM cleanup_old_telemetry_data(events_retention_days => 90, metrics_retention_days => 180, traces_retention_days => 30)`.
 */
const CLEANUP = `CREATE FUNCTION cleanup_old_telemetry_data(events_retention_days integer DEFAULT 90,
    metrics_retention_days integer DEFAULT 180, traces_retention_days integer DEFAULT 30)
  RETURNS TABLE (events bigint, decisions bigint, spans bigint, metric_points bigint, records bigint, freed_bytes bigint) ${AS_OWNER} AS $$
  DECLARE
    today timestamptz := date_trunc('day', now(), 'UTC');
    bytes bigint;
  BEGIN
    IF least(events_retention_days, metrics_retention_days, traces_retention_days) < 1 THEN
      RAISE EXCEPTION 'a retention is less than one day' USING ERRCODE = '22023';
    END IF;
    events := 0; decisions := 0; spans := 0; metric_points := 0; records := 0; freed_bytes := 0;
    IF events_retention_days IS NOT NULL THEN
      SELECT r.events, r.decisions, r.freed_bytes INTO events, decisions, freed_bytes
        FROM remove_events(today - make_interval(days => events_retention_days)) AS r;
    END IF;
    IF traces_retention_days IS NOT NULL THEN
      SELECT r.spans, r.freed_bytes INTO spans, bytes FROM remove_spans(today - make_interval(days => traces_retention_days)) AS r;
      freed_bytes := freed_bytes + bytes;
    END IF;
    IF metrics_retention_days IS NOT NULL THEN
      SELECT r.metric_points, r.records, r.freed_bytes INTO metric_points, records, bytes
        FROM remove_metrics(today - make_interval(days => metrics_retention_days)) AS r;
      freed_bytes := freed_bytes + bytes;
    END IF;
    PERFORM remove_instances(today - make_interval(days => greatest(events_retention_days, metrics_retention_days, traces_retention_days)))
      WHERE events_retention_days IS NOT NULL AND metrics_retention_days IS NOT NULL AND traces_retention_days IS NOT NULL;
    RETURN NEXT;
  END
$$`;

/** In the order in which they are made. */
export const CLEANUP_FUNCTIONS: readonly string[] = [
  DROP_DAYS,
  CUT_ROLLUP,
  CUT_HOURS,
  REMOVE_EVENTS,
  REMOVE_SPANS,
  removeMetrics("CREATE"),
  removeInstances("CREATE"),
  CLEANUP,
];
