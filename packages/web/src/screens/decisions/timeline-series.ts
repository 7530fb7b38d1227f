// Decisions over time as a chart has them: a value for every slice, also for those in which nothing was decided.
import type { Answer } from "../../api/client.ts";

/** Slices of a chart. */
export interface DecisionSeries {
  readonly times: readonly number[];
  readonly accepted: readonly number[];
  readonly rejected: readonly number[];
}

/** No chart has more slices; a range and a step that would have are a mistake. */
const MOST_SLICES = 5_000;

/** Fills in the slices that have no decisions. `from` and `to` are seconds since 1970; slices begin at multiples of their width. */
export function fillSlices(
  { step_seconds: step, slices }: Answer<"/api/telemetry/decisions/timeline">,
  from: number,
  to: number,
): DecisionSeries {
  const known = new Map(slices.map((slice) => [slice.time, slice]));
  const first = Math.floor(from / step) * step;
  const count = Math.min(MOST_SLICES, Math.max(0, Math.ceil((to - first) / step)));
  const times = Array.from({ length: count }, (_, index) => first + index * step);
  return {
    times,
    accepted: times.map((time) => known.get(time)?.accepted ?? 0),
    rejected: times.map((time) => known.get(time)?.rejected ?? 0),
  };
}
