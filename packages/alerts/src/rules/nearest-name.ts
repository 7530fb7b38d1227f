// The name somebody may have meant.

/** Longer names are not compared: the time is the product of the two lengths. */
const MAX_LENGTH = 80;
/** However many are known. */
const MAX_CANDIDATES = 5_000;

/** The candidate that takes the fewest changes; undefined where more than half of the name would change. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  let nearest: string | undefined;
  let fewest = Math.floor(Math.max(name.length, 2) / 2) + 1;
  let left = MAX_CANDIDATES;
  for (const candidate of candidates) {
    if (left-- === 0) break;
    if (candidate.length > MAX_LENGTH) continue;
    const changes = distanceOf(name.toLowerCase(), candidate.toLowerCase());
    if (changes < fewest) {
      fewest = changes;
      nearest = candidate;
    }
  }
  return nearest;
}

/** A name that holds the other is near, however much is left out: `cpu_usage` of `cpu_usage_ratio`. */
function distanceOf(a: string, b: string): number {
  const changes = changesBetween(a, b);
  const isPart = Math.min(a.length, b.length) >= 4 && (a.includes(b) || b.includes(a));
  return isPart ? Math.min(changes, 2) : changes;
}

/** Levenshtein's distance. */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row[b.length]!;
}
