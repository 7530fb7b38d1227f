// Times as people and programs write them, turned into the one form the store has.

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?$/i;

/**
 * Reads ISO 8601: a date, or a date and a time with or without an offset (without one it is UTC; a space in front of the offset is a `+`
 * that a URL has lost). Gives `2026-11-20T12:34:56.789012Z`, digits beyond the sixth cut off; undefined for what is no time, the 30th of
 * February included.
 */
export function parseTimestampParameter(text: string): string | undefined {
  const parts = ISO.exec(text.replace(/ (?=\d\d:?\d\d$)/, "+"));
  if (parts === null) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", offset = "Z"] = parts;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return undefined;
  const utc = local - offsetMs(offset);
  const whole = new Date(utc);
  const inRange = utc >= FIRST_MS && utc <= LAST_MS;
  return inRange ? `${whole.toISOString().slice(0, 19)}.${fraction.padEnd(6, "0").slice(0, 6)}Z` : undefined;
}

const FIRST_MS = Date.UTC(1970, 0, 1);
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

function offsetMs(offset: string): number {
  if (offset.toUpperCase() === "Z") return 0;
  const digits = offset.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (offset.startsWith("-") ? -minutes : minutes) * 60_000;
}
