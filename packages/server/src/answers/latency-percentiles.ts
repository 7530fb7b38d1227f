// Percentiles of a histogram, by interpolation within the bucket that they fall into.

/** Durations in milliseconds; null without any. */
export interface LatencyFigures {
  readonly count: number;
  readonly mean_ms: number | null;
  readonly p50_ms: number | null;
  readonly p90_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
}

/**
 * The figures of bucket counts whose upper bounds are `boundsMs`; one more count is of what is above the last. A value in a bucket is taken to
 * be as likely anywhere in it; one above the last bound is taken to be at it, so that no figure is larger than what was measured.
 */
export function latencyFigures(boundsMs: readonly number[], counts: readonly number[], sumMs: number): LatencyFigures {
  const count = counts.reduce((sum, one) => sum + one, 0);
  const at = (share: number) => (count === 0 ? null : percentile(boundsMs, counts, share * count));
  return {
    count,
    mean_ms: count === 0 ? null : sumMs / count,
    p50_ms: at(0.5),
    p90_ms: at(0.9),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
  };
}

function percentile(boundsMs: readonly number[], counts: readonly number[], rank: number): number {
  let below = 0;
  for (const [i, upper] of boundsMs.entries()) {
    const inBucket = counts[i] ?? 0;
    if (below + inBucket >= rank && inBucket > 0) {
      const lower = i === 0 ? Math.min(0, upper) : (boundsMs[i - 1] as number);
      return lower + ((upper - lower) * (rank - below)) / inBucket;
    }
    below += inBucket;
  }
  return boundsMs.at(-1) ?? 0;
}
