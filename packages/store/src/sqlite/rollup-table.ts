// Counts by minute, hour and day, gathered over a batch and added to a table in the transaction of the batch.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { RESOLUTIONS } from "../resolutions.ts";
import { type CellKey, CellTree } from "./cell-tree.ts";

/** A table with the columns `resolution` and `bucket`, texts or numbers as key, and numbers that are added up. */
export interface RollupShape {
  readonly table: string;
  readonly keys: readonly string[];
  readonly sums: readonly string[];
  /** What is told apart by the minute only, since it has more values than fit into longer buckets. */
  readonly finest?: FinestKey;
}

/** A key that is empty in the table's longer buckets. What is not empty has buckets of one more width, in a table of the same columns. */
export interface FinestKey {
  /** Its place in `keys`. */
  readonly place: number;
  readonly table: string;
  readonly resolution: number;
}

/** More cells than this are written before the batch is over: a batch of many runs, symbols and minutes holds no more memory. */
const MAX_CELLS = 20_000;
const [MINUTE, ...COARSER] = RESOLUTIONS;

/** Adds to one roll-up table. */
export class RollupTable {
  readonly #shape: RollupShape;
  readonly #upsert: StatementSync;
  readonly #upsertFinest: StatementSync | undefined;
  readonly #minutes = new CellTree();

  constructor(database: DatabaseSync, shape: RollupShape) {
    this.#shape = shape;
    const { table, finest } = shape;
    this.#upsert = prepareUpsert(database, table, shape);
    this.#upsertFinest = finest && prepareUpsert(database, finest.table, shape);
  }

  /** Adds `sums` in the minute that begins at `bucket`. */
  add(bucket: number, keys: readonly CellKey[], ...sums: readonly number[]): void {
    this.#minutes.add(bucket, keys, sums);
    if (this.#minutes.size >= MAX_CELLS) this.flush();
  }

  /** Writes what was added; part of the caller's transaction. */
  flush(): void {
    if (this.#minutes.size === 0) return;
    const { finest } = this.#shape;
    this.#write(MINUTE, this.#minutes);
    let finer = this.#minutes;
    for (const resolution of COARSER) {
      finer = coarser(finer, resolution, (keys) => (finest === undefined ? keys : keys.with(finest.place, "")));
      this.#write(resolution, finer);
    }
    if (finest !== undefined) this.#writeFinest(finest);
    this.#minutes.clear();
  }

  /** Forgets what was added: the transaction was rolled back. */
  clear(): void {
    this.#minutes.clear();
  }

  #writeFinest({ place, resolution }: FinestKey): void {
    const named = coarser(this.#minutes, resolution, (keys) => (keys[place] === "" ? undefined : keys));
    this.#write(resolution, named, this.#upsertFinest);
  }

  #write(resolution: number, cells: CellTree, upsert = this.#upsert): void {
    cells.forEach((bucket, keys, sums) => {
      upsert.run(resolution, bucket, ...keys, ...sums);
    });
  }
}

/** The sums of wider buckets, under the keys that `keep` makes of those of a cell; undefined: it has none. */
function coarser(
  finer: CellTree,
  resolution: number,
  keep: (keys: readonly CellKey[]) => readonly CellKey[] | undefined,
): CellTree {
  const cells = new CellTree();
  finer.forEach((bucket, keys, sums) => {
    const kept = keep(keys);
    if (kept !== undefined) cells.add(bucket - (((bucket % resolution) + resolution) % resolution), kept, sums);
  });
  return cells;
}

function prepareUpsert(database: DatabaseSync, table: string, { keys, sums }: RollupShape): StatementSync {
  const columns = ["resolution", "bucket", ...keys];
  return database.prepare(
    `INSERT INTO ${table} (${[...columns, ...sums].join(", ")}) VALUES (${[...columns, ...sums].map(() => "?").join(", ")})
     ON CONFLICT (${columns.join(", ")}) DO UPDATE SET ${sums.map((sum) => `${sum} = min(${sum} + excluded.${sum}, ${Number.MAX_SAFE_INTEGER})`).join(", ")}`,
  );
}
