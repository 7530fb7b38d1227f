// How names in records become OpenTelemetry attributes: the same name behind one prefix, unless a convention has it already.
import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { FlowAttributes } from "./flow.ts";
import type { EventRecord } from "./record.ts";

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

/** A value as an attribute: primitives as they are, bigint as a decimal string, anything nested as JSON text. */
export function toAttributeValue(value: unknown): AttributeValue | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "number":
      return value;
    case "bigint":
      return value.toString();
    case "object":
      if (value === null) return undefined;
      try {
        return JSON.stringify(value);
      } catch {
        return "[unreadable]";
      }
    default:
      return undefined;
  }
}

/** The attributes that a flow was started with. */
export function toSpanAttributes(given: FlowAttributes | undefined): Attributes {
  const attributes: Attributes = {};
  if (given === undefined) return attributes;
  for (const name of Object.keys(given)) {
    if (NOT_ATTRIBUTES.has(name)) continue;
    const value = toAttributeValue(given[name]);
    if (value !== undefined) attributes[toAttributeName(name)] = value;
  }
  return attributes;
}

/** A record's data, ids and labels as the attributes of a log record. */
export function toLogAttributes(record: EventRecord, traceId: string | undefined): Attributes {
  const attributes: Attributes = {};
  const set = (name: string, value: unknown): void => {
    const made = toAttributeValue(value);
    if (made !== undefined) attributes[toAttributeName(name)] = made;
  };
  const data = record.kind.toData(record.payload, record);
  for (const name of Object.keys(data)) set(name, data[name]);
  if (record.seq > 0) set("seq", record.seq);
  if (record.runId !== "") set("run_id", record.runId);
  set("symbol", record.symbol);
  set("strategy", record.strategy);
  if (traceId !== undefined) set("trace_id", traceId);
  return attributes;
}
