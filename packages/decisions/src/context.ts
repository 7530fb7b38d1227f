// Context: what a host adds to a reason or a gate as key=value, copied small and safe when it is given.
import { describeValue } from "./describe.ts";

/** What may stand in a context. Money belongs there as text. */
export type ContextValue = string | number | boolean | bigint;

/** Further facts beside a reason, by name: `{ open_positions: 3, limit: 3 }`. */
export type Context = Readonly<Record<string, ContextValue>>;

const MAX_KEYS = 32;
const MAX_KEY_LENGTH = 64;
const MAX_VALUE_LENGTH = 1_024;

/**
 * Copies a context, frozen, so that what the host does with its object later changes nothing: at most 32 keys, texts of at most
 * 1,024 characters, bigints as text, anything that is no context value described. Undefined where there is nothing to copy.
 * Never throws.
 */
export function copyContext(given: unknown): Readonly<Record<string, string | number | boolean>> | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given !== "object") return Object.freeze({ context: describeValue(given) });
  try {
    const entries: [string, string | number | boolean][] = [];
    for (const key of Object.keys(given).slice(0, MAX_KEYS)) {
      const value: unknown = Reflect.get(given, key);
      if (value !== undefined) entries.push([key.slice(0, MAX_KEY_LENGTH), contextValue(value)]);
    }
    // fromEntries defines properties: a key named __proto__ stays data.
    return entries.length === 0 ? undefined : Object.freeze(Object.fromEntries(entries));
  } catch {
    return Object.freeze({ context: describeValue(given) });
  }
}

/** Cuts a text of the host to 1,024 characters; says how long it was. */
export function cutText(text: string): string {
  return text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH)}... (${text.length} characters)`;
}

function contextValue(value: unknown): string | number | boolean {
  if (typeof value === "string") return cutText(value);
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return value;
  const text = describeValue(value);
  return typeof value === "bigint" ? text.replace(/n$/, "") : text;
}
