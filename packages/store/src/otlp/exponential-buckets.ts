// Exponential histograms as histograms with explicit bounds.

/** The buckets of an exponential histogram, as OTLP has them: bucket `i` of them holds (base^i, base^(i+1)], base = 2^(2^-scale). */
export interface ExponentialBuckets {
  readonly scale: number;
  readonly zeroCount: number;
  /** The index of the first of the positive buckets. */
  readonly positiveOffset: number;
  readonly positiveCounts: readonly number[];
  readonly negativeCounts: readonly number[];
}

/** Four bounds between a power of two and the next: a quantile is off by a fifth at most. */
const STEPS = 4;
/** The first and the last bound are 2 to the power of these: a nanosecond in seconds, and thirty years. */
const MIN_EXPONENT = -30;
const MAX_EXPONENT = 30;
const POSITIVE = (MAX_EXPONENT - MIN_EXPONENT) * STEPS + 1;

/**
 * The bounds of every exponential histogram: 0, and the quarters of powers of two. They are always the same, although scale and offset of
 * a series change as values come: what came between two of its points is the difference of their counts.
 */
export const EXPONENTIAL_BOUNDS: readonly number[] = Object.freeze([
  0,
  ...Array.from({ length: POSITIVE }, (_, i) => 2 ** (MIN_EXPONENT + i / STEPS)),
]);

/**
 * Counts between {@link EXPONENTIAL_BOUNDS}: everything up to 0 is in the first; a bucket that is wider than a step (scale below 2) is where
 * its upper bound is, what is below the first positive bound or above the last in the bucket there.
 *
 * `sum of the counts = zeroCount + sum of negativeCounts + sum of positiveCounts`
 */
export function toExplicitCounts(buckets: ExponentialBuckets): number[] {
  const { scale, zeroCount, positiveOffset, positiveCounts, negativeCounts } = buckets;
  const counts = new Array<number>(EXPONENTIAL_BOUNDS.length + 1).fill(0);
  counts[0] = zeroCount + sumOf(negativeCounts);
  for (const [i, count] of positiveCounts.entries())
    if (count > 0) counts[1 + placeOf(positiveOffset + i, scale)]! += count;
  return counts;
}

/** The place, among the positive bounds, of the first that is not below the upper bound of a bucket; one behind them when there is none. */
function placeOf(index: number, scale: number): number {
  // Exact: a power of two shifts digits and rounds none. Scales that no SDK uses give infinities, which are bounded like the rest.
  const steps = (index + 1) * 2 ** -scale * STEPS;
  const place = Number.isNaN(steps) ? -MIN_EXPONENT * STEPS : Math.ceil(steps) - MIN_EXPONENT * STEPS;
  return Math.min(Math.max(place, 0), POSITIVE);
}

function sumOf(counts: readonly number[]): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
