// A scale on which each power of ten takes the same room: durations from nanoseconds to minutes beside each other.

/** A logarithmic scale from a power of ten to another. */
export interface LogScale {
  readonly low: number;
  readonly high: number;
  /** The powers of ten from `low` to `high`. */
  readonly decades: readonly number[];
  /** Where a value is, from 0 (`low`, and whatever lies below) to 1 (`high`, and whatever lies above). */
  share(value: number): number;
}

/** The scale that has room for all values above 0; from 1 to 10 when there are none. */
export function createLogScale(values: Iterable<number>): LogScale {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const value of values) {
    if (!(value > 0) || value === Number.POSITIVE_INFINITY) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const first = most === 0 ? 0 : Math.floor(Math.log10(least));
  const last = most === 0 ? 1 : Math.max(first + 1, Math.ceil(Math.log10(most)));
  const decades = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  return {
    low: 10 ** first,
    high: 10 ** last,
    decades,
    share(value) {
      if (!(value > 0)) return 0;
      return Math.min(1, Math.max(0, (Math.log10(value) - first) / (last - first)));
    },
  };
}
