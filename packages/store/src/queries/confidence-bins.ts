// Scores of signals in bins.
import { MAX_SCORE, SCORE_BIN_WIDTH } from "../sqlite/signal-fields.ts";
import type { ConfidenceDistribution } from "../store-queries.ts";

/** Scores of one bin. */
export interface ScoreRow {
  readonly score_bin: number;
  readonly count: number;
  readonly sum: number;
}

/** All of them together. */
export function toDistribution(rows: readonly ScoreRow[]): ConfidenceDistribution {
  const counts = Array.from({ length: MAX_SCORE / SCORE_BIN_WIDTH }, () => 0);
  let sum = 0;
  for (const row of rows) {
    counts[row.score_bin]! += row.count;
    sum += row.sum;
  }
  const count = counts.reduce((all, one) => all + one, 0);
  const buckets = counts.map((one, i) => ({ from: i * SCORE_BIN_WIDTH, to: (i + 1) * SCORE_BIN_WIDTH, count: one }));
  return { count, avg: count === 0 ? null : sum / count, buckets };
}
