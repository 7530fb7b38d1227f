// What stands under `tags`.
import type { JsonValue } from "../store-input.ts";

/** The value of a text; what cannot be read is given as it is. */
export function toTags(text: string | null): JsonValue {
  if (text === null) return null;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
