// The cells of a heatmap: counts of buckets over time, on a scale that gives each power of ten the same room.

/** Counts of a slice of time. */
export interface HeatSlice {
  /** Where it begins, in seconds since 1970. */
  readonly time: number;
  /** One more than there are bounds. */
  readonly bucket_counts: readonly number[];
}

/** A row: the values of one bucket. */
export interface HeatRow {
  readonly bucket: number;
  /** Undefined: whatever is below `to`. */
  readonly from: number | undefined;
  /** Undefined: whatever is above `from`. */
  readonly to: number | undefined;
  /** Where its lower and its upper edge are, from 0 at the bottom to 1 at the top. */
  readonly bottom: number;
  readonly top: number;
}

/** A cell that has counts. */
export interface HeatCell {
  readonly time: number;
  readonly row: HeatRow;
  readonly count: number;
  /** Of all counts of its slice, 0 to 1. */
  readonly share: number;
  /** From 0 to 1 by the square root of the count, so that the few are seen beside the many. */
  readonly heat: number;
}

/** What a heatmap draws. */
export interface HeatGrid {
  /** From the lowest to the highest bucket that has counts, none left out between them. */
  readonly rows: readonly HeatRow[];
  readonly cells: readonly HeatCell[];
  /** The largest count of a cell. */
  readonly most: number;
  readonly total: number;
}

/** Works out the cells. Bounds that are not all above 0 have no logarithm: their rows are equally high. */
export function heatGrid(bounds: readonly number[], slices: readonly HeatSlice[]): HeatGrid {
  const used = usedBuckets(slices);
  if (used === undefined || bounds.length === 0) return { rows: [], cells: [], most: 0, total: 0 };
  const rows = rowsOf(bounds, used.first, Math.min(used.last, bounds.length));
  const most = slices.reduce((top, { bucket_counts: counts }) => Math.max(top, ...counts), 0);
  let total = 0;
  const cells: HeatCell[] = [];
  for (const { time, bucket_counts: counts } of slices) {
    const sum = counts.reduce((all, count) => all + count, 0);
    total += sum;
    for (const row of rows) {
      const count = counts[row.bucket] ?? 0;
      if (count > 0) cells.push({ time, row, count, share: count / sum, heat: Math.sqrt(count / most) });
    }
  }
  return { rows, cells, most, total };
}

/** The cell at a moment (seconds) and a height (0 to 1); undefined where there are no counts. */
export function cellAt(grid: HeatGrid, stepSeconds: number, time: number, height: number): HeatCell | undefined {
  return grid.cells.find(
    (cell) => cell.time <= time && time < cell.time + stepSeconds && cell.row.bottom <= height && height < cell.row.top,
  );
}

/** The values of a row in words. */
export function rowText({ from, to }: HeatRow, text: (value: number) => string): string {
  if (from === undefined) return to === undefined ? "any" : `up to ${text(to)}`;
  return to === undefined ? `above ${text(from)}` : `${text(from)} to ${text(to)}`;
}

function usedBuckets(slices: readonly HeatSlice[]): { readonly first: number; readonly last: number } | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = -1;
  for (const { bucket_counts: counts } of slices)
    for (const [bucket, count] of counts.entries())
      if (count > 0) {
        first = Math.min(first, bucket);
        last = Math.max(last, bucket);
      }
  return last < 0 ? undefined : { first, last };
}

function rowsOf(bounds: readonly number[], first: number, last: number): HeatRow[] {
  const edges = edgesOf(bounds);
  const low = edges[first] as number;
  const high = edges[last + 1] as number;
  const place = (edge: number | undefined) => ((edge ?? high) - low) / (high - low);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const bucket = first + i;
    return {
      bucket,
      from: bounds[bucket - 1],
      to: bounds[bucket],
      bottom: place(edges[bucket]),
      top: place(edges[bucket + 1]),
    };
  });
}

/** The edges of all buckets on the scale; the first and the last bucket, which have one edge, are as high as their neighbour. */
function edgesOf(bounds: readonly number[]): number[] {
  const logarithms = bounds.map(Math.log10);
  // Also of bounds that are too close to each other to be told apart.
  const isRising = logarithms.every((value, i) => Number.isFinite(value) && value > (logarithms[i - 1] ?? -Infinity));
  const inner = isRising ? logarithms : bounds.map((_, i) => i);
  const first = inner[0] as number;
  const last = inner.at(-1) as number;
  const below = inner.length > 1 ? (inner[1] as number) - first : 1;
  const above = inner.length > 1 ? last - (inner.at(-2) as number) : 1;
  return [first - below, ...inner, last + above];
}
