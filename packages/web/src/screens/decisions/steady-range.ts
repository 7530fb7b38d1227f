// A moving range that moves less often: what is dear to ask for is asked for once in a while.
import { useCallback, useState } from "react";
import { rangeOf, type TimeRange } from "../../url/time-range.ts";

/** The same range with its end put off to the next multiple of `seconds`; one that does not move stays as it is. */
export function steadyRange(range: TimeRange, seconds: number): TimeRange {
  if (range.name === undefined || seconds <= 0) return range;
  const endMs = Math.ceil(range.to / seconds) * seconds * 1000;
  return rangeOf(new URLSearchParams({ range: range.name }), endMs);
}

/** How often decisions of a range may be walked through: 5 seconds for a quarter of an hour, then longer, up to 5 minutes. */
export function walkSeconds(range: TimeRange): number {
  return Math.min(300, Math.max(5, Math.round((range.to - range.from) / 180 / 5) * 5));
}

/** The range as it was when it was chosen, so that answers can be compared with each other; `renew` takes the one of now. */
export function useHeldRange(range: TimeRange): readonly [TimeRange, renew: () => void] {
  const key = range.name ?? `${range.startTime}/${range.endTime}`;
  const [held, setHeld] = useState({ key, range });
  const renew = useCallback(() => setHeld({ key, range }), [key, range]);
  if (held.key === key) return [held.range, renew];
  // Another one was chosen.
  setHeld({ key, range });
  return [range, renew];
}
