// What the name of an attribute says about where its value belongs.
import { cutText, MAX_TEXT_UNITS } from "./text-limit.ts";

/** Where a value goes: among the data, or to a place of its own on the record. */
export type AttributePlace = "data" | "seq" | "run_id" | "symbol" | "instance_id" | "event_name";

/** The name of an attribute, with everything worked out that is asked of it for every record. */
export interface AttributeName {
  /** As it was sent. */
  readonly text: string;
  /** The field of the data: without the prefix `trading.`. */
  readonly field: string;
  /** The same in a record of ours, in which conventional names stand for fields. */
  readonly ownField: string;
  readonly place: AttributePlace;
  /** True for a field whose value is a text for people, whatever it looks like: it is never read as JSON. */
  readonly isProse: boolean;
}

/** The prefix of the names that are ours. */
export const OWN_PREFIX = "trading.";

/** The fields that have a stable name of OpenTelemetry (core writes them so). */
const CONVENTIONAL: ReadonlyMap<string, string> = new Map([
  ["exception.message", "error_message"],
  ["exception.type", "error_type"],
  ["exception.stacktrace", "traceback"],
  ["user.id", "user_id"],
]);
const PLACES: ReadonlyMap<string, AttributePlace> = new Map([
  ["trading.seq", "seq"],
  ["trading.run_id", "run_id"],
  ["trading.symbol", "symbol"],
  ["trading.instance_id", "instance_id"],
  // How events were named before log records had a field for it.
  ["event.name", "event_name"],
]);
const PROSE: ReadonlySet<string> = new Set(["error_message", "error_type", "traceback", "user_id", "reason"]);

/** Works out a name. Cost: about 0.2 us, hence once a name and request. */
export function toAttributeName(sent: string): AttributeName {
  const text = cutText(sent, MAX_TEXT_UNITS);
  const field = text.startsWith(OWN_PREFIX) && text.length > OWN_PREFIX.length ? text.slice(OWN_PREFIX.length) : text;
  const ownField = CONVENTIONAL.get(text) ?? field;
  return { text, field, ownField, place: PLACES.get(text) ?? "data", isProse: PROSE.has(ownField) };
}
