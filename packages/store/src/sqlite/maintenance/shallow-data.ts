// Data that is nested no deeper than SQLite reads it.
import type { JsonValue } from "../../store-input.ts";

/** As deep as OTLP may be. SQLite takes JSON that is nested 1,000 deep for malformed, and the batch that it is in with it. */
const MAX_DEPTH = 32;

/** The value itself where it is not too deep; else what is too deep becomes the text of it. `value` was read from JSON. */
export function toShallow<T extends JsonValue>(value: T): T {
  return isWithin(value, MAX_DEPTH) ? value : (cut(value, MAX_DEPTH) as T);
}

function isWithin(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  for (const one of Object.values(value) as JsonValue[]) if (!isWithin(one, depth - 1)) return false;
  return true;
}

function cut(value: JsonValue, depth: number): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return textOf(value);
  if (Array.isArray(value)) return value.map((one: JsonValue) => cut(one, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cut(one as JsonValue, depth - 1)]));
}

/** JSON can be read deeper than it can be written. */
function textOf(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "(nested too deeply)";
  }
}
