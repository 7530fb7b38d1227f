// Single values of OTLP as the store has them.
import type { JsonValue } from "../store-input.ts";
import type { Cleaner } from "./otlp-options.ts";
import { cutText, MAX_ID_UNITS, MAX_TEXT_UNITS } from "./text-limit.ts";

/** A double: JSON has no NaN, no infinity and no negative zero, so those are named, and zero is zero. */
export function toDoubleValue(value: number): JsonValue {
  return Number.isFinite(value) ? value + 0 : String(value);
}

/** A value as the text of an id or a name, cleaned before it is cut; what is nested is none. */
export function toIdText(value: JsonValue, cleaner: Cleaner): string {
  return typeof value === "object" ? "" : cutText(cleaner.text(String(value)), MAX_ID_UNITS);
}

/** A value as the text of a label. */
export function toLabelText(value: JsonValue, cleaner: Cleaner): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  return typeof value === "object" ? cutText(JSON.stringify(cleaner.value(value)), MAX_TEXT_UNITS) : String(value);
}
