// Lines and bands of small charts as SVG paths, in a box of 100 by 100 in which y rises.

/** A point of the box; null where there is no value. */
export type SparkPoint = { readonly x: number; readonly y: number } | null;

/** A line, broken where there is no value; a point that stands alone is a dot. */
export function linePath(points: readonly SparkPoint[]): string {
  return runsOf(points)
    .map((run) => (run.length === 1 ? `M${placeOf(run[0])}h0.01` : `M${run.map(placeOf).join("L")}`))
    .join("");
}

/** The area between two lines: along the upper one and back along the lower one, wherever both have a value. */
export function bandPath(lower: readonly SparkPoint[], upper: readonly SparkPoint[]): string {
  const pairs = upper.map((high, i) => {
    const low = lower[i] ?? null;
    return high === null || low === null ? null : { high, low };
  });
  return runsOf(pairs)
    .filter((run) => run.length > 1)
    .map((run) => {
      const there = run.map(({ high }) => placeOf(high));
      const back = run.toReversed().map(({ low }) => placeOf(low));
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

function placeOf(point: SparkPoint | undefined): string {
  return `${rounded(point?.x ?? 0)} ${rounded(100 - (point?.y ?? 0))}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
