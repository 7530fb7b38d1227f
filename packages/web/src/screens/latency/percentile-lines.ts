// Slices of a stage as the lines of a chart: one value for each slice of the range, null where nothing was measured.

/** The percentiles that are drawn and listed, lowest first, with the colours of their lines. */
export const PERCENTILES = [
  { name: "p50", key: "p50_ms", share: 0.5, color: "series-2" },
  { name: "p90", key: "p90_ms", share: 0.9, color: "series-1" },
  { name: "p95", key: "p95_ms", share: 0.95, color: "series-4" },
  { name: "p99", key: "p99_ms", share: 0.99, color: "series-3" },
] as const;

/** Times of all slices between the first and the last, those without values too; at most a few thousand, else as they are. */
export function sliceTimes(slices: readonly { readonly time: number }[], stepSeconds: number): readonly number[] {
  const first = slices[0]?.time;
  const last = slices.at(-1)?.time;
  if (first === undefined || last === undefined) return [];
  const count = Math.round((last - first) / stepSeconds) + 1;
  if (!(count >= slices.length && count <= 5_000)) return slices.map(({ time }) => time);
  return Array.from({ length: count }, (_, i) => first + i * stepSeconds);
}

/** A value for each of `times`; null where there is no slice, or no value in it. */
export function sliceValues<S extends { readonly time: number }>(
  times: readonly number[],
  slices: readonly S[],
  read: (slice: S) => number | null | undefined,
): readonly (number | null)[] {
  const byTime = new Map(slices.map((slice) => [slice.time, slice]));
  return times.map((time) => {
    const slice = byTime.get(time);
    const value = slice === undefined ? undefined : read(slice);
    return value === undefined || value === null || !Number.isFinite(value) ? null : value;
  });
}
