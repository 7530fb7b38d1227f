// Percentiles of a list of values, exact: for summaries of recorded latencies and for checking the estimates.

/** The percentiles of a list; all undefined when it holds no finite number. */
export interface Percentiles {
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

/**
 * The 50th, 90th, 95th and 99th percentile of `values` by nearest rank: the smallest value that at least that share of all
 * values does not exceed. Each is a value that was really measured, never one between two.
 *
 * What is not a finite number is left out. Cost: copies and sorts the list.
 */
export function calculatePercentiles(values: Iterable<number>): Percentiles {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  const at = (percent: number): number | undefined =>
    sorted[Math.max(Math.ceil((percent * sorted.length) / 100), 1) - 1];
  return { p50: at(50), p90: at(90), p95: at(95), p99: at(99) };
}
