// Counts from several parts of a range as one list.

/** Equal ones added up; most first. */
export function rankedCounts<T extends { readonly count: number }>(
  rows: readonly T[],
  keyOf: (row: T) => readonly [string, string],
): T[] {
  const byKey = new Map<string, T>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    byKey.set(key, { ...row, count: row.count + (byKey.get(key)?.count ?? 0) });
  }
  const sorted = [...byKey].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1));
  return sorted.map(([, row]) => row);
}
