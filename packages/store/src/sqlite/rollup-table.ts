// Counts by minute, hour and day, gathered over a batch and added to a table in the transaction of the batch.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { RESOLUTIONS } from "./schema.ts";

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

interface Cell {
  readonly bucket: number;
  readonly keys: readonly (string | number)[];
  readonly sums: number[];
}

type Cells = ReadonlyMap<string, Cell>;

/** More cells than this are written before the batch is over: a batch of many runs, symbols and minutes holds no more memory. */
const MAX_CELLS = 20_000;
const [MINUTE, ...COARSER] = RESOLUTIONS;

/** Adds to one roll-up table. */
export class RollupTable {
  readonly #shape: RollupShape;
  readonly #upsert: StatementSync;
  readonly #upsertFinest: StatementSync | undefined;
  readonly #minutes = new Map<string, Cell>();

  constructor(database: DatabaseSync, shape: RollupShape) {
    this.#shape = shape;
    const { table, finest } = shape;
    this.#upsert = prepareUpsert(database, table, shape);
    this.#upsertFinest = finest && prepareUpsert(database, finest.table, shape);
  }

  /** Adds `sums` in the minute that begins at `bucket`. Of two keys that differ in where a NUL stands only one is counted. */
  add(bucket: number, keys: readonly (string | number)[], ...sums: readonly number[]): void {
    this.#fold(this.#minutes, bucket, keys, sums);
    if (this.#minutes.size >= MAX_CELLS) this.flush();
  }

  /** Writes what was added; part of the caller's transaction. */
  flush(): void {
    if (this.#minutes.size === 0) return;
    const { finest } = this.#shape;
    this.#write(MINUTE, this.#minutes);
    let finer: Cells = this.#minutes;
    for (const resolution of COARSER) {
      finer = this.#coarser(finer, resolution, finest);
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
    const named = new Map([...this.#minutes].filter(([, { keys }]) => keys[place] !== ""));
    this.#write(resolution, this.#coarser(named, resolution), this.#upsertFinest);
  }

  #coarser(finer: Cells, resolution: number, finest?: FinestKey): Cells {
    const cells = new Map<string, Cell>();
    for (const { bucket, keys, sums } of finer.values()) {
      const coarse = finest === undefined ? keys : keys.with(finest.place, "");
      this.#fold(cells, bucket - (((bucket % resolution) + resolution) % resolution), coarse, sums);
    }
    return cells;
  }

  #fold(cells: Map<string, Cell>, bucket: number, keys: Cell["keys"], sums: readonly number[]): void {
    const key = `${bucket}\0${keys.join("\0")}`;
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, { bucket, keys, sums: [...sums] });
    else
      for (let i = 0; i < sums.length; i++) cell.sums[i] = Math.min(cell.sums[i]! + sums[i]!, Number.MAX_SAFE_INTEGER);
  }

  #write(resolution: number, cells: Cells, upsert = this.#upsert): void {
    for (const { bucket, keys, sums } of cells.values()) upsert.run(resolution, bucket, ...keys, ...sums);
  }
}

function prepareUpsert(database: DatabaseSync, table: string, { keys, sums }: RollupShape): StatementSync {
  const columns = ["resolution", "bucket", ...keys];
  return database.prepare(
    `INSERT INTO ${table} (${[...columns, ...sums].join(", ")}) VALUES (${[...columns, ...sums].map(() => "?").join(", ")})
     ON CONFLICT (${columns.join(", ")}) DO UPDATE SET ${sums.map((sum) => `${sum} = min(${sum} + excluded.${sum}, ${Number.MAX_SAFE_INTEGER})`).join(", ")}`,
  );
}
