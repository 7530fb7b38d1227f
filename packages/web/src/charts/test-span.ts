// A span for tests: what a test does not say is plain.
import type { Span } from "../api/client.ts";
import { microsTimestamp } from "../format/timestamp-micros.ts";

/** Microseconds since 1970 at which the traces of tests begin. */
export const TEST_START = Date.parse("2026-11-20T12:00:00Z") * 1000;

/** A span that begins `startNanos` after {@link TEST_START}. */
export function testSpan(
  id: string,
  parent: string | null,
  startNanos: number,
  durationNanos: number,
  rest: Partial<Span> = {},
): Span {
  const micros = Math.floor(startNanos / 1000);
  return {
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    span_id: id,
    parent_span_id: parent,
    service_name: "bot",
    instance_id: "i-1",
    operation_name: id,
    span_kind: 1,
    start_time: microsTimestamp(TEST_START + micros),
    start_nanos: startNanos - micros * 1000,
    duration_nanos: durationNanos,
    duration_ms: durationNanos / 1e6,
    status_code: 0,
    status_message: null,
    scope: null,
    http_method: null,
    http_url: null,
    http_status_code: null,
    user_id: null,
    tags: {},
    events: [],
    links: [],
    ...rest,
  };
}
