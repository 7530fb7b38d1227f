// The examples of S4's document as records, some minutes and days before a time.
import { toTimestamp } from "@tracebook/core";
import type { EventInput, SpanInput } from "../src/store-input.ts";
import { createBusinessMetric, createSystemMetric, DAILY_ACTIVE_USERS, RESPONSE_TIME } from "./record-events.ts";
import { createEvent } from "./store-events.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A timestamp so many minutes before a time. */
export function minutesBefore(nowMs: number, minutes: number): string {
  return toTimestamp((nowMs - minutes * MINUTE_MS) * 1000);
}

/** The same in days. */
export function daysBefore(nowMs: number, days: number): string {
  return toTimestamp((nowMs - days * DAY_MS) * 1000);
}

/** "Track user login", "Track API usage", and more of the same. */
export function s4Events(nowMs: number): EventInput[] {
  const login = (user_id: string) => ({
    event_name: "user_login",
    event_category: "authentication",
    user_id,
    license_id: "license-1",
    event_data: { method: "email", success: true },
    source: "web",
  });
  const process = {
    event_name: "document_process",
    event_category: "processing",
    event_data: { document_id: "doc-1", processing_time: 2.5 },
    duration_ms: 2500,
    source: "api",
    source_ip: "192.0.2.7",
  };
  const of = (eventType: string, data: EventInput["data"], timestamp: string): EventInput =>
    createEvent({ eventType, data, timestamp, seq: 0, runId: undefined, symbol: undefined });
  return [
    of("user_action", login("user-1"), minutesBefore(nowMs, 5)),
    of("user_action", login("user-2"), minutesBefore(nowMs, 4)),
    of("api_event", process, minutesBefore(nowMs, 3)),
    of("scan_completed", { symbols_scanned: 4 }, minutesBefore(nowMs, 2)),
    of("user_action", login("user-1"), daysBefore(nowMs, 6)),
    of("user_action", login("user-1"), daysBefore(nowMs, 8)),
  ];
}

/** The gauge and the histogram. */
export function s4SystemMetrics(nowMs: number): EventInput[] {
  const more = { seq: 0, timestamp: minutesBefore(nowMs, 6) };
  return [
    createSystemMetric(0, {}, more),
    createSystemMetric(0, { metric_value: 74.5 }, more),
    createSystemMetric(0, { ...RESPONSE_TIME }, more),
  ];
}

/** The users of a day, and what a user brings in a month. */
export function s4BusinessMetrics(nowMs: number): EventInput[] {
  const period_start = daysBefore(nowMs, 20);
  const more = { seq: 0, timestamp: minutesBefore(nowMs, 7) };
  return [
    createBusinessMetric(0, { ...DAILY_ACTIVE_USERS, period_start }, more),
    createBusinessMetric(0, { ...DAILY_ACTIVE_USERS, period_start, license_id: "license-2" }, more),
    createBusinessMetric(0, { period_start }, more),
    createBusinessMetric(0, { period_start, metric_value: "0.02" }, more),
    createBusinessMetric(0, { period_start: daysBefore(nowMs, 40), metric_value: "1000" }, more),
  ];
}

/** "API request trace". */
export function s4Span(nowMs: number, days = 0): SpanInput {
  const digits = String(days + 1);
  return {
    source: { serviceName: "api", instanceId: "api-1" },
    traceId: digits.padStart(32, "a"),
    spanId: digits.padStart(16, "b"),
    parentSpanId: undefined,
    name: "process_document",
    kind: 2,
    startMicros: (nowMs - days * DAY_MS) * 1000,
    startNanosRest: 0,
    durationNanos: 1_200e6,
    statusCode: 0,
    statusMessage: "",
    scope: "",
    attributes: {
      "http.request.method": "POST",
      "url.full": "/api/documents/process",
      "http.response.status_code": 200,
      "user.id": "user-1",
      endpoint: "/documents/process",
      user_type: "premium",
    },
    events: [],
    links: [],
  };
}
