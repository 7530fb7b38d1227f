// A range in whole slices: the question about it is the same one until the next slice begins, so that dear answers are asked for seldom.
import { useMemo } from "react";
import { type TimeRange, useTimeRange } from "./time-range.ts";

/** A range and how it is asked about. */
export interface SteadySpan {
  readonly range: TimeRange;
  readonly query: { readonly start_time: string; readonly end_time: string };
  /** How often: false where nothing new can come. */
  readonly everyMs: number | false;
}

/** Records come once a minute. */
const EVERY_MS = 20_000;

/** The range that all screens share, with its ends put off to whole slices. */
export function useSteadySpan(): SteadySpan {
  const { range } = useTimeRange();
  const { stepSeconds } = range;
  const from = Math.floor(range.from / stepSeconds) * stepSeconds;
  const to = Math.ceil(range.to / stepSeconds) * stepSeconds;
  const query = useMemo(() => ({ start_time: isoOf(from), end_time: isoOf(to - 0.001) }), [from, to]);
  return { range, query, everyMs: range.name === undefined ? false : EVERY_MS };
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
