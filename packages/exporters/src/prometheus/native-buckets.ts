// From OpenTelemetry's exponential buckets to the spans and deltas of a native histogram.
import type { ExponentialBuckets, NativeBuckets } from "./metric-family.ts";

/** A run of neighbouring buckets. */
export interface BucketSpan {
  /** Empty buckets since the end of the span before; of the first one, its index. */
  readonly offset: number;
  length: number;
}

/** Buckets of one sign, as the protobuf format has them. */
export interface SpannedBuckets {
  readonly spans: readonly BucketSpan[];
  /** Each count as its difference to the one before. */
  readonly deltas: readonly number[];
}

const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;
/** Shorter gaps are written as empty buckets: a span costs more. */
const MAX_GAP = 2;

/** How far the scale has to go down for a schema (-4 to 8); undefined where there is none so coarse. */
export function schemaShift({ scale }: NativeBuckets): number | undefined {
  return scale < MIN_SCHEMA ? undefined : Math.max(0, scale - MAX_SCHEMA);
}

/**
 * The buckets with `shift` fewer binary digits of precision. OpenTelemetry's bucket i ends at base^(i+1), Prometheus' at base^i: the
 * index is one more.
 */
export function spanBuckets({ offset, bucketCounts }: ExponentialBuckets, shift: number): SpannedBuckets {
  const spans: BucketSpan[] = [];
  const deltas: number[] = [];
  let before = 0;
  /** The index behind the last one written. */
  let next = 0;
  const write = (index: number, count: number): void => {
    const last = spans.at(-1);
    const gap = index - next;
    if (last === undefined || gap > MAX_GAP) spans.push({ offset: gap, length: 1 });
    else {
      for (let i = 0; i < gap; i++) {
        deltas.push(0 - before);
        before = 0;
      }
      last.length += gap + 1;
    }
    deltas.push(count - before);
    before = count;
    next = index + 1;
  };
  for (let i = 0; i < bucketCounts.length; ) {
    // Division, not a shift: an offset may be negative, and floor is what a coarser index is.
    const index = Math.floor((offset + i) / 2 ** shift);
    let count = 0;
    for (; i < bucketCounts.length && Math.floor((offset + i) / 2 ** shift) === index; i++) count += bucketCounts[i]!;
    if (count > 0) write(index + 1, count);
  }
  return { spans, deltas };
}
