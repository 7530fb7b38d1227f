// Percentiles of histograms.
import type { SampleBuckets } from "@tracebook/store";

/** A bucket of any histogram; a number is one without width. */
interface Bucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/**
 * The value below which a share (0 to 1) lies: interpolated within its bucket as `histogram_quantile` of Prometheus does. In the last bucket,
 * which has no upper bound, it is its lower one. Histograms of other bounds and single numbers are taken together.
 */
export function bucketQuantile(
  histograms: readonly SampleBuckets[],
  share: number,
  numbers: readonly number[] = [],
): number {
  const buckets = [
    ...histograms.flatMap(toBuckets),
    ...numbers.map((value) => ({ lower: value, upper: value, count: 1 })),
  ];
  buckets.sort((a, b) => a.upper - b.upper || a.lower - b.lower);
  const merged = merge(buckets);
  const total = merged.reduce((sum, bucket) => sum + bucket.count, 0);
  const rank = share * total;
  let below = 0;
  for (const { lower, upper, count } of merged) {
    if (below + count >= rank - 1e-9) {
      if (upper === Number.POSITIVE_INFINITY) return lower;
      return lower === Number.NEGATIVE_INFINITY
        ? upper
        : lower + (upper - lower) * Math.min(Math.max((rank - below) / count, 0), 1);
    }
    below += count;
  }
  return merged.at(-1)?.lower ?? Number.NaN;
}

function toBuckets({ bounds, counts }: SampleBuckets): Bucket[] {
  return counts.flatMap((count, i) => {
    if (!(count > 0)) return [];
    const upper = bounds[i] ?? Number.POSITIVE_INFINITY;
    // Below the first bound it is from 0, where that is below.
    const lower = i > 0 ? bounds[i - 1]! : upper > 0 ? 0 : Number.NEGATIVE_INFINITY;
    return [{ lower, upper, count }];
  });
}

/** Those of the same bounds are one, so that it is interpolated over all that they hold. */
function merge(sorted: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = [];
  for (const bucket of sorted) {
    const last = merged.at(-1);
    if (last?.upper === bucket.upper && last.lower === bucket.lower)
      merged[merged.length - 1] = { ...last, count: last.count + bucket.count };
    else merged.push(bucket);
  }
  return merged;
}
