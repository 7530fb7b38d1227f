// The range of time of an answer, in words.
import { grouped } from "./why-no-trade-words.ts";

/** A range of time; texts as `2026-11-20T12:34:56.789012Z`. */
export interface NoTradeRange {
  readonly start: string;
  readonly end: string;
  /** Whether it ends now: then it is "the last 60 minutes". */
  readonly isUntilNow: boolean;
}

const MINUTE_MS = 60_000;
/** Minutes of the units that ranges are said in, the largest first; each from two of it on. */
const UNITS = [
  ["day", 1_440],
  ["hour", 60],
  ["minute", 1],
] as const;

/** `in the last 60 minutes`, `from 2026-11-20 12:00 to 13:00 UTC`; empty where the texts are no instants. */
export function rangeInWords({ start, end, isUntilNow }: NoTradeRange): string {
  const minutes = Math.round((Date.parse(end) - Date.parse(start)) / MINUTE_MS);
  if (!Number.isFinite(minutes) || minutes < 0) return "";
  if (isUntilNow) return ` in the last ${duration(minutes)}`;
  const from = toMinute(start);
  const to = toMinute(end);
  return ` from ${from} to ${to.slice(0, 10) === from.slice(0, 10) ? to.slice(11) : to} UTC`;
}

/** In the largest unit of which it is a whole number, and at least two. */
function duration(minutes: number): string {
  const unit = UNITS.find(([, length]) => minutes >= 2 * length && minutes % length === 0);
  return unit === undefined ? "minute" : `${grouped(minutes / unit[1])} ${unit[0]}s`;
}

/** `2026-11-20 12:34`, whatever offset the text has. */
function toMinute(text: string): string {
  return new Date(text).toISOString().slice(0, 16).replace("T", " ");
}
