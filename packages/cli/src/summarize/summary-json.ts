// A summary for programs.
import { toTimestamp } from "@tracebook/core";
import { printableJson } from "../printable.ts";
import type { LatencySummary } from "./latency-summary.ts";

/** Renders the summary as one indented JSON object; durations in milliseconds, as they are in the files. */
export function renderSummaryJson(summary: LatencySummary): string {
  const { report, stages, firstMicros, lastMicros, windowSeconds, flow } = summary;
  const figures = stages.map(({ field, count, minMs, averageMs, maxMs, p50Ms, p90Ms, p95Ms, p99Ms }) => [
    field,
    {
      count,
      min_ms: minMs,
      avg_ms: averageMs,
      max_ms: maxMs,
      p50_ms: p50Ms,
      p90_ms: p90Ms,
      p95_ms: p95Ms,
      p99_ms: p99Ms,
    },
  ]);
  const json = {
    total_events: summary.events,
    flow: flow ?? null,
    window_seconds: windowSeconds ?? null,
    first_timestamp: firstMicros === undefined ? null : toTimestamp(firstMicros),
    last_timestamp: lastMicros === undefined ? null : toTimestamp(lastMicros),
    percentiles: summary.isExact ? "nearest_rank" : "histogram",
    stages: Object.fromEntries(figures),
    flows: Object.fromEntries(summary.flows),
    skipped_lines: report.skippedCount,
    untimed_lines: summary.untimed,
    values_out_of_range: summary.outOfRange,
    values_unlisted: summary.unlisted,
    files: summary.files,
  };
  return `${printableJson(json, 2)}\n`;
}
