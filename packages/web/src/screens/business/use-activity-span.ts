// The range of what users do: the shared one, but never less than a day, since it is counted by the hour.
import { useMemo } from "react";
import { useTimeRange } from "../../url/time-range.ts";

const HOUR = 3_600;
const DAY = 86_400;

/** The range in whole hours, and its name. */
export function useActivitySpan() {
  const { range } = useTimeRange();
  const to = Math.ceil(range.to / HOUR) * HOUR;
  const isLong = range.to - range.from > DAY;
  const from = isLong ? Math.floor(range.from / HOUR) * HOUR : to - DAY;
  const query = useMemo(() => ({ start_time: isoOf(from), end_time: isoOf(to - 0.001) }), [from, to]);
  const label = isLong ? range.label : range.name === undefined ? "24 hours up to its end" : "last 24 hours";
  return {
    query,
    fromMs: from * 1000,
    toMs: to * 1000,
    label,
    everyMs: range.name === undefined ? (false as const) : 30_000,
  };
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
