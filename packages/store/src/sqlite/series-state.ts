// Where a series of a metric stood, so that what is counted from a start becomes what came since the last point.
import type { HistogramPointInput, MetricPointInput, NumberPointInput } from "../store-input.ts";

/** The last point of a series. */
export interface SeriesState {
  startMicros: number;
  timeMicros: number;
  value: number;
  /** Of a histogram. */
  counts: readonly number[] | undefined;
}

/** What came since the last point. */
export interface Increase {
  readonly value: number;
  readonly count: number | undefined;
  readonly counts: readonly number[] | undefined;
}

/** True for a point that was there before, or is older than one that was: it came twice, and counts once. */
export function isOld(state: SeriesState | undefined, point: MetricPointInput): boolean {
  return state !== undefined && point.timeMicros <= state.timeMicros;
}

/** True for a number that is what it is, and not a count of what happened. */
export function isLevel(point: MetricPointInput): point is NumberPointInput {
  return point.type === "gauge" || (point.type === "sum" && !point.isMonotonic);
}

/** What came since `state`; all of it when there is none, or the service has started anew. */
export function increaseOf(state: SeriesState | undefined, point: MetricPointInput): Increase {
  return point.type === "histogram" ? histogramIncrease(state, point) : sumIncrease(state, point);
}

function sumIncrease(state: SeriesState | undefined, point: NumberPointInput): Increase {
  const { value } = point;
  const goesOn = state !== undefined && point.isCumulative && isSameStart(state, point) && value >= state.value;
  return { value: goesOn ? value - state.value : value, count: undefined, counts: undefined };
}

function histogramIncrease(state: SeriesState | undefined, point: HistogramPointInput): Increase {
  const { bucketCounts, count, sum } = point;
  const before = state?.counts;
  const goesOn =
    before !== undefined &&
    point.isCumulative &&
    isSameStart(state as SeriesState, point) &&
    before.length === bucketCounts.length &&
    bucketCounts.every((now, i) => now >= before[i]!);
  if (!goesOn) return { value: sum, count, counts: bucketCounts };
  const counts = bucketCounts.map((now, i) => now - before[i]!);
  return { value: sum - state!.value, count: counts.reduce((all, one) => all + one, 0), counts };
}

/** A point without a start says nothing of it: then a smaller value is the only sign of a new one. */
function isSameStart(state: SeriesState, { startMicros }: MetricPointInput): boolean {
  return startMicros === 0 || state.startMicros === 0 || startMicros === state.startMicros;
}
