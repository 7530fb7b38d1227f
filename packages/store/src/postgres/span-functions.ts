// How a batch of spans gets into its table.
import type { TypedColumn } from "./staged-events.ts";

/** Columns of `traces` that are given. */
const SPAN_COLUMNS = [
  ["start_time", "timestamptz"],
  ["duration_nanos", "bigint"],
  ["instance", "integer"],
  ["http_status_code", "integer"],
  ["start_nanos", "smallint"],
  ["span_kind", "smallint"],
  ["status_code", "smallint"],
  ["trace_id", "text"],
  ["span_id", "text"],
  ["parent_span_id", "text"],
  ["service_name", "text"],
  ["operation_name", "text"],
  ["status_message", "text"],
  ["scope", "text"],
  ["tags", "jsonb"],
  ["tags_json", "json"],
  ["events_json", "json"],
  ["links_json", "json"],
  ["symbol", "text"],
  ["strategy", "text"],
  ["decision", "text"],
  ["reason_code", "text"],
  ["run_id", "text"],
  ["keep_reason", "text"],
  ["http_method", "text"],
  ["http_url", "text"],
  ["user_id", "text"],
  ["error_message", "text"],
] as const satisfies readonly TypedColumn[];

const NAMES = SPAN_COLUMNS.map(([name]) => name).join(", ");

/** Makes the staging table of a connection; it begins with the number of the request. */
export const CREATE_STAGED_SPANS = `CREATE TEMP TABLE IF NOT EXISTS staged_spans
  (request smallint, ${SPAN_COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ")}) ON COMMIT DELETE ROWS`;

/** What a batch is copied by. */
export const COPY_STAGED_SPANS = "COPY pg_temp.staged_spans FROM STDIN";

/**
 * Writes what is staged, and gives the number of rows written for each request. A span that is there, whenever it says that it began, is not
 * written again. Spans of two writers are different ones: there is no lock, and the unique index of a day sees to those that meet; rows are
 * written in the order of their keys, and instances changed in the order of their numbers, so that nobody waits in a circle.
 * The settings are those of `remove_duplicates` (event-functions.ts), for the same reason.
 */
export const STORE_SPANS = `CREATE FUNCTION store_spans() RETURNS TABLE (request smallint, written bigint)
  LANGUAGE plpgsql SET search_path FROM CURRENT
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  #variable_conflict use_column
  BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT instance FROM staged_spans) AS s WHERE NOT EXISTS (SELECT FROM instances AS i WHERE i.id = s.instance)) THEN
      RAISE EXCEPTION 'an instance is gone' USING ERRCODE = 'TB001';
    END IF;
    DELETE FROM staged_spans AS s
      WHERE (SELECT true FROM traces AS t WHERE t.trace_id = s.trace_id AND t.span_id = s.span_id AND t.start_time = s.start_time LIMIT 1);
    DELETE FROM staged_spans AS s WHERE (SELECT true FROM traces AS t WHERE t.trace_id = s.trace_id AND t.span_id = s.span_id LIMIT 1);
    PERFORM id FROM instances WHERE id IN (SELECT instance FROM staged_spans) ORDER BY id FOR NO KEY UPDATE;
    RETURN QUERY WITH stored AS (
      INSERT INTO traces (id, ${NAMES}) SELECT id, ${NAMES} FROM
        (SELECT nextval('span_ids') AS id, given.* FROM (SELECT ${NAMES} FROM staged_spans ORDER BY ctid) AS given OFFSET 0) AS numbered
        ORDER BY trace_id, span_id
      ON CONFLICT DO NOTHING RETURNING trace_id, span_id, instance, start_time
    ), noted AS (
      UPDATE instances AS i SET spans = i.spans + s.spans, first_timestamp = least(i.first_timestamp, s.first),
        last_timestamp = greatest(i.last_timestamp, s.last)
      FROM (SELECT instance, count(*) AS spans, min(start_time) AS first, max(start_time) AS last FROM stored GROUP BY instance) AS s
      WHERE i.id = s.instance
    )
    SELECT s.request, count(*) FROM staged_spans AS s WHERE (s.trace_id, s.span_id) IN (SELECT trace_id, span_id FROM stored) GROUP BY s.request;
  END
$$`;
