// Figures of repeated measurements.

/** The middle one of some numbers, rounded; the upper of two. */
export function median(values) {
  return Math.round(values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN);
}

/** The largest, rounded. */
export function largest(values) {
  return Math.round(Math.max(...values));
}
