// Events, decisions and spans as the API gives them: the names of the store's columns.
import { z } from "@hono/zod-openapi";

const timestamp = z
  .string()
  .openapi({ description: "UTC, six digits: text sorts as time.", example: "2026-11-20T12:34:56.789012Z" });
const data = z.record(z.string(), z.unknown());

/** An event. */
export const eventSchema = z
  .object({
    id: z.int().openapi({ description: "Rises with the order of writing.", example: 123 }),
    event_type: z.string().openapi({ example: "signal_generated" }),
    timestamp,
    run_id: z.string().nullable(),
    symbol: z.string().nullable().openapi({ example: "BTC/USDT" }),
    data: data.openapi({ description: "What the event carries. Decimals are text, exact." }),
    trace_id: z.string().nullable(),
    span_id: z.string().nullable(),
    severity_number: z.int().openapi({ description: "As OpenTelemetry has it: 1 to 24, 0 where it is not known." }),
    instance_id: z.string().nullable(),
    service_name: z.string().nullable(),
    seq: z.int().nullable().openapi({ description: "The number of the record within its instance." }),
  })
  .openapi("Event");

const amount = z.string().nullable().openapi({ description: "A decimal, exact.", example: "4.10" });

/** A decision on the record. */
export const decisionSchema = z
  .object({
    event_id: z.int(),
    timestamp,
    decision: z.string().openapi({ example: "REJECT" }),
    reason_code: z.string().openapi({ example: "insufficient_edge" }),
    strategy: z.string().nullable(),
    symbol: z.string().nullable(),
    trace_id: z.string().nullable(),
    run_id: z.string().nullable(),
    edge_unit: z.string().nullable().openapi({ example: "bps" }),
    gross_edge: amount,
    fees_est: amount,
    slippage_est: amount,
    gas_est: amount,
    latency_buffer: amount,
    net_edge: amount,
    min_threshold: amount,
  })
  .openapi("Decision");

/** A span. */
export const spanSchema = z
  .object({
    trace_id: z.string(),
    span_id: z.string(),
    parent_span_id: z.string().nullable(),
    service_name: z.string(),
    instance_id: z.string().nullable(),
    operation_name: z.string(),
    span_kind: z.int().openapi({ description: "1 internal, 2 server, 3 client, 4 producer, 5 consumer." }),
    start_time: timestamp,
    start_nanos: z.int().openapi({ description: "Nanoseconds below the microsecond of `start_time`, 0 to 999." }),
    duration_nanos: z.number(),
    duration_ms: z.number(),
    status_code: z.int().openapi({ description: "0 unset, 1 ok, 2 error." }),
    status_message: z.string().nullable(),
    scope: z.string().nullable(),
    http_method: z.string().nullable(),
    http_url: z.string().nullable(),
    http_status_code: z.int().nullable(),
    user_id: z.string().nullable(),
    tags: data.openapi({ description: "The attributes." }),
    events: z.array(z.object({ name: z.string(), timeMicros: z.number(), attributes: data })),
    links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: data })),
  })
  .openapi("Span");

/** A trace in a list. */
export const traceSummarySchema = z
  .object({
    trace_id: z.string(),
    root: spanSchema,
    span_count: z.int(),
    error_count: z.int(),
    services: z.array(z.string()),
  })
  .openapi("TraceSummary");

/** A range of time as it was taken. */
export const timeRangeSchema = z.object({ start: timestamp, end: timestamp }).openapi("TimeRange");

/** A count by a name. */
export const valueCountSchema = z.object({ value: z.string(), count: z.int() }).openapi("ValueCount");
