// When a message is tried again.

/** The first wait, and the longest. */
const FIRST_MS = 5_000;
const LONGEST_MS = 600_000;

/**
 * Milliseconds to wait after `attempts` tries (1 and up): from 5 s, doubled each time, to 10 minutes; a random part of up to half is taken off,
 * so that what failed together does not come back together. Never less than what the provider asked for.
 */
export function backoffMs(attempts: number, random: () => number, retryAfterMs = 0): number {
  const full = Math.min(FIRST_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_MS);
  return Math.max(Math.round(full * (1 - random() / 2)), retryAfterMs);
}
