// JSON in a text: how our exporters write nested values, since attributes of OpenTelemetry are flat.
import type { JsonValue } from "../store-input.ts";

const MAX_UNITS = 65_536;
const MAX_DEPTH = 32;
/** A text that only looks like JSON costs microseconds. A sender of ours has none: after so many the rest of a request stays text. */
const MAX_FAILURES = 64;
const OPENING: Readonly<Record<string, string>> = { "{": "}", "[": "]" };

/** Makes values of texts again. One for a request. */
export class JsonTexts {
  #failures = 0;

  /** The value of a text that is a JSON object or list and loses nothing when it is read; any other text as it is. */
  revive(text: string): JsonValue {
    const closing = OPENING[text.charAt(0)];
    if (closing === undefined || text.length > MAX_UNITS || !text.endsWith(closing)) return text;
    if (this.#failures >= MAX_FAILURES || !beginsLikeJson(text)) return text;
    try {
      const value = JSON.parse(text) as JsonValue;
      if (isExact(value, 0)) return value;
    } catch {
      // Prose in brackets.
    }
    this.#failures++;
    return text;
  }
}

/** True if something of JSON follows the first bracket: `[REDACTED]` is told from a list without the price of an exception. */
function beginsLikeJson(text: string): boolean {
  let at = 1;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return (text.startsWith("{") ? '"}' : '"{[]-0123456789tfn').includes(text.charAt(at));
}

/** True unless it is nested too deeply, or a number in it has more digits than a number holds. */
function isExact(value: JsonValue, depth: number): boolean {
  if (typeof value === "number") return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  for (const item of Object.values(value)) if (!isExact(item, depth + 1)) return false;
  return true;
}
