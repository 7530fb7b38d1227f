// Days of UTC, and what of them an export has.

const DAY_MS = 86_400_000;

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
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString();
  return next.startsWith("+") ? undefined : `${next.slice(0, 10)}T00:00:00.000000Z`;
}

/** When the day before ends; undefined before the first one. */
export function dayBefore(date: string): string | undefined {
  const before = new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString();
  return before.startsWith("-") ? undefined : wholeDay(before.slice(0, 10)).endTime;
}

/** The microsecond after a moment, which is not the last one of its day. */
export function momentAfter(time: string): string {
  return momentOf(time, microsOfDay(time) + 1);
}

/** Half way between two moments of a day: neither the later one nor, if there is one between them, the earlier. */
export function momentBetween(earlier: string, later: string): string {
  return momentOf(earlier, Math.floor((microsOfDay(earlier) + microsOfDay(later)) / 2));
}

/** The whole of a day, `2026-11-20`. */
function wholeDay(date: string): DaySpan {
  return { startTime: `${date}T00:00:00.000000Z`, endTime: `${date}T23:59:59.999999Z` };
}

function microsOfDay(time: string): number {
  return Date.parse(`1970-01-01T${time.slice(11, 19)}Z`) * 1_000 + Number(time.slice(20, 26));
}

function momentOf(day: string, micros: number): string {
  const seconds = new Date(Math.floor(micros / 1e6) * 1_000).toISOString().slice(11, 19);
  return `${day.slice(0, 10)}T${seconds}.${String(micros % 1e6).padStart(6, "0")}Z`;
}
