// Rows of spans as spans, whichever database they are from.
import type { EventData, JsonValue } from "../store-input.ts";
import type { StoredSpan } from "../stored-event.ts";
import { type Column, textOf, toData, toList } from "./event-rows.ts";

/**
 * The span of a row: trace, span, parent, service, instance, operation, kind, start, its nanoseconds, duration, status, its message, scope,
 * then attributes, events and links as text.
 */
export function toSpan(row: readonly Column[]): StoredSpan {
  const durationNanos = Number(row[9]);
  const tags = toData(String(row[13]));
  return {
    trace_id: String(row[0]),
    span_id: String(row[1]),
    parent_span_id: textOf(row[2]),
    service_name: String(row[3]),
    instance_id: textOf(row[4]),
    operation_name: String(row[5]),
    span_kind: Number(row[6]),
    start_time: String(row[7]),
    start_nanos: Number(row[8]),
    duration_nanos: durationNanos,
    duration_ms: durationNanos / 1e6,
    status_code: Number(row[10]),
    status_message: textOf(row[11]),
    scope: textOf(row[12]),
    http_method: tagText(firstOf(tags, "http.request.method", "http.method")),
    http_url: tagText(firstOf(tags, "url.full", "http.url", "url.path")),
    http_status_code: tagNumber(firstOf(tags, "http.response.status_code", "http.status_code")),
    user_id: tagText(firstOf(tags, "user.id", "enduser.id")),
    tags,
    events: toList(textOf(row[14])),
    links: toList(textOf(row[15])),
  };
}

function firstOf(tags: EventData, ...names: readonly string[]): JsonValue | undefined {
  return names.map((name) => tags[name]).find((value) => value !== undefined && value !== null);
}

function tagText(value: JsonValue | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function tagNumber(value: JsonValue | undefined): number | null {
  const number = Number(value ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}
