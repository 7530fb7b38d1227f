// Marks of an axis that counts from the beginning of a trace, in nanoseconds, with their words.

/** A mark of the axis. */
export interface Tick {
  /** Nanoseconds. */
  readonly at: number;
  readonly text: string;
}

const UNITS = [
  { text: "min", nanos: 60e9 },
  { text: "s", nanos: 1e9 },
  { text: "ms", nanos: 1e6 },
  { text: "µs", nanos: 1e3 },
  { text: "ns", nanos: 1 },
] as const;

/** Some marks from `from` to `to`, at most `most`, at round numbers of one unit; the last is that of the axis: `1.5 ms`. */
export function relativeTicks(from: number, to: number, most: number): readonly Tick[] {
  const length = to - from;
  if (!(length > 0) || most < 1) return [];
  const unit = UNITS.find(({ nanos }) => length >= nanos) ?? { text: "ns", nanos: 1 };
  const step = roundStep(length / unit.nanos / most, unit.nanos) * unit.nanos;
  const places = Math.max(0, -Math.floor(Math.log10(step / unit.nanos) + 1e-9));
  const ticks: Tick[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++)
    ticks.push({ at: i * step, text: `${((i * step) / unit.nanos).toFixed(places)} ${unit.text}` });
  return ticks;
}

/** The least of 1, 2, 5 times a power of ten that is not below `least`, and is no part of a nanosecond. */
function roundStep(least: number, unitNanos: number): number {
  const floor = Math.max(least, 1 / unitNanos);
  const power = 10 ** Math.floor(Math.log10(floor) + 1e-9);
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= floor * (1 - 1e-9)) ?? 10 * power;
}
