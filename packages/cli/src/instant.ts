// Points in time as people and other writers spell them.
import { parseTimestamp } from "@tracebook/core";

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/**
 * Reads an ISO 8601 instant to microseconds since 1970. What it leaves out counts as zero, and a missing zone as UTC: so
 * `2026-11-20`, `2026-11-20T12:30` and `2025-01-31T12:34:56.789`. Returns undefined for text that is no instant.
 */
export function parseInstant(text: string): number | undefined {
  const [match, date, hoursMinutes = "00:00", seconds = "00", fraction = "0", zone = "Z"] = ISO.exec(text) ?? [];
  if (match === undefined) return undefined;
  const micros = parseTimestamp(`${date}T${hoursMinutes}:${seconds}.${fraction}${zone.toUpperCase()}`);
  return micros !== undefined && isDayOfMonth(date!) ? micros : undefined;
}

/** `Date.parse` takes a 30th of February for a 1st of March. */
function isDayOfMonth(date: string): boolean {
  if (Number(date.slice(8)) <= 28) return true;
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}
