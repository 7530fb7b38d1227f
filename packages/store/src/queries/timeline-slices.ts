// Slices of a timeline, added up from the parts of a range.
import type { DecisionSlice, EventSlice, TimeRange } from "../store-queries.ts";
import { MAX_SLICES, tooManySlices } from "./slice-limit.ts";

/** Types that are told apart: a chart has no room for more, and a sender may make up any number of them. */
export const MAX_TYPES = 100;

/** Decisions of a slice, all of them and those that are `ACCEPT`. */
export interface DecisionSliceCount {
  readonly slice: number;
  readonly accepted: number;
  readonly count: number;
}

/** Events of a slice and type. */
export interface EventSliceCount {
  readonly slice: number;
  readonly type: string;
  readonly count: number;
}

/** The slices of decisions in their order; throws `invalid_query` for too many. */
export function toDecisionSlices(
  rows: readonly DecisionSliceCount[],
  range: TimeRange,
  stepSeconds: number,
): readonly DecisionSlice[] {
  const slices = new Map<number, { bucket: number; accepted: number; rejected: number }>();
  for (const { slice, accepted, count } of rows) {
    const known = slices.get(slice) ?? { bucket: slice, accepted: 0, rejected: 0 };
    known.accepted += accepted;
    known.rejected += count - accepted;
    slices.set(slice, known);
  }
  return inOrder(slices, range, stepSeconds);
}

/** The slices of events in their order; throws `invalid_query` for too many. */
export function toEventSlices(
  rows: readonly EventSliceCount[],
  range: TimeRange,
  stepSeconds: number,
): readonly EventSlice[] {
  const slices = new Map<number, { bucket: number; counts: Map<string, number> }>();
  for (const { slice, type, count } of rows) {
    const known = slices.get(slice) ?? { bucket: slice, counts: new Map<string, number>() };
    known.counts.set(type, (known.counts.get(type) ?? 0) + count);
    slices.set(slice, known);
  }
  return inOrder(slices, range, stepSeconds).map(({ bucket, counts }) => ({
    bucket,
    counts: Object.fromEntries(counts),
  }));
}

function inOrder<T extends { readonly bucket: number }>(
  slices: ReadonlyMap<number, T>,
  range: TimeRange,
  stepSeconds: number,
): readonly T[] {
  if (slices.size > MAX_SLICES) throw tooManySlices(range, stepSeconds);
  return [...slices.values()].sort((a, b) => a.bucket - b.bucket);
}
