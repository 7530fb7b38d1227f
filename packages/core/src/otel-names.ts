// How names in records become OpenTelemetry attributes: the same name behind one prefix, unless a convention has it already.
import { MAX_ATTRIBUTES } from "./bound-attributes.ts";
import type { FlowAttributes } from "./flow.ts";
import type { EventRecord } from "./record.ts";
import { UNREADABLE } from "./value-walk.ts";

/** The prefix of every attribute and event name that no stable semantic convention has. */
export const ATTRIBUTE_PREFIX = "trading.";

/** Fields for which OpenTelemetry has a stable name of its own (semantic conventions 1.41: exception, user, error registries). */
const CONVENTIONAL: Readonly<Record<string, string>> = {
  error_message: "exception.message",
  error_type: "exception.type",
  traceback: "exception.stacktrace",
  user_id: "user.id",
};
/** Fields of a flow that are not attributes. */
const NOT_ATTRIBUTES = new Set(["traceId", "parent"]);

/** The OpenTelemetry name of a field: `gross_edge` is `trading.gross_edge`; names with a dot are taken as they are. */
export function toAttributeName(field: string): string {
  return CONVENTIONAL[field] ?? (field.includes(".") ? field : ATTRIBUTE_PREFIX + field);
}

/** Fields and values as a host gave them, under their OpenTelemetry names; `boundAttributes` makes attributes of them. */
export type NamedValues = Record<string, unknown>;

/** What a flow was started with. A hostile object costs what cannot be read of it, and nothing else. */
export function toSpanAttributes(given: FlowAttributes | undefined): NamedValues {
  const named: NamedValues = {};
  for (const name of keysOf(given)) if (!NOT_ATTRIBUTES.has(name)) named[toAttributeName(name)] = read(given, name);
  return named;
}

/** A record's ids and labels, and its data as far as a log record has room for it. The same goes for hostile data. */
export function toLogAttributes(record: EventRecord, traceId: string | undefined): NamedValues {
  const named: NamedValues = {};
  if (record.seq > 0) named[toAttributeName("seq")] = record.seq;
  const labels = {
    run_id: record.runId || undefined,
    symbol: record.symbol,
    strategy: record.strategy,
    trace_id: traceId,
  };
  for (const [name, value] of Object.entries(labels)) if (value !== undefined) named[toAttributeName(name)] = value;
  const data = dataOf(record);
  for (const field of keysOf(data)) {
    const name = toAttributeName(field);
    if (!Object.hasOwn(named, name)) named[name] = read(data, field);
  }
  return named;
}

function dataOf(record: EventRecord): unknown {
  try {
    return record.kind.toData(record.payload, record);
  } catch {
    return undefined;
  }
}

function keysOf(value: unknown): string[] {
  try {
    return typeof value === "object" && value !== null ? Object.keys(value).slice(0, MAX_ATTRIBUTES) : [];
  } catch {
    return [];
  }
}

function read(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return UNREADABLE;
  }
}
