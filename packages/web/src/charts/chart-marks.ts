// Moments that are marked on a chart, and where their marks stand: those that would lie on each other are one.
import type { AlertSeverity } from "../api/client.ts";

/** A moment that is marked. */
export interface ChartMark {
  /** Seconds since 1970. */
  readonly time: number;
  readonly severity: AlertSeverity;
  /** What it is, for the tooltip. */
  readonly text: string;
  /** Where a click leads. */
  readonly href?: string;
}

/** A mark at its place. */
export interface PlacedMark {
  /** From the left edge of the chart, 0 to 1. */
  readonly share: number;
  /** The worst of those that are here. */
  readonly mark: ChartMark;
  /** How many are here. */
  readonly count: number;
}

/** So many places are told apart in the width of a chart. */
const PLACES = 80;
const RANK: Readonly<Record<AlertSeverity, number>> = { info: 0, warning: 1, error: 2, critical: 3 };

/** The marks between the ends of an axis, from the left; at one place no more than one, the worst, and of equals the first. */
export function placeMarks(marks: readonly ChartMark[], from: number, to: number): readonly PlacedMark[] {
  const places = new Map<number, PlacedMark>();
  for (const mark of [...marks].sort((a, b) => a.time - b.time)) {
    const share = (mark.time - from) / (to - from);
    if (!(share >= 0 && share <= 1)) continue;
    const place = Math.round(share * PLACES);
    const known = places.get(place);
    if (known === undefined) places.set(place, { share, mark, count: 1 });
    else if (RANK[mark.severity] > RANK[known.mark.severity])
      places.set(place, { share, mark, count: known.count + 1 });
    else places.set(place, { ...known, count: known.count + 1 });
  }
  return [...places.values()];
}
