// The unit in which the durations of a stage are shown.

/** A unit and how many of it make a millisecond. */
export interface DurationUnit {
  readonly name: string;
  readonly perMs: number;
}

const MILLISECONDS: DurationUnit = { name: "ms", perMs: 1 };
const MICROSECONDS: DurationUnit = { name: "µs", perMs: 1e3 };
const NANOSECONDS: DurationUnit = { name: "ns", perMs: 1e6 };

/**
 * The unit that shows a typical value with two decimals: milliseconds from 0.1 ms on, microseconds from 0.1 µs on, else nanoseconds.
 * One for all figures of a stage, so that they can be compared at a glance.
 */
export function durationUnit(typicalMs: number): DurationUnit {
  if (typicalMs === 0 || typicalMs >= 0.1) return MILLISECONDS;
  return typicalMs * MICROSECONDS.perMs >= 0.1 ? MICROSECONDS : NANOSECONDS;
}
