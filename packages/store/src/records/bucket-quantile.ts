// Percentiles of a histogram that is given in buckets.

/**
 * The value below which the share `q` of what was counted lies, interpolated within its bucket as `histogram_quantile` of Prometheus does:
 * the first bucket begins at 0, or has its upper bound throughout where that is not above 0; of the last, which has no end, it is where it
 * begins. Null where nothing was counted, there are no bounds, or the counts are not those of the bounds.
 */
export function bucketQuantile(q: number, bounds: readonly number[], counts: readonly number[]): number | null {
  const total = counts.reduce((all, count) => all + count, 0);
  if (!(total > 0) || bounds.length === 0 || counts.length !== bounds.length + 1) return null;
  const rank = q * total;
  let before = 0;
  let i = 0;
  while (i < bounds.length && before + counts[i]! < rank) before += counts[i++]!;
  if (i === bounds.length) return bounds[i - 1]!;
  const upper = bounds[i]!;
  if (i === 0 && upper <= 0) return upper;
  const lower = i === 0 ? 0 : bounds[i - 1]!;
  return lower + (upper - lower) * ((rank - before) / counts[i]!);
}
