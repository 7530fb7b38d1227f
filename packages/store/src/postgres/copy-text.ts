// Values as the text format of COPY has them (PostgreSQL documentation, COPY, "Text Format").

/** A value of a column; undefined and null are NULL. */
export type CopyValue = string | number | null | undefined;

const SPECIAL = /[\\\t\n\r\0]/;
const EACH_SPECIAL = /[\\\t\n\r\0]/g;

/** A row with its line end. NUL, which no text of PostgreSQL can hold, is U+FFFD. */
export function copyRow(values: readonly CopyValue[]): string {
  let line = "";
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (i > 0) line += "\t";
    if (value === undefined || value === null) line += "\\N";
    else if (typeof value === "number") line += String(value);
    else line += SPECIAL.test(value) ? value.replace(EACH_SPECIAL, escapeOf) : value;
  }
  return `${line}\n`;
}

function escapeOf(character: string): string {
  switch (character) {
    case "\\":
      return "\\\\";
    case "\t":
      return "\\t";
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    default:
      return "\ufffd";
  }
}

/** JSON as `jsonb` takes it: where it has NUL or half of a character, U+FFFD. `json` was written by `JSON.stringify`. */
export function toJsonb(json: string): string {
  return json.includes("\\u") ? json.replace(ESCAPE, (one) => (UNFIT.test(one) ? "\\ufffd" : one)) : json;
}

/** Escapes one by one, so that a backslash that is itself escaped begins none. Whole characters are never escaped as two halves. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/g;
const UNFIT = /^\\u(?:0000|d[89a-f][0-9a-f]{2})$/;

/** A time as it is copied: there is no year 0 in PostgreSQL, it is the first before Christ. */
export function toInstant(timestamp: string): string {
  return timestamp.startsWith("0000-") ? `0001-${timestamp.slice(5, -1)}+00 BC` : timestamp;
}
