// Which rows of a long list are drawn. All are equally high, so that this costs the same however many there are.

/** Rows from `first` up to, but not including, `end`. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** What of a list can be seen, in pixels. */
export interface RowView {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
}

/** The rows that can be seen, in part as well, and `overscan` more at both ends. */
export function rowWindow({ scrollTop, height, rowHeight }: RowView, count: number, overscan: number): RowWindow {
  if (height <= 0 || rowHeight <= 0) return { first: 0, end: 0 };
  const top = Math.max(0, Math.min(scrollTop, count * rowHeight - height));
  const first = Math.floor(top / rowHeight);
  const end = Math.ceil((top + height) / rowHeight);
  return { first: Math.max(0, first - overscan), end: Math.min(count, end + overscan) };
}

/** Where to scroll, so that a row is seen whole: no farther than needed. */
export function scrollTopFor(index: number, { scrollTop, height, rowHeight }: RowView): number {
  const top = index * rowHeight;
  return Math.max(Math.min(scrollTop, top), top + rowHeight - height);
}
