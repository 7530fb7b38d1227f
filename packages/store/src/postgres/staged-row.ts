// An event as a row of `staged_events`: its columns, and what is counted of it.
import { BUSINESS_METRIC, businessRecordOf } from "../records/business-record.ts";
import { SYSTEM_METRIC, systemRecordOf } from "../records/system-record.ts";
import { confidenceOf, NO_REASON, rejectionOf, textOf } from "../sqlite/signal-fields.ts";
import type { EventData, EventInput, JsonValue } from "../store-input.ts";
import { type CopyValue, copyRow, toInstant, toJsonb } from "./copy-text.ts";
import type { CountLimits } from "./count-limits.ts";

/** Where a row is in its batch. */
export interface RowPlace {
  /** Which request of the batch, from 0. */
  readonly request: number;
  /** From 1, over all of them. */
  readonly place: number;
  /** The number of the event's source. */
  readonly instance: number;
  /** The second at which the minute of its timestamp begins. */
  readonly minute: number;
}

/** Decision or rejection: decision, reason code, reason, strategy, edge unit, margin; then score and bin of a signal; then the record. */
type Counted = readonly [
  CopyValue,
  CopyValue,
  CopyValue,
  CopyValue,
  CopyValue,
  CopyValue,
  CopyValue,
  CopyValue,
  CopyValue,
];

const NOTHING: Counted = [null, null, null, null, null, null, null, null, null];
const MAX_SMALLINT = 32_767;

/** The row of an event, as COPY takes it. `given` is bounded here. */
export function stagedRow(
  given: EventInput,
  { request, place, instance, minute }: RowPlace,
  limits: CountLimits,
): string {
  const event = limits.event(given);
  const { data, seq } = event;
  const json = JSON.stringify(data);
  return copyRow([
    request,
    place,
    minute,
    toInstant(event.timestamp),
    seq > 0 ? Math.min(seq, Number.MAX_SAFE_INTEGER) : null,
    durationOf(data["duration_ms"]),
    instance,
    Math.min(Math.max(Math.trunc(event.severityNumber), 0), MAX_SMALLINT),
    event.eventType,
    event.symbol,
    event.runId,
    event.traceId,
    event.spanId,
    json,
    textOf(data["event_name"]) ?? event.eventType,
    textOf(data["event_category"]),
    describedData(data, json),
    textOf(data["user_id"]),
    textOf(data["license_id"]),
    textOf(data["source"]),
    textOf(data["source_ip"]),
    jsonbOf(data["tags"]),
    ...countedOf(event, limits),
  ]);
}

function countedOf(event: EventInput, limits: CountLimits): Counted {
  switch (event.eventType) {
    case "decision":
      return decisionOf(event.data, limits);
    case "signal_rejected": {
      const { reasonCode, reason } = rejectionOf(event.data);
      const strategy = strategyOf(event.data, limits);
      return [null, limits.reasonCode(reasonCode), limits.reason(reason), strategy, null, null, null, null, null];
    }
    case "signal_generated": {
      const confidence = confidenceOf(event.data);
      if (confidence === undefined) return NOTHING;
      return [null, null, null, null, null, null, confidence.score, confidence.bin, null];
    }
    case SYSTEM_METRIC:
    case BUSINESS_METRIC:
      return [null, null, null, null, null, null, null, null, recordOf(event)];
    default:
      return NOTHING;
  }
}

function decisionOf(data: EventData, limits: CountLimits): Counted {
  return [
    textOf(data["decision"]) ?? "",
    limits.reasonCode(textOf(data["reason_code"]) ?? NO_REASON),
    "",
    strategyOf(data, limits),
    textOf(data["edge_unit"]),
    marginOf(textOf(data["net_edge"]), textOf(data["min_threshold"])),
    null,
    null,
    null,
  ];
}

function strategyOf(data: EventData, limits: CountLimits): string | undefined {
  const strategy = textOf(data["strategy"]);
  return strategy === undefined ? undefined : limits.strategy(strategy);
}

/** The row that is kept of a metric beside its event, by the names of its columns. */
function recordOf(event: EventInput): string | undefined {
  if (event.eventType === SYSTEM_METRIC) {
    const record = systemRecordOf(event);
    if (record === undefined) return undefined;
    const [percentile_50, percentile_90, percentile_95, percentile_99] = record.percentiles;
    return rowJson({ ...record, percentile_50, percentile_90, percentile_95, percentile_99, percentiles: undefined });
  }
  const record = businessRecordOf(event);
  if (record === undefined) return undefined;
  const { periodStart, periodEnd } = record;
  return rowJson({ ...record, periodStart: toInstant(periodStart), periodEnd: periodEnd && toInstant(periodEnd) });
}

function rowJson(record: Readonly<Record<string, unknown>>): string {
  const named = Object.entries(record).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return toJsonb(JSON.stringify(Object.fromEntries(named)));
}

/** `event_data` of an event of S4's kind: see event-schema.ts. */
function describedData(data: EventData, json: string): string | undefined {
  if (data["event_data"] !== undefined) return jsonbOf(data["event_data"]);
  return data["event_name"] === undefined && data["event_category"] === undefined ? undefined : toJsonb(json);
}

function jsonbOf(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : toJsonb(JSON.stringify(value));
}

function durationOf(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === null || typeof value === "object" || value === "") return undefined;
  const duration = Number(value);
  return Number.isFinite(duration) ? duration : undefined;
}

/** Good for sorting and histograms; whoever computes takes the decimals. */
function marginOf(net: string | undefined, threshold: string | undefined): number | null {
  const margin = Number(net ?? Number.NaN) - Number(threshold ?? Number.NaN);
  return Number.isFinite(margin) ? margin : null;
}
