// A range of time within a sentence.
import { RANGES, type TimeRange } from "../../url/time-range.ts";

/** "in 15 minutes": where there is little room, beside a figure. */
export function spanText({ name, label }: TimeRange): string {
  return name === undefined ? label : `in ${RANGES[name].label}`;
}

/** "last hour", "last 24 hours", or from when to when. */
export function rangeText({ label }: TimeRange): string {
  return label.replace(/^last 1 /, "last ");
}
