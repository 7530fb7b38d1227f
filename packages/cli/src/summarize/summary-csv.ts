// A summary as CSV: one line a stage.
import { csvCell } from "./csv-cell.ts";
import type { LatencySummary } from "./latency-summary.ts";

const HEADER = "metric,count,min_ms,avg_ms,max_ms,p50_ms,p90_ms,p95_ms,p99_ms";
/** Nanoseconds: what the recorder writes. */
const DECIMALS = 6;

/** Renders the summary with a header; durations in milliseconds with six decimals. */
export function renderSummaryCsv(summary: LatencySummary): string {
  const lines = summary.stages.map((stage) => {
    const { count, minMs, averageMs, maxMs, p50Ms, p90Ms, p95Ms, p99Ms } = stage;
    const durations = [minMs, averageMs, maxMs, p50Ms, p90Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(DECIMALS));
    return [csvCell(stage.field), String(count), ...durations].join(",");
  });
  return `${[HEADER, ...lines].join("\n")}\n`;
}
