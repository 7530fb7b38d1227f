// Stage durations as people and summaries read them: milliseconds, by stage.
import type { Histogram } from "./histogram.ts";

/** The durations of one stage, in milliseconds. Percentiles are within 1.1 %, the rest is exact. */
export interface StagePercentiles {
  readonly count: number;
  readonly min_ms: number;
  readonly avg_ms: number;
  readonly p50_ms: number;
  readonly p90_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

/** The stages of one flow with their durations, in the order in which they were first seen. Stages without a sample are absent. */
export function stagePercentiles(
  stageDuration: Histogram<"flow" | "stage">,
  flowName: string,
): Record<string, StagePercentiles> {
  const stages: [string, StagePercentiles][] = [];
  for (const series of stageDuration.series()) {
    if (series.labels.flow !== flowName) continue;
    const seconds = series.summary();
    if (seconds === undefined) continue;
    stages.push([
      series.labels.stage ?? "",
      {
        count: seconds.count,
        min_ms: seconds.min * 1000,
        avg_ms: seconds.avg * 1000,
        p50_ms: seconds.p50 * 1000,
        p90_ms: seconds.p90 * 1000,
        p95_ms: seconds.p95 * 1000,
        p99_ms: seconds.p99 * 1000,
        max_ms: seconds.max * 1000,
      },
    ]);
  }
  return Object.fromEntries(stages);
}
