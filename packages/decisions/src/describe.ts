// Describing any value in a short, printable text: for error messages and for the raw input a verdict keeps.

/** Longest piece of a value that is shown, in UTF-16 code units. */
const SHOWN_CHARACTERS = 64;

/**
 * Characters that would break a line, hide text or reorder it on a terminal and that `JSON.stringify` leaves alone:
 * DEL and the C1 controls, line separators, zero-width and bidirectional marks.
 */
const UNPRINTABLE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Bigints from here on are not written out: the text of a bigint takes quadratic time, and a tick must not stop. */
const LARGEST_SHOWN = 10n ** 64n;

/** Quotes `text`, cut to 64 characters, with everything unprintable escaped. */
export function quoteText(text: string): string {
  const shown = text.length > SHOWN_CHARACTERS ? text.slice(0, SHOWN_CHARACTERS) : text;
  const quoted = JSON.stringify(shown).replace(UNPRINTABLE, escapeCharacter);
  return text.length > SHOWN_CHARACTERS ? `${quoted}... (${text.length} characters)` : quoted;
}

/**
 * Describes any value in one short line: 64 characters of its text and what it is. Strings come quoted, objects by their own
 * text (`an object "1.5"`) or their kind (`an array of 3`). Never throws: a hostile Proxy is `an unreadable object`.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoteText(value);
    case "bigint":
      return value > -LARGEST_SHOWN && value < LARGEST_SHOWN ? `${value}n` : "a bigint of more than 64 digits";
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function describeObject(value: object): string {
  try {
    if (Array.isArray(value)) return `an array of ${value.length}`;
    if (ArrayBuffer.isView(value)) return `binary data of ${value.byteLength} bytes`;
    const ownToString = value.toString;
    if (typeof ownToString !== "function" || ownToString === Object.prototype.toString) return "an object";
    const text: unknown = ownToString.call(value);
    return typeof text === "string" ? `an object ${quoteText(text)}` : "an object";
  } catch {
    return "an unreadable object";
  }
}

/** Describes what was thrown, by its message where it has one. Never throws. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof Error && typeof thrown.message === "string") return quoteText(thrown.message);
  } catch {
    return "an unreadable object";
  }
  return describeValue(thrown);
}

/**
 * Describes the named fields of any value, in the order of `names`, as `{unit: "bps", gross: "1,0"}`; fields that are
 * undefined are left out. Never throws.
 */
export function describeFields(value: unknown, names: readonly string[]): string {
  if (typeof value !== "object" || value === null) return describeValue(value);
  const parts: string[] = [];
  for (const name of names) {
    const part = describeField(value, name);
    if (part !== "undefined") parts.push(`${name}: ${part}`);
  }
  return parts.length > 0 ? `{${parts.join(", ")}}` : describeObject(value);
}

function describeField(holder: object, name: string): string {
  try {
    return describeValue((holder as Record<string, unknown>)[name]);
  } catch {
    return "unreadable";
  }
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
