// How many a second, from two answers of a counter.

/** A counter at a moment, in milliseconds of any clock that only goes forward. */
export interface Reading {
  readonly atMs: number;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * What came a second between two readings, by name. A counter that has gone back belongs to a server that was started anew: it counts
 * from zero then. Empty when there is no time between them.
 */
export function ratesBetween(before: Reading, after: Reading): Record<string, number> {
  const seconds = (after.atMs - before.atMs) / 1000;
  if (!(seconds > 0)) return {};
  return Object.fromEntries(
    Object.entries(after.counts).map(([name, count]) => {
      const last = before.counts[name] ?? 0;
      return [name, (count >= last ? count - last : count) / seconds];
    }),
  );
}
