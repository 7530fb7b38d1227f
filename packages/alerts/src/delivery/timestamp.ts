// Wall-clock milliseconds as the store has times.

/** `2026-11-20T12:34:56.789000Z`: six digits, so that text sorts as time. */
export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
