// Sums by a bucket and some keys, in memory.

/** A text or a number that sums are told apart by. */
export type CellKey = string | number;

type Level = Map<CellKey, Level | number[]>;

/** One map a key: texts that come again and again are found by hashes that they have already, and none is put together. */
export class CellTree {
  readonly #root: Level = new Map();
  #size = 0;

  /** How many cells there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds `sums` to those of a cell. */
  add(bucket: number, keys: readonly CellKey[], sums: readonly number[]): void {
    const last = keys.length - 1;
    let level = nextLevel(this.#root, bucket);
    for (let i = 0; i < last; i++) level = nextLevel(level, keys[i]!);
    const cell = level.get(keys[last]!) as number[] | undefined;
    if (cell === undefined) {
      level.set(keys[last]!, [...sums]);
      this.#size++;
    } else for (let i = 0; i < sums.length; i++) cell[i] = Math.min(cell[i]! + sums[i]!, Number.MAX_SAFE_INTEGER);
  }

  /** Calls `visit` for each cell. `keys` is used again for the next one. */
  forEach(visit: (bucket: number, keys: readonly CellKey[], sums: readonly number[]) => void): void {
    const keys: CellKey[] = [];
    for (const [bucket, level] of this.#root)
      walk(level as Level, 0, keys, (sums) => visit(bucket as number, keys, sums));
  }

  clear(): void {
    this.#root.clear();
    this.#size = 0;
  }
}

function nextLevel(level: Level, key: CellKey): Level {
  let next = level.get(key) as Level | undefined;
  if (next === undefined) {
    next = new Map();
    level.set(key, next);
  }
  return next;
}

function walk(level: Level, depth: number, keys: CellKey[], visit: (sums: readonly number[]) => void): void {
  for (const [key, next] of level) {
    keys[depth] = key;
    if (Array.isArray(next)) visit(next);
    else walk(next, depth + 1, keys, visit);
  }
}
