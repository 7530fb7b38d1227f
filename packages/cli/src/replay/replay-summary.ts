// What was played, in a sentence.
import { parseTimestamp } from "@tracebook/core";
import type { ReplaySummary } from "@tracebook/journal";

/** `3 of 120 records, 2026-... to 2026-... (recorded in 4.2 s), played in 0.1 s`. */
export function describeReplay(summary: ReplaySummary, read: number, wasInterrupted: boolean): string {
  const { records, firstTimestamp, lastTimestamp, elapsedMs } = summary;
  const parts = [`${records} of ${read} ${read === 1 ? "record" : "records"}`];
  if (firstTimestamp !== undefined && lastTimestamp !== undefined)
    parts.push(`${firstTimestamp} to ${lastTimestamp} (${recordedSpan(firstTimestamp, lastTimestamp)})`);
  parts.push(`played in ${seconds(elapsedMs)}`);
  return parts.join(", ") + (wasInterrupted ? ", interrupted" : "");
}

function recordedSpan(first: string, last: string): string {
  const from = parseTimestamp(first);
  const to = parseTimestamp(last);
  return from === undefined || to === undefined ? "span unknown" : `recorded in ${seconds((to - from) / 1000)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 3 : 1)} s`;
}
