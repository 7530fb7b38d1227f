// Events as they come off the wire: whatever is not in the shape that was promised becomes an event that shows it as text.
import type { StoredEvent } from "../api/client.ts";

/** The type of an event that could not be read. */
export const UNREADABLE = "unreadable_event";

/** An event of the wire. One that is none has the id 0 and what was there as text. */
export function readEvent(value: unknown): StoredEvent {
  if (!isObject(value) || !Number.isSafeInteger(value["id"]) || typeof value["event_type"] !== "string")
    return unreadableEvent(value);
  if (isWhole(value)) return value as unknown as StoredEvent;
  return {
    id: value["id"] as number,
    event_type: value["event_type"],
    timestamp: textOr(value["timestamp"], ""),
    run_id: textOrNull(value["run_id"]),
    symbol: textOrNull(value["symbol"]),
    data: isObject(value["data"]) ? value["data"] : { unreadable: rawText(value["data"]) },
    trace_id: textOrNull(value["trace_id"]),
    span_id: textOrNull(value["span_id"]),
    severity_number: typeof value["severity_number"] === "number" ? value["severity_number"] : 0,
    instance_id: textOrNull(value["instance_id"]),
    service_name: textOrNull(value["service_name"]),
    seq: Number.isSafeInteger(value["seq"]) ? (value["seq"] as number) : null,
  };
}

/** What is no event, as one that says so. */
export function unreadableEvent(value: unknown): StoredEvent {
  return {
    id: 0,
    event_type: UNREADABLE,
    timestamp: "",
    run_id: null,
    symbol: null,
    data: { unreadable: rawText(value) },
    trace_id: null,
    span_id: null,
    severity_number: 0,
    instance_id: null,
    service_name: null,
    seq: null,
  };
}

const MAX_RAW = 10_000;
const TEXTS = ["run_id", "symbol", "trace_id", "span_id", "instance_id", "service_name"] as const;

/** Nearly always: then nothing is copied. */
function isWhole(value: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof value["timestamp"] === "string" &&
    typeof value["severity_number"] === "number" &&
    isObject(value["data"]) &&
    TEXTS.every((name) => value[name] === null || typeof value[name] === "string")
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function rawText(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return text.slice(0, MAX_RAW);
}
