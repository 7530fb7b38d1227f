// Percentiles of counts in buckets, as the server gives them for stages: by interpolation within a bucket.

/**
 * The value that `share` (0 to 1) of the counts do not exceed; undefined without counts. `bounds` rise, `counts` has one more than there
 * are bounds. What lies above the last bound is taken to be at it; the first bucket begins at 0, or at its bound where that is not above 0.
 */
export function histogramPercentile(
  bounds: readonly number[],
  counts: readonly number[],
  share: number,
): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!(total > 0) || bounds.length === 0) return undefined;
  const rank = share * total;
  let below = 0;
  for (const [i, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) return within(bounds, i, Math.max(0, rank - below) / count);
    below += count;
  }
  return bounds.at(-1);
}

/** Adds up counts of the same bounds. */
export function addCounts(lists: Iterable<readonly number[]>, length: number): number[] {
  const sums = new Array<number>(length).fill(0);
  for (const counts of lists) for (let i = 0; i < length; i++) sums[i] = (sums[i] as number) + (counts[i] ?? 0);
  return sums;
}

function within(bounds: readonly number[], bucket: number, share: number): number {
  const last = bounds.at(-1) as number;
  const to = bounds[bucket] ?? last;
  const from = bucket === 0 ? Math.min(0, to) : (bounds[bucket - 1] ?? last);
  return from + (to - from) * share;
}
