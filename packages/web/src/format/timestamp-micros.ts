// Timestamps as numbers, to the microsecond.

const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** Microseconds since 1970 of `2026-11-20T12:34:56.789012Z`; NaN for what is no such time. What is below a microsecond is cut off. */
export function timestampMicros(text: string): number {
  const parts = TIMESTAMP.exec(text);
  if (parts === null) return Number.NaN;
  const [, seconds, fraction = ""] = parts;
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** The timestamp of microseconds since 1970, with six digits. */
export function microsTimestamp(micros: number): string {
  const millis = Math.floor(micros / 1000);
  const rest = Math.round(micros - millis * 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}
