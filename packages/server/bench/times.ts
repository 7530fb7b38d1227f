// Percentiles of times.

/** What a reader wants to know of many times; undefined where there were none. */
export interface TimeFigures {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Works them out, by nearest rank. */
export function timeFigures(times: readonly number[]): TimeFigures | undefined {
  if (times.length === 0) return undefined;
  const sorted = Float64Array.from(times).sort();
  const at = (share: number) => rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!);
  return { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) };
}

/** A hundredth of a millisecond is all that is known. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
