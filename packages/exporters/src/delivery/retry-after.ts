// The header `Retry-After`, as receivers write it and as some write it wrongly.

/** No receiver makes us wait for longer: a wrong figure would end the export for good. */
export const MAX_RETRY_AFTER_MS = 60_000;

/** A year, so that what is told of a figure without sense is a figure all the same. */
const MOST_ASKED_MS = 31_536_000_000;

/**
 * The wait in milliseconds, from 0 to a year, that a `Retry-After` asks for: seconds or a date (RFC 9110, section 10.2.3); undefined for
 * a header that is missing or says neither. What is asked for is told; what is granted is {@link MAX_RETRY_AFTER_MS} at most.
 */
export function parseRetryAfter(header: string | undefined, nowEpochMs: number): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === "") return undefined;
  // More digits than the specification has in mind are still a number of seconds: a very large one.
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, MOST_ASKED_MS);
  // A date begins with the name of a day; `Date.parse` would also take "1e9", "-5" and the like for years.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : Math.min(Math.max(epochMs - nowEpochMs, 0), MOST_ASKED_MS);
}
