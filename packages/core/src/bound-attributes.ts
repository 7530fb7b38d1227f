// Attributes for OpenTelemetry from whatever a host set: flat, bounded, redacted.
import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { boundValue } from "./bound-value.ts";
import type { Redactor } from "./redaction.ts";
import { isPlainSeed } from "./secret-keys.ts";
import { REDACTED } from "./secret-material.ts";
import { boundText, toValueLimits, VALUE_LIMITS, type ValueCounters, type ValueLimits } from "./value-limits.ts";
import { UNREADABLE } from "./value-walk.ts";

/** How many attributes one span, event or record keeps (the default of the OpenTelemetry specification). */
export const MAX_ATTRIBUTES = 128;

// A nested value becomes one string attribute of this size.
const NESTED: ValueLimits = toValueLimits({ eventBytes: VALUE_LIMITS.stringBytes, stringBytes: 1024 });

/**
 * The attributes of `input` that OpenTelemetry can carry; never throws.
 *
 * Strings are redacted and cut at 4 KiB; bigint is a decimal string; NaN and the infinities are their names; dates are ISO text; arrays of one
 * primitive type stay arrays (at most 256 items); everything nested is a JSON string; null and undefined are left out. At most
 * {@link MAX_ATTRIBUTES} attributes and 64 KiB in all are kept; what is cut is counted. Cost: one copy; short innocent values are shared.
 */
export function boundAttributes(
  input: unknown,
  redactor: Redactor,
  counters: ValueCounters = { truncated: 0, redacted: 0 },
): Attributes {
  const kept: Attributes = {};
  try {
    if (typeof input === "object" && input !== null) fill(kept, input as Record<string, unknown>, redactor, counters);
  } catch {
    // A hostile carrier or an exhausted stack: what was read until here is all there is.
    counters.truncated++;
  }
  return kept;
}

function fill(kept: Attributes, input: Record<string, unknown>, redactor: Redactor, counters: ValueCounters): void {
  let left = VALUE_LIMITS.eventBytes;
  let count = 0;
  for (const key of Object.keys(input)) {
    if (count >= MAX_ATTRIBUTES || left <= 0) {
      counters.truncated++;
      return;
    }
    const value = readAttribute(input, key, redactor, counters);
    if (value === undefined) continue;
    const name = boundText(key, undefined, VALUE_LIMITS.keyBytes, redactor, counters);
    left -= name.length + sizeOf(value);
    count++;
    if (name === "__proto__") Object.defineProperty(kept, name, { value, enumerable: true, configurable: true });
    else kept[name] = value;
  }
}

function readAttribute(
  input: Record<string, unknown>,
  key: string,
  redactor: Redactor,
  counters: ValueCounters,
): AttributeValue | undefined {
  try {
    return toAttribute(key, input[key], redactor, counters);
  } catch {
    return UNREADABLE;
  }
}

/** About how many bytes an attribute takes; eight for what is no string. */
function sizeOf(value: AttributeValue): number {
  if (typeof value === "string") return value.length;
  if (!Array.isArray(value)) return 8;
  let size = 0;
  for (const item of value) size += typeof item === "string" ? item.length : 8;
  return size;
}

function toAttribute(
  key: string,
  value: unknown,
  redactor: Redactor,
  counters: ValueCounters,
): AttributeValue | undefined {
  if (value === null || value === undefined || typeof value === "boolean") return value ?? undefined;
  if (redactor.isSecretKey(key) && value !== "" && !isPlainSeed(key, value)) {
    counters.redacted++;
    return REDACTED;
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string") {
    return boundText(value, key, VALUE_LIMITS.stringBytes, redactor, counters);
  }
  const isList = Array.isArray(value) && isFlat(value);
  // The name is kept around the value, so that what is suspicious under it is found.
  const bounded = boundValue(
    { [key]: value },
    isList ? { redactor, counters } : { redactor, counters, limits: NESTED },
  );
  const inner = (bounded as Record<string, unknown>)[Object.keys(bounded as object)[0] as string];
  if (isList && isFlat(inner as unknown[])) return inner as AttributeValue;
  if (inner === null || typeof inner === "string" || typeof inner === "number" || typeof inner === "boolean")
    return inner ?? undefined;
  return JSON.stringify(inner);
}

/** True for a list of strings, of finite numbers or of booleans, with or without gaps. */
function isFlat(list: readonly unknown[]): boolean {
  let type: string | undefined;
  for (let i = 0; i < Math.min(list.length, VALUE_LIMITS.items + 1); i++) {
    const item = list[i];
    if (item === null || item === undefined) continue;
    type ??= typeof item;
    if (typeof item !== type || (type !== "string" && type !== "boolean" && !Number.isFinite(item))) return false;
  }
  return true;
}
