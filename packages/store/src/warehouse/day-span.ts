// Days of UTC, and what of them an export has.

/** What of a day, both ends within it. Texts as `2026-11-20T12:34:56.789012Z`, which sort as time. */
export interface DaySpan {
  readonly startTime: string;
  readonly endTime: string;
}

/** What of a day a range has; an open end is that of the day. */
export function spanWithin(date: string, startTime: string | undefined, endTime: string | undefined): DaySpan {
  const day = wholeDay(date);
  return {
    startTime: startTime !== undefined && startTime > day.startTime ? startTime : day.startTime,
    endTime: endTime !== undefined && endTime < day.endTime ? endTime : day.endTime,
  };
}

/** From the earlier start to the later end. */
export function hullOf(a: DaySpan, b: DaySpan): DaySpan {
  const [startTime] = [a.startTime, b.startTime].sort();
  const [, endTime] = [a.endTime, b.endTime].sort();
  return { startTime: startTime!, endTime: endTime! };
}

/** When the next day begins; undefined after the last one that a timestamp can tell. */
export function dayAfter(date: string): string | undefined {
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString();
  return next.startsWith("+") ? undefined : `${next.slice(0, 10)}T00:00:00.000000Z`;
}

/** The whole of a day, `2026-11-20`. */
function wholeDay(date: string): DaySpan {
  return { startTime: `${date}T00:00:00.000000Z`, endTime: `${date}T23:59:59.999999Z` };
}
