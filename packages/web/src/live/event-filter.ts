// Which events a feed shows: read from the address, matched against what is live; the history asks the server by the same.
import type { StoredEvent } from "../api/client.ts";
import { timestampMicros } from "../format/timestamp-micros.ts";
import type { TimeRange } from "../url/time-range.ts";

/** A filter; empty texts and lists do not matter. */
export interface EventFilter {
  readonly types: readonly string[];
  readonly symbol: string;
  readonly runId: string;
  /** As the data of an event have them: `user_id`, `event_category`. */
  readonly userId: string;
  readonly category: string;
  /** In type, symbol, run or data, whatever the case of ASCII letters. */
  readonly text: string;
  /** Both ends belong to the range. */
  readonly startTime: string;
  /** Undefined: the range moves on with the time. */
  readonly endTime: string | undefined;
}

/** Several types under one name. */
export interface EventGroup {
  readonly title: string;
  readonly types: readonly string[];
}

/** Groups by their name in the address (`show`). */
export const EVENT_GROUPS: Readonly<Record<string, EventGroup>> = Object.freeze({
  evidence: {
    title: "Decisions and orders",
    types: ["decision", "order_request", "order_result", "trading_halted"],
  },
  errors: { title: "Errors", types: ["error_occurred", "error_event"] },
});

/** The filter of an address. */
export function filterOf(parameters: URLSearchParams, range: TimeRange): EventFilter {
  const type = parameters.get("type") ?? "";
  const show = parameters.get("show") ?? "";
  const group = Object.hasOwn(EVENT_GROUPS, show) ? EVENT_GROUPS[show] : undefined;
  return {
    types: type === "" ? (group?.types ?? []) : [type],
    symbol: parameters.get("symbol") ?? "",
    runId: parameters.get("run") ?? "",
    userId: parameters.get("user") ?? "",
    category: parameters.get("category") ?? "",
    // The server takes no more, and nobody types that much.
    text: (parameters.get("text") ?? "").slice(0, 200),
    startTime: range.startTime,
    endTime: range.name === undefined ? range.endTime : undefined,
  };
}

/** What of a filter makes another feed: the same for all moments of a range that moves on. */
export function filterKey(filter: EventFilter, rangeName: string | undefined): string {
  const { startTime, ...rest } = filter;
  return JSON.stringify({ ...rest, range: rangeName ?? startTime });
}

/** Gives the test whether an event is one of a filter. */
export function createMatcher(filter: EventFilter): (event: StoredEvent) => boolean {
  const { types, symbol, runId, userId, category } = filter;
  const start = timestampMicros(filter.startTime);
  const end = filter.endTime === undefined ? Number.POSITIVE_INFINITY : timestampMicros(filter.endTime);
  const text = lowered(filter.text);
  return (event) => {
    if (types.length > 0 && !types.includes(event.event_type)) return false;
    if (symbol !== "" && event.symbol !== symbol) return false;
    if (runId !== "" && event.run_id !== runId) return false;
    if (!isField(event, "user_id", userId) || !isField(event, "event_category", category)) return false;
    const at = timestampMicros(event.timestamp);
    // What has no time that can be read happened now, as far as anybody knows.
    if (at < start || at > end) return false;
    return text === "" || containsText(event, text);
  };
}

/** As the store has it in columns: a number is a text there. */
function isField({ data }: StoredEvent, name: string, wanted: string): boolean {
  if (wanted === "") return true;
  const value = Object.hasOwn(data, name) ? data[name] : undefined;
  return (typeof value === "string" || typeof value === "number") && String(value) === wanted;
}

function containsText(event: StoredEvent, text: string): boolean {
  const { event_type, symbol, run_id, data } = event;
  return [event_type, symbol ?? "", run_id ?? "", JSON.stringify(data)].some((part) => lowered(part).includes(text));
}

/** As the database folds case: ASCII letters alone. */
function lowered(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
