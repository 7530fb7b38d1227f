// Lines and bands of small charts as SVG paths, in a box of 100 by 100 in which y rises.

/** A point of the box; null where there is no value. */
export type SparkPoint = { readonly x: number; readonly y: number } | null;

/** An axis of time in seconds since 1970, and how long a slice of it is. */
export interface SparkAxis {
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
}

/** Where values stand: null where there is none, and between two that have a slice or more missing between them. */
export function sparkPoints(
  times: readonly number[],
  values: readonly (number | null)[],
  { from, to, stepSeconds }: SparkAxis,
  height: (value: number) => number,
): readonly SparkPoint[] {
  return times.flatMap((time, i) => {
    const value = values[i] ?? null;
    const isKnown = value !== null && Number.isFinite(value);
    const point = isKnown ? { x: ((time - from) / (to - from)) * 100, y: height(value) } : null;
    const isApart = i > 0 && time - (times[i - 1] as number) > stepSeconds * 1.5;
    return isApart ? [null, point] : [point];
  });
}

/** A line, broken where there is no value; a point that stands alone is a dash as wide as its slice. */
export function linePath(points: readonly SparkPoint[], sliceWidth: number): string {
  return runsOf(points)
    .map((run) => (run.length === 1 ? `M${placeOf(run[0])}h${rounded(sliceWidth)}` : `M${run.map(placeOf).join("L")}`))
    .join("");
}

/**
 * The area between two lines: along the upper one and back along the lower one, wherever both have a value; a box as wide as its slice
 * where that stands alone.
 */
export function bandPath(lower: readonly SparkPoint[], upper: readonly SparkPoint[], sliceWidth: number): string {
  const pairs = upper.map((high, i): SparkPair | null => {
    const low = lower[i] ?? null;
    return high === null || low === null ? null : { high, low };
  });
  return runsOf(pairs)
    .map((run) => {
      const [first] = run;
      const shown = run.length === 1 && first !== undefined ? [first, movedBy(first, sliceWidth)] : run;
      const there = shown.map(({ high }) => placeOf(high));
      const back = shown.toReversed().map(({ low }) => placeOf(low));
      return `M${[...there, ...back].join("L")}Z`;
    })
    .join("");
}

/** Gives values their height in the box: each power of ten takes the same room, and there is room for a factor of four at least. */
export function sparkHeight(values: readonly (number | null)[]): (value: number) => number {
  const logarithms = values.flatMap((value) => (value !== null && value > 0 ? [Math.log10(value)] : []));
  if (logarithms.length === 0) return () => MARGIN;
  const least = logarithms.reduce((low, value) => Math.min(low, value));
  const most = logarithms.reduce((top, value) => Math.max(top, value));
  const room = Math.max(most - least, LEAST_ROOM);
  const bottom = (most + least - room) / 2;
  return (value) => {
    const share = value > 0 ? (Math.log10(value) - bottom) / room : 0;
    return MARGIN + Math.min(1, Math.max(0, share)) * (100 - 2 * MARGIN);
  };
}

/** Percent of the box that stay free above and below. */
const MARGIN = 6;
const LEAST_ROOM = Math.log10(4);

/** What stands together without a null in between. */
function runsOf<T extends object>(values: readonly (T | null)[]): T[][] {
  const runs: T[][] = [];
  let isOpen = false;
  for (const value of values) {
    if (value === null) {
      isOpen = false;
      continue;
    }
    if (!isOpen) runs.push([]);
    runs.at(-1)?.push(value);
    isOpen = true;
  }
  return runs;
}

interface SparkPair {
  readonly high: NonNullable<SparkPoint>;
  readonly low: NonNullable<SparkPoint>;
}

function movedBy({ high, low }: SparkPair, width: number): SparkPair {
  return { high: { ...high, x: high.x + width }, low: { ...low, x: low.x + width } };
}

function placeOf(point: SparkPoint | undefined): string {
  return `${rounded(point?.x ?? 0)} ${rounded(100 - (point?.y ?? 0))}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
