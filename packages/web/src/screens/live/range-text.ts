// A range of time within a sentence.
import type { TimeRange } from "../../url/time-range.ts";

/** "last hour", "last 24 hours", or from when to when. */
export function rangeText({ label }: TimeRange): string {
  return label.replace(/^last 1 /, "last ");
}
