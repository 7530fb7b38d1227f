// The columns of a span, in the order in which a row is read, and the order of spans.
import { timeText } from "./sql-texts.ts";

/** The columns of a span, of `traces` as `t` and `instances` as `i`. */
export const SPAN_COLUMNS = `t.trace_id, t.span_id, t.parent_span_id, t.service_name, i.instance_id, t.operation_name, t.span_kind,
  ${timeText("t.start_time")} AS start_text, t.start_nanos, t.duration_nanos, t.status_code, t.status_message, t.scope,
  coalesce(t.tags_json::text, t.tags::text) AS tags_text, t.events_json::text AS events_text, t.links_json::text AS links_text`;

/** Newest first, of a table with the columns of `traces`; what began in the same microsecond in the order of writing. */
export function newestFirst(table: string): string {
  return `${table}.start_time DESC, ${table}.id DESC`;
}

/** The spans of one trace, oldest first. */
export function oldestFirst(table: string): string {
  return `${table}.start_time, ${table}.start_nanos, ${table}.id`;
}
